/* Lesson 6: separate variables can still collide. Two counters in one cache line and two that are 256 bytes
 * apart, on the same two cores; and both again with the two threads on one CPU, where nothing can collide. */
#include "lessons/engine/plan.h"

#include <math.h>
#include <stdio.h>

enum { THREADS = 2, TOGETHER_BYTES = 8, APART_BYTES = 256 };

enum { RULE_CORES, RULE_PENALTY, RULE_PADDED, RULE_ONE_CPU, RULES };

static const struct lesson_rule rules[RULES] = {
    [RULE_CORES] = {.name = "two_cores",
        .statement = N_("time of a step that fills a core, on two CPUs at once, over that on one alone"),
        .unit = "1",
        .supported = 1.3,
        .contradicted = 1.5,
        .needs_capacity = true,
        .precondition = true},
    [RULE_PENALTY] = {.name = "penalty",
        .statement =
            N_("time of an addition with both counters in one cache line, over that 256 bytes apart, on two "
               "cores"),
        .unit = "1",
        .supported = 1.5,
        .contradicted = 1.1,
        .needs_capacity = true},
    [RULE_PADDED] = {.name = "padded",
        .statement =
            N_("time of an addition with the counters 256 bytes apart, on two cores, over that on one CPU"),
        .unit = "1",
        .supported = 1.25,
        .contradicted = 1.5,
        .needs_capacity = true},
    [RULE_ONE_CPU] = {.name = "one_cpu",
        .statement =
            N_("time of an addition with both counters in one cache line, over that 256 bytes apart, both "
               "threads on one CPU"),
        .unit = "1",
        .supported = 1.25,
        .contradicted = 1.5,
        .control = true},
};

static const struct lesson_prediction predictions[] = {
    {.key = "penalty",
        .prompt = N_("Two threads on two cores, each with a counter of its own. The counters are neighbours "
                     "in memory. "
                     "How many times as long does an addition take as with the counters far apart?"),
        .unit = "",
        .low = 0,
        .high = 1000,
        .statistic = RULE_PENALTY},
    {.key = "one_cpu",
        .prompt = N_("And with both threads on one CPU, in turns?"),
        .unit = "",
        .low = 0,
        .high = 1000,
        .statistic = RULE_ONE_CPU},
};

static void falseshare_plan(const struct classroom *room, struct lesson_plan *plan)
{
    int pu[THREADS];
    plan_pair(room, pu);
    if (room->cpus >= THREADS && room->cores < THREADS)
        snprintf(plan->not_demonstrable, sizeof plan->not_demonstrable, "%s",
            _("all CPUs that may be used are hardware threads of one core, which share its cache: there is "
              "nothing for "
              "a line to travel between."));
    else if (room->cpus < THREADS)
        snprintf(plan->not_demonstrable, sizeof plan->not_demonstrable, "%s",
            _("it takes two cores that work at the same time, and only one CPU may be used."));
    if (plan->not_demonstrable[0] != '\0')
        return;
    plan_add(plan, "together", N_("one line, two cores"), "falseshare", THREADS, pu, 2, "stride=%d",
        TOGETHER_BYTES);
    plan_add(plan, "apart", N_("apart, two cores"), "falseshare", THREADS, pu, 2, "stride=%d", APART_BYTES);
    plan_add(plan, "together_one_cpu", N_("one line, one CPU"), "falseshare", THREADS, pu, 1, "stride=%d",
        TOGETHER_BYTES);
    plan_add(
        plan, "apart_one_cpu", N_("apart, one CPU"), "falseshare", THREADS, pu, 1, "stride=%d", APART_BYTES);
    if (room->virtual_cpus) {
        plan_add(plan, "full_alone", N_("one core filled"), "spin", 1, pu, 1, "work=wide stamps=0");
        plan_add(plan, "full_both", N_("two cores filled"), "spin", THREADS, pu, 2, "work=wide stamps=0");
    }
}

static void falseshare_measure(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    double together = plan_value(plan, all, round, "together", "addition");
    double apart = plan_value(plan, all, round, "apart", "addition");
    double apart_one = plan_value(plan, all, round, "apart_one_cpu", "addition");
    /* Where no hypervisor hides them, the topology's cores are cores. */
    value[RULE_CORES] = room->virtual_cpus ? plan_value(plan, all, round, "full_both", "chunk_s") /
                                                 plan_value(plan, all, round, "full_alone", "chunk_s")
                                           : 1;
    value[RULE_PENALTY] = together / apart;
    value[RULE_PADDED] = apart / apart_one;
    value[RULE_ONE_CPU] = plan_value(plan, all, round, "together_one_cpu", "addition") / apart_one;
}

static struct statistic addition_of(const struct lesson_outcome *outcome, const char *condition)
{
    return plan_statistic(outcome->plan, outcome->observations, condition, "addition");
}

static const char *const conditions[] = {"together", "apart", "together_one_cpu", "apart_one_cpu"};
enum { CONDITIONS = sizeof conditions / sizeof *conditions };

static void falseshare_evidence(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    static const char *const names[CONDITIONS] = {
        "addition_together", "addition_apart", "addition_together_one_cpu", "addition_apart_one_cpu"};
    for (int c = 0; c < CONDITIONS; c++)
        add(context, names[c], addition_of(outcome, conditions[c]).median, "ns");
}

static void falseshare_picture(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    if (outcome->plan->conditions == 0)
        return;
    struct picture *picture = pictures_add(
        pictures, PICTURE_BARS, _("What one addition to a counter of one's own costs"), NULL, "ns");
    for (int c = 0; c < CONDITIONS; c++) {
        struct statistic addition = addition_of(outcome, conditions[c]);
        int index = plan_find(outcome->plan, conditions[c]);
        if (index >= 0)
            picture_add_bar(picture, _(outcome->plan->condition[index].label), addition.median, addition.low,
                addition.high);
    }
}

/* ---- explanation ---- */

static void explain_numbers(const struct lesson_outcome *outcome, struct text *page)
{
    if (outcome->observations->rounds == 0)
        return;
    const struct statistic *penalty = &outcome->statistic[RULE_PENALTY],
                           *one = &outcome->statistic[RULE_ONE_CPU];
    text_add(page,
        _("Here, in this run, an addition took %s ns with the counters in one cache line and %s "
          "ns with the "
          "counters 256 bytes apart, on the same two CPUs: %s times as long (99 %% interval %s to %s)."),
        said_number(addition_of(outcome, "together").median, 1),
        said_number(addition_of(outcome, "apart").median, 1), said_number(penalty->median, 2),
        said_number(penalty->low, 2), said_number(penalty->high, 2));
    text_add(page, " ");
    text_add(page, _("The control, both threads on one CPU: %s times (%s to %s)."),
        said_number(one->median, 2), said_number(one->low, 2), said_number(one->high, 2));
    text_add(page, "\n\n");
}

static void explain_not_demonstrable(const struct lesson_outcome *outcome, struct text *page)
{
    const struct capacity *capacity = &outcome->room->capacity;
    if (outcome->plan->not_demonstrable[0] != '\0')
        text_add(page, _("Not demonstrable here: %s"), outcome->plan->not_demonstrable);
    else if (outcome->deciding == RULE_CORES && capacity->median >= outcome->lesson->capacity_needed)
        text_add(page,
            _("Not demonstrable here: the CPUs are virtual, and it is not certain that they are two cores. "
              "Work that "
              "fills a core took %s times as long when both did it at once (%s to %s); at most 1.3 would "
              "have shown two "
              "cores. Hardware threads of one core share its cache, and no line travels between them."),
            said_number(outcome->statistic[RULE_CORES].median, 2),
            said_number(outcome->statistic[RULE_CORES].low, 2),
            said_number(outcome->statistic[RULE_CORES].high, 2));
    else
        text_add(page,
            _("Not demonstrable here: it takes two CPUs that work at the same time, and while the lesson ran "
              "they did "
              "the work of %s. Another program, or a limit, took the rest."),
            said_number(capacity->median, 2));
}

static void falseshare_explain(const struct lesson_outcome *outcome, struct text *page)
{
    explain_numbers(outcome, page);
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page, "%s",
            _("No counter was touched by two threads, and still the threads held each other up. Caches move "
              "whole lines, "
              "often of 64 bytes, and a core must have a line for itself to write to it. Counters in one "
              "line make the "
              "line travel with every change of hands. With more bytes between them than a line has, each "
              "core keeps "
              "its own: nothing else was changed, and the penalty was gone."));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page, "%s",
            outcome->deciding == RULE_PADDED
                ? _("Contradicted here: additions on two cores stayed slow even "
                    "with 256 bytes between the counters. "
                    "Something else than a shared line holds them up.")
                : _("Contradicted here: neighbouring counters cost hardly more than "
                    "counters far apart, on two cores that "
                    "worked at the same time."));
        break;
    case VERDICT_INCONCLUSIVE:
        text_add(page, "%s",
            plan_control_failed(outcome, RULE_ONE_CPU)
                ? _("Inconclusive: the control failed. With both threads on "
                    "one CPU nothing can collide, so the times "
                    "here were disturbed by something else.")
                : _("Inconclusive: the intervals reach over the thresholds, or "
                    "too few rounds succeeded. Close other "
                    "programs and run the lesson again."));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        explain_not_demonstrable(outcome, page);
        break;
    }
}

const struct lesson lesson_falseshare = {
    .name = "falseshare",
    .number = 6,
    .minutes = 8,
    .title = N_("Neighbours in one cache line"),
    .question =
        N_("Each thread adds to a counter of its own; no variable is shared. Can the threads still hold each "
           "other up?"),
    .claim = N_(
        "Separate variables can still collide: in one cache line they slow each other down, and padding ends "
        "it."),
    .background =
        N_("A cache line is the piece of memory, often 64 bytes, that a cache holds, moves and owns as a "
           "whole."),
    .prediction = predictions,
    .predictions = sizeof predictions / sizeof *predictions,
    .rule = rules,
    .rules = RULES,
    .capacity_needed = 1.5,
    .plan = falseshare_plan,
    .measure = falseshare_measure,
    .evidence = falseshare_evidence,
    .picture = falseshare_picture,
    .explain = falseshare_explain,
    .hint = N_("What does a core have to own before it may write, and how large is that piece of memory?"),
    .solution = N_(
        "Keep what different threads write at least 128 bytes apart (`_Alignas(128)`): twice the usual line, "
        "because some processors fetch lines in pairs. Better still: count in a local variable and write "
        "once at the end, as a reduction does."),
    .key_point = {N_("Sharing is decided by cache lines, not by variables."),
        N_("False sharing gives right results, slowly: no test of results finds it."),
        N_("Padding between what different threads write ends it."),
        N_("It needs cores that run at the same time: on one CPU there is none.")},
    .quiz = {.question =
                 N_("`int hits[8]`: eight threads, each counting in its own element. What helps most?"),
        .choice = {N_("A lock around each count."), N_("Making `hits` volatile."),
            N_("Counting in a local variable, and storing it once."), N_("Using `long` instead of `int`.")},
        .answer = 2,
        .why = N_("Then the line is written once by each thread instead of millions of times.")},
};
