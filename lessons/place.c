/* Lesson 11: where threads are put. Two on one CPU, two on the hardware threads of one core, two on two
 * cores; more threads than CPUs; and how a thread waits for the others. Where the CPUs are virtual, what they
 * are is not known: then only what was measured pairwise is said. */
#include "lessons/engine/disturbance.h"
#include "lessons/engine/plan.h"
#include "lessons/lesson.h"
#include "lessons/place_pairs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RULE_CROWD, RULE_SAME_PU, RULE_CORES, RULE_SIBLINGS };
enum { CROWD_PUS_MAX = 32, WAITING_PUS_MAX = 8 };

static const char one_name[] = "one_thread", same_name[] = "two_on_one_cpu";
static const char *const crowd_name[] = {"one_thread_a_cpu", "two_threads_a_cpu", "four_threads_a_cpu"};
static const char *const crowd_label[] = {N_("1 thread a CPU"), N_("2 threads a CPU"), N_("4 threads a CPU")};

/* Teams that meet after every piece of work. */
static const struct {
    const char *name, *label, *words;
    int times; /* threads a CPU */
} waiting[] = {
    {"steps_active", N_("1 a CPU, waiting awake"), "steps=1 wait=active", 1},
    {"steps_passive", N_("1 a CPU, waiting asleep"), "steps=1 wait=passive", 1},
    {"steps_crowded_active", N_("2 a CPU, waiting awake"), "steps=1 wait=active", 2},
    {"steps_crowded_passive", N_("2 a CPU, waiting asleep"), "steps=1 wait=passive", 2},
};
enum { WAITINGS = sizeof waiting / sizeof waiting[0] };

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* ---- the plan ---- */

static void plan_place(const struct classroom *room, struct lesson_plan *plan)
{
    const int *pu = room->machine->topology.spread;
    const int crowd = smaller(room->cpus, CROWD_PUS_MAX), team = smaller(room->cpus, WAITING_PUS_MAX);
    struct place_pairs pairs = place_pairs_find(room);
    plan_add(plan, one_name, N_("1 thread"), "place", 1, pu, 1, "%s", "");
    plan_add(plan, same_name, N_("2 threads on 1 CPU"), "place", 2, pu, 1, "%s", "");
    for (int i = 0; i < pairs.count; i++)
        plan_add(plan, pairs.pair[i].name, pairs.pair[i].label, "place", 2, pairs.pair[i].pu, 2, "%s", "");
    for (int times = 1, i = 0; i < 3; i++, times *= 2)
        plan_add(plan, crowd_name[i], crowd_label[i], "place", times * crowd, pu, crowd, "%s", "");
    for (int i = 0; i < WAITINGS; i++)
        plan_add(plan, waiting[i].name, waiting[i].label, "place", waiting[i].times * team, pu, team, "%s",
            waiting[i].words);
    plan->left_out[RULE_CORES] = !pairs.cores;
    plan->left_out[RULE_SIBLINGS] = !(pairs.cores && pairs.siblings);
}

/* ---- numbers ---- */

static int cpus_of(const struct condition *condition)
{
    return smaller(condition->threads, condition->pus);
}

/* Work a second; NaN where something else had a part of the CPUs, which would give two threads more than one,
 * and four threads more than two. */
static double rate_in(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *name)
{
    int c = plan_find(plan, name);
    if (c < 0 || !observation_filled(observation_at(all, round, c), cpus_of(&plan->condition[c])))
        return NAN;
    return observation_value(observation_at(all, round, c), "rate", 0);
}

/* The work of this condition in one round, in threads alone. */
static double worth_in(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *name)
{
    return rate_in(plan, all, round, name) / rate_in(plan, all, round, one_name);
}

static void measure_place(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    double cores = worth_in(plan, all, round, place_pair_cores);
    value[RULE_CROWD] = rate_in(plan, all, round, crowd_name[2]) / rate_in(plan, all, round, crowd_name[0]);
    value[RULE_SAME_PU] = worth_in(plan, all, round, same_name);
    value[RULE_CORES] = cores;
    value[RULE_SIBLINGS] = worth_in(plan, all, round, place_pair_siblings) / cores;
}

/* base NULL: the rate itself, of whatever CPUs it had. */
static struct statistic over_rounds(const struct lesson_outcome *outcome, const char *name, const char *base)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] = base == NULL ? plan_value(outcome->plan, outcome->observations, r, name, "rate")
                                          : rate_in(outcome->plan, outcome->observations, r, name) /
                                                rate_in(outcome->plan, outcome->observations, r, base);
    statistic_judge(&none, &statistic);
    return statistic;
}

static double measured_place(const struct lesson_outcome *outcome, int index)
{
    return over_rounds(outcome, index == 0 ? same_name : crowd_name[2], index == 0 ? one_name : crowd_name[0])
        .median;
}

static void evidence_place(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    for (int c = 0; c < outcome->plan->conditions; c++) {
        char name[64];
        const char *condition = outcome->plan->condition[c].name;
        bool steps = strstr(outcome->plan->condition[c].words, "steps") != NULL;
        snprintf(name, sizeof name, "%s_%s", condition, steps ? "pieces" : "worth");
        add(context, name, over_rounds(outcome, condition, steps ? NULL : one_name).median,
            steps ? "1/s" : "1");
    }
}

/* ---- picture ---- */

static void picture_place(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    struct statistic same = over_rounds(outcome, same_name, one_name);
    if (isnan(same.median))
        return;
    char title[200];
    snprintf(title, sizeof title, _("Two threads on one CPU do %s times the work of one"),
        said_number(same.median, 2));
    struct picture *bars =
        pictures_add(pictures, PICTURE_BARS, title, NULL, _("work done at once, in threads alone"));
    struct picture *waits =
        pictures_add(pictures, PICTURE_BARS, _("Threads that wait for each other after every piece of work"),
            NULL, _("work done at once, in threads alone"));
    for (int c = 0; c < outcome->plan->conditions; c++) {
        const struct condition *condition = &outcome->plan->condition[c];
        bool steps = strstr(condition->words, "steps") != NULL;
        struct statistic worth = {.median = NAN, .low = NAN, .high = NAN};
        if (!steps)
            worth = over_rounds(outcome, condition->name, one_name);
        else
            worth.median = over_rounds(outcome, condition->name, NULL).median /
                           over_rounds(outcome, one_name, NULL).median;
        if (!isnan(worth.median))
            picture_add_bar(steps ? waits : bars, _(condition->label), worth.median, worth.low, worth.high);
    }
}

/* ---- words ---- */

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    static const char *const which[] = {
        [RULE_CROWD] = N_("four threads on each CPU did clearly more than one on each"),
        [RULE_SAME_PU] = N_("two threads on one CPU did clearly more than one"),
        [RULE_CORES] = N_("two threads on two cores did much less than twice the work of one"),
        [RULE_SIBLINGS] = N_("two hardware threads of one core did as much as two cores"),
    };
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page, _("Here, in this run, a hardware thread was not worth a core, and more threads "
                         "than CPUs were "
                         "worth neither."));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page, _("Here, in this run, the claim does not hold: %s."),
            _(which[outcome->deciding >= 0 ? outcome->deciding : 0]));
        break;
    case VERDICT_INCONCLUSIVE:
        text_add(page,
            _("Here, in this run, it cannot be decided: the rounds differ too much, or something else had a "
              "part "
              "of the CPUs. Against another program two threads get more than one, whatever the place."));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        if (outcome->deciding >= 0 && outcome->plan->left_out[outcome->deciding]) {
            text_add(page,
                _("Not demonstrable here as a whole: in this run, more threads than CPUs brought next to "
                  "nothing. The other half of the claim, that a hardware thread is not a core, could not be "
                  "put to the test here."));
            break;
        }
        text_add(page,
            _("Not demonstrable here: while the lesson ran, the CPUs together did the work of %s. Comparing "
              "places needs %s "
              "at least."),
            said_number(outcome->room->capacity.median, 2), said_number(outcome->lesson->capacity_needed, 1));
        break;
    }
}

static void explain_pairs(const struct lesson_outcome *outcome, struct text *page)
{
    const struct place_pairs pairs = place_pairs_find(outcome->room);
    for (int i = 0; i < pairs.count; i++) {
        struct statistic worth = over_rounds(outcome, pairs.pair[i].name, one_name);
        if (isnan(worth.median))
            continue;
        text_add(page, " ");
        text_add(page, _("Two threads on the CPUs %d and %d (%s) did %s times the work of one."),
            pairs.pair[i].pu[0], pairs.pair[i].pu[1], _(pairs.pair[i].label), said_number(worth.median, 2));
    }
    if (pairs.count > 0 && !pairs.cores && outcome->room->virtual_cpus) {
        text_add(page, " ");
        text_add(page, _("These CPUs are virtual: a hypervisor decides what is behind them. Close to 2 is "
                         "what two cores give; "
                         "well below is what two hardware threads of one core give, or two CPUs that share "
                         "their time. Only "
                         "the pairs that were measured are known."));
    } else if (outcome->room->cpus < 2) {
        text_add(page, " ");
        text_add(page, _("There is one CPU to use here, so nothing is said about pairs of CPUs."));
    } else if (outcome->plan->left_out[RULE_SIBLINGS]) {
        text_add(page, " ");
        text_add(page, pairs.siblings
                           ? _("There is one core to use here, so its hardware threads have nothing to be "
                               "compared with.")
                           : _("No core here offers two hardware threads, so the two cannot be compared."));
    }
}

static void explain_waiting(const struct lesson_outcome *outcome, struct text *page)
{
    double pieces[WAITINGS];
    for (int i = 0; i < WAITINGS; i++) {
        pieces[i] = over_rounds(outcome, waiting[i].name, NULL).median;
        if (isnan(pieces[i]))
            return;
    }
    text_add(page, "\n\n");
    text_add(page,
        _("Threads that meet after every piece of about 25 µs depend on how they wait. With one thread a "
          "CPU: %s pieces in a "
          "millisecond when they wait awake (in a loop, burning CPU time), %s when they wait asleep. With "
          "two threads a CPU: "
          "%s awake and %s asleep. A thread that waits awake starts at once, but keeps the CPU from whoever "
          "it waits for, if "
          "that one needs the same CPU."),
        said_number(1e-3 * pieces[0], 1), said_number(1e-3 * pieces[1], 1), said_number(1e-3 * pieces[2], 1),
        said_number(1e-3 * pieces[3], 1));
}

static void explain_place(const struct lesson_outcome *outcome, struct text *page)
{
    struct statistic same = over_rounds(outcome, same_name, one_name);
    struct statistic crowd = over_rounds(outcome, crowd_name[2], crowd_name[0]);
    explain_verdict(outcome, page);
    if (isnan(same.median) || isnan(crowd.median))
        return;
    text_add(page, "\n\n");
    text_add(page,
        _("Two threads on one CPU did %s times the work of one thread: they take turns. Four threads on each "
          "of %d "
          "CPUs did %s times the work of one on each."),
        said_number(same.median, 2), smaller(outcome->room->cpus, CROWD_PUS_MAX),
        said_number(crowd.median, 2));
    explain_pairs(outcome, page);
    explain_waiting(outcome, page);
}

/* ---- what stands in the catalogue ---- */

static const struct lesson_prediction prediction[] = {
    {.key = "two_on_one_cpu",
        .prompt = N_(
            "Two threads that only compute share one CPU. How many times the work of one thread do they do?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = -1},
    {.key = "four_times_the_threads",
        .prompt = N_("Four threads on each CPU instead of one: how many times as much work gets done?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = -1},
};

static const struct lesson_rule rule[] = {
    [RULE_CROWD] = {.name = "four_threads_a_cpu",
        .statement = N_("work of four threads on each CPU over that of one on each"),
        .unit = "1",
        .supported = 1.1,
        .contradicted = 1.25},
    [RULE_SAME_PU] = {.name = "two_on_one_cpu",
        .statement = N_("work of two threads on one CPU over that of one"),
        .unit = "1",
        .supported = 1.1,
        .contradicted = 1.25},
    [RULE_CORES] = {.name = "two_cores",
        .statement = N_("work of two threads on two cores over that of one"),
        .unit = "1",
        .supported = 1.8,
        .contradicted = 1.5,
        .needs_capacity = true},
    [RULE_SIBLINGS] = {.name = "siblings_beside_cores",
        .statement = N_("work of two hardware threads of one core over that of two cores"),
        .unit = "1",
        .supported = 0.85,
        .contradicted = 0.95,
        .needs_capacity = true},
};

const struct lesson lesson_place = {
    .name = "place",
    .number = 11,
    .minutes = 8,
    .title = N_("A hardware thread is not a core"),
    .question = N_("Does it matter where threads run, and how many share a place?"),
    .claim = N_("A hardware thread is not a core, and more threads than CPUs are neither."),
    .background = N_("Where no virtual machine stands in between, what the system calls a CPU is a hardware "
                     "thread. A core has one, two or more of them, "
                     "which share what "
                     "computes in it. The threads of this lesson keep the multiplier of a core busy without "
                     "a pause, for a "
                     "fixed time, and the work that they get done is counted."),
    .prediction = prediction,
    .predictions = sizeof prediction / sizeof prediction[0],
    .rule = rule,
    .rules = sizeof rule / sizeof rule[0],
    .capacity_needed = 1.7,
    .plan = plan_place,
    .measure = measure_place,
    .measured = measured_place,
    .evidence = evidence_place,
    .picture = picture_place,
    .explain = explain_place,
    .hint = N_(
        "How many multiplications can be under way in one core at a time, and who decides which thread's?"),
    .solution =
        N_("Work gets done by what computes: the cores. A second hardware thread uses what the first leaves "
           "idle, "
           "which is little when the first leaves nothing idle. More threads than CPUs only take turns."),
    .key_point = {N_("Two threads on one CPU take turns: the work of one."),
        N_("Two hardware threads share a core; how much the second adds depends on what the first leaves "
           "idle."),
        N_("For pure computing, as many threads as cores or CPUs; more pay only where threads wait."),
        N_("Waiting awake is quick where every thread has its CPU, and poison where they share one.")},
    .quiz = {.question = N_("A program that only computes runs with 4 threads on 4 CPUs and takes 10 s. How "
                            "long does the same "
                            "work take with 16 threads on these 4 CPUs?"),
        .choice = {N_("about 2.5 s"), N_("about 10 s"), N_("about 40 s")},
        .answer = 1,
        .why = N_("The four CPUs do what they can in both cases; sixteen threads take turns on them.")},
};
