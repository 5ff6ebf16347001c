/* Lesson 12: whoever writes first decides where memory lives. Needs two NUMA nodes; with one, what a first
 * write costs is shown, and nothing is claimed. */
#include "lessons/engine/disturbance.h"
#include "lessons/engine/plan.h"
#include "lessons/lesson.h"

#include <math.h>
#include <stdio.h>

enum { RULE_BANDWIDTH, RULE_PLACEMENT };
enum { THREADS_A_NODE = 4, NODES_MAX = 8 };
static const double table_least = 96e6, table_most = 512e6, faults_table = 4e6; /* bytes */
static const char own_name[] = "each_writes_its_own", one_name[] = "one_writes_all",
                  faults_name[] = "page_faults";

/* ---- the plan ---- */

/* The first threads of each memory domain, by turns: thread i is on domain i mod domains. */
static int find_pus(const struct topology *topology, int *pu)
{
    int nodes = topology->domain_count < NODES_MAX ? topology->domain_count : NODES_MAX, count = 0;
    for (int nth = 0; nth < THREADS_A_NODE; nth++)
        for (int node = 0; node < nodes; node++) {
            int seen = 0;
            for (int i = 0; i < topology->usable_pus; i++)
                if (topology->pu[i].domain == node && topology->pu[i].smt == 0 && seen++ == nth)
                    pu[count++] = topology->pu[i].os_index;
        }
    return count;
}

static void plan_firsttouch(const struct classroom *room, struct lesson_plan *plan)
{
    const struct machine *machine = room->machine;
    int pu[NODES_MAX * THREADS_A_NODE], pus = find_pus(&machine->topology, pu);
    double bytes = fmin(fmax(table_least, 2 * (double)machine->llc_total_bytes), table_most);
    plan_add(plan, faults_name, N_("first and second write"), "firsttouch", 1, machine->topology.spread, 1,
        "faults=1 bytes=%.0f", faults_table);
    if (machine->topology.domain_count < 2) {
        snprintf(plan->not_demonstrable, sizeof plan->not_demonstrable, "%s",
            _("It takes two NUMA nodes, two memories with cores of their own. All CPUs that may be used here "
              "share one "
              "memory. What a first write costs can be shown all the same."));
        return;
    }
    if (machine->memory_available_bytes >= 0 && 3 * bytes > machine->memory_available_bytes) {
        snprintf(plan->not_demonstrable, sizeof plan->not_demonstrable, "%s",
            _("There is too little memory for a table that the caches do not hold."));
        return;
    }
    plan_add(plan, own_name, N_("each wrote its own part first"), "firsttouch", pus, pu, pus,
        "writer=own bytes=%.0f", bytes);
    plan_add(plan, one_name, N_("one wrote all of it first"), "firsttouch", pus, pu, pus,
        "writer=one bytes=%.0f", bytes);
}

/* ---- numbers ---- */

static double value_in(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *name, const char *value)
{
    const struct observation *found = plan_observation(plan, all, round, name);
    return observation_undisturbed(found) ? observation_value(found, value, 0) : NAN;
}

static void measure_firsttouch(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    double own = value_in(plan, all, round, own_name, "pages_with_writer");
    double one = value_in(plan, all, round, one_name, "pages_with_writer");
    value[RULE_BANDWIDTH] =
        value_in(plan, all, round, own_name, "bandwidth") / value_in(plan, all, round, one_name, "bandwidth");
    value[RULE_PLACEMENT] = isnan(own) || isnan(one) ? NAN : 100 * fmin(own, one);
}

static double median_of_value(const struct lesson_outcome *outcome, const char *name, const char *value)
{
    return plan_statistic(outcome->plan, outcome->observations, name, value).median;
}

static double measured_firsttouch(const struct lesson_outcome *outcome, int index)
{
    if (index == 0)
        return median_of_value(outcome, own_name, "bandwidth") /
               median_of_value(outcome, one_name, "bandwidth");
    return median_of_value(outcome, faults_name, "first_write") /
           median_of_value(outcome, faults_name, "second_write");
}

static void evidence_firsttouch(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    static const struct {
        const char *name, *condition, *value, *unit;
    } all[] = {
        {"first_write_of_a_page", faults_name, "first_write", "s"},
        {"second_write_of_a_page", faults_name, "second_write", "s"},
        {"page_faults_a_page_at_first", faults_name, "first_faults", "1"},
        {"page_faults_a_page_then", faults_name, "second_faults", "1"},
        {"page", faults_name, "page", "B"},
        {"bandwidth_each_its_own", own_name, "bandwidth", "B/s"},
        {"bandwidth_one_all", one_name, "bandwidth", "B/s"},
        {"pages_with_their_writer_each_its_own", own_name, "pages_with_writer", "1"},
        {"pages_with_their_writer_one_all", one_name, "pages_with_writer", "1"},
        {"pages_with_their_reader_each_its_own", own_name, "pages_with_reader", "1"},
        {"pages_with_their_reader_one_all", one_name, "pages_with_reader", "1"},
    };
    add(context, "numa_nodes", outcome->room->machine->topology.domain_count, "1");
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (plan_find(outcome->plan, all[i].condition) >= 0)
            add(context, all[i].name, median_of_value(outcome, all[i].condition, all[i].value), all[i].unit);
}

/* ---- picture ---- */

static void add_bar(const struct lesson_outcome *outcome, struct picture *picture, const char *label,
    const char *condition, const char *value, double scale)
{
    struct statistic s = plan_statistic(outcome->plan, outcome->observations, condition, value);
    if (!isnan(s.median))
        picture_add_bar(picture, label, scale * s.median, scale * s.low, scale * s.high);
}

static void picture_firsttouch(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    if (plan_find(outcome->plan, own_name) >= 0) {
        struct picture *read = pictures_add(pictures, PICTURE_BARS,
            _("All threads read their parts; who had written them first?"), NULL, _("GB/s"));
        add_bar(outcome, read, _("each its own part"), own_name, "bandwidth", 1e-9);
        add_bar(outcome, read, _("one thread all"), one_name, "bandwidth", 1e-9);
    }
    if (isnan(median_of_value(outcome, faults_name, "first_write")))
        return;
    struct picture *write = pictures_add(
        pictures, PICTURE_BARS, _("The first write to a page, and the second"), NULL, _("ns for a page"));
    add_bar(outcome, write, _("first write"), faults_name, "first_write", 1e9);
    add_bar(outcome, write, _("second write"), faults_name, "second_write", 1e9);
}

/* ---- words ---- */

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    double ratio = outcome->statistic[RULE_BANDWIDTH].median,
           placed = outcome->statistic[RULE_PLACEMENT].median;
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page,
            _("Here, in this run, whoever wrote first decided: %s %% of the pages asked about were on the "
              "node of the "
              "thread that had written them first, and reading was %s times as fast when each thread had "
              "written its own "
              "part."),
            said_number(placed, 0), said_number(ratio, 2));
        break;
    case VERDICT_CONTRADICTED:
        if (outcome->deciding == RULE_PLACEMENT)
            text_add(page,
                _("Here, in this run, the first writer did not decide: only %s %% of the pages asked about "
                  "were on its node. "
                  "A memory policy (`numactl`) or the kernel's balancing may have moved them."),
                said_number(placed, 0));
        else
            text_add(page,
                _("Here, in this run, it made no difference worth the name who had written first: reading "
                  "was %s times as "
                  "fast when each thread had written its own part."),
                said_number(ratio, 2));
        break;
    case VERDICT_INCONCLUSIVE:
        text_add(page, _("Here, in this run, it cannot be decided: the rounds differ too much, something "
                         "else was on the CPUs, "
                         "or the system does not say where pages are."));
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

static void explain_firsttouch(const struct lesson_outcome *outcome, struct text *page)
{
    double first = median_of_value(outcome, faults_name, "first_write");
    double second = median_of_value(outcome, faults_name, "second_write");
    double faults = median_of_value(outcome, faults_name, "first_faults");
    explain_verdict(outcome, page);
    if (plan_find(outcome->plan, own_name) >= 0 && !isnan(outcome->statistic[RULE_BANDWIDTH].median)) {
        text_add(page, "\n\n");
        text_add(page,
            _("Reading gave %s GB/s where each thread had written its own part, and %s GB/s where one thread "
              "had written all. "
              "In the second case %s %% of the pages asked about were on the node of the thread that read "
              "them."),
            said_number(1e-9 * median_of_value(outcome, own_name, "bandwidth"), 1),
            said_number(1e-9 * median_of_value(outcome, one_name, "bandwidth"), 1),
            said_number(100 * median_of_value(outcome, one_name, "pages_with_reader"), 0));
    }
    if (isnan(first) || isnan(second))
        return;
    text_add(page, "\n\n");
    text_add(page,
        _("Asking for memory gives addresses, not memory. In this run the first write to a page of %s bytes "
          "took %s, the second "
          "%s. At the first the kernel was called %s times for each page (a page fault): it looked for a "
          "free page, cleared it, "
          "and put it behind the address."),
        said_number(median_of_value(outcome, faults_name, "page"), 0), said_seconds(first),
        said_seconds(second), said_number(faults, 2));
}

/* ---- what stands in the catalogue ---- */

static const struct lesson_prediction prediction[] = {
    {.key = "own_over_one",
        .prompt = N_("With two memory nodes: how many times as fast is reading when each thread wrote its "
                     "own part first, "
                     "rather than one thread all of it?"),
        .unit = "",
        .low = 0.1,
        .high = 100,
        .statistic = -1},
    {.key = "first_over_second_write",
        .prompt = N_("How many times as long as the second does the first write to a page take?"),
        .unit = "",
        .low = 0.1,
        .high = 100000,
        .statistic = -1},
};

static const struct lesson_rule rule[] = {
    [RULE_BANDWIDTH] = {.name = "own_over_one",
        .statement = N_("bandwidth when each wrote its own part first, over that when one wrote all"),
        .unit = "1",
        .supported = 1.2,
        .contradicted = 1.05,
        .needs_capacity = true},
    [RULE_PLACEMENT] = {.name = "pages_with_their_writer",
        .statement = N_("pages on the node of the thread that wrote them first"),
        .unit = "%",
        .supported = 95,
        .contradicted = 50},
};

const struct lesson lesson_firsttouch = {
    .name = "firsttouch",
    .number = 12,
    .minutes = 6,
    .title = N_("Whoever writes first decides where memory lives"),
    .question = N_("When a program asks for memory, where does it come from, and when?"),
    .claim = N_(
        "Whoever writes a page first decides where it lives, and threads read faster what lives with them."),
    .background = N_(
        "Large machines have several NUMA nodes: each has cores and memory of its own, and reaches the other "
        "memories more slowly. A page gets its place when it is first written, not when it is asked for."),
    .prediction = prediction,
    .predictions = sizeof prediction / sizeof prediction[0],
    .rule = rule,
    .rules = sizeof rule / sizeof rule[0],
    .capacity_needed = 1.7,
    .plan = plan_firsttouch,
    .measure = measure_firsttouch,
    .measured = measured_firsttouch,
    .evidence = evidence_firsttouch,
    .picture = picture_firsttouch,
    .explain = explain_firsttouch,
    .hint =
        N_("Which thread fills an array with zeros in most programs? And which threads work with it later?"),
    .solution = N_("Let each thread write first what it will work with: a parallel loop that fills the array "
                   "with the same shares "
                   "as the loops that use it. An array filled by one thread lies in one memory, and all the "
                   "others queue there."),
    .key_point = {N_("Asking for memory reserves addresses; the first write brings the page."),
        N_("By default a page comes from the node of the thread that writes it first."),
        N_("Fill in parallel what is used in parallel, with the same shares.")},
    .quiz = {.question = N_("A program fills a large array with zeros in its first thread, then 32 threads "
                            "on two nodes work on it. "
                            "Where does the array live?"),
        .choice = {N_("On both nodes, by halves."), N_("On the node of the first thread."),
            N_("Nowhere in particular: the caches hold it.")},
        .answer = 1,
        .why = N_("The first thread wrote every page first, so every page came from its node.")},
};
