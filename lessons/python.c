/* The bonus lesson: what the article says of Python, in the Python that is here. The same work in real
 * threads and in processes of the interpreter, beside threads in C around one lock; then work that C code
 * does for Python, which lets go of the interpreter's lock meanwhile. A build without that lock is recognised
 * and says otherwise. */
#include "lessons/engine/disturbance.h"
#include "lessons/engine/plan.h"
#include "lessons/lesson.h"

#include <math.h>
#include <stdio.h>

enum { RULE_RIGHT, RULE_THREADS, RULE_OVERLAP, RULE_PROCESSES, RULE_KERNEL };
enum { CPUS_MAX = 4, LOOP_CHUNKS = 2000, KERNEL_CHUNKS = 200 };

static const char one_name[] = "python_one_thread", threads_name[] = "python_threads",
                  processes_name[] = "python_processes", kernel_one_name[] = "kernel_one_thread",
                  kernel_threads_name[] = "kernel_threads", locked_one_name[] = "simulated_one_thread",
                  locked_name[] = "simulated_lock";
static const char script_name[] = "work.py";

/* ---- the plan ---- */

static int team_of(const struct classroom *room)
{
    int cores = room->cores > 0 && room->cores < room->cpus ? room->cores : room->cpus;
    return cores < CPUS_MAX ? cores : CPUS_MAX;
}

static struct condition *plan_script(struct lesson_plan *plan, const char *name, const char *label,
    int threads, const int *pu, int pus, const char *work)
{
    bool kernel = work[0] == 'k';
    struct condition *condition = plan_add(plan, name, label, "python", threads, pu, pus, "work=%s chunks=%d",
        work, kernel ? KERNEL_CHUNKS : LOOP_CHUNKS);
    condition->script = script_name;
    return condition;
}

static void plan_python(const struct classroom *room, struct lesson_plan *plan)
{
    const int *pu = room->machine->topology.spread, team = team_of(room);
    if (room->python == NULL) {
        snprintf(plan->not_demonstrable, sizeof plan->not_demonstrable, "%s",
            _("There is no `python3` on this machine. All other lessons work without it."));
        return;
    }
    plan_script(plan, one_name, N_("Python, 1 thread"), 1, pu, 1, "loop");
    plan_script(plan, kernel_one_name, N_("C called by Python, 1 thread"), 1, pu, 1, "kernel");
    if (team < 2) {
        snprintf(plan->not_demonstrable, sizeof plan->not_demonstrable, "%s",
            _("There is one core to use: threads that compute one at a time cannot be told from threads that "
              "share one CPU."));
        return;
    }
    plan_script(plan, threads_name, N_("Python, threads"), team, pu, team, "loop");
    plan_script(plan, processes_name, N_("Python, processes"), 1, pu, team, "loop")->processes = team;
    plan_script(plan, kernel_threads_name, N_("C called by Python, threads"), team, pu, team, "kernel");
    plan_add(plan, locked_one_name, N_("C, 1 thread"), "globallock", 1, pu, 1, "work=0.03 locked=100");
    plan_add(plan, locked_name, N_("C, threads, one lock around all"), "globallock", team, pu, team,
        "work=0.03 locked=100");
}

/* ---- numbers ---- */

static double wall_of(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *name)
{
    const struct observation *found = plan_observation(plan, all, round, name);
    return observation_undisturbed(found) ? found->wall_s : NAN;
}

static double gain(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *name, const char *base)
{
    return wall_of(plan, all, round, base) / wall_of(plan, all, round, name);
}

static double overlap_of(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *name)
{
    const struct observation *found = plan_observation(plan, all, round, name);
    return observation_undisturbed(found) ? 100 * observation_overlap(found) : NAN;
}

/* Processes whose results were checked and right, in %. */
static double right_in(const struct lesson_plan *plan, const struct observations *all, int round)
{
    double right = 0, checked = 0;
    for (int c = 0; c < plan->conditions; c++) {
        const struct observation *o = observation_at(all, round, c);
        for (int p = 0; plan->condition[c].script != NULL && o->valid && p < plan->condition[c].processes;
             p++) {
            checked++;
            right += observation_value(o, "right", p) == 1;
        }
    }
    return checked > 0 ? 100 * right / checked : NAN;
}

static void measure_python(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    value[RULE_RIGHT] = right_in(plan, all, round);
    value[RULE_THREADS] = gain(plan, all, round, threads_name, one_name);
    value[RULE_OVERLAP] = overlap_of(plan, all, round, threads_name);
    value[RULE_PROCESSES] = gain(plan, all, round, processes_name, one_name);
    value[RULE_KERNEL] = gain(plan, all, round, kernel_threads_name, kernel_one_name);
}

typedef double number_function(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *name, const char *base);

static double overlap_number(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *name, const char *base)
{
    (void)base;
    return overlap_of(plan, all, round, name);
}

/* Seconds for one multiplication with its addition. */
static double multiplication_number(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *name, const char *base)
{
    (void)base;
    return wall_of(plan, all, round, name) / plan_value(plan, all, round, name, "multiplications");
}

static struct statistic over_rounds(
    const struct lesson_outcome *outcome, number_function *number, const char *name, const char *base)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] = number(outcome->plan, outcome->observations, r, name, base);
    statistic_judge(&none, &statistic);
    return statistic;
}

static double value_of(const struct lesson_outcome *outcome, const char *value)
{
    return plan_statistic(outcome->plan, outcome->observations, one_name, value).median;
}

/* How many times as long Python's own loop takes for a multiplication. */
static double loop_over_kernel(const struct lesson_outcome *outcome)
{
    return over_rounds(outcome, multiplication_number, one_name, NULL).median /
           over_rounds(outcome, multiplication_number, kernel_one_name, NULL).median;
}

static double measured_python(const struct lesson_outcome *outcome, int index)
{
    switch (index) {
    case 0:
        return over_rounds(outcome, gain, threads_name, one_name).median;
    case 1:
        return over_rounds(outcome, gain, processes_name, one_name).median;
    default:
        return over_rounds(outcome, gain, kernel_threads_name, kernel_one_name).median;
    }
}

static void evidence_python(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    if (outcome->plan->conditions == 0)
        return;
    add(context, "python_version_times_100", value_of(outcome, "version"), "1");
    add(context, "interpreter_lock", value_of(outcome, "lock"), "1");
    add(context, "switch_interval", value_of(outcome, "switch_interval"), "s");
    add(context, "team", team_of(outcome->room), "1");
    for (int c = 0; c < outcome->plan->conditions; c++) {
        const char *name = outcome->plan->condition[c].name;
        char key[64];
        snprintf(key, sizeof key, "wall_%s", name);
        add(context, key, plan_statistic(outcome->plan, outcome->observations, name, NULL).median, "s");
        snprintf(key, sizeof key, "overlap_%s", name);
        add(context, key, over_rounds(outcome, overlap_number, name, NULL).median, "%");
    }
    add(context, "simulated_lock_gain", over_rounds(outcome, gain, locked_name, locked_one_name).median, "1");
    add(context, "loop_over_kernel", loop_over_kernel(outcome), "1");
}

/* ---- pictures ---- */

static void picture_python(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    static const struct {
        const char *name, *base;
    } gains[] = {{threads_name, one_name}, {locked_name, locked_one_name}, {processes_name, one_name},
        {kernel_threads_name, kernel_one_name}};
    const struct lesson_plan *plan = outcome->plan;
    char title[240];
    if (plan_find(plan, threads_name) < 0)
        return;
    double threads = over_rounds(outcome, gain, threads_name, one_name).median;
    if (isnan(threads))
        return;
    snprintf(title, sizeof title, _("%d Python threads: %s times as fast as one"), team_of(outcome->room),
        said_number(threads, 2));
    struct picture *bars =
        pictures_add(pictures, PICTURE_BARS, title, NULL, _("times as fast as one thread of the same kind"));
    struct picture *lanes =
        pictures_add(pictures, PICTURE_LANES, _("Who computes when: threads and processes"), _("time"), NULL);
    for (size_t i = 0; i < sizeof gains / sizeof gains[0]; i++) {
        const char *label = plan->condition[plan_find(plan, gains[i].name)].label;
        struct statistic gained = over_rounds(outcome, gain, gains[i].name, gains[i].base);
        const struct observation *example = plan_example(plan, outcome->observations, gains[i].name);
        if (!isnan(gained.median))
            picture_add_bar(bars, _(label), gained.median, gained.low, gained.high);
        if (example != NULL)
            picture_add_lanes(lanes, _(label), example);
    }
}

/* ---- words ---- */

static void explain_contradiction(const struct lesson_outcome *outcome, struct text *page)
{
    static const char *const which[] = {
        [RULE_RIGHT] = N_("a result was wrong"),
        [RULE_THREADS] = N_("Python threads were clearly faster together than one alone"),
        [RULE_OVERLAP] = N_("work of Python threads overlapped in time"),
        [RULE_PROCESSES] = N_("processes gained next to nothing"),
        [RULE_KERNEL] = N_("threads that call C code gained next to nothing"),
    };
    text_add(page, _("Here, in this run, the claim does not hold: %s."),
        _(which[outcome->deciding >= 0 ? outcome->deciding : 0]));
    if (value_of(outcome, "lock") == 0) {
        text_add(page, " ");
        text_add(page, _("This Python is a free-threaded build: it has no lock around its threads, and they "
                         "compute at the "
                         "same time. The claim is about builds with the lock."));
    }
}

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    const struct statistic *s = outcome->statistic;
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page,
            _("Here, in this run, %d Python threads were %s times as fast as one, and %s %% of their work "
              "overlapped in time; "
              "%d processes were %s times as fast, and %d threads that call C code %s times."),
            team_of(outcome->room), said_number(s[RULE_THREADS].median, 2),
            said_number(s[RULE_OVERLAP].median, 1), team_of(outcome->room),
            said_number(s[RULE_PROCESSES].median, 2), team_of(outcome->room),
            said_number(s[RULE_KERNEL].median, 2));
        break;
    case VERDICT_CONTRADICTED:
        explain_contradiction(outcome, page);
        break;
    case VERDICT_INCONCLUSIVE:
        text_add(page, _("Here, in this run, it cannot be decided: the rounds differ too much, something "
                         "else was on the CPUs, "
                         "or Python could not be run."));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        if (outcome->plan->not_demonstrable[0] != '\0')
            text_add(page, _("Not demonstrable here. %s"), outcome->plan->not_demonstrable);
        else
            text_add(page,
                _("Not demonstrable here: while the lesson ran, the CPUs together did the work of %s. The "
                  "comparison needs %s at least."),
                said_number(outcome->room->capacity.median, 2),
                said_number(outcome->lesson->capacity_needed, 1));
        break;
    }
}

static void explain_lock(const struct lesson_outcome *outcome, struct text *page)
{
    double lock = value_of(outcome, "lock"), version = value_of(outcome, "version");
    if (isnan(version))
        return;
    text_add(page, "\n\n");
    if (isnan(lock))
        text_add(page,
            _("This Python (%d.%d) is not CPython; whether it has a global interpreter lock is not known "
              "here."),
            (int)version / 100, (int)version % 100);
    else if (lock == 0)
        text_add(page, _("This Python (%d.%d) runs without a global interpreter lock."), (int)version / 100,
            (int)version % 100);
    else
        text_add(page,
            _("This Python (%d.%d) has a global interpreter lock (GIL): a thread holds it while it runs "
              "Python code, and lets go "
              "when another has waited for %s, or when it waits itself. So its threads are concurrent, but "
              "not parallel, as "
              "the article says of Python. It is the lock that makes them so, not their shared memory."),
            (int)version / 100, (int)version % 100, said_seconds(value_of(outcome, "switch_interval")));
    double simulated = over_rounds(outcome, gain, locked_name, locked_one_name).median;
    if (!isnan(simulated)) {
        text_add(page, " ");
        text_add(page,
            _("Threads in C with one lock around all their work were %s times as fast as one (lesson "
              "`globallock`)."),
            said_number(simulated, 2));
    }
}

static void explain_kernel(const struct lesson_outcome *outcome, struct text *page)
{
    double loop_s = over_rounds(outcome, multiplication_number, one_name, NULL).median;
    double kernel_s = over_rounds(outcome, multiplication_number, kernel_one_name, NULL).median;
    double threads = over_rounds(outcome, gain, kernel_threads_name, kernel_one_name).median;
    if (isnan(loop_s) || isnan(kernel_s))
        return;
    text_add(page, "\n\n");
    text_add(page,
        _("A call through `ctypes` lets go of the lock until it returns. The matrix product of this suite, "
          "called so, took %s ns "
          "for a multiplication with its addition, and Python's own loop %s ns: %s times as long. (The loop "
          "multiplies small "
          "matrices, of 24 × 24, the kernel those of 192 × 192.)"),
        said_number(1e9 * kernel_s, 3), said_number(1e9 * loop_s, 1), said_number(loop_s / kernel_s, 0));
    if (!isnan(threads)) {
        text_add(page, " ");
        text_add(page,
            _("With %d Python threads the calls went %s times as fast: there the threads of Python are "
              "parallel."),
            team_of(outcome->room), said_number(threads, 2));
    }
}

static void explain_python(const struct lesson_outcome *outcome, struct text *page)
{
    explain_verdict(outcome, page);
    if (outcome->plan->conditions == 0)
        return;
    explain_lock(outcome, page);
    explain_kernel(outcome, page);
}

/* ---- what stands in the catalogue ---- */

static const struct lesson_prediction prediction[] = {
    {.key = "threads",
        .prompt = N_("A loop in pure Python, shared out to threads on all cores (at most 4): how many times "
                     "as fast as one "
                     "thread?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = -1},
    {.key = "processes",
        .prompt = N_("The same loop in as many processes?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = -1},
    {.key = "kernel_threads",
        .prompt = N_("Python threads that call C code through `ctypes`?"),
        .unit = "",
        .low = 0,
        .high = 100,
        .statistic = -1},
};

static const struct lesson_rule rule[] = {
    [RULE_RIGHT] = {.name = "results_right",
        .statement = N_("processes whose results were checked and right"),
        .unit = "%",
        .supported = 100,
        .contradicted = 99.9,
        .control = true,
        .every_round = true},
    [RULE_THREADS] = {.name = "gain_of_threads",
        .statement = N_("times as fast as one thread: Python threads"),
        .unit = "1",
        .supported = 1.15,
        .contradicted = 1.35,
        .needs_capacity = true},
    [RULE_OVERLAP] = {.name = "overlap_of_threads",
        .statement = N_("work chunks of Python threads that overlap in time"),
        .unit = "%",
        .supported = 5,
        .contradicted = 30,
        .needs_capacity = true},
    [RULE_PROCESSES] = {.name = "gain_of_processes",
        .statement = N_("times as fast as one thread: Python processes"),
        .unit = "1",
        .supported = 1.35,
        .contradicted = 1.15,
        .needs_capacity = true},
    [RULE_KERNEL] = {.name = "gain_of_kernel_threads",
        .statement = N_("times as fast as one thread: Python threads that call C code"),
        .unit = "1",
        .supported = 1.35,
        .contradicted = 1.15,
        .needs_capacity = true},
};

const struct lesson lesson_python = {
    .name = "python",
    .number = -1,
    .minutes = 8,
    .title = N_("Python's lock, and the way around it"),
    .question = N_("What the article says of threads and processes: is it so in the Python that is here?"),
    .claim = N_("In this Python, threads that run Python code compute one at a time; processes do not, and "
                "neither do threads that call C code which lets go of the lock."),
    .background = N_("The work is a product of matrices: row by row in pure Python, and by this suite's "
                     "kernel in C, called "
                     "through `ctypes`. Nothing but the standard library is used."),
    .prediction = prediction,
    .predictions = sizeof prediction / sizeof prediction[0],
    .rule = rule,
    .rules = sizeof rule / sizeof rule[0],
    .capacity_needed = 1.7,
    .plan = plan_python,
    .measure = measure_python,
    .measured = measured_python,
    .evidence = evidence_python,
    .picture = picture_python,
    .explain = explain_python,
    .hint = N_("What must a thread hold to run Python code? Does it need it while a C function computes?"),
    .solution = N_("The interpreter's lock serializes Python code of one process. Each process has a lock of "
                   "its own; and C code can let go of it while it touches no Python object, as `ctypes` does "
                   "for every call. A build without the lock runs "
                   "threads in parallel."),
    .key_point = {N_("It is the lock that keeps Python threads from computing at the same time, not that "
                     "they share memory."),
        N_("Processes have a lock each, and memory each."),
        N_("Many libraries that compute in C let go of the lock: with them Python threads are parallel."),
        N_("Before adding cores, leave the loop to compiled code.")},
    .quiz = {.question = N_("Four Python threads (a build with the lock) spend nearly all their time in a C "
                            "function that lets go of "
                            "the lock, on four free cores. About how many times as fast as one are they?"),
        .choice = {N_("1"), N_("2"), N_("4")},
        .answer = 2,
        .why = N_("While the C function runs, no thread holds the lock, so nothing keeps the four from "
                  "computing at once.")},
};
