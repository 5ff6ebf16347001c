/* Lesson 9: the serial part caps the speedup. What the curve must be is predicted from the serial part as it
 * was timed at one thread; then the points are measured. Where they leave the curve, the loss is split into
 * what it came from. */
#include "harness/analysis/speedup.h"
#include "lessons/engine/disturbance.h"
#include "lessons/engine/plan.h"
#include "lessons/lesson.h"

#include <math.h>
#include <stdio.h>

enum { SERIAL_CHUNKS = 600, PARALLEL_CHUNKS = 1800 };
enum { RULE_CURVE, RULE_KARP_FLATT, RULE_WITHOUT };

/* Teams: powers of two, and all cores. The last condition of the curve is the largest team. */
static const char *const team_name[] = {"team_1", "team_2", "team_4", "team_8", "team_16", "team_32",
    "team_64", "team_128", "team_256", "team_512"};
enum { TEAMS_MAX = sizeof team_name / sizeof team_name[0] };
static const char all_name[] = "team_all", weak_name[] = "weak", without_name[] = "no_serial_part";

/* ---- the plan ---- */

static int largest_team(const struct classroom *room)
{
    int cores = room->cores > 0 && room->cores < room->cpus ? room->cores : room->cpus;
    return cores < CONDITION_PUS_MAX ? cores : CONDITION_PUS_MAX;
}

static void plan_limit(const struct classroom *room, struct lesson_plan *plan)
{
    const int all = largest_team(room);
    const int *pu = room->machine->topology.spread;
    if (all < 2) {
        snprintf(plan->not_demonstrable, sizeof plan->not_demonstrable, "%s",
            _("There is one core to use: speedup needs two at least."));
        return;
    }
    int team = 1;
    for (int i = 0; i < TEAMS_MAX && team <= all; i++, team *= 2)
        plan_add(plan, team_name[i], N_("a quarter serial"), "limit", team, pu, team, "serial=%d parallel=%d",
            SERIAL_CHUNKS, PARALLEL_CHUNKS);
    if (plan->condition[plan->conditions - 1].threads != all)
        plan_add(plan, all_name, N_("a quarter serial"), "limit", all, pu, all, "serial=%d parallel=%d",
            SERIAL_CHUNKS, PARALLEL_CHUNKS);
    plan_add(plan, without_name, N_("nothing serial"), "limit", all, pu, all, "serial=0 parallel=%d",
        SERIAL_CHUNKS + PARALLEL_CHUNKS);
    /* More work for more threads, but no more than the time allows. */
    int times = all < 16 ? all : 16;
    plan_add(plan, weak_name, N_("more work for more threads"), "limit", all, pu, all,
        "serial=%d parallel=%d", SERIAL_CHUNKS, times * PARALLEL_CHUNKS);
}

/* ---- one round ---- */

/* Conditions 0 … curve_points − 1 are the teams, ascending. */
static int curve_points(const struct lesson_plan *plan)
{
    int without = plan_find(plan, without_name);
    return without > 0 ? without : 0;
}

/* What one thread took, alone. */
struct alone {
    double total_s, serial_s;
};

static bool find_alone(const struct observations *all, int round, struct alone *alone)
{
    const struct observation *one = observation_at(all, round, 0);
    if (!observation_undisturbed(one))
        return false;
    *alone = (struct alone){one->wall_s, observation_value(one, "serial", 0)};
    return alone->serial_s > 0 && alone->total_s > alone->serial_s;
}

static double predicted_speedup(const struct alone *alone, int team)
{
    return alone->total_s / (alone->serial_s + (alone->total_s - alone->serial_s) / team);
}

static double speedup_at(const struct observations *all, int round, int condition, const struct alone *alone)
{
    const struct observation *point = observation_at(all, round, condition);
    return observation_undisturbed(point) ? alone->total_s / point->wall_s : NAN;
}

/* The farthest that a point of this round lies from the curve, in %. */
static double off_curve(
    const struct lesson_plan *plan, const struct observations *all, int round, const struct alone *alone)
{
    double farthest = 0;
    for (int c = 1; c < curve_points(plan); c++) {
        double predicted = predicted_speedup(alone, plan->condition[c].threads);
        double off = 100 * fabs(speedup_at(all, round, c, alone) / predicted - 1);
        farthest = isnan(off) || off > farthest ? off : farthest;
        if (isnan(off))
            return NAN;
    }
    return farthest;
}

static void measure_limit(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    struct alone alone;
    int points = curve_points(plan), last = points - 1;
    if (points < 2 || !find_alone(all, round, &alone))
        return;
    double speedup = speedup_at(all, round, last, &alone);
    value[RULE_CURVE] = off_curve(plan, all, round, &alone);
    value[RULE_KARP_FLATT] =
        fabs(karp_flatt_fraction(speedup, plan->condition[last].threads) - alone.serial_s / alone.total_s);
    value[RULE_WITHOUT] = speedup_at(all, round, points, &alone) / speedup;
}

/* ---- over all rounds ---- */

/* What the rounds say of the largest team; medians. */
struct finding {
    int team;
    double fraction, predicted, speedup, low, high, karp_flatt, without;
    double serial_s, total_s, expected_s, team_s;
    double loss_s, slower_serial_s, slower_work_s, waiting_s; /* the loss and its three parts */
    double scaled;                                            /* speedup with more work */
};

enum quantity {
    QUANTITY_FRACTION,
    QUANTITY_SPEEDUP,
    QUANTITY_PREDICTED,
    QUANTITY_KARP_FLATT,
    QUANTITY_SERIAL,
    QUANTITY_TOTAL,
    QUANTITY_TEAM,
    QUANTITY_SLOWER_SERIAL,
    QUANTITY_SLOWER_WORK,
    QUANTITY_WAITING,
    QUANTITY_SCALED
};

/* Seconds of computing in all lanes. */
static double busy_seconds(const struct observation *point)
{
    double busy = 0;
    for (int l = 0; l < point->lanes; l++)
        for (int s = 0; s < point->lane[l].spans; s++)
            if (point->lane[l].span[s].kind == SPAN_WORK)
                busy += point->lane[l].span[s].end_s - point->lane[l].span[s].begin_s;
    return busy;
}

/* parallel chunks of the weak condition over those of one thread */
static double work_multiple(const struct lesson_plan *plan)
{
    int times = plan->condition[plan_find(plan, weak_name)].threads;
    return times < 16 ? times : 16;
}

static double quantity_of(const struct lesson_plan *plan, const struct observations *all, int round,
    int condition, enum quantity quantity)
{
    struct alone alone;
    const struct observation *point = observation_at(all, round, condition);
    if (!find_alone(all, round, &alone) || !observation_undisturbed(point))
        return NAN;
    const int team = plan->condition[condition].threads;
    const double parallel_s = alone.total_s - alone.serial_s, speedup = alone.total_s / point->wall_s;
    const double serial_s = observation_value(point, "serial", 0);
    const double shared_s = (busy_seconds(point) - serial_s) / team;
    switch (quantity) {
    case QUANTITY_FRACTION:
        return alone.serial_s / alone.total_s;
    case QUANTITY_SPEEDUP:
        return speedup;
    case QUANTITY_PREDICTED:
        return predicted_speedup(&alone, team);
    case QUANTITY_KARP_FLATT:
        return karp_flatt_fraction(speedup, team);
    case QUANTITY_SERIAL:
        return alone.serial_s;
    case QUANTITY_TOTAL:
        return alone.total_s;
    case QUANTITY_TEAM:
        return point->wall_s;
    case QUANTITY_SLOWER_SERIAL:
        return serial_s - alone.serial_s;
    case QUANTITY_SLOWER_WORK:
        return shared_s - parallel_s / team;
    case QUANTITY_WAITING:
        return observation_value(point, "parallel", 0) - shared_s;
    case QUANTITY_SCALED:
        return (alone.serial_s + work_multiple(plan) * parallel_s) / point->wall_s;
    }
    return NAN;
}

static struct statistic over_rounds(
    const struct lesson_outcome *outcome, int condition, enum quantity quantity)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] = quantity_of(outcome->plan, outcome->observations, r, condition, quantity);
    statistic_judge(&none, &statistic);
    return statistic;
}

static struct finding find_all(const struct lesson_outcome *outcome)
{
    int last = curve_points(outcome->plan) - 1;
    if (last < 1)
        return (struct finding){0};
    struct statistic speedup = over_rounds(outcome, last, QUANTITY_SPEEDUP);
    struct finding f = {.team = outcome->plan->condition[last].threads,
        .fraction = over_rounds(outcome, last, QUANTITY_FRACTION).median,
        .predicted = over_rounds(outcome, last, QUANTITY_PREDICTED).median,
        .speedup = speedup.median,
        .low = speedup.low,
        .high = speedup.high,
        .karp_flatt = over_rounds(outcome, last, QUANTITY_KARP_FLATT).median,
        .without = over_rounds(outcome, last + 1, QUANTITY_SPEEDUP).median,
        .serial_s = over_rounds(outcome, last, QUANTITY_SERIAL).median,
        .total_s = over_rounds(outcome, last, QUANTITY_TOTAL).median,
        .team_s = over_rounds(outcome, last, QUANTITY_TEAM).median,
        .slower_serial_s = over_rounds(outcome, last, QUANTITY_SLOWER_SERIAL).median,
        .slower_work_s = over_rounds(outcome, last, QUANTITY_SLOWER_WORK).median,
        .waiting_s = over_rounds(outcome, last, QUANTITY_WAITING).median,
        .scaled = over_rounds(outcome, plan_find(outcome->plan, weak_name), QUANTITY_SCALED).median};
    f.expected_s = f.serial_s + (f.total_s - f.serial_s) / f.team;
    f.loss_s = f.team_s - f.expected_s;
    return f;
}

static double measured_limit(const struct lesson_outcome *outcome, int index)
{
    struct finding f = find_all(outcome);
    if (f.team == 0)
        return NAN;
    return index == 0 ? f.speedup : 1 / f.fraction;
}

static void evidence_limit(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    struct finding f = find_all(outcome);
    if (f.team == 0)
        return;
    add(context, "team", f.team, "1");
    add(context, "serial_fraction_timed_alone", f.fraction, "1");
    add(context, "speedup_predicted", f.predicted, "1");
    add(context, "speedup", f.speedup, "1");
    add(context, "karp_flatt", f.karp_flatt, "1");
    add(context, "speedup_without_serial_part", f.without, "1");
    add(context, "scaled_speedup_with_more_work", f.scaled, "1");
    add(context, "loss", f.loss_s, "s");
    add(context, "loss_serial_part_slower", f.slower_serial_s, "s");
    add(context, "loss_chunks_slower", f.slower_work_s, "s");
    add(context, "loss_waiting", f.waiting_s, "s");
    for (int c = 1; c < curve_points(outcome->plan); c++) {
        char name[48];
        snprintf(name, sizeof name, "speedup_%s", outcome->plan->condition[c].name);
        add(context, name, over_rounds(outcome, c, QUANTITY_SPEEDUP).median, "1");
    }
}

static void picture_limit(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    struct finding f = find_all(outcome);
    if (f.team == 0 || isnan(f.speedup))
        return;
    char title[240];
    snprintf(title, sizeof title, _("%d threads: predicted %s times as fast, measured %s"), f.team,
        said_number(f.predicted, 2), said_number(f.speedup, 2));
    struct picture *picture = pictures_add(pictures, PICTURE_CURVES, title, _("threads"), _("speedup"));
    picture->logarithmic_x = f.team > 4;
    struct picture_curve *predicted = picture_add_curve(picture, _("predicted from the serial part"), true);
    for (int i = 0; i < PICTURE_POINTS_MAX / 2; i++) {
        double team = pow(f.team, (double)i / (PICTURE_POINTS_MAX / 2 - 1));
        picture_curve_add(predicted, team, 1 / (f.fraction + (1 - f.fraction) / team), NAN, NAN);
    }
    struct picture_curve *measured = picture_add_curve(picture, _("measured"), false);
    for (int c = 0; c < curve_points(outcome->plan); c++) {
        struct statistic speedup = over_rounds(outcome, c, QUANTITY_SPEEDUP);
        if (!isnan(speedup.median))
            picture_curve_add(
                measured, outcome->plan->condition[c].threads, speedup.median, speedup.low, speedup.high);
    }
    struct picture_curve *without = picture_add_curve(picture, _("measured, nothing serial"), false);
    if (!isnan(f.without))
        picture_curve_add(without, f.team, f.without, NAN, NAN);
}

/* ---- words ---- */

static void explain_verdict(const struct lesson_outcome *outcome, const struct finding *f, struct text *page)
{
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page,
            _("Here, in this run, the serial part explains the speedup. From its share, timed at one thread, "
              "follows a speedup of %s for %d threads; measured was %s."),
            said_number(f->predicted, 2), f->team, said_number(f->speedup, 2));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page,
            _("Here, in this run, the serial part alone does not explain the speedup. From its share, timed "
              "at one thread, follows a speedup of %s for %d threads; measured was %s."),
            said_number(f->predicted, 2), f->team, said_number(f->speedup, 2));
        break;
    case VERDICT_INCONCLUSIVE:
        if (outcome->deciding == RULE_WITHOUT)
            text_add(page, _("Here, in this run, the same work without a serial part was not clearly faster "
                             "either. Something "
                             "else holds it back, so nothing can be said about the serial part."));
        else
            text_add(page, _("Here, in this run, the rounds differ too much, or too many were disturbed by "
                             "something else on the "
                             "CPUs, to say whether the serial part explains the speedup."));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        if (outcome->plan->not_demonstrable[0] != '\0')
            text_add(page, _("Not demonstrable here. %s"), outcome->plan->not_demonstrable);
        else
            text_add(page,
                _("Not demonstrable here: while the lesson ran, the CPUs together did the work of %s. A "
                  "speedup needs %s at least."),
                said_number(outcome->room->capacity.median, 2),
                said_number(outcome->lesson->capacity_needed, 1));
        break;
    }
}

/* A loss may be a gain. */
static const char *said_difference(double seconds)
{
    static char buffer[4][48];
    static unsigned next;
    char *said = buffer[next++ % 4];
    snprintf(said, sizeof buffer[0], "%s%s", seconds < 0 ? "-" : "", said_seconds(fabs(seconds)));
    return said;
}

static void explain_loss(const struct finding *f, struct text *page)
{
    text_add(page,
        _("The prediction for %d threads is %s; it took %s. The difference of %s has three parts: the serial "
          "part "
          "itself took %s longer than at one thread, the chunks of the parallel part took %s longer on each "
          "thread, "
          "and threads waited %s, for the start, for the last one, for the end. (A minus means: faster.)"),
        f->team, said_seconds(f->expected_s), said_seconds(f->team_s), said_difference(f->loss_s),
        said_difference(f->slower_serial_s), said_difference(f->slower_work_s),
        said_difference(f->waiting_s));
}

static void explain_limit(const struct lesson_outcome *outcome, struct text *page)
{
    struct finding f = find_all(outcome);
    explain_verdict(outcome, &f, page);
    if (f.team == 0 || isnan(f.speedup))
        return;
    text_add(page, "\n\n");
    text_add(page,
        _("One thread took %s, of which the serial part %s: %s %%. With that share no number of threads "
          "makes the whole "
          "more than %s times as fast, because the serial part remains. This is Amdahl's law."),
        said_seconds(f.total_s), said_seconds(f.serial_s), said_number(100 * f.fraction, 1),
        said_number(1 / f.fraction, 2));
    text_add(page, "\n\n");
    text_add(page,
        _("Karp and Flatt go the other way: from the measured speedup to the serial share that would explain "
          "it. Here "
          "that gives %s %%, beside the %s %% that were timed. What is more than the timed share is no "
          "serial code, but "
          "another loss."),
        said_number(100 * f.karp_flatt, 1), said_number(100 * f.fraction, 1));
    if (f.team == 2) {
        text_add(page, " ");
        text_add(page, _("With two CPUs there is one point, and one point is no curve: that the speedup "
                         "flattens further "
                         "on, this machine cannot show."));
    }
    text_add(page, "\n\n");
    explain_loss(&f, page);
    if (!isnan(f.without) && !isnan(f.scaled)) {
        text_add(page, "\n\n");
        text_add(page,
            _("The same work with nothing serial in it was %s times as fast on %d threads. And with more "
              "parallel work "
              "for more threads, but the same serial part, %d threads did in their time what would take one "
              "thread %s "
              "times as long: the cap belongs to the problem, not to the machine (weak scaling, Gustafson)."),
            said_number(f.without, 2), f.team, f.team, said_number(f.scaled, 2));
    }
}

/* ---- what stands in the catalogue ---- */

static const struct lesson_prediction prediction[] = {
    {.key = "speedup",
        .prompt = N_(
            "A quarter of a program is serial. How many times as fast is it with all cores of this machine?"),
        .unit = "",
        .low = 0.1,
        .high = 10000,
        .statistic = -1},
    {.key = "cap",
        .prompt = N_("And how many times as fast can it get at most, with any number of cores?"),
        .unit = "",
        .low = 0.1,
        .high = 1e6,
        .statistic = -1},
};

static const struct lesson_rule rule[] = {
    [RULE_CURVE] = {.name = "off_curve",
        .statement = N_("the farthest that a measured speedup lies from the predicted one"),
        .unit = "%",
        .supported = 15,
        .contradicted = 30,
        .needs_capacity = true},
    [RULE_KARP_FLATT] = {.name = "karp_flatt_off",
        .statement = N_("Karp–Flatt's serial share against the timed one, difference"),
        .unit = "1",
        .supported = 0.1,
        .contradicted = 0.25,
        .needs_capacity = true},
    [RULE_WITHOUT] = {.name = "faster_without",
        .statement = N_("speedup without a serial part over that with it"),
        .unit = "1",
        .supported = 1.15,
        .contradicted = 1.05,
        .control = true,
        .needs_capacity = true},
};

const struct lesson lesson_limit = {
    .name = "limit",
    .number = 9,
    .minutes = 8,
    .title = N_("The serial part sets the limit"),
    .question = N_("If only a part of a program can be shared out, how much faster does the whole get?"),
    .claim =
        N_("The serial part caps the speedup: its share, timed at one thread, predicts the whole curve."),
    .background =
        N_("The program computes 2400 equal chunks. The first 600 must come one after the other; the other "
           "1800 are handed out to all threads, one by one."),
    .prediction = prediction,
    .predictions = sizeof prediction / sizeof prediction[0],
    .rule = rule,
    .rules = sizeof rule / sizeof rule[0],
    .capacity_needed = 1.7,
    .plan = plan_limit,
    .measure = measure_limit,
    .measured = measured_limit,
    .evidence = evidence_limit,
    .picture = picture_limit,
    .explain = explain_limit,
    .hint = N_("Write down the time of the serial part and of the rest. Which of the two gets shorter with "
               "more threads?"),
    .solution = N_(
        "With the serial share f, p threads need f + (1 − f)/p of the time. For f = 1/4 and two threads that "
        "is 5/8: 1.6 times as fast. With ever more threads f remains: never more than 1/f = 4 times."),
    .key_point = {N_("The part that cannot be shared decides how much all the rest can bring."),
        N_("Time the serial part at one thread, and you can predict the curve before you buy the machine."),
        N_("A speedup below that curve has another cause: look for it, do not call it serial."),
        N_("More work for more threads makes the serial share smaller.")},
    .quiz = {.question = N_("A program spends a tenth of its time in a serial part. What is the most that "
                            "1000 cores can make "
                            "of it?"),
        .choice = {N_("about 10 times as fast"), N_("about 100 times as fast"),
            N_("about 900 times as fast")},
        .answer = 0,
        .why = N_("The serial tenth remains, whatever happens to the rest: 1/0.1 = 10.")},
};
