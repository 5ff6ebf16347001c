/* Lesson 4: a wrong program can print the right answer. The same lost updates at growing numbers of
 * additions, and the same additions in one atomic step as the control. */
#include "lessons/engine/plan.h"

#include <math.h>
#include <string.h>

enum { SIZES = 6, THREADS = 2 };

static const double long_s = 0.2, control_s = 0.05;

static const struct {
    const char *name, *label;
    int updates, runs;
} sizes[SIZES] = {
    {"each_10", N_("10 additions"), 10, 50},
    {"each_100", N_("100 additions"), 100, 20},
    {"each_1000", N_("1000 additions"), 1000, 20},
    {"each_10000", N_("10000 additions"), 10000, 10},
    {"each_100000", N_("100000 additions"), 100000, 3},
    {"each_1000000", N_("1000000 additions"), 1000000, 1},
};

enum { RULE_SHORT, RULE_LONG, RULE_AT_ONCE, RULES };

static const struct lesson_rule rules[RULES] = {
    [RULE_SHORT] = {.name = "short_runs_right",
        .statement = N_("runs of 10 additions by each thread that end with the right total"),
        .unit = "%",
        .supported = 90,
        .contradicted = 10},
    [RULE_LONG] = {.name = "long_runs_lost",
        .statement = N_("additions that are lost in runs of 0.2 s"),
        .unit = "%",
        .supported = 0.01,
        .contradicted = 0.01},
    [RULE_AT_ONCE] = {.name = "atomic_lost",
        .statement = N_("additions lost when each is one atomic step"),
        .unit = "1",
        .supported = 0,
        .contradicted = 0.5,
        .control = true,
        .every_round = true},
};

static const struct lesson_prediction predictions[] = {
    {.key = "short_runs_right",
        .prompt = N_("Two threads add 10 times each. Of 100 such runs, how many end with the right total?"),
        .unit = "%",
        .low = 0,
        .high = 100,
        .statistic = RULE_SHORT},
    {.key = "long_runs_lost",
        .prompt = N_("Now they add for a fifth of a second. How many of 100 additions are lost?"),
        .unit = "%",
        .low = 0,
        .high = 100,
        .statistic = RULE_LONG},
};

static void race_plan(const struct classroom *room, struct lesson_plan *plan)
{
    int pu[THREADS], pus = plan_pair(room, pu);
    for (int s = 0; s < SIZES; s++)
        plan_add(plan, sizes[s].name, sizes[s].label, "race", THREADS, pu, pus,
            "updates=%d runs=%d limit_s=0.2", sizes[s].updates, sizes[s].runs);
    plan_add(plan, "long", N_("0.2 s of additions"), "race", THREADS, pu, pus, "limit_s=%.2f", long_s);
    plan_add(plan, "at_once", N_("one atomic step each"), "race", THREADS, pu, pus,
        "how=at_once limit_s=%.2f", control_s);
    if (pus > 1)
        plan_add(plan, "long_one_cpu", N_("0.2 s on one CPU"), "race", THREADS, pu, 1, "limit_s=%.2f", long_s)
            ->once = true;
}

static void race_measure(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    value[RULE_SHORT] = plan_value(plan, all, round, sizes[0].name, "right");
    value[RULE_LONG] = plan_value(plan, all, round, "long", "lost");
    value[RULE_AT_ONCE] = plan_value(plan, all, round, "at_once", "missing");
}

static bool on_one_cpu(const struct lesson_outcome *outcome)
{
    return outcome->plan->conditions > 0 && outcome->plan->condition[0].pus < THREADS;
}

static void race_evidence(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    struct statistic made = plan_statistic(outcome->plan, outcome->observations, "long", "updates");
    struct statistic safe = plan_statistic(outcome->plan, outcome->observations, "at_once", "updates");
    add(context, "long_runs_additions", made.median, "1");
    add(context, "atomic_additions", safe.median, "1");
    if (plan_find(outcome->plan, "long_one_cpu") >= 0)
        add(context, "long_run_lost_one_cpu",
            plan_value(outcome->plan, outcome->observations, 0, "long_one_cpu", "lost"), "%");
}

static void race_picture(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    const struct lesson_plan *plan = outcome->plan;
    struct picture *right = pictures_add(pictures, PICTURE_CURVES,
        outcome->verdict == VERDICT_SUPPORTED ? _("Short runs are right, longer ones are not")
                                              : _("Runs with the right total, by their length"),
        _("additions by each thread"), _("runs with the right total (%)"));
    struct picture_curve *curve = picture_add_curve(right, _("measured"), false);
    right->logarithmic_x = true;
    for (int s = 0; s < SIZES; s++) {
        struct statistic share = plan_statistic(plan, outcome->observations, sizes[s].name, "right");
        picture_curve_add(curve, sizes[s].updates, share.median, share.low, share.high);
    }
    struct picture *lost = pictures_add(pictures, PICTURE_BARS, _("Additions lost"), NULL, _("lost (%)"));
    for (int c = 0; c < plan->conditions; c++) {
        const struct condition *condition = &plan->condition[c];
        struct statistic share = plan_statistic(plan, outcome->observations, condition->name, "lost");
        picture_add_bar(lost, _(condition->label), share.median, share.low, share.high);
    }
}

/* ---- explanation ---- */

static void explain_numbers(const struct lesson_outcome *outcome, struct text *page)
{
    const struct statistic *small = &outcome->statistic[RULE_SHORT], *large = &outcome->statistic[RULE_LONG];
    text_add(page,
        _("Here, in this run, %s %% of the runs of 10 additions by each thread ended with the right total "
          "(99 %% "
          "interval %s to %s). In the runs of 0.2 s, %s %% of the additions were lost (%s to %s)."),
        said_number(small->median, 1), said_number(small->low, 1), said_number(small->high, 1),
        said_number(large->median, 2), said_number(large->low, 2), said_number(large->high, 2));
    text_add(page, "\n\n");
}

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page, "%s",
            _("So the same program printed the right answer in nearly all short runs and a wrong one in the "
              "long runs. It is wrong in both: each thread reads the total, works out the new value and "
              "writes it "
              "back, and what the other thread wrote in between is overwritten. A short run is mostly over "
              "before the other thread comes in between. A test that passes on small input says nothing "
              "about "
              "this kind of error."));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page, "%s",
            outcome->deciding == RULE_SHORT
                ? _("Contradicted here: even the shortest runs mostly ended with "
                    "a wrong total. On this machine "
                    "this program does not hide its error in short runs.")
                : _("Contradicted here: not even the long runs lost additions worth the name (one in 10000 "
                    "at least). The program is still wrong, by its construction, but in this run its error "
                    "hardly showed."));
        break;
    case VERDICT_INCONCLUSIVE:
        text_add(page, "%s",
            plan_control_failed(outcome, RULE_AT_ONCE)
                ? _("Inconclusive: the control failed. Atomic additions must not get lost, so something in "
                    "the "
                    "measuring itself is at fault here.")
                : _("Inconclusive: the rounds do not agree, or too few of them succeeded. Lost additions "
                    "depend "
                    "on who gets a CPU when; run the lesson again, if possible with other programs closed."));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        text_add(page, _("Not demonstrable here: %s"), outcome->plan->not_demonstrable);
        break;
    }
    text_add(page, "\n\n");
}

static void explain_place(const struct lesson_outcome *outcome, struct text *page)
{
    const struct lesson_plan *plan = outcome->plan;
    if (on_one_cpu(outcome)) {
        text_add(page, "%s\n\n",
            _("Both threads had one CPU, in turns: they were never at work at the same time. What was lost "
              "was "
              "lost by preemption: a thread that has read the total and loses the CPU before it writes will "
              "later overwrite all that the other has added meanwhile. Concurrency is enough for this error; "
              "parallelism is not needed."));
        return;
    }
    double lost = plan_value(plan, outcome->observations, 0, "long_one_cpu", "lost");
    if (isnan(lost))
        return;
    text_add(page,
        _("With both threads on one CPU, in turns and never at the same time, one run of 0.2 s lost %s %% "
          "of its additions."),
        said_number(lost, 2));
    if (lost > 0)
        text_add(page, " %s",
            _("A thread that has read the total and loses the CPU before it writes later overwrites all that "
              "the "
              "other has added meanwhile. Concurrency is enough for this error; parallelism is not needed."));
    text_add(page, "\n\n");
}

static void race_explain(const struct lesson_outcome *outcome, struct text *page)
{
    if (outcome->observations->rounds > 0)
        explain_numbers(outcome, page);
    explain_verdict(outcome, page);
    explain_place(outcome, page);
    const struct statistic *missing = &outcome->statistic[RULE_AT_ONCE];
    struct statistic made = plan_statistic(outcome->plan, outcome->observations, "at_once", "updates");
    if (!isnan(missing->high))
        text_add(page,
            _("The control: with each addition in one atomic step, %s of about %s additions a run were "
              "missing. "),
            said_number(missing->high, 0), said_number(made.median, 0));
    text_add(page, "%s",
        _("Every read and write here is a C11 atomic one. That makes this a race condition, but no data race "
          "in the "
          "language of the C standard, and a race detector has nothing to report: it looks for accesses "
          "without "
          "order, not for wrong totals."));
}

const struct lesson lesson_race = {
    .name = "race",
    .number = 4,
    .minutes = 8,
    .title = N_("The lost update"),
    .question =
        N_("Two threads add ones to one total: read it, work out the new value, write it back. Nothing keeps "
           "them apart. When do you notice?"),
    .claim =
        N_("A wrong program can print the right answer: short runs are right, long runs lose additions."),
    .background =
        N_("A race condition: the result depends on who comes first. Here each thread reads the total, "
           "computes a little, and writes the total plus one."),
    .prediction = predictions,
    .predictions = sizeof predictions / sizeof *predictions,
    .rule = rules,
    .rules = RULES,
    .plan = race_plan,
    .measure = race_measure,
    .evidence = race_evidence,
    .picture = race_picture,
    .explain = race_explain,
    .hint = N_(
        "How long does one run take, and how long does a thread have a CPU before it must give it away, or "
        "before the other one has started?"),
    .solution =
        N_("Make reading, adding and writing one step that no other thread can come between: "
           "`#pragma omp atomic`, a critical section, or a reduction in which each thread has a total of its "
           "own. Lesson `fixes` measures what each of them costs."),
    .key_point = {N_("A right result does not show that a program is right."),
        N_("A lost update needs no two CPUs: being interrupted between reading and writing is enough."),
        N_("A race condition without a data race is invisible to a race detector."),
        N_("Errors of this kind grow with the length of the run, so test long, and test on purpose.")},
    .quiz = {.question = N_(
                 "A colleague ran the program a hundred times with small input: always right. What follows?"),
        .choice = {N_("The program is right."), N_("The program is right on this machine."),
            N_("Nothing about long runs."), N_("The compiler has made the additions atomic.")},
        .answer = 2,
        .why = N_(
            "Short runs seldom give the other thread the moment between reading and writing. The error is in "
            "the program, not in the run.")},
};
