/* Lesson 13: the article's story of artificial intelligence, measured: batches of a table go through clean,
 * normalize, train, score and monitor. One thing after the other; as tasks on one CPU; as tasks on all; and
 * in processes with threads. The results must be the same, and what may not overlap must not. */
#include "lessons/engine/disturbance.h"
#include "lessons/engine/plan.h"
#include "lessons/lesson.h"

#include <math.h>
#include <stdio.h>

enum { RULE_SAME, RULE_ORDER, RULE_WAITING, RULE_OVERLAP, RULE_CPUS };
enum { CPUS_MAX = 8, BATCHES = 8, ANSWER_MS = 3, PROCESSES = 2 };

static const char sequential_name[] = "sequential", one_cpu_name[] = "tasks_one_cpu", tasks_name[] = "tasks",
                  processes_name[] = "processes_with_threads";

/* ---- the plan ---- */

static int cpus_used(const struct classroom *room)
{
    int cores = room->cores > 0 && room->cores < room->cpus ? room->cores : room->cpus;
    return cores < CPUS_MAX ? cores : CPUS_MAX;
}

static struct condition *plan_one(struct lesson_plan *plan, const char *name, const char *label, int threads,
    const int *pu, int pus, const char *mode)
{
    return plan_add(plan, name, label, "pipeline", threads, pu, pus, "mode=%s batches=%d answer=%d", mode,
        BATCHES, ANSWER_MS);
}

/* Two threads a CPU: one can wait for an answer while the other computes. */
static void plan_pipeline(const struct classroom *room, struct lesson_plan *plan)
{
    const int *pu = room->machine->topology.spread, cpus = cpus_used(room);
    plan_one(plan, sequential_name, N_("one thing after the other"), 1, pu, 1, "sequential");
    plan_one(plan, one_cpu_name, N_("tasks, one CPU"), 2, pu, 1, "tasks");
    if (cpus > 1)
        plan_one(plan, tasks_name, N_("tasks, all CPUs"), 2 * cpus, pu, cpus, "tasks");
    /* Every process on every CPU: each has one thread for each. */
    plan_one(plan, processes_name, N_("2 processes with threads"), cpus, pu, cpus, "tasks")->processes =
        PROCESSES;
    plan->left_out[RULE_OVERLAP] = plan->left_out[RULE_CPUS] = cpus < 2;
}

/* ---- one round ---- */

static const struct observation *find(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *name)
{
    return plan_observation(plan, all, round, name);
}

/* The sequential run of the round, if it had its CPU: then the round can be compared with. */
static const struct observation *find_base(
    const struct lesson_plan *plan, const struct observations *all, int round)
{
    const struct observation *base = find(plan, all, round, sequential_name);
    return observation_undisturbed(base) ? base : NULL;
}

static double report_of(const struct observation *observation, int batch)
{
    char name[32];
    double report = NAN;
    snprintf(name, sizeof name, "report_%d", batch);
    for (int p = 0; p < PROCESSES && isnan(report); p++)
        report = observation_value(observation, name, p);
    return report;
}

/* Batches, of all conditions of the round, whose report is that of the sequential run, in %. */
static double same_reports(const struct lesson_plan *plan, const struct observations *all, int round)
{
    const struct observation *base = find(plan, all, round, sequential_name);
    double same = 0, compared = 0;
    for (int c = 0; base != NULL && c < plan->conditions; c++) {
        const struct observation *other = observation_at(all, round, c);
        if (other == base || !other->valid)
            continue;
        for (int b = 0; b < BATCHES; b++) {
            compared++;
            same += report_of(other, b) == report_of(base, b); /* false where one is missing */
        }
    }
    return compared > 0 ? 100 * same / compared : NAN;
}

/* Blocks that were scaled before all of their batch were cleaned. */
static double scaled_early(const struct lesson_plan *plan, const struct observations *all, int round)
{
    double early = 0;
    for (int c = 0; c < plan->conditions; c++) {
        const struct observation *o = observation_at(all, round, c);
        for (int p = 0; p < plan->condition[c].processes; p++)
            early += o->valid ? observation_value(o, "scaled_early", p) : NAN;
    }
    return early;
}

/* How many times as fast as in `base`. The tasks crowd on their CPUs, so whether something else was there too
 * is seen in the sequential run, and in the CPU time: the same work takes much the same. */
static double gain(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *name, const char *base_name)
{
    const struct observation *sequential = find_base(plan, all, round);
    const struct observation *with = find(plan, all, round, name), *base = find(plan, all, round, base_name);
    return sequential != NULL && observation_undisturbed(with) && observation_undisturbed(base)
               ? base->wall_s / with->wall_s
               : NAN;
}

static void measure_pipeline(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    const struct observation *tasks = find(plan, all, round, tasks_name);
    value[RULE_SAME] = same_reports(plan, all, round);
    value[RULE_ORDER] = scaled_early(plan, all, round);
    value[RULE_WAITING] = gain(plan, all, round, one_cpu_name, sequential_name);
    value[RULE_OVERLAP] = observation_undisturbed(tasks) ? 100 * observation_overlap(tasks) : NAN;
    value[RULE_CPUS] = gain(plan, all, round, tasks_name, one_cpu_name);
}

/* ---- over all rounds ---- */

static struct statistic gains(const struct lesson_outcome *outcome, const char *name, const char *base)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] = gain(outcome->plan, outcome->observations, r, name, base);
    statistic_judge(&none, &statistic);
    return statistic;
}

static double overlap_median(const struct lesson_outcome *outcome, const char *name)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++) {
        const struct observation *o = find(outcome->plan, outcome->observations, r, name);
        statistic.value[r] = o != NULL ? 100 * observation_overlap(o) : NAN;
    }
    statistic_judge(&none, &statistic);
    return statistic.median;
}

static double value_of(const struct lesson_outcome *outcome, const char *name, const char *value)
{
    return plan_statistic(outcome->plan, outcome->observations, name, value).median;
}

static double measured_pipeline(const struct lesson_outcome *outcome, int index)
{
    if (index == 0)
        return gains(outcome, one_cpu_name, sequential_name).median;
    const char *best = plan_find(outcome->plan, tasks_name) >= 0 ? tasks_name : one_cpu_name;
    return gains(outcome, best, sequential_name).median;
}

static void evidence_pipeline(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    static const char *const stages[] = {"clean", "normalize", "train", "score"};
    for (int c = 0; c < outcome->plan->conditions; c++) {
        const char *name = outcome->plan->condition[c].name;
        char key[64];
        snprintf(key, sizeof key, "wall_%s", name);
        add(context, key, value_of(outcome, name, NULL), "s");
        snprintf(key, sizeof key, "overlap_%s", name);
        add(context, key, overlap_median(outcome, name), "%");
    }
    for (size_t s = 0; s < sizeof stages / sizeof stages[0]; s++)
        add(context, stages[s], value_of(outcome, sequential_name, stages[s]), "s");
    add(context, "waiting", 1e-3 * ANSWER_MS * BATCHES, "s");
    add(context, "accumulated_while_cleaning", value_of(outcome, sequential_name, "accumulated_early"), "1");
    add(context, "blocks", value_of(outcome, sequential_name, "blocks"), "1");
}

static void picture_pipeline(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    const struct lesson_plan *plan = outcome->plan;
    struct statistic base = plan_statistic(plan, outcome->observations, sequential_name, NULL);
    if (isnan(base.median))
        return;
    char title[240];
    int last = plan_find(plan, tasks_name) >= 0 ? plan_find(plan, tasks_name) : plan_find(plan, one_cpu_name);
    snprintf(title, sizeof title, _("One thing after the other: %s. %s: %s"), said_seconds(base.median),
        _(plan->condition[last].label), said_seconds(value_of(outcome, plan->condition[last].name, NULL)));
    struct picture *lanes = pictures_add(pictures, PICTURE_LANES, title, _("time"), NULL);
    struct picture *bars = pictures_add(
        pictures, PICTURE_BARS, _("The same eight batches, the same results"), NULL, _("time, in ms"));
    for (int c = 0; c < plan->conditions; c++) {
        const struct observation *example =
            plan_example(plan, outcome->observations, plan->condition[c].name);
        struct statistic wall = plan_statistic(plan, outcome->observations, plan->condition[c].name, NULL);
        if (example != NULL && example->lanes <= 8)
            picture_add_lanes(lanes, _(plan->condition[c].label), example);
        if (!isnan(wall.median))
            picture_add_bar(
                bars, _(plan->condition[c].label), 1e3 * wall.median, 1e3 * wall.low, 1e3 * wall.high);
    }
}

/* ---- words ---- */

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    static const char *const which[] = {
        [RULE_SAME] = N_("not all of the batches gave the same result"),
        [RULE_ORDER] = N_("blocks were scaled before all of their batch were cleaned"),
        [RULE_WAITING] = N_("on one CPU the tasks gained next to nothing, though there was waiting to fill"),
        [RULE_OVERLAP] = N_("hardly any work overlapped in time"),
        [RULE_CPUS] = N_("more CPUs gained next to nothing"),
    };
    const char *waiting = said_number(outcome->statistic[RULE_WAITING].median, 2);
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page,
            _("Here, in this run, the pipeline gained twice: %s times as fast on one CPU, because one "
              "batch waited "
              "while another computed; and from there %s times as fast on all %d CPUs. Every result was "
              "the "
              "same."),
            waiting, said_number(outcome->statistic[RULE_CPUS].median, 2), cpus_used(outcome->room));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page, _("Here, in this run, the claim does not hold: %s."),
            _(which[outcome->deciding >= 0 ? outcome->deciding : 0]));
        break;
    case VERDICT_INCONCLUSIVE:
        text_add(page, _("Here, in this run, it cannot be decided: the rounds differ too much, or something "
                         "else was on the "
                         "CPUs."));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        if (outcome->deciding >= 0 && outcome->plan->left_out[outcome->deciding]) {
            text_add(page,
                _("Not demonstrable here as a whole: in this run, the pipeline gained on a single CPU: cut "
                  "into "
                  "tasks it was %s times as fast, because one batch waited while another computed. What "
                  "several "
                  "CPUs add could not be put to the test here."),
                waiting);
            break;
        }
        text_add(page,
            _("Not demonstrable here: while the lesson ran, the CPUs together did the work of %s. What "
              "several CPUs "
              "add needs %s at least."),
            said_number(outcome->room->capacity.median, 2), said_number(outcome->lesson->capacity_needed, 1));
        break;
    }
}

static void explain_article(const struct lesson_outcome *outcome, struct text *page)
{
    text_add(page, "\n\n");
    text_add(page,
        _("Cleaning and normalizing: a cleaned block adds its mean and range to running statistics at once, "
          "which merge; in the "
          "sequential run %s of %s blocks had done so before the last block of their batch was clean. Only "
          "scaling must wait "
          "for all of them: blocks that were scaled too early in this run: %s."),
        said_number(value_of(outcome, sequential_name, "accumulated_early"), 0),
        said_number(value_of(outcome, sequential_name, "blocks"), 0),
        said_number(outcome->statistic[RULE_ORDER].median, 0));
    text_add(page, "\n\n");
    text_add(page,
        _("Training: k-means goes by iterations, and each needs the centroids of the one before, so "
          "iterations do not run side "
          "by side. Within one, every block of rows is assigned for itself: that is what threads share. Of "
          "the computing, "
          "training took %s, cleaning %s, scaling %s, scoring %s."),
        said_seconds(value_of(outcome, sequential_name, "train")),
        said_seconds(value_of(outcome, sequential_name, "clean")),
        said_seconds(value_of(outcome, sequential_name, "normalize")),
        said_seconds(value_of(outcome, sequential_name, "score")));
}

static void explain_pipeline(const struct lesson_outcome *outcome, struct text *page)
{
    explain_verdict(outcome, page);
    double sequential = value_of(outcome, sequential_name, NULL), one = value_of(outcome, one_cpu_name, NULL);
    if (isnan(sequential) || isnan(one))
        return;
    text_add(page, "\n\n");
    text_add(page,
        _("One thing after the other took %s; at least %d ms of that is waiting for answers (a sleep stands "
          "for the network). As tasks on "
          "one CPU: %s. There the share of work chunks that overlap was %s %%: concurrency alone."),
        said_seconds(sequential), ANSWER_MS * BATCHES, said_seconds(one),
        said_number(overlap_median(outcome, one_cpu_name), 1));
    if (outcome->statistic[RULE_WAITING].verdict == VERDICT_SUPPORTED)
        text_add(page, " %s", _("It helped because there was waiting to fill."));
    double tasks = value_of(outcome, tasks_name, NULL), processes = value_of(outcome, processes_name, NULL);
    if (!isnan(tasks) && !isnan(processes)) {
        text_add(page, " ");
        text_add(page,
            _("On %d CPUs the tasks took %s with %s %% of the chunks overlapping, and two processes with "
              "threads, each with half "
              "of the batches in memory of its own, took %s with %s %%. Shared memory or own: what overlaps "
              "depends on the CPUs."),
            cpus_used(outcome->room), said_seconds(tasks),
            said_number(overlap_median(outcome, tasks_name), 0), said_seconds(processes),
            said_number(overlap_median(outcome, processes_name), 0));
    }
    explain_article(outcome, page);
}

/* ---- what stands in the catalogue ---- */

static const struct lesson_prediction prediction[] = {
    {.key = "gain_one_cpu",
        .prompt =
            N_("The pipeline as tasks, but on one CPU: how many times as fast as one thing after the other?"),
        .unit = "",
        .low = 0.1,
        .high = 100,
        .statistic = -1},
    {.key = "gain_all_cpus",
        .prompt = N_("And on all CPUs (at most 8): how many times as fast as one thing after the other?"),
        .unit = "",
        .low = 0.1,
        .high = 1000,
        .statistic = -1},
};

static const struct lesson_rule rule[] = {
    [RULE_SAME] = {.name = "same_results",
        .statement = N_("batches with the result of the sequential run"),
        .unit = "%",
        .supported = 100,
        .contradicted = 99.9,
        .every_round = true},
    [RULE_ORDER] = {.name = "scaled_early",
        .statement = N_("blocks scaled before all of their batch were cleaned"),
        .unit = "1",
        .supported = 0,
        .contradicted = 0.5,
        .every_round = true},
    [RULE_WAITING] = {.name = "gain_by_waiting",
        .statement = N_("times as fast as tasks on one CPU, against one thing after the other"),
        .unit = "1",
        .supported = 1.15,
        .contradicted = 1.03},
    [RULE_OVERLAP] = {.name = "overlap",
        .statement = N_("work chunks that overlap in time, tasks on all CPUs"),
        .unit = "%",
        .supported = 30,
        .contradicted = 5,
        .needs_capacity = true},
    [RULE_CPUS] = {.name = "gain_by_cpus",
        .statement = N_("times as fast as tasks on all CPUs, against tasks on one"),
        .unit = "1",
        .supported = 1.3,
        .contradicted = 1.1,
        .needs_capacity = true},
};

const struct lesson lesson_pipeline = {
    .name = "pipeline",
    .number = 13,
    .minutes = 10,
    .title = N_("The pipeline of machine learning, measured"),
    .question =
        N_("Clean, normalize, train, score, monitor: what can run beside what, and what does it bring?"),
    .claim = N_("A pipeline of dependent stages gains from concurrency where it waits and from parallelism "
                "where it computes, and "
                "its results stay the same."),
    .background = N_("Eight batches of a table: missing and impossible entries are replaced; columns are "
                     "scaled to mean 0 and "
                     "deviation 1; k-means finds groups; each row is scored by its distance; the monitor "
                     "sends a report and waits "
                     "3 ms for the answer. The article tells it so: training is split over cores, cleaning "
                     "and normalizing run "
                     "concurrently."),
    .prediction = prediction,
    .predictions = sizeof prediction / sizeof prediction[0],
    .rule = rule,
    .rules = sizeof rule / sizeof rule[0],
    .capacity_needed = 1.7,
    .plan = plan_pipeline,
    .measure = measure_pipeline,
    .measured = measured_pipeline,
    .evidence = evidence_pipeline,
    .picture = picture_pipeline,
    .explain = explain_pipeline,
    .hint = N_("Which stage of a batch needs the whole batch? Which stage only waits? What can another batch "
               "do meanwhile?"),
    .solution = N_("Stages of one batch follow one another; stages of different batches do not know each "
                   "other. So one batch trains "
                   "while another waits for its answer, on any number of CPUs; and blocks of one stage are "
                   "shared out where there "
                   "are several."),
    .key_point = {N_("Dependences, not programs, decide what can run beside what."),
        N_("Waiting can be filled on one CPU; computing needs more of them."),
        N_("Statistics that merge need not wait for the data to be complete; scaling with them must."),
        N_("Iterations of k-means depend on each other; the assignments within one do not.")},
    .quiz = {.question = N_("What can two threads do at the same time in one iteration of k-means?"),
        .choice = {N_("assign different rows to centroids"), N_("run this iteration and the next one"),
            N_("move the centroids while rows are still being assigned")},
        .answer = 0,
        .why = N_("A row's nearest centroid depends on that row and the centroids alone. The centroids move "
                  "when all rows are "
                  "assigned, and the next iteration needs them.")},
};
