/* Lesson 7: the slowest thread sets the time. Rows of growing cost under OpenMP's schedules, on two CPUs;
 * rows of equal cost as the control. */
#include "lessons/engine/plan.h"

#include <math.h>

enum { THREADS = 2, ROWS = 256, UNIT = 600, KINDS = 4 };

static const struct {
    const char *name, *label, *busy;
} kinds[KINDS] = {{"static", "static", "busy_static"}, {"static1", "static,1", "busy_static_1"},
    {"dynamic", "dynamic", "busy_dynamic"}, {"guided", "guided", "busy_guided"}};
static const char *const wall_names[KINDS] = {"wall_static", "wall_static_1", "wall_dynamic", "wall_guided"};

enum { RULE_IMBALANCE, RULE_SLOWEST, RULE_GAIN, RULE_EQUAL, RULES };

static const struct lesson_rule rules[RULES] = {
    [RULE_IMBALANCE] = {.name = "static_imbalance",
        .statement = N_("work of the busiest thread over the mean, schedule static (CPU time)"),
        .unit = "1",
        .supported = 1.25,
        .contradicted = 1.1},
    [RULE_SLOWEST] = {.name = "wall_over_slowest",
        .statement = N_("time of the loop over that of its slowest thread, schedule static"),
        .unit = "1",
        .supported = 1.15,
        .contradicted = 1.3,
        .needs_capacity = true},
    [RULE_GAIN] = {.name = "static_over_dynamic",
        .statement = N_("time of the loop with static, over that with dynamic"),
        .unit = "1",
        .supported = 1.2,
        .contradicted = 1.05,
        .needs_capacity = true},
    [RULE_EQUAL] = {.name = "equal_rows_imbalance",
        .statement = N_("work of the busiest thread over the mean, equal rows, schedule static (CPU time)"),
        .unit = "1",
        .supported = 1.15,
        .contradicted = 1.25,
        .control = true},
};

static const struct lesson_prediction predictions[] = {
    {.key = "static_imbalance",
        .prompt = N_("256 rows, row i costs i units; the first thread gets rows 1 to 128, the second 129 to "
                     "256. How many "
                     "times the mean does the busier thread work?"),
        .unit = "",
        .low = 1,
        .high = 2,
        .statistic = RULE_IMBALANCE},
    {.key = "static_over_dynamic",
        .prompt = N_("How many times as long does the loop take that way as when each thread fetches the "
                     "next row when it "
                     "is free (`schedule(dynamic)`)?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = RULE_GAIN},
};

static void schedule_plan(const struct classroom *room, struct lesson_plan *plan)
{
    int pu[THREADS], pus = plan_pair(room, pu);
    for (int k = 0; k < KINDS; k++)
        plan_add(plan, kinds[k].name, kinds[k].label, "schedule", THREADS, pu, pus, "kind=%s rows=%d unit=%d",
            kinds[k].name, ROWS, UNIT);
    plan_add(plan, "equal", N_("equal rows, static"), "schedule", THREADS, pu, pus,
        "kind=static shape=equal rows=%d unit=%d", ROWS, UNIT);
}

static double imbalance_of(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *condition)
{
    return plan_value(plan, all, round, condition, "busy_max") /
           plan_value(plan, all, round, condition, "busy_mean");
}

static double wall_of(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *condition)
{
    const struct observation *found = plan_observation(plan, all, round, condition);
    return found != NULL ? found->wall_s : NAN;
}

/* What the slowest thread needed: at work, or wanting a CPU in vain. Another program that takes a CPU makes a
 * thread slow, and the loop with it; that is no evidence against the claim. */
static double slowest_s(const struct observation *observation)
{
    double slowest = NAN;
    for (int l = 0; observation != NULL && l < observation->lanes; l++) {
        const struct observed_lane *lane = &observation->lane[l];
        slowest = fmax(slowest, lane->cpu_s + (isnan(lane->off_cpu_s) ? 0 : lane->off_cpu_s));
    }
    return slowest;
}

static void schedule_measure(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    value[RULE_IMBALANCE] = imbalance_of(plan, all, round, "static");
    value[RULE_SLOWEST] =
        wall_of(plan, all, round, "static") / slowest_s(plan_observation(plan, all, round, "static"));
    value[RULE_GAIN] = wall_of(plan, all, round, "static") / wall_of(plan, all, round, "dynamic");
    value[RULE_EQUAL] = imbalance_of(plan, all, round, "equal");
}

static struct statistic imbalance_over_rounds(const struct lesson_outcome *outcome, const char *condition)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] = imbalance_of(outcome->plan, outcome->observations, r, condition);
    statistic_judge(&none, &statistic);
    return statistic;
}

static void schedule_evidence(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    for (int k = 0; k < KINDS; k++) {
        add(context, wall_names[k],
            plan_statistic(outcome->plan, outcome->observations, kinds[k].name, NULL).median, "s");
        add(context, kinds[k].busy, imbalance_over_rounds(outcome, kinds[k].name).median, "1");
    }
}

static void schedule_picture(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    static const char *const shown[] = {"static", "dynamic"};
    struct picture *lanes =
        pictures_add(pictures, PICTURE_LANES, _("Who worked when, in one round"), _("time"), NULL);
    for (int s = 0; s < 2; s++) {
        const struct observation *example = plan_example(outcome->plan, outcome->observations, shown[s]);
        if (example != NULL)
            picture_add_lanes(lanes, shown[s], example);
    }
    struct picture *times = pictures_add(pictures, PICTURE_BARS, _("Time of the same loop"), NULL, "ms");
    struct picture *busiest = pictures_add(
        pictures, PICTURE_BARS, _("Work of the busiest thread, over the mean"), NULL, _("times the mean"));
    for (int k = 0; k < KINDS; k++) {
        struct statistic wall = plan_statistic(outcome->plan, outcome->observations, kinds[k].name, NULL);
        struct statistic imbalance = imbalance_over_rounds(outcome, kinds[k].name);
        picture_add_bar(times, kinds[k].label, 1e3 * wall.median, 1e3 * wall.low, 1e3 * wall.high);
        picture_add_bar(busiest, kinds[k].label, imbalance.median, imbalance.low, imbalance.high);
    }
}

/* ---- explanation ---- */

static void explain_numbers(const struct lesson_outcome *outcome, struct text *page)
{
    const struct statistic *imbalance = &outcome->statistic[RULE_IMBALANCE],
                           *slowest = &outcome->statistic[RULE_SLOWEST],
                           *gain = &outcome->statistic[RULE_GAIN];
    if (outcome->observations->rounds == 0)
        return;
    text_add(page,
        _("Here, in this run, the busier thread of schedule static had %s times the mean work (99 %% "
          "interval %s to %s), "
          "and that of schedule dynamic %s times. The loop took %s with static and %s with dynamic: %s times "
          "as long (%s "
          "to %s)."),
        said_number(imbalance->median, 2), said_number(imbalance->low, 2), said_number(imbalance->high, 2),
        said_number(imbalance_over_rounds(outcome, "dynamic").median, 2),
        said_seconds(plan_statistic(outcome->plan, outcome->observations, "static", NULL).median),
        said_seconds(plan_statistic(outcome->plan, outcome->observations, "dynamic", NULL).median),
        said_number(gain->median, 2), said_number(gain->low, 2), said_number(gain->high, 2));
    text_add(page, " ");
    text_add(page,
        _("Static took %s times what its slowest thread needed (%s to %s): time at work, or wanting a CPU in "
          "vain."),
        said_number(slowest->median, 2), said_number(slowest->low, 2), said_number(slowest->high, 2));
    text_add(page, "\n\n");
}

static void schedule_explain(const struct lesson_outcome *outcome, struct text *page)
{
    explain_numbers(outcome, page);
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page, "%s",
            _("A parallel loop ends when its last thread ends; the other one waited at the barrier with "
              "nothing to do. "
              "Static cuts the loop into as many equal numbers of rows as there are threads, whatever the "
              "rows cost. "
              "Dynamic hands out rows as threads become free, so that nobody waits long, and pays with a "
              "little "
              "coordination for each row."));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page, "%s",
            outcome->deciding == RULE_IMBALANCE
                ? _("Contradicted here: the threads of schedule static had nearly equal work.")
            : outcome->deciding == RULE_SLOWEST
                ? _("Contradicted here: the loop took clearly longer than its slowest thread needed. "
                    "Something else set "
                    "the time.")
                : _("Contradicted here: the unequal distribution took hardly longer than the balanced one."));
        break;
    case VERDICT_INCONCLUSIVE:
        text_add(page, "%s",
            plan_control_failed(outcome, RULE_EQUAL)
                ? _("Inconclusive: the control failed. Equal rows should give both threads equal work; here "
                    "they did "
                    "not. The two CPUs may be of different kinds, or were disturbed.")
                : _("Inconclusive: the intervals reach over the thresholds, or too few rounds succeeded. "
                    "Close other "
                    "programs and run the lesson again."));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        if (outcome->plan->not_demonstrable[0] != '\0')
            text_add(page, _("Not demonstrable here: %s"), outcome->plan->not_demonstrable);
        else if (outcome->room->cpus < THREADS)
            text_add(page, "%s",
                _("Not demonstrable here: only one CPU may be used. The imbalance is there, but one CPU has "
                  "to do all rows, "
                  "whichever thread they belong to, so it costs no time."));
        else
            text_add(page,
                _("Not demonstrable here: it takes two CPUs that work at the same time, and while the lesson "
                  "ran they did "
                  "the work of %s. Another program, or a limit, took the rest."),
                said_number(outcome->room->capacity.median, 2));
        break;
    }
}

const struct lesson lesson_schedule = {
    .name = "schedule",
    .number = 7,
    .minutes = 10,
    .title = N_("The slowest thread"),
    .question = N_("Two threads share 256 rows, half of them each, and each row costs a little more than the "
                   "one before. "
                   "Is half the rows half the work?"),
    .claim = N_("The slowest thread sets the time: an unequal distribution costs as much as its busiest "
                "thread is busier "
                "than the mean, and handing out work on demand wins it back."),
    .background = N_(
        "`schedule(static)` gives each thread one block of rows in advance; `static,1` deals them out in "
        "turns like cards; `dynamic` gives the next row to whoever is free; `guided` does so in blocks that "
        "get smaller."),
    .prediction = predictions,
    .predictions = sizeof predictions / sizeof *predictions,
    .rule = rules,
    .rules = RULES,
    .capacity_needed = 1.5,
    .plan = schedule_plan,
    .measure = schedule_measure,
    .evidence = schedule_evidence,
    .picture = schedule_picture,
    .explain = schedule_explain,
    .hint = N_("Add up the costs of rows 1 to 128, and of rows 129 to 256."),
    .solution = N_(
        "The second half costs three quarters of the whole: 1.5 times the mean. Deal the rows out in turns "
        "(`schedule(static, 1)`) where their cost is regular, take `dynamic` or `guided` where it is not "
        "known "
        "beforehand, and keep `static` where all cost the same: it coordinates nothing."),
    .key_point = {N_("A parallel loop ends with its last thread."),
        N_("Equal numbers of iterations are not equal work."),
        N_("Imbalance is the busiest thread over the mean: it is the time lost, before anything else is.")},
    .quiz = {.question = N_("Four threads; one has two fifths of the work, the others one fifth each. What "
                            "speedup is the most that "
                            "is possible?"),
        .choice = {N_("4"), N_("2.5"), N_("1.6"), N_("3.2")},
        .answer = 1,
        .why = N_("The busiest thread needs 0.4 of the serial time: 1 / 0.4 = 2.5.")},
};
