/* Lesson 3: one lock around all the work takes the parallelism away, whatever the number of threads and CPUs.
 * The same work on one thread and on two, with all, half and none of it under a lock that is handed over
 * after an interval, as CPython's is. */
#include "lessons/engine/plan.h"
#include "lessons/lesson.h"

#include <math.h>
#include <stdio.h>

enum { RULE_LOCKED, RULE_FREE, RULES };

static const char alone[] = "one_thread", locked[] = "two_threads_locked", half[] = "two_threads_half",
                  unlocked[] = "two_threads_free", hasty[] = "two_threads_hasty";

static const double interval_s = 0.005, hasty_interval_s = 0.0001;

/* On one CPU two threads have to share it; the owner of the lock is seen all the same. */
static void plan(const struct classroom *room, struct lesson_plan *plan)
{
    const int *pu = room->machine->topology.spread;
    int pus = room->cpus < 2 ? 1 : 2;
    double work_s = 0.007 * room->seconds;
    plan_add(plan, alone, N_("1 thread"), "globallock", 1, pu, 1, "work=%.6f locked=100 interval=%g", work_s,
        interval_s);
    plan_add(plan, locked, N_("2 threads, all the work under the lock"), "globallock", 2, pu, pus,
        "work=%.6f locked=100 interval=%g", work_s, interval_s);
    plan_add(plan, half, N_("2 threads, half of it under the lock"), "globallock", 2, pu, pus,
        "work=%.6f locked=50 interval=%g", work_s, interval_s);
    plan_add(plan, unlocked, N_("2 threads, none of it under the lock"), "globallock", 2, pu, pus,
        "work=%.6f locked=0 interval=%g", work_s, interval_s);
    plan_add(plan, hasty, N_("2 threads, all of it, handed over every 0.1 ms"), "globallock", 2, pu, pus,
        "work=%.6f locked=100 interval=%g", work_s, hasty_interval_s);
}

/* Against one thread in the same round; the same work must have been done. */
static double speedup(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *condition)
{
    const struct observation *one = plan_observation(plan, all, round, alone);
    const struct observation *two = plan_observation(plan, all, round, condition);
    if (one == NULL || two == NULL || one->checksum != two->checksum || !(two->wall_s > 0))
        return NAN;
    return one->wall_s / two->wall_s;
}

static void measure(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    if (room->cpus < 2)
        return;
    value[RULE_LOCKED] = speedup(plan, all, round, locked);
    value[RULE_FREE] = speedup(plan, all, round, unlocked);
}

/* ---- what was found ---- */

static struct statistic speedup_over_rounds(const struct lesson_outcome *outcome, const char *condition)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] = speedup(outcome->plan, outcome->observations, r, condition);
    statistic_judge(&none, &statistic);
    return statistic;
}

static double handed_over(const struct lesson_outcome *outcome, const char *condition)
{
    return plan_statistic(outcome->plan, outcome->observations, condition, "handed_over").median;
}

static double measured(const struct lesson_outcome *outcome, int index)
{
    static const char *const asked[] = {locked, half, unlocked};
    return speedup_over_rounds(outcome, asked[index]).median;
}

static void evidence(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    add(context, "speedup_half_locked", speedup_over_rounds(outcome, half).median, "1");
    add(context, "speedup_all_locked_hasty", speedup_over_rounds(outcome, hasty).median, "1");
    add(context, "handed_over_5ms", handed_over(outcome, locked), "1");
    add(context, "handed_over_0.1ms", handed_over(outcome, hasty), "1");
    add(context, "one_thread_s", plan_statistic(outcome->plan, outcome->observations, alone, NULL).median,
        "s");
}

static void add_bar(struct picture *bars, const struct lesson_outcome *outcome, const char *condition)
{
    struct statistic found = speedup_over_rounds(outcome, condition);
    const char *label = outcome->plan->condition[plan_find(outcome->plan, condition)].label;
    picture_add_bar(bars, speak(label), found.median, found.low, found.high);
}

static void picture(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    static const char *const shown[] = {locked, half, unlocked, hasty};
    struct picture *lanes = pictures_add(
        pictures, PICTURE_LANES, _("Who computes when: under one lock, one at a time"), NULL, NULL);
    for (int i = 0; i < 3; i++) {
        const struct observation *example = plan_example(outcome->plan, outcome->observations, shown[i]);
        if (example != NULL)
            picture_add_lanes(
                lanes, speak(outcome->plan->condition[plan_find(outcome->plan, shown[i])].label), example);
    }
    struct picture *bars = pictures_add(pictures, PICTURE_BARS,
        _("The same work: speedup over one thread, by how much of it is under the lock"), NULL, _("speedup"));
    for (int i = 0; i < (int)(sizeof shown / sizeof shown[0]); i++)
        add_bar(bars, outcome, shown[i]);
}

/* ---- the explanation ---- */

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    struct statistic all = speedup_over_rounds(outcome, locked),
                     none = speedup_over_rounds(outcome, unlocked);
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page,
            _("Supported, here, in this run: with all the work under one lock, two threads on two CPUs were "
              "%s times "
              "as fast as one (99 %% interval %s to %s). The same work without the lock: %s times (%s to "
              "%s)."),
            said_number(all.median, 2), said_number(all.low, 2), said_number(all.high, 2),
            said_number(none.median, 2), said_number(none.low, 2), said_number(none.high, 2));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page,
            _("Contradicted, here, in this run: with all the work under one lock, two threads were still %s "
              "times as "
              "fast as one (99 %% interval %s to %s)."),
            said_number(all.median, 2), said_number(all.low, 2), said_number(all.high, 2));
        break;
    case VERDICT_INCONCLUSIVE:
        if (outcome->deciding < 0) {
            text_add(page, "%s", _("Not decided, here, in this run: too many trials failed."));
            break;
        }
        text_add(page,
            _("Not decided, here, in this run: two threads were %s times as fast as one with all the work "
              "under the lock "
              "(rounds from %s to %s) and %s times without it (%s to %s). Without a clear gain from the "
              "second thread "
              "when there is no lock, the lock cannot be shown to take it away."),
            said_number(all.median, 2), said_number(all.low, 2), said_number(all.high, 2),
            said_number(none.median, 2), said_number(none.low, 2), said_number(none.high, 2));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        text_add(page,
            _("Not demonstrable here: two threads can only gain where two CPUs work at once, and here, in "
              "this run, there "
              "were %s. What can be seen here is who owned the lock: one thread at a time."),
            isnan(outcome->room->capacity.median) ? said_number(outcome->room->cpus, 0)
                                                  : said_number(outcome->room->capacity.median, 2));
        break;
    }
}

static void explain(const struct lesson_outcome *outcome, struct text *page)
{
    explain_verdict(outcome, page);
    if (outcome->observations->rounds == 0)
        return;
    text_add(page,
        _("\n\nWith half of the work under the lock, the speedup was %s; 1 is no gain, and 2 the most that a "
          "second "
          "thread can bring."),
        said_number(speedup_over_rounds(outcome, half).median, 2));
    text_add(page,
        _("\n\nThe lock is handed over like CPython's: a thread that finds it taken waits for an interval, "
          "then asks for "
          "it, and the owner lets go at the next opportunity. At 5 ms, which is CPython's own default, it "
          "changed hands "
          "%s times in a run; at 0.1 ms, %s times. The speedup was %s and %s: a shorter interval shares the "
          "CPU more "
          "finely, and still one thread at a time."),
        said_number(handed_over(outcome, locked), 0), said_number(handed_over(outcome, hasty), 0),
        said_number(speedup_over_rounds(outcome, locked).median, 2),
        said_number(speedup_over_rounds(outcome, hasty).median, 2));
    text_add(page, "%s",
        _("\n\nThis is what a Python program meets that computes in pure Python on threads of an interpreter "
          "with a global lock (GIL): for such threads the article is right that they only seem simultaneous. "
          "The reason is the lock. "
          "It is not "
          "that threads share memory: without the lock, the same threads share the same memory."));
}

/* ---- texts ---- */

static const struct lesson_rule rules[RULES] = {
    [RULE_LOCKED] = {.name = "speedup_all_locked",
        .statement = N_("2 threads on 2 CPUs, all the work under one lock: speedup over 1 thread"),
        .unit = "1",
        .supported = 1.2,
        .contradicted = 1.4,
        .needs_capacity = true},
    [RULE_FREE] = {.name = "speedup_none_locked",
        .statement = N_("2 threads on 2 CPUs, the same work without the lock: speedup over 1 thread"),
        .unit = "1",
        .supported = 1.4,
        .contradicted = 1.2,
        .control = true,
        .needs_capacity = true},
};

static const struct lesson_prediction predictions[] = {
    {.key = "all_locked",
        .prompt = N_("All the work under one lock, 2 threads on 2 CPUs: how many times as fast as 1 thread?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = -1},
    {.key = "half_locked",
        .prompt = N_("Half of the work under the lock: how many times as fast?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = -1},
    {.key = "none_locked",
        .prompt = N_("None of it under the lock: how many times as fast?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = -1},
};

const struct lesson lesson_globallock = {
    .name = "globallock",
    .number = 3,
    .minutes = 8,
    .title = N_("One lock for everything"),
    .question =
        N_("Two threads, two CPUs, and one lock around all the work: what is the second CPU good for?"),
    .claim = N_("With one lock around all the work there is no parallelism."),
    .background = N_(
        "A lock belongs to one thread at a time; whoever wants it meanwhile waits. The lock of this lesson "
        "works like the global interpreter lock of CPython: its owner computes until another thread has "
        "waited for an interval, then hands it over. The work is the same every time, and so is its result; "
        "what changes is how much of it is done while holding the lock."),
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
    .hint = N_("While one thread holds the lock, what may the other one do?"),
    .solution = N_(
        "Under the lock the threads take turns, so two of them need as long as one. What is done without the "
        "lock can overlap: with nothing locked, two threads on two CPUs can come close to twice the speed."),
    .key_point = {N_("A lock around all the work makes threads take turns, on any number of CPUs."),
        N_("Busy is not parallel: threads that take turns may still look busy."),
        N_("Lock little and briefly: what is outside the lock can run in parallel.")},
    .quiz =
        {.question = N_(
             "Eight threads on eight CPUs spend a quarter of their work under one lock. The speedup is at "
             "most about"),
            .choice = {N_("8"), N_("4"), N_("2")},
            .answer = 1,
            .why = N_("The locked quarters follow one another, so the whole takes at least a quarter of the "
                      "time of one "
                      "thread.")},
};
