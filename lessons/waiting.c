/* Lesson 1: concurrency helps without parallelism. Eight waits and eight computations, one after another and
 * on eight threads, all on one CPU: the waits overlap, the computations cannot. */
#include "lessons/engine/disturbance.h"
#include "lessons/engine/plan.h"
#include "lessons/lesson.h"

#include <math.h>
#include <stdio.h>

enum { TASKS = 8 };
enum { RULE_WAITS, RULE_COMPUTATIONS, RULES };

static const char waits_serial[] = "waits_one_after_another", waits_threads[] = "waits_on_threads";
static const char computes_serial[] = "computations_one_after_another",
                  computes_threads[] = "computations_on_threads";

/* A wait and a computation of the default five seconds: 15 ms and about 5 ms. */
static void plan(const struct classroom *room, struct lesson_plan *plan)
{
    const int *one = room->machine->topology.spread;
    double pause_s = 0.003 * room->seconds, work_s = 0.001 * room->seconds;
    plan_add(plan, waits_serial, N_("8 waits, one after another"), "waiting", 1, one, 1,
        "kind=wait tasks=%d pause=%.6f", TASKS, pause_s);
    plan_add(plan, waits_threads, N_("8 waits on 8 threads"), "waiting", TASKS, one, 1,
        "kind=wait tasks=%d pause=%.6f", TASKS, pause_s);
    plan_add(plan, computes_serial, N_("8 computations, one after another"), "waiting", 1, one, 1,
        "kind=compute tasks=%d work=%.6f", TASKS, work_s);
    plan_add(plan, computes_threads, N_("8 computations on 8 threads"), "waiting", TASKS, one, 1,
        "kind=compute tasks=%d work=%.6f", TASKS, work_s);
}

/* How many times faster; NaN where one of the two is missing. */
static double gain(const struct observation *serial, const struct observation *threads)
{
    if (serial == NULL || threads == NULL || !(threads->wall_s > 0))
        return NAN;
    return serial->wall_s / threads->wall_s;
}

/* Eight threads get a larger share of a CPU that another program uses too than one thread does: rounds in
 * which that happened would show a gain that is none. */
static void measure(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    const struct observation *serial = plan_observation(plan, all, round, computes_serial);
    const struct observation *threads = plan_observation(plan, all, round, computes_threads);
    (void)room;
    value[RULE_WAITS] = gain(
        plan_observation(plan, all, round, waits_serial), plan_observation(plan, all, round, waits_threads));
    if (observation_filled(serial, 1) && observation_filled(threads, 1) &&
        serial->checksum == threads->checksum)
        value[RULE_COMPUTATIONS] = gain(serial, threads);
}

/* ---- what was found ---- */

static double wall_of(const struct lesson_outcome *outcome, const char *condition)
{
    return plan_statistic(outcome->plan, outcome->observations, condition, NULL).median;
}

/* Median over the rounds, in %. */
static double overlap_of(const struct lesson_outcome *outcome, const char *condition)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++) {
        const struct observation *found =
            plan_observation(outcome->plan, outcome->observations, r, condition);
        statistic.value[r] = found != NULL ? 100 * observation_overlap(found) : NAN;
    }
    statistic_judge(&none, &statistic);
    return statistic.median;
}

static void evidence(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    add(context, "waits_one_after_another_s", wall_of(outcome, waits_serial), "s");
    add(context, "waits_on_threads_s", wall_of(outcome, waits_threads), "s");
    add(context, "computations_one_after_another_s", wall_of(outcome, computes_serial), "s");
    add(context, "computations_on_threads_s", wall_of(outcome, computes_threads), "s");
    add(context, "overlap_of_computations", overlap_of(outcome, computes_threads), "%");
}

static void add_lanes(struct picture *picture, const struct lesson_outcome *outcome, const char *condition)
{
    const struct observation *example = plan_example(outcome->plan, outcome->observations, condition);
    int index = plan_find(outcome->plan, condition);
    if (example != NULL)
        picture_add_lanes(picture, speak(outcome->plan->condition[index].label), example);
}

static void picture(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    char title[240];
    snprintf(title, sizeof title, _("Waits: %s one after another, %s on 8 threads"),
        said_seconds(wall_of(outcome, waits_serial)), said_seconds(wall_of(outcome, waits_threads)));
    struct picture *waits = pictures_add(pictures, PICTURE_LANES, title, NULL, NULL);
    add_lanes(waits, outcome, waits_serial);
    add_lanes(waits, outcome, waits_threads);
    snprintf(title, sizeof title, _("Computations: %s one after another, %s on 8 threads"),
        said_seconds(wall_of(outcome, computes_serial)), said_seconds(wall_of(outcome, computes_threads)));
    struct picture *computations = pictures_add(pictures, PICTURE_LANES, title, NULL, NULL);
    add_lanes(computations, outcome, computes_serial);
    add_lanes(computations, outcome, computes_threads);
}

/* ---- the explanation ---- */

static void explain_inconclusive(const struct lesson_outcome *outcome, struct text *page)
{
    const struct statistic *waits = &outcome->statistic[RULE_WAITS];
    const struct statistic *computations = &outcome->statistic[RULE_COMPUTATIONS];
    if (outcome->deciding < 0)
        text_add(page, "%s", _("Not decided, here, in this run: too many trials failed."));
    else if (outcome->deciding == RULE_WAITS)
        text_add(page,
            _("Not decided, here, in this run: with 8 threads the waits were %s times as fast, but the "
              "rounds reach "
              "from %s to %s."),
            said_number(waits->median, 2), said_number(waits->low, 2), said_number(waits->high, 2));
    else if (isnan(computations->low))
        text_add(page, "%s",
            _("Not decided, here, in this run: too often something else used the CPU while the computations "
              "ran, and "
              "then their times say nothing about threads."));
    else
        text_add(page,
            _("Not decided, here, in this run: computing, too, seemed to be %s times as fast on 8 threads "
              "(rounds from "
              "%s to %s). On one CPU that cannot come from the threads, so the times cannot be trusted."),
            said_number(computations->median, 2), said_number(computations->low, 2),
            said_number(computations->high, 2));
}

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    const struct statistic *waits = &outcome->statistic[RULE_WAITS];
    const struct statistic *computations = &outcome->statistic[RULE_COMPUTATIONS];
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page,
            _("Supported, here, in this run: on one CPU, 8 threads made the waits %s times as fast (99 %% "
              "interval %s to "
              "%s) and the computations %s times (%s to %s)."),
            said_number(waits->median, 1), said_number(waits->low, 1), said_number(waits->high, 1),
            said_number(computations->median, 2), said_number(computations->low, 2),
            said_number(computations->high, 2));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page,
            _("Contradicted, here, in this run: on one CPU, 8 threads made the waits only %s times as fast "
              "(99 %% "
              "interval %s to %s)."),
            said_number(waits->median, 2), said_number(waits->low, 2), said_number(waits->high, 2));
        break;
    case VERDICT_INCONCLUSIVE:
        explain_inconclusive(outcome, page);
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        text_add(page, "%s", _("Not demonstrable here: nothing could be measured."));
        break;
    }
}

static void explain(const struct lesson_outcome *outcome, struct text *page)
{
    explain_verdict(outcome, page);
    if (outcome->observations->rounds == 0)
        return;
    text_add(page,
        _("\n\nThe waits took %s one after another and %s on 8 threads. A thread that waits needs no CPU: "
          "the system "
          "takes it off, starts the next one, and all eight wait at the same time."),
        said_seconds(wall_of(outcome, waits_serial)), said_seconds(wall_of(outcome, waits_threads)));
    text_add(page,
        _("\n\nThe computations took %s one after another and %s on 8 threads. Each needs the CPU all the "
          "time, and "
          "there was one CPU: the threads took turns. Of their chunks of work, %s %% overlapped in time."),
        said_seconds(wall_of(outcome, computes_serial)), said_seconds(wall_of(outcome, computes_threads)),
        said_number(overlap_of(outcome, computes_threads), 1));
    text_add(page, "%s",
        _("\n\nThat is concurrency without parallelism: eight things under way, one at a time on the CPU. It "
          "pays for "
          "what waits: requests, disks, people. For what computes, it takes more CPUs."));
}

/* ---- texts ---- */

static const struct lesson_rule rules[RULES] = {
    [RULE_WAITS] = {.name = "gain_of_waits",
        .statement = N_("8 waits on one CPU: time one after another, over time on 8 threads"),
        .unit = "1",
        .supported = 4,
        .contradicted = 2},
    [RULE_COMPUTATIONS] = {.name = "gain_of_computations",
        .statement = N_("8 computations on one CPU: time one after another, over time on 8 threads"),
        .unit = "1",
        .supported = 1.2,
        .contradicted = 1.5,
        .control = true},
};

static const struct lesson_prediction predictions[] = {
    {.key = "waits",
        .prompt =
            N_("8 waits on 8 threads instead of one after another, on one CPU: how many times as fast?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = RULE_WAITS},
    {.key = "computations",
        .prompt = N_(
            "8 computations on 8 threads instead of one after another, on one CPU: how many times as fast?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = RULE_COMPUTATIONS},
};

const struct lesson lesson_waiting = {
    .name = "waiting",
    .number = 1,
    .minutes = 8,
    .title = N_("Waiting together"),
    .question = N_("Do threads help on a single CPU?"),
    .claim = N_("Concurrency helps without parallelism."),
    .background =
        N_("All threads of this lesson are bound to one CPU, so no two of them ever compute at the same "
           "instant. A task either waits (it sleeps, as a program does that waits for a disk or the network) "
           "or computes."),
    .prediction = predictions,
    .predictions = sizeof predictions / sizeof predictions[0],
    .rule = rules,
    .rules = RULES,
    .plan = plan,
    .measure = measure,
    .evidence = evidence,
    .picture = picture,
    .explain = explain,
    .hint = N_("What does a thread need from the CPU while it waits? And while it computes?"),
    .solution = N_("Waits need no CPU, so eight of them fit into the time of one. Computations need the CPU, "
                   "and one CPU "
                   "does one at a time: eight threads take as long as one."),
    .key_point =
        {N_("Concurrency is about several things being under way; parallelism is about several of them "
            "happening at the same instant."),
            N_("What waits gains from threads even on one CPU."),
            N_("What computes does not: it needs more CPUs.")},
    .quiz =
        {.question = N_(
             "A program asks 100 web servers, each of which answers after 0.2 s, and then computes for 3 s. "
             "On one CPU, with a thread for each request, it takes about"),
            .choice = {N_("23 s"), N_("3.2 s"), N_("0.23 s")},
            .answer = 1,
            .why =
                N_("The waits overlap and take 0.2 s together; the computation takes its 3 s all the same.")},
};
