/* Lesson 8: small work gets slower. One loop with and without a team at growing sizes, on two CPUs; a team of
 * one as the control. */
#include "lessons/engine/plan.h"

#include <math.h>
#include <stdio.h>

enum { THREADS = 2, SIZES = 8, FACTOR = 4 };

static const int sizes[SIZES] = {16, 64, 256, 1024, 4096, 16384, 65536, 262144};

enum { RULE_SMALL, RULE_LARGE, RULE_ALONE, RULES };

static const struct lesson_rule rules[RULES] = {
    [RULE_SMALL] = {.name = "small_parallel_over_serial",
        .statement = N_("time of the parallel loop over that of the plain one, 16 iterations"),
        .unit = "1",
        .supported = 2,
        .contradicted = 1},
    [RULE_LARGE] = {.name = "large_speedup",
        .statement = N_("speedup of the parallel loop, 262144 iterations"),
        .unit = "1",
        .supported = 1.2,
        .contradicted = 1.05,
        .needs_capacity = true},
    [RULE_ALONE] = {.name = "team_of_one_speedup",
        .statement = N_("speedup of the same loop with a team of one thread, 262144 iterations"),
        .unit = "1",
        .supported = 1.15,
        .contradicted = 1.25,
        .control = true},
};

static const struct lesson_prediction predictions[] = {
    {.key = "crossover",
        .prompt = N_(
            "An iteration takes a few nanoseconds. From how many iterations on is the loop faster with two "
            "threads?"),
        .unit = "",
        .low = 1,
        .high = 1e9,
        .statistic = -1},
    {.key = "small_parallel_over_serial",
        .prompt = N_("With 16 iterations: how many times as long does the parallel loop take?"),
        .unit = "",
        .low = 0,
        .high = 1e6,
        .statistic = RULE_SMALL},
};

static void grain_plan(const struct classroom *room, struct lesson_plan *plan)
{
    int pu[THREADS], pus = plan_pair(room, pu);
    plan_add(plan, "team", N_("two threads"), "grain", THREADS, pu, pus, "from=%d to=%d factor=%d", sizes[0],
        sizes[SIZES - 1], FACTOR);
    plan_add(plan, "team_of_one", N_("a team of one"), "grain", 1, pu, 1, "from=%d to=%d factor=2",
        sizes[SIZES - 1], sizes[SIZES - 1]);
}

static double time_of(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *condition, const char *way, int size)
{
    char name[48];
    snprintf(name, sizeof name, "%s_%d", way, size);
    return plan_value(plan, all, round, condition, name);
}

static double speedup_of(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *condition, int size)
{
    return time_of(plan, all, round, condition, "serial", size) /
           time_of(plan, all, round, condition, "parallel", size);
}

static void grain_measure(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    value[RULE_SMALL] = 1 / speedup_of(plan, all, round, "team", sizes[0]);
    value[RULE_LARGE] = speedup_of(plan, all, round, "team", sizes[SIZES - 1]);
    value[RULE_ALONE] = speedup_of(plan, all, round, "team_of_one", sizes[SIZES - 1]);
}

static struct statistic speedup_over_rounds(const struct lesson_outcome *outcome, int size)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] = speedup_of(outcome->plan, outcome->observations, r, "team", size);
    statistic_judge(&none, &statistic);
    return statistic;
}

static struct statistic time_over_rounds(const struct lesson_outcome *outcome, const char *way, int size)
{
    char name[48];
    snprintf(name, sizeof name, "%s_%d", way, size);
    return plan_statistic(outcome->plan, outcome->observations, "team", name);
}

/* The largest size up to which the parallel loop is surely slower, and the smallest from which on it is
 * surely faster, by the 99 % intervals. False: there is no such pair here. */
static bool find_crossover(const struct lesson_outcome *outcome, int *slower, int *faster)
{
    int last_slower = -1, first_faster = -1;
    for (int s = 0; s < SIZES && speedup_over_rounds(outcome, sizes[s]).high < 1; s++)
        last_slower = s;
    for (int s = SIZES - 1; s >= 0 && speedup_over_rounds(outcome, sizes[s]).low > 1; s--)
        first_faster = s;
    if (last_slower < 0 || first_faster < 0)
        return false;
    *slower = sizes[last_slower];
    *faster = sizes[first_faster];
    return true;
}

/* The bracket's middle, as sizes grow by factors. Without enough CPUs there is nothing to cross. */
static double grain_measured(const struct lesson_outcome *outcome, int index)
{
    int slower, faster;
    if (index != 0 || outcome->verdict == VERDICT_NOT_DEMONSTRABLE ||
        !find_crossover(outcome, &slower, &faster))
        return NAN;
    return sqrt((double)slower * (double)faster);
}

static void grain_evidence(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    int slower, faster;
    add(context, "small_serial", time_over_rounds(outcome, "serial", sizes[0]).median, "s");
    add(context, "small_parallel", time_over_rounds(outcome, "parallel", sizes[0]).median, "s");
    if (outcome->verdict != VERDICT_NOT_DEMONSTRABLE && find_crossover(outcome, &slower, &faster)) {
        add(context, "slower_up_to", slower, "1");
        add(context, "faster_from", faster, "1");
    }
}

static void grain_picture(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    struct picture *picture = pictures_add(pictures, PICTURE_CURVES,
        outcome->verdict == VERDICT_SUPPORTED ? _("Below 1 the team is slower than one thread")
                                              : _("Speedup by the size of the loop"),
        _("iterations"), _("speedup with two threads"));
    struct picture_curve *curve = picture_add_curve(picture, _("measured"), false);
    picture->logarithmic_x = true;
    for (int s = 0; s < SIZES; s++) {
        struct statistic speedup = speedup_over_rounds(outcome, sizes[s]);
        picture_curve_add(curve, sizes[s], speedup.median, speedup.low, speedup.high);
    }
    struct picture_curve *even = picture_add_curve(picture, _("as fast as one thread"), true);
    picture_curve_add(even, sizes[0], 1, NAN, NAN);
    picture_curve_add(even, sizes[SIZES - 1], 1, NAN, NAN);
}

/* ---- explanation ---- */

static void explain_overhead(const struct lesson_outcome *outcome, struct text *page)
{
    if (outcome->observations->rounds == 0)
        return;
    const struct statistic *small = &outcome->statistic[RULE_SMALL];
    text_add(page,
        _("Here, in this run, 16 iterations took %s in the plain loop and %s in the parallel one: %s times "
          "as long (99 %% "
          "interval %s to %s). Most of that is the price of sharing out the work, meeting at the end and "
          "adding up the "
          "parts, and it has to be paid at any size."),
        said_seconds(time_over_rounds(outcome, "serial", sizes[0]).median),
        said_seconds(time_over_rounds(outcome, "parallel", sizes[0]).median), said_number(small->median, 1),
        said_number(small->low, 1), said_number(small->high, 1));
    text_add(page, "\n\n");
}

static void explain_crossover(const struct lesson_outcome *outcome, struct text *page)
{
    int slower, faster;
    const struct statistic *large = &outcome->statistic[RULE_LARGE];
    if (find_crossover(outcome, &slower, &faster))
        text_add(page,
            _("Up to %d iterations (%s of plain work) the parallel loop was slower, from %d on (%s) faster: "
              "the crossover "
              "lies between the two. With 262144 iterations the speedup was %s (%s to %s)."),
            slower, said_seconds(time_over_rounds(outcome, "serial", slower).median), faster,
            said_seconds(time_over_rounds(outcome, "serial", faster).median), said_number(large->median, 2),
            said_number(large->low, 2), said_number(large->high, 2));
    else
        text_add(page,
            _("No pair of sizes brackets the crossover in this run. With 262144 iterations the speedup was "
              "%s (%s to %s)."),
            said_number(large->median, 2), said_number(large->low, 2), said_number(large->high, 2));
    text_add(page, " ");
}

static void explain_not_demonstrable(const struct lesson_outcome *outcome, struct text *page)
{
    if (outcome->plan->not_demonstrable[0] != '\0')
        text_add(page, _("Not demonstrable here: %s"), outcome->plan->not_demonstrable);
    else if (outcome->room->cpus < THREADS)
        text_add(page, "%s",
            _("Not demonstrable here: only one CPU may be used. The price of a parallel loop could be "
              "measured, but two "
              "threads on one CPU are not faster at any size, so there is no crossover to find."));
    else
        text_add(page,
            _("Not demonstrable here: it takes two CPUs that work at the same time, and while the lesson ran "
              "they did "
              "the work of %s. Another program, or a limit, took the rest."),
            said_number(outcome->room->capacity.median, 2));
}

static void grain_explain(const struct lesson_outcome *outcome, struct text *page)
{
    explain_overhead(outcome, page);
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        explain_crossover(outcome, page);
        text_add(page, "%s",
            _("A loop must be long enough for the time saved to outweigh that price. How long depends on the "
              "machine, the "
              "OpenMP runtime and how its threads wait: it has to be measured."));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page, "%s",
            outcome->deciding == RULE_SMALL
                ? _("Contradicted here: with 16 iterations the parallel loop was not slower.")
                : _("Contradicted here: two threads were hardly faster even with 262144 iterations, on two "
                    "CPUs "
                    "that worked at "
                    "the same time."));
        break;
    case VERDICT_INCONCLUSIVE:
        if (outcome->deciding != RULE_ALONE)
            explain_crossover(outcome, page);
        text_add(page, "%s",
            plan_control_failed(outcome, RULE_ALONE)
                ? _("Inconclusive: the control failed. A team of one thread "
                    "should not be faster than the plain loop, so "
                    "something else moved the times.")
                : _("Inconclusive: the intervals reach over the thresholds, or "
                    "too few rounds succeeded. Close other "
                    "programs and run the lesson again."));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        explain_not_demonstrable(outcome, page);
        break;
    }
}

const struct lesson lesson_grain = {
    .name = "grain",
    .number = 8,
    .minutes = 8,
    .title = N_("Too small to share"),
    .question = N_("Two threads should do a loop in half the time. Also if it has only 16 iterations?"),
    .claim = N_("Small work gets slower in parallel: there is a size below which a team loses, and above "
                "which it wins."),
    .background = N_("A parallel loop wakes its team, deals out the iterations, and waits for the last one. "
                     "That takes time "
                     "that the plain loop does not need."),
    .prediction = predictions,
    .predictions = sizeof predictions / sizeof *predictions,
    .rule = rules,
    .rules = RULES,
    .capacity_needed = 1.5,
    .plan = grain_plan,
    .measure = grain_measure,
    .measured = grain_measured,
    .evidence = grain_evidence,
    .picture = grain_picture,
    .explain = grain_explain,
    .hint =
        N_("Two threads save half the time of the loop. When is half of it more than the price of sharing?"),
    .solution = N_("Parallelize the outermost loop that has enough independent work, so that the price is "
                   "paid seldom; or "
                   "say `if (n > limit)` in the pragma, with a limit that was measured on this machine."),
    .key_point = {N_("A parallel region has a price that does not depend on the work in it."),
        N_("Coarse grain: few, large pieces. Fine grain: the price is paid often."),
        N_("Where the crossover lies is a property of a machine and a runtime: measure it.")},
    .quiz = {.question =
                 N_("Entering and leaving a parallel loop costs 5 microseconds; the plain loop takes 8. "
                    "What is the best that "
                    "two threads can do?"),
        .choice = {N_("4 microseconds"), N_("6.5 microseconds"), N_("9 microseconds"), N_("13 microseconds")},
        .answer = 2,
        .why = N_("8 / 2 + 5 = 9 microseconds: slower than without the team.")},
};
