/* Lesson 0: does this machine give as much CPU as it counts? The work that spinners do at once, one on each
 * CPU, over what one of them does alone. A contradiction is a finding here: it says which lessons will show
 * less. */
#include "lessons/lesson.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ALONE, TOGETHER, FIRST_BETWEEN };

static void plan_spinners(
    const struct classroom *room, struct lesson_plan *plan, const char *name, int spinners, double window_s)
{
    struct condition *condition = &plan->condition[plan->conditions++];
    *condition = (struct condition){.name = name,
        .label = name,
        .experiment = "spin",
        .processes = 1,
        .threads = spinners,
        .pus = spinners};
    memcpy(condition->pu, room->machine->topology.spread, (size_t)spinners * sizeof *condition->pu);
    snprintf(condition->words, sizeof condition->words, "work=wide window=%.4f stamps=0", window_s);
}

static int spinners_of(const struct classroom *room)
{
    return room->cpus < CONDITION_PUS_MAX ? room->cpus : CONDITION_PUS_MAX;
}

/* The long window is longer than a period in which a CPU quota is given out (100 ms). */
static void plan(const struct classroom *room, struct lesson_plan *plan)
{
    static const char *const names[] = {"spinners_2", "spinners_4", "spinners_8", "spinners_16",
        "spinners_32", "spinners_64", "spinners_128", "spinners_256", "spinners_512"};
    int all = spinners_of(room);
    plan_spinners(room, plan, "alone", 1, 0.016 * room->seconds);
    plan_spinners(room, plan, "together", all, 0.045 * room->seconds);
    for (int i = 0, n = 2; n < all && i < (int)(sizeof names / sizeof names[0]); i++, n *= 2) {
        plan_spinners(room, plan, names[i], n, 0.02 * room->seconds);
        plan->condition[plan->conditions - 1].once = true;
    }
}

/* Spinners' worth of work in one trial, in units of the one alone while it had its CPU. */
static double spinners_worth(const struct observation *alone, const struct observation *trial)
{
    double chunk_s = observation_value(alone, "chunk_s", 0);
    if (!alone->valid || !trial->valid || !(chunk_s > 0) || !(trial->wall_s > 0))
        return NAN;
    return observation_value(trial, "chunks", 0) * chunk_s / trial->wall_s;
}

static void measure(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)plan;
    value[0] = 100 * spinners_worth(observation_at(all, round, ALONE), observation_at(all, round, TOGETHER)) /
               spinners_of(room);
}

/* ---- what was found ---- */

static double given(const struct lesson_outcome *outcome, double percent)
{
    return percent / 100 * spinners_of(outcome->room);
}

static double measured(const struct lesson_outcome *outcome, int index)
{
    (void)index;
    return given(outcome, outcome->statistic[0].median);
}

/* Median over the rounds of some number of the trials with all spinners. */
static double median_together(
    const struct lesson_outcome *outcome, double (*number)(const struct observation *observation))
{
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++) {
        const struct observation *trial = observation_at(outcome->observations, r, TOGETHER);
        statistic.value[r] = trial->valid ? number(trial) : NAN;
    }
    statistic_judge(&outcome->lesson->rule[0], &statistic);
    return statistic.median;
}

/* Of the thread that wanted a CPU in vain for longest, in %. */
static double off_cpu_percent(const struct observation *trial)
{
    return trial->wall_s > 0 ? 100 * trial->off_cpu_s / trial->wall_s : NAN;
}

static void evidence(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    const struct machine *machine = outcome->room->machine;
    add(context, "cpus_counted", outcome->room->cpus, "1");
    add(context, "cpus_given", given(outcome, outcome->statistic[0].median), "1");
    add(context, "cpus_given_low", given(outcome, outcome->statistic[0].low), "1");
    add(context, "cpus_given_high", given(outcome, outcome->statistic[0].high), "1");
    add(context, "cpus_given_to_chains", outcome->room->capacity.median, "1");
    add(context, "cpu_over_wall", median_together(outcome, observation_cpus_used), "1");
    add(context, "off_cpu", median_together(outcome, off_cpu_percent), "%");
    add(context, "cores", outcome->room->cores, "1");
    if (machine->cpu_quota > 0)
        add(context, "cpu_quota", machine->cpu_quota, "1");
}

static void picture(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    const struct statistic *share = &outcome->statistic[0];
    const struct observations *all = outcome->observations;
    char title[200], number[40];
    snprintf(title, sizeof title, _("CPUs counted: %d; the work that they do: %s"), outcome->room->cpus,
        speak_number(given(outcome, share->median), 2, number, sizeof number));
    struct picture *bars =
        pictures_add(pictures, PICTURE_BARS, title, NULL, _("work at once, in spinners alone"));
    picture_add_bar(bars, _("1 spinner"), 1, NAN, NAN);
    for (int c = FIRST_BETWEEN; all->rounds > 0 && c < outcome->plan->conditions; c++) {
        snprintf(title, sizeof title, _("%d spinners"), outcome->plan->condition[c].threads);
        picture_add_bar(
            bars, title, spinners_worth(observation_at(all, 0, ALONE), observation_at(all, 0, c)), NAN, NAN);
    }
    if (spinners_of(outcome->room) > 1) {
        snprintf(title, sizeof title, _("%d spinners"), spinners_of(outcome->room));
        picture_add_bar(bars, title, given(outcome, share->median), given(outcome, share->low),
            given(outcome, share->high));
    }
}

/* ---- the explanation ---- */

static bool found_on_battery(const struct machine *machine)
{
    for (int i = 0; i < machine->finding_count; i++)
        if (strcmp(machine->finding[i].id, "battery") == 0)
            return machine->finding[i].severity == FINDING_WARNING;
    return false;
}

/* Two virtual CPUs that nothing else was on, and surely less of the work that fills a core than of the other.
 */
static bool seems_to_share_cores(const struct lesson_outcome *outcome, double off_cpu_percent)
{
    const struct classroom *room = outcome->room;
    return room->virtual_cpus && room->cpus >= 2 && !(off_cpu_percent > 5) &&
           room->capacity.low > 1.1 * given(outcome, outcome->statistic[0].high);
}

/* What may stand between a CPU that is counted and one that is given: only what was seen here. */
static void explain_causes(const struct lesson_outcome *outcome, struct text *page)
{
    const struct classroom *room = outcome->room;
    const struct machine *machine = room->machine;
    double off_cpu = median_together(outcome, off_cpu_percent);
    char number[40], other[40];
    if (machine->topology.pus > room->cpus)
        text_add(page,
            _("\n\nThe machine has %d CPUs; this program may use %d of them (taskset, a container, or "
              "the administrator decided so)."),
            machine->topology.pus, room->cpus);
    if (machine->cpu_quota > 0)
        text_add(page,
            _("\n\nA control group limits this program to %s CPUs' worth of time: however many CPUs it "
              "sees, over a longer time it gets no more."),
            speak_number(machine->cpu_quota, 2, number, sizeof number));
    if (off_cpu > 5)
        text_add(page,
            _("\n\nThe thread that waited longest wanted its CPU in vain for %s %% of the time: "
              "something else ran there meanwhile."),
            speak_number(off_cpu, 0, number, sizeof number));
    if (room->cores > 0 && room->cores < room->cpus)
        text_add(page,
            _("\n\nThere are more CPUs (%d) than cores (%d): some of them are hardware threads of one core, "
              "and share "
              "what computes in it."),
            room->cpus, room->cores);
    else if (seems_to_share_cores(outcome, off_cpu))
        text_add(page,
            _("\n\nThese CPUs are virtual. Work that keeps a whole core busy got %s CPUs, work that "
              "mostly waits for its own last result got %s: two of them may be hardware threads of one "
              "core. The machine does not say so itself."),
            speak_number(given(outcome, outcome->statistic[0].median), 2, number, sizeof number),
            speak_number(room->capacity.median, 2, other, sizeof other));
    else if (room->virtual_cpus)
        text_add(page,
            _("\n\nThese CPUs are virtual: what stands behind them, the machine does not say. Only what "
              "was measured counts."));
    if (machine->topology.kind_count > 1)
        text_add(page,
            _("\n\nThe CPUs are of %d kinds, and the spinner alone ran on the fastest: the slower ones "
              "count less than one."),
            machine->topology.kind_count);
    if (found_on_battery(machine))
        text_add(page, "%s", _("\n\nThe machine runs on battery, which may hold its clock down."));
}

static void explain_consequences(const struct lesson_outcome *outcome, struct text *page)
{
    double low = given(outcome, outcome->statistic[0].low);
    char number[40];
    if (low >= 1.7)
        text_add(page,
            _("\n\nThe lessons that need two things to happen at once need 1.5 or 1.7 CPUs. Here, in this "
              "run, "
              "there were at least %s."),
            speak_number(low, 2, number, sizeof number));
    else if (outcome->room->cpus < 2)
        text_add(page, "%s",
            _("\n\nWith one CPU no two threads ever compute at the same instant. The lessons that need that "
              "will "
              "say \"not demonstrable here\"; the others work in full."));
    else
        text_add(page, "%s",
            _("\n\nThe lessons that need two things to happen at once need 1.5 or 1.7 CPUs, which cannot be "
              "relied "
              "on "
              "here. They measure it again each time and say what they cannot show."));
}

static void explain(const struct lesson_outcome *outcome, struct text *page)
{
    const struct statistic *share = &outcome->statistic[0];
    char median[40], low[40], high[40], used[40];
    speak_number(given(outcome, share->median), 2, median, sizeof median);
    speak_number(given(outcome, share->low), 2, low, sizeof low);
    speak_number(given(outcome, share->high), 2, high, sizeof high);
    speak_number(median_together(outcome, observation_cpus_used), 2, used, sizeof used);
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page,
            _("Supported, here, in this run. CPUs counted: %d; all of them together did the work of %s (99 "
              "%% interval %s to %s)."),
            outcome->room->cpus, median, low, high);
        break;
    case VERDICT_CONTRADICTED:
        text_add(page,
            _("Contradicted, here, in this run. CPUs counted: %d; but all of them together did the "
              "work of only %s (99 %% interval %s to %s). This is a finding, not a fault."),
            outcome->room->cpus, median, low, high);
        break;
    case VERDICT_INCONCLUSIVE:
        if (outcome->deciding < 0) {
            text_add(page, "%s", _("Not decided, here, in this run: too many trials failed."));
            return;
        }
        text_add(page,
            _("Not decided, here, in this run. CPUs counted: %d; all of them together did the work of %s, "
              "with rounds from %s to %s; that is neither clearly as much nor clearly less."),
            outcome->room->cpus, median, low, high);
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        text_add(page, "%s", _("Not demonstrable here: nothing could be measured."));
        return;
    }
    text_add(page,
        _("\n\nCPU time over wall time was %s. It says how many CPUs were busy, not how much they got "
          "done: a thread that waits in a loop, or that shares its core, counts in full."),
        used);
    explain_causes(outcome, page);
    explain_consequences(outcome, page);
}

/* ---- texts ---- */

static const struct lesson_rule rules[] = {
    {.name = "given_of_counted",
        .statement = N_("work of one spinner on every CPU at once, over that of as many spinners alone"),
        .unit = "%",
        .supported = 90,
        .contradicted = 80},
};

static const struct lesson_prediction predictions[] = {
    {.key = "cpus",
        .prompt = N_("With a spinner on each CPU: the work of how many spinners gets done?"),
        .unit = "",
        .low = 0,
        .high = 65536,
        .statistic = -1},
};

const struct lesson lesson_capacity = {
    .name = "capacity",
    .number = 0,
    .minutes = 5,
    .title = N_("How much CPU is there?"),
    .question = N_("Your machine counts its CPUs. Does it also give that much?"),
    .claim = N_("This machine gives as much CPU as it counts."),
    .background =
        N_("A spinner is a thread that computes without a pause, bound to one CPU. First one spinner runs "
           "alone, then one on every CPU at once, and the work that they get done is counted. What the "
           "system calls a CPU may be a core, one of the hardware threads of a core, or a share of either "
           "that a virtual machine gets."),
    .prediction = predictions,
    .predictions = sizeof predictions / sizeof predictions[0],
    .rule = rules,
    .rules = sizeof rules / sizeof rules[0],
    .plan = plan,
    .measure = measure,
    .measured = measured,
    .evidence = evidence,
    .picture = picture,
    .explain = explain,
    .hint = N_("What else runs on this machine now? Does `lscpu` show more threads than cores? Does a "
               "container or a "
               "virtual machine stand in between?"),
    .solution = N_(
        "Count the work, not the CPUs. If all CPUs together do much less than as many spinners alone, then "
        "they share something: a core, a power limit, a quota, or their time with another program."),
    .key_point = {N_("A CPU that is counted is not always a CPU that is given."),
        N_("CPU time over wall time counts busy CPUs, not work."),
        N_("Before believing a lesson about parallelism, measure what there is to be had.")},
    .quiz = {.question =
                 N_("A container may use 2 CPUs' worth of time and sees 8 CPUs. Eight spinners run in it for "
                    "ten seconds. About how much work gets done, in spinners alone?"),
        .choice = {N_("1"), N_("2"), N_("8")},
        .answer = 1,
        .why = N_(
            "The quota counts the time of all its threads together, so eight spinners get two CPUs' worth of "
            "it and stand still for the rest.")},
};
