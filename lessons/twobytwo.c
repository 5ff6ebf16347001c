/* Lesson 2: CPUs decide what happens at the same instant, memory decides what is shared. Threads and
 * processes, on one CPU and on two, with and without a lock or a shared mapping: whose chunks of work overlap
 * in time, and who sees the token that one of them wrote. Hypothesis A is the article's, B is the standard
 * use of the words (Pike 2012; Silberschatz, Galvin & Gagne). */
#include "lessons/engine/plan.h"
#include "lessons/lesson.h"
#include "lessons/twobytwo_table.h"

#include <math.h>
#include <stdio.h>

/* ---- what is observed ---- */

static void plan(const struct classroom *room, struct lesson_plan *plan)
{
    const int *pu = room->machine->topology.spread;
    bool two = room->cpus >= 2;
    if (two) {
        plan_add(plan, "threads_two_cpus", N_("2 threads on 2 CPUs"), "twobytwo", 2, pu, 2, "%s", "");
        plan_add(
            plan, "threads_one_lock", N_("2 threads on 2 CPUs, one lock"), "twobytwo", 2, pu, 2, "lock=1");
        plan_add(plan, "processes_two_cpus", N_("2 processes on 2 CPUs"), "twobytwo", 1, pu, 2, "%s", "")
            ->processes = 2;
        plan_add(plan, "processes_threads", N_("2 processes of 2 threads on 2 CPUs"), "twobytwo", 2, pu, 2,
            "%s", "")
            ->processes = 2;
    }
    plan_add(plan, "threads_one_cpu", N_("2 threads on 1 CPU"), "twobytwo", 2, pu, 1, "%s", "");
    plan_add(plan, "processes_one_cpu", N_("2 processes on 1 CPU"), "twobytwo", 1, pu, 1, "%s", "")
        ->processes = 2;
    struct condition *mapped = plan_add(plan, "processes_mapping", N_("2 processes with a shared mapping"),
        "twobytwo", 1, pu, two ? 2 : 1, "%s", "");
    mapped->processes = 2;
    mapped->shared_mapping = true;
}

enum {
    RULE_THREADS_TWO,
    RULE_PROCESSES_TWO,
    RULE_THREADS_ONE,
    RULE_PROCESSES_ONE,
    RULE_TOKEN_THREADS,
    RULE_TOKEN_PROCESSES,
    RULE_TOKEN_MAPPING,
    RULE_LOCK,
    RULES
};

static const struct lesson_rule rules[RULES] = {
    [RULE_THREADS_TWO] = {.name = "overlap_threads_two_cpus",
        .statement = N_("chunks that overlap, 2 threads on 2 CPUs"),
        .unit = "%",
        .supported = 40,
        .contradicted = 10,
        .needs_capacity = true},
    [RULE_PROCESSES_TWO] = {.name = "overlap_processes_two_cpus",
        .statement = N_("chunks that overlap, 2 processes on 2 CPUs"),
        .unit = "%",
        .supported = 40,
        .contradicted = 10,
        .needs_capacity = true},
    [RULE_THREADS_ONE] = {.name = "overlap_threads_one_cpu",
        .statement = N_("chunks that overlap, 2 threads on 1 CPU"),
        .unit = "%",
        .supported = 2,
        .contradicted = 10},
    [RULE_PROCESSES_ONE] = {.name = "overlap_processes_one_cpu",
        .statement = N_("chunks that overlap, 2 processes on 1 CPU"),
        .unit = "%",
        .supported = 2,
        .contradicted = 10},
    [RULE_TOKEN_THREADS] = {.name = "token_threads",
        .statement = N_("token seen by the other thread of the process"),
        .unit = "%",
        .supported = 99,
        .contradicted = 50},
    [RULE_TOKEN_PROCESSES] = {.name = "token_processes",
        .statement = N_("token seen by the other process"),
        .unit = "%",
        .supported = 1,
        .contradicted = 50},
    [RULE_TOKEN_MAPPING] = {.name = "token_mapping",
        .statement = N_("token seen by the other process, in a shared mapping"),
        .unit = "%",
        .supported = 99,
        .contradicted = 50},
    [RULE_LOCK] = {.name = "overlap_one_lock",
        .statement = N_("chunks that overlap, 2 threads on 2 CPUs under one lock"),
        .unit = "%",
        .supported = 2,
        .contradicted = 10,
        .control = true,
        .needs_capacity = true},
};

static void measure(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    value[RULE_THREADS_TWO] = twobytwo_overlap(plan_observation(plan, all, round, "threads_two_cpus"));
    value[RULE_PROCESSES_TWO] = twobytwo_overlap(plan_observation(plan, all, round, "processes_two_cpus"));
    value[RULE_THREADS_ONE] = twobytwo_overlap(plan_observation(plan, all, round, "threads_one_cpu"));
    value[RULE_PROCESSES_ONE] = twobytwo_overlap(plan_observation(plan, all, round, "processes_one_cpu"));
    value[RULE_LOCK] = twobytwo_overlap(plan_observation(plan, all, round, "threads_one_lock"));
    value[RULE_TOKEN_THREADS] =
        twobytwo_token(plan_observation(plan, all, round, "threads_one_cpu"), TOKEN_INSIDE);
    value[RULE_TOKEN_PROCESSES] =
        twobytwo_token(plan_observation(plan, all, round, "processes_one_cpu"), TOKEN_OUTSIDE);
    value[RULE_TOKEN_MAPPING] =
        twobytwo_token(plan_observation(plan, all, round, "processes_mapping"), TOKEN_OUTSIDE);
}

/* ---- what was found ---- */

/* Asked twice, for A and for B: what was measured is the same. */
static double measured(const struct lesson_outcome *outcome, int index)
{
    static const char *const at_once[] = {
        "threads_two_cpus", "threads_one_cpu", "threads_one_lock", "processes_two_cpus", "processes_one_cpu"};
    enum { ROWS = sizeof at_once / sizeof at_once[0] };
    if (index < 2 * ROWS)
        return twobytwo_at_once(outcome, at_once[index % ROWS]);
    return twobytwo_seen(&outcome->statistic[RULE_TOKEN_THREADS + (index - 2 * ROWS)]);
}

static void evidence(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    static const char *const more[][2] = {{"processes_mapping", "overlap_processes_mapping"},
        {"processes_threads", "overlap_processes_threads"}};
    for (int i = 0; i < 2; i++)
        add(context, more[i][1], twobytwo_overlap_over_rounds(outcome, more[i][0]).median, "%");
    add(context, "token_processes_threads_inside",
        twobytwo_token_over_rounds(outcome, "processes_threads", TOKEN_INSIDE).median, "%");
    add(context, "token_processes_threads_outside",
        twobytwo_token_over_rounds(outcome, "processes_threads", TOKEN_OUTSIDE).median, "%");
    add(context, "cpu_over_wall_threads_two_cpus", twobytwo_cpus_used(outcome, "threads_two_cpus"), "1");
    add(context, "cpu_over_wall_one_lock", twobytwo_cpus_used(outcome, "threads_one_lock"), "1");
    add(context, "cpu_over_wall_threads_one_cpu", twobytwo_cpus_used(outcome, "threads_one_cpu"), "1");
}

static void picture(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    struct picture *lanes =
        pictures_add(pictures, PICTURE_LANES, _("Who computed when, in a typical round of each"), NULL, NULL);
    struct picture *bars =
        pictures_add(pictures, PICTURE_BARS, _("Chunks of work that overlap in time"), NULL, "%");
    for (int c = 0; c < outcome->plan->conditions; c++) {
        const struct condition *condition = &outcome->plan->condition[c];
        const struct observation *example = twobytwo_typical(outcome, condition->name);
        struct statistic overlap = twobytwo_overlap_over_rounds(outcome, condition->name);
        if (example != NULL)
            picture_add_lanes(lanes, speak(condition->label), example);
        picture_add_bar(bars, speak(condition->label), overlap.median, overlap.low, overlap.high);
    }
}

/* ---- the explanation ---- */

static void explain_deciding(const struct lesson_outcome *outcome, struct text *page)
{
    const struct statistic *found = &outcome->statistic[outcome->deciding];
    const char *statement = speak(rules[outcome->deciding].statement);
    if (outcome->verdict == VERDICT_CONTRADICTED)
        text_add(page, _("Contradicted, here, in this run. %s: %s %% (99 %% interval %s to %s)."), statement,
            said_number(found->median, 1), said_number(found->low, 1), said_number(found->high, 1));
    else if (isnan(found->low))
        text_add(page, _("Not decided, here, in this run. %s: too few rounds gave a number."), statement);
    else
        text_add(page, _("Not decided, here, in this run. %s: %s %%, but the rounds reach from %s to %s."),
            statement, said_number(found->median, 1), said_number(found->low, 1),
            said_number(found->high, 1));
}

/* The median chunk of the first thread, in one round. */
static double chunk_s(const struct lesson_outcome *outcome)
{
    const struct observation *example = plan_example(outcome->plan, outcome->observations, "threads_one_cpu");
    return example != NULL ? lane_median_chunk_s(&example->lane[0]) : NAN;
}

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    const struct statistic *found = outcome->statistic;
    if (outcome->verdict == VERDICT_SUPPORTED)
        text_add(page,
            _("Supported, here, in this run. On two CPUs %s %% of the chunks of two threads overlapped, and "
              "%s %% of "
              "those of two processes; on one CPU %s %% and %s %%. The token was seen by the other thread in "
              "%s %% "
              "of the cases, by the other process in %s %%, and through a shared mapping in %s %%."),
            said_number(found[RULE_THREADS_TWO].median, 0), said_number(found[RULE_PROCESSES_TWO].median, 0),
            said_number(found[RULE_THREADS_ONE].median, 1), said_number(found[RULE_PROCESSES_ONE].median, 1),
            said_number(found[RULE_TOKEN_THREADS].median, 0),
            said_number(found[RULE_TOKEN_PROCESSES].median, 0),
            said_number(found[RULE_TOKEN_MAPPING].median, 0));
    else if (outcome->verdict == VERDICT_NOT_DEMONSTRABLE && outcome->room->cpus < 2)
        text_add(page, "%s",
            _("Not demonstrable here as a whole: with one CPU nothing can happen at the same instant. The "
              "half about "
              "memory can be seen all the same."));
    else if (outcome->verdict == VERDICT_NOT_DEMONSTRABLE)
        text_add(page,
            _("Not demonstrable here as a whole: it takes two CPUs that work at once (1.5 at least), and "
              "here, in this "
              "run, there were %s. The rest went to other programs, or was not given at all. The half about "
              "memory can "
              "be seen all the same."),
            said_number(outcome->room->capacity.median, 2));
    else if (outcome->deciding >= 0)
        explain_deciding(outcome, page);
    else
        text_add(page, "%s", _("Not decided, here, in this run: too many trials failed."));
}

static void explain(const struct lesson_outcome *outcome, struct text *page)
{
    explain_verdict(outcome, page);
    if (outcome->observations->rounds == 0)
        return;
    twobytwo_add_table(outcome, page);
    twobytwo_add_score(outcome, page);
    text_add(page,
        _("\n\nHow it was measured: each thread computed chunks of about %s and stamped their begin and "
          "end. Two chunks "
          "overlap if each began before the other had ended. A chunk that was interrupted is longer than the "
          "others and "
          "does not count. The token is a number that the first thread writes into a variable; all others "
          "look there "
          "after each of their chunks."),
        said_seconds(chunk_s(outcome)));
    text_add(page,
        _("\n\nUnder the lock, CPU time over wall time was %s. It tells how busy the CPUs were, not how much "
          "was done at "
          "once; that is why this lesson compares chunks of work instead."),
        said_number(twobytwo_cpus_used(outcome, "threads_one_lock"), 2));
}

/* ---- texts ---- */

#define YES_NO(word, question)                                                                               \
    {                                                                                                        \
        .key = word, .prompt = question, .unit = "", .low = 0, .high = 1, .yes_no = true, .statistic = -1    \
    }

static const struct lesson_prediction predictions[] = {
    YES_NO("a_threads_two_cpus", N_("A, the article: 2 threads on 2 CPUs compute at the same instant?")),
    YES_NO("a_threads_one_cpu", N_("A: 2 threads on 1 CPU?")),
    YES_NO("a_threads_one_lock", N_("A: 2 threads on 2 CPUs, one lock around all the work?")),
    YES_NO("a_processes_two_cpus", N_("A: 2 processes on 2 CPUs?")),
    YES_NO("a_processes_one_cpu", N_("A: 2 processes on 1 CPU?")),
    YES_NO("b_threads_two_cpus", N_("B, the standard: 2 threads on 2 CPUs compute at the same instant?")),
    YES_NO("b_threads_one_cpu", N_("B: 2 threads on 1 CPU?")),
    YES_NO("b_threads_one_lock", N_("B: 2 threads on 2 CPUs, one lock around all the work?")),
    YES_NO("b_processes_two_cpus", N_("B: 2 processes on 2 CPUs?")),
    YES_NO("b_processes_one_cpu", N_("B: 2 processes on 1 CPU?")),
    YES_NO("token_threads", N_("A thread writes a token into a variable: does the other thread see it?")),
    YES_NO("token_processes", N_("A process writes a token into a variable: does the other process see it?")),
    YES_NO("token_mapping", N_("And if the variable lies in a mapping that both processes share?")),
};

const struct lesson lesson_twobytwo = {
    .name = "twobytwo",
    .number = 2,
    .minutes = 15,
    .title = N_("Two by two"),
    .question =
        N_("What decides whether things happen at the same instant, and what decides whether they share?"),
    .claim = N_("CPUs decide simultaneity, memory decides sharing."),
    .background = N_(
        "Hypothesis A, from the article \"Concorrência e Paralelismo\": tasks within one program share "
        "memory "
        "and processor time and only seem simultaneous: concurrency. Tasks with a memory of their own, "
        "spread "
        "over independent cores, are truly simultaneous: parallelism.\n\n"
        "Hypothesis B, the standard use of the words: concurrency is structure, several things under way; "
        "parallelism is execution, several things at the same instant. It takes several CPUs, whoever shares "
        "what.\n\n"
        "Fill the table under both hypotheses; then both are put to the test."),
    .prediction = predictions,
    .predictions = sizeof predictions / sizeof predictions[0],
    .rule = rules,
    .rules = RULES,
    .capacity_needed = 1.5,
    .plan = plan,
    .measure = measure,
    .measured = measured,
    .evidence = evidence,
    .picture = picture,
    .explain = explain,
    .hint = N_("Ask two questions, one at a time: could the two compute at the same instant? Could the one "
               "read what the "
               "other wrote?"),
    .solution =
        N_("Threads and processes alike compute at the same instant if they have two CPUs, and take turns if "
           "they "
           "have one, or if one lock goes around all the work. Threads share the memory of their process; "
           "processes share only the memory that they map together."),
    .key_point = {N_("Simultaneity comes from CPUs, sharing from memory: two questions, two answers."),
        N_("Threads on several CPUs are concurrent and parallel, and they share memory."),
        N_("Processes on one CPU are concurrent and not parallel, although each has its own memory."),
        N_("Processes can share memory, too, if they ask for it.")},
    .quiz =
        {.question = N_(
             "Two processes with their own memory run on a machine with one CPU. In the standard terms they "
             "are"),
            .choice = {N_("parallel"), N_("concurrent, but not parallel"), N_("neither")},
            .answer = 1,
            .why = N_("Both are under way, so they are concurrent; one CPU computes for one of them at a "
                      "time, so they are not "
                      "parallel.")},
};
