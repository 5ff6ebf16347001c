/* Lesson 10: cores do not buy memory bandwidth. Scaling a table that no cache holds, and multiplying matrices
 * that fit, by the same teams: one leans on the memory that all share, the other on the cores themselves. No
 * plateau within the range of this machine is an answer too. */
#include "lessons/engine/disturbance.h"
#include "lessons/engine/plan.h"
#include "lessons/lesson.h"

#include <math.h>
#include <stdio.h>

enum { RULE_CACHE, RULE_PRODUCT, RULE_GAIN, RULE_STREAM };
enum { MATRIX = 384 };
static const double table_least = 96e6, table_most = 256e6; /* bytes of the table; its result takes as much */
static const double small_least = 4e6;                      /* bytes a thread that the small stream sweeps */
static const double flat_from = 1 / 1.1;                    /* of the rate of the largest team */

static const char *const team_name[] = {"team_1", "team_2", "team_4", "team_8", "team_16", "team_32",
    "team_64", "team_128", "team_256", "team_512"};
enum { TEAMS_MAX = sizeof team_name / sizeof team_name[0] };

/* ---- the plan ---- */

static int largest_team(const struct classroom *room)
{
    int cores = room->cores > 0 && room->cores < room->cpus ? room->cores : room->cpus;
    return cores < CONDITION_PUS_MAX ? cores : CONDITION_PUS_MAX;
}

/* Table and result together are twice the last-level caches; unless these are said to be so large that no
 * lesson could wait for such a table. Virtual machines say much: then it is measured (RULE_CACHE). */
static double table_bytes(const struct machine *machine)
{
    double caches = (double)machine->llc_total_bytes;
    return caches > table_most ? table_least : fmax(table_least, caches);
}

static bool is_surely_larger(const struct machine *machine)
{
    return machine->llc_total_bytes > 0 && table_bytes(machine) >= (double)machine->llc_total_bytes;
}

static bool is_out_of_reach(const struct classroom *room, struct lesson_plan *plan)
{
    const struct machine *machine = room->machine;
    double needed = 6 * table_bytes(machine), available = machine->memory_available_bytes;
    char table[40], memory[40];
    if (largest_team(room) < 2)
        snprintf(plan->not_demonstrable, sizeof plan->not_demonstrable, "%s",
            _("There is one core to use: whether more of them bring more bandwidth takes two at least."));
    else if (available >= 0 && needed > available)
        snprintf(plan->not_demonstrable, sizeof plan->not_demonstrable,
            _("A table that the caches do not hold needs %s of memory here, and %s are available."),
            text_bytes(needed, table, sizeof table), text_bytes(available, memory, sizeof memory));
    return plan->not_demonstrable[0] != '\0';
}

static void plan_team(const struct classroom *room, struct lesson_plan *plan, const char *name, int team)
{
    const struct machine *machine = room->machine;
    double small = fmax(small_least, 2 * (double)machine->l2_bytes) * team; /* past the second level */
    plan_add(plan, name, N_("table, stream and product"), "bandwidth", team, machine->topology.spread, team,
        "bytes=%.0f small=%.0f n=%d l1d=%lld l2=%lld l3=%lld", table_bytes(machine), small, MATRIX,
        machine->l1d_bytes, machine->l2_bytes, machine->l3_bytes);
}

static void plan_bandwidth(const struct classroom *room, struct lesson_plan *plan)
{
    if (is_out_of_reach(room, plan))
        return;
    int all = largest_team(room), team = 1;
    for (int i = 0; i < TEAMS_MAX && team <= all; i++, team *= 2)
        plan_team(room, plan, team_name[i], team);
    if (plan->condition[plan->conditions - 1].threads != all)
        plan_team(room, plan, "team_all", all);
    plan->left_out[RULE_CACHE] = is_surely_larger(room->machine);
}

/* ---- numbers ---- */

/* A rate of a team over that of one thread, both for the same clock: a core that runs slower because its
 * neighbours work is no matter of the memory. Without a clock: as it is. */
static double gain(const struct observations *all, int round, int condition, const char *rate)
{
    const struct observation *one = observation_at(all, round, 0),
                             *team = observation_at(all, round, condition);
    if (!observation_undisturbed(one) || !observation_undisturbed(team))
        return NAN;
    double clock = observation_value(one, "clock", 0) / observation_value(team, "clock", 0);
    return observation_value(team, rate, 0) / observation_value(one, rate, 0) * (isnan(clock) ? 1 : clock);
}

static double share_of_stream(const struct observations *all, int round, int condition)
{
    const struct observation *team = observation_at(all, round, condition);
    if (!observation_undisturbed(team))
        return NAN;
    return 100 * observation_value(team, "table", 0) / observation_value(team, "stream", 0);
}

static double small_over_large(const struct observations *all, int round, int condition)
{
    const struct observation *team = observation_at(all, round, condition);
    if (!observation_undisturbed(team))
        return NAN;
    return observation_value(team, "small_stream", 0) / observation_value(team, "stream", 0);
}

static void measure_bandwidth(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    int last = plan->conditions - 1;
    if (last < 1)
        return;
    value[RULE_CACHE] = small_over_large(all, round, last);
    value[RULE_PRODUCT] = 100 * gain(all, round, last, "product") / plan->condition[last].threads;
    value[RULE_GAIN] = 100 * gain(all, round, last, "table") / gain(all, round, last, "product");
    value[RULE_STREAM] = share_of_stream(all, round, last);
}

/* rate NULL: the share of the stream */
static struct statistic over_rounds(const struct lesson_outcome *outcome, int condition, const char *rate)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] = rate != NULL ? gain(outcome->observations, r, condition, rate)
                                          : share_of_stream(outcome->observations, r, condition);
    statistic_judge(&none, &statistic);
    return statistic;
}

static double rate_of(const struct lesson_outcome *outcome, int condition, const char *rate)
{
    return plan_statistic(
        outcome->plan, outcome->observations, outcome->plan->condition[condition].name, rate)
        .median;
}

/* The smallest team that has nearly the rate of the largest. */
static int flat_team(const struct lesson_outcome *outcome)
{
    int last = outcome->plan->conditions - 1;
    double all = over_rounds(outcome, last, "table").median;
    for (int c = 0; c < last; c++)
        if (over_rounds(outcome, c, "table").median >= flat_from * all)
            return outcome->plan->condition[c].threads;
    return outcome->plan->condition[last].threads;
}

static bool has_numbers(const struct lesson_outcome *outcome)
{
    return outcome->plan->conditions > 1 &&
           !isnan(over_rounds(outcome, outcome->plan->conditions - 1, "table").median);
}

static double measured_bandwidth(const struct lesson_outcome *outcome, int index)
{
    if (!has_numbers(outcome))
        return NAN;
    return over_rounds(outcome, outcome->plan->conditions - 1, index == 0 ? "table" : "product").median;
}

static void evidence_bandwidth(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    if (outcome->plan->conditions == 0)
        return;
    add(context, "table_bytes", table_bytes(outcome->room->machine), "B");
    for (int c = 0; c < outcome->plan->conditions; c++) {
        static const char *const rates[][2] = {{"table", "B/s"}, {"stream", "B/s"}, {"small_stream", "B/s"},
            {"product", "flop/s"}, {"clock", "Hz"}};
        for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
            char name[64];
            snprintf(name, sizeof name, "%s_%s", rates[i][0], outcome->plan->condition[c].name);
            add(context, name, rate_of(outcome, c, rates[i][0]), rates[i][1]);
        }
    }
    if (!has_numbers(outcome))
        return;
    int last = outcome->plan->conditions - 1;
    add(context, "table_gain", over_rounds(outcome, last, "table").median, "1");
    add(context, "stream_gain", over_rounds(outcome, last, "stream").median, "1");
    add(context, "product_gain", over_rounds(outcome, last, "product").median, "1");
}

/* ---- picture ---- */

static void add_curve(const struct lesson_outcome *outcome, struct picture *picture, const char *label,
    const char *rate, bool line_only)
{
    struct picture_curve *curve = picture_add_curve(picture, label, line_only);
    for (int c = 0; c < outcome->plan->conditions; c++) {
        struct statistic gained = over_rounds(outcome, c, rate);
        if (!isnan(gained.median))
            picture_curve_add(
                curve, outcome->plan->condition[c].threads, gained.median, gained.low, gained.high);
    }
}

static void picture_bandwidth(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    if (!has_numbers(outcome))
        return;
    int last = outcome->plan->conditions - 1;
    char title[240];
    snprintf(title, sizeof title, _("%d threads: the table %s times as fast, the product %s times"),
        outcome->plan->condition[last].threads, said_number(over_rounds(outcome, last, "table").median, 2),
        said_number(over_rounds(outcome, last, "product").median, 2));
    struct picture *picture = pictures_add(
        pictures, PICTURE_CURVES, title, _("threads"), _("times the rate of one thread, same clock"));
    picture->logarithmic_x = outcome->plan->condition[last].threads > 4;
    add_curve(outcome, picture, _("table"), "table", false);
    add_curve(outcome, picture, _("product"), "product", false);
    add_curve(outcome, picture, _("stream: what memory gives"), "stream", true);
}

/* ---- words ---- */

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    const struct lesson_plan *plan = outcome->plan;
    int last = plan->conditions - 1;
    const char *table = "", *product = "";
    if (last >= 1) {
        table = said_number(over_rounds(outcome, last, "table").median, 2);
        product = said_number(over_rounds(outcome, last, "product").median, 2);
    }
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page,
            _("Here, in this run, %d threads multiplied matrices %s times as fast as one, but scaled the "
              "table only "
              "%s times as fast: more cores did not bring as much more bandwidth."),
            plan->condition[last].threads, product, table);
        break;
    case VERDICT_CONTRADICTED:
        if (outcome->deciding == RULE_STREAM)
            text_add(page,
                _("Here, in this run, the table did not reach what the memory gives: with %d threads it took "
                  "%s %% of "
                  "the stream's rate. Something else than bandwidth held it back."),
                plan->condition[last].threads, said_number(outcome->statistic[RULE_STREAM].median, 0));
        else
            text_add(page,
                _("Here, in this run, there was no plateau up to %d threads: the table got %s times as fast, "
                  "the product "
                  "%s times. As far as this machine goes, the memory kept pace with the cores. What more "
                  "cores would "
                  "bring was not measured."),
                plan->condition[last].threads, table, product);
        break;
    case VERDICT_INCONCLUSIVE:
        if (outcome->deciding == RULE_CACHE && !isnan(outcome->statistic[RULE_CACHE].median))
            text_add(page,
                _("Here, in this run, it cannot be decided: a stream that a cache holds was only %s times as "
                  "fast as "
                  "the one over the large table, so the table may lie in the caches too."),
                said_number(outcome->statistic[RULE_CACHE].median, 2));
        else if (outcome->deciding == RULE_PRODUCT && !isnan(outcome->statistic[RULE_PRODUCT].median))
            text_add(page,
                _("Here, in this run, it cannot be decided: the product, which hardly needs the memory, was "
                  "only %s "
                  "times as fast with %d threads. So it is not the memory that holds things back, or not "
                  "alone."),
                product, plan->condition[last].threads);
        else
            text_add(
                page, _("Here, in this run, it is not clear: the difference between table and product is "
                        "too small for the "
                        "thresholds, or the rounds differ too much, or something else was on the CPUs."));
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

static void explain_numbers(const struct lesson_outcome *outcome, struct text *page)
{
    int last = outcome->plan->conditions - 1, flat = flat_team(outcome);
    int team = outcome->plan->condition[last].threads;
    char bytes[40];
    text_add(page,
        _("The table has %s and its result as much. One thread moved %s GB/s, %d threads %s GB/s. The "
          "stream, a loop "
          "that only reads and writes in the same mix, got %s GB/s with %d threads: that is what the memory "
          "gives. The "
          "table takes %s %% of it."),
        text_bytes(table_bytes(outcome->room->machine), bytes, sizeof bytes),
        said_number(1e-9 * rate_of(outcome, 0, "table"), 1), team,
        said_number(1e-9 * rate_of(outcome, last, "table"), 1),
        said_number(1e-9 * rate_of(outcome, last, "stream"), 1), team,
        said_number(over_rounds(outcome, last, NULL).median, 0));
    if (!outcome->plan->left_out[RULE_CACHE]) {
        text_add(page, " ");
        text_add(page,
            _("What this machine says of its caches does not prove that they cannot hold the table. But a "
              "stream over a few "
              "megabytes was %s times as fast as the one over the table: the table comes from farther away."),
            said_number(outcome->statistic[RULE_CACHE].median, 2));
    }
    text_add(page, "\n\n");
    if (flat < team)
        text_add(page,
            _("From %d threads on, more of them brought the table less than a tenth more. The product "
              "computes with data "
              "that the caches hold: it went on to %s times the rate of one thread."),
            flat, said_number(over_rounds(outcome, last, "product").median, 2));
    else
        text_add(page,
            _("The table got faster up to the last thread that there is. The product computes with data that "
              "the caches "
              "hold: it got to %s times the rate of one thread."),
            said_number(over_rounds(outcome, last, "product").median, 2));
    double one = rate_of(outcome, 0, "clock"), all = rate_of(outcome, last, "clock");
    text_add(page, "\n\n");
    if (isnan(one) || isnan(all))
        text_add(page,
            _("The clock of the cores is unknown on this kind of machine, so the gains are as they were "
              "timed; cores that slow down when all of them work would make both smaller."));
    else
        text_add(page,
            _("Both gains are for the same clock: the cores ran at %s GHz with one thread and at %s GHz with "
              "%d."),
            said_number(1e-9 * one, 2), said_number(1e-9 * all, 2), team);
}

static void explain_bandwidth(const struct lesson_outcome *outcome, struct text *page)
{
    explain_verdict(outcome, page);
    if (!has_numbers(outcome) ||
        (outcome->verdict == VERDICT_INCONCLUSIVE && outcome->deciding == RULE_CACHE))
        return;
    text_add(page, "\n\n");
    explain_numbers(outcome, page);
}

/* ---- what stands in the catalogue ---- */

static const struct lesson_prediction prediction[] = {
    {.key = "table_gain",
        .prompt = N_("With all cores: how many times as fast is scaling a table that no cache holds?"),
        .unit = "",
        .low = 0.1,
        .high = 10000,
        .statistic = -1},
    {.key = "product_gain",
        .prompt = N_("And how many times as fast is multiplying matrices that fit in the cache?"),
        .unit = "",
        .low = 0.1,
        .high = 10000,
        .statistic = -1},
};

static const struct lesson_rule rule[] = {
    [RULE_CACHE] = {.name = "cached_stream_beside_stream",
        .statement = N_("rate of a stream that a cache holds over that of the large one"),
        .unit = "1",
        .supported = 1.3,
        .contradicted = 1.1,
        .control = true,
        .needs_capacity = true},
    [RULE_PRODUCT] = {.name = "product_gain_a_thread",
        .statement = N_("gain of the product from all cores, for each thread"),
        .unit = "%",
        .supported = 60,
        .contradicted = 40,
        .control = true,
        .needs_capacity = true},
    [RULE_GAIN] = {.name = "table_beside_product",
        .statement = N_("gain of the table over gain of the product, all cores, same clock"),
        .unit = "%",
        .supported = 75,
        .contradicted = 90,
        .needs_capacity = true},
    [RULE_STREAM] = {.name = "table_beside_stream",
        .statement = N_("rate of the table over what the stream shows the memory to give, all cores"),
        .unit = "%",
        .supported = 70,
        .contradicted = 50,
        .needs_capacity = true},
};

const struct lesson lesson_bandwidth = {
    .name = "bandwidth",
    .number = 10,
    .minutes = 8,
    .title = N_("Cores do not buy memory bandwidth"),
    .question = N_("Do twice as many cores also get twice as much out of the memory?"),
    .claim = N_("More cores do not bring as much more memory bandwidth: scaling a large table gains clearly "
                "less from all "
                "cores than multiplying matrices does, and memory is what stops it."),
    .background = N_(
        "Three programs of this suite, each by teams of growing size: scaling a table that no cache holds "
        "(it "
        "computes little and moves much), multiplying matrices that fit in the caches (it computes much and "
        "moves little), and the stream, which only moves data and shows what the memory gives."),
    .prediction = prediction,
    .predictions = sizeof prediction / sizeof prediction[0],
    .rule = rule,
    .rules = sizeof rule / sizeof rule[0],
    .capacity_needed = 1.7,
    .plan = plan_bandwidth,
    .measure = measure_bandwidth,
    .measured = measured_bandwidth,
    .evidence = evidence_bandwidth,
    .picture = picture_bandwidth,
    .explain = explain_bandwidth,
    .hint = N_("How many operations does each program do for a byte that comes from memory? Which part of "
               "the machine do "
               "all cores share?"),
    .solution = N_("Scaling does a handful of operations for each number and needs it from memory twice; the "
                   "product uses "
                   "each number hundreds of times while a cache holds it. All cores of a package share its "
                   "memory: once a "
                   "few of them ask for all that it gives, the others only queue."),
    .key_point = {N_("The speed of a program that moves much and computes little is set by the memory."),
        N_("A stream measures what the memory gives; compare with it, not with the number of cores."),
        N_("Doing more with each number while it is in the cache helps; more threads do not.")},
    .quiz = {.question = N_(
                 "On a machine where two of eight cores already use the whole bandwidth, a program that only "
                 "copies memory runs with eight threads. What happens?"),
        .choice = {N_("It is about four times as fast as with two."), N_("It is about as fast as with two."),
            N_("It is about eight times as fast as with one.")},
        .answer = 1,
        .why = N_("The memory gives no more than it has, however many ask.")},
};
