/* Lesson 5: three ways to keep a total right, and what an addition costs with each. The fourth condition is
 * the program without any; the fifth shows that floating-point sums depend on the order. */
#include "lessons/engine/plan.h"

#include <math.h>

enum { THREADS = 2, UPDATES = 100000, WAYS = 4 };

static const struct {
    const char *name, *label;
} ways[WAYS] = {{"critical", N_("critical section")}, {"atomic", N_("atomic")},
    {"reduction", N_("reduction")}, {"open", N_("nothing (wrong)")}};

enum { RULE_RIGHT, RULE_CRITICAL, RULE_ATOMIC, RULE_FLOAT, RULES };

static const struct lesson_rule rules[RULES] = {
    [RULE_RIGHT] = {.name = "missing",
        .statement = N_("what is missing in the totals of critical, atomic and reduction together"),
        .unit = "1",
        .supported = 0,
        .contradicted = 0.5,
        .every_round = true},
    [RULE_CRITICAL] = {.name = "critical_over_reduction",
        .statement = N_("time of an addition with critical, over that with reduction"),
        .unit = "1",
        .supported = 2,
        .contradicted = 1.25},
    [RULE_ATOMIC] = {.name = "atomic_over_reduction",
        .statement = N_("time of an addition with atomic, over that with reduction"),
        .unit = "1",
        .supported = 2,
        .contradicted = 1.25},
    [RULE_FLOAT] = {.name = "different_float_sums",
        .statement = N_("different sums of the same floating-point numbers, added in five orders"),
        .unit = "1",
        .supported = 2,
        .contradicted = 2},
};

enum { PREDICT_CRITICAL, PREDICT_ATOMIC, PREDICT_FLOAT };

static const struct lesson_prediction predictions[] = {
    [PREDICT_CRITICAL] = {.key = "critical_over_reduction",
        .prompt = N_("How many times as long as with a reduction does an addition take with `critical`?"),
        .unit = "",
        .low = 0,
        .high = 1e6,
        .statistic = RULE_CRITICAL},
    [PREDICT_ATOMIC] = {.key = "atomic_over_reduction",
        .prompt = N_("And with `atomic`?"),
        .unit = "",
        .low = 0,
        .high = 1e6,
        .statistic = RULE_ATOMIC},
    [PREDICT_FLOAT] = {.key = "float_sums_equal",
        .prompt =
            N_("The same floating-point numbers, added by teams of several sizes: are the sums equal to the "
               "last bit?"),
        .unit = "",
        .low = 0,
        .high = 1,
        .yes_no = true,
        .statistic = -1},
};

static void fixes_plan(const struct classroom *room, struct lesson_plan *plan)
{
    int pu[THREADS], pus = plan_pair(room, pu);
    for (int w = 0; w < WAYS; w++)
        plan_add(plan, ways[w].name, ways[w].label, "fixes", THREADS, pu, pus, "how=%s updates=%d",
            ways[w].name, UPDATES);
    plan_add(plan, "float", N_("floating-point sums"), "floatsum", THREADS, pu, pus, "%s", "");
}

static void fixes_measure(const struct classroom *room, const struct lesson_plan *plan,
    const struct observations *all, int round, double *value)
{
    (void)room;
    double reduction = plan_value(plan, all, round, "reduction", "addition");
    value[RULE_RIGHT] = fabs(plan_value(plan, all, round, "critical", "missing")) +
                        fabs(plan_value(plan, all, round, "atomic", "missing")) +
                        fabs(plan_value(plan, all, round, "reduction", "missing"));
    value[RULE_CRITICAL] = plan_value(plan, all, round, "critical", "addition") / reduction;
    value[RULE_ATOMIC] = plan_value(plan, all, round, "atomic", "addition") / reduction;
    value[RULE_FLOAT] = plan_value(plan, all, round, "float", "different");
}

static struct statistic addition_of(const struct lesson_outcome *outcome, const char *way)
{
    return plan_statistic(outcome->plan, outcome->observations, way, "addition");
}

static double fixes_measured(const struct lesson_outcome *outcome, int index)
{
    double different = outcome->statistic[RULE_FLOAT].median;
    if (index != PREDICT_FLOAT || isnan(different))
        return NAN;
    return different < 1.5;
}

static void fixes_evidence(const struct lesson_outcome *outcome,
    void (*add)(void *context, const char *name, double value, const char *unit), void *context)
{
    static const char *const names[WAYS] = {
        "critical_addition", "atomic_addition", "reduction_addition", "open_addition"};
    for (int w = 0; w < WAYS; w++)
        add(context, names[w], addition_of(outcome, ways[w].name).median, "ns");
    add(context, "open_lost", plan_statistic(outcome->plan, outcome->observations, "open", "lost").median,
        "%");
    add(context, "float_sums_apart",
        plan_statistic(outcome->plan, outcome->observations, "float", "apart").median, "1");
}

static void fixes_picture(const struct lesson_outcome *outcome, struct pictures *pictures)
{
    struct picture *price = pictures_add(pictures, PICTURE_BARS, _("What one addition costs"), NULL, "ns");
    for (int w = 0; w < WAYS; w++) {
        struct statistic addition = addition_of(outcome, ways[w].name);
        picture_add_bar(price, _(ways[w].label), addition.median, addition.low, addition.high);
    }
}

/* ---- explanation ---- */

static void explain_prices(const struct lesson_outcome *outcome, struct text *page)
{
    struct statistic critical = addition_of(outcome, "critical"), atomic = addition_of(outcome, "atomic"),
                     reduction = addition_of(outcome, "reduction"), open = addition_of(outcome, "open");
    if (isnan(reduction.median))
        return;
    text_add(page,
        _("Here, in this run, one addition took %s ns with `critical` (99 %% interval %s to %s), %s ns with "
          "`atomic` (%s "
          "to %s) and %s ns with `reduction` (%s to %s): wall time over all additions of both threads."),
        said_number(critical.median, 1), said_number(critical.low, 1), said_number(critical.high, 1),
        said_number(atomic.median, 1), said_number(atomic.low, 1), said_number(atomic.high, 1),
        said_number(reduction.median, 2), said_number(reduction.low, 2), said_number(reduction.high, 2));
    text_add(page, " ");
    text_add(page, _("With nothing at all it took %s ns, and %s %% of the total was lost."),
        said_number(open.median, 1),
        said_number(plan_statistic(outcome->plan, outcome->observations, "open", "lost").median, 1));
    text_add(page, "\n\n");
}

static const char *why_contradicted(int deciding)
{
    switch (deciding) {
    case RULE_RIGHT:
        return _("Contradicted here: one of the three protected totals was not right. That must not happen; "
                 "please "
                 "report it with the evidence of this run.");
    case RULE_FLOAT:
        return _("Contradicted here: all orders of addition gave the same floating-point sum.");
    default:
        return _("Contradicted here: the protected addition cost hardly more than the reduction.");
    }
}

static void explain_verdict(const struct lesson_outcome *outcome, struct text *page)
{
    switch (outcome->verdict) {
    case VERDICT_SUPPORTED:
        text_add(page, "%s",
            _("All three gave the right total in every run, at different prices. A critical section takes a "
              "lock and "
              "gives it back for each addition. An atomic addition is one step that nothing can come "
              "between; the core needs the cache line for itself meanwhile. A reduction gives each thread a "
              "total of its own and adds these up "
              "once, at "
              "the end: in the loop nothing is shared, so nothing has to be kept apart."));
        break;
    case VERDICT_CONTRADICTED:
        text_add(page, "%s", why_contradicted(outcome->deciding));
        break;
    case VERDICT_INCONCLUSIVE:
        text_add(page, "%s",
            _("Inconclusive: the intervals reach over the thresholds, or too few rounds succeeded. Close "
              "other "
              "programs and run the lesson again."));
        break;
    case VERDICT_NOT_DEMONSTRABLE:
        text_add(page, _("Not demonstrable here: %s"), outcome->plan->not_demonstrable);
        break;
    }
    text_add(page, "\n\n");
}

static void explain_float(const struct lesson_outcome *outcome, struct text *page)
{
    const struct statistic *different = &outcome->statistic[RULE_FLOAT];
    double apart = plan_statistic(outcome->plan, outcome->observations, "float", "apart").median;
    if (isnan(different->median))
        return;
    text_add(page,
        _("Whole numbers have one sum, whatever the order. Floating-point sums are rounded at each step: the "
          "same "
          "100000 decimal fractions, added in a row and by teams of 2, 3, 4 and 5 threads, gave %s different "
          "sums."),
        said_number(different->median, 0));
    if (apart > 0)
        text_add(page, _(" The two furthest apart agree in about %s significant digits."),
            said_number(floor(-log10(apart)), 0));
    text_add(page, " %s",
        _("That is no lost update. Whoever needs the same bits at every number of threads must fix the order "
          "of the "
          "additions."));
}

static void fixes_explain(const struct lesson_outcome *outcome, struct text *page)
{
    explain_prices(outcome, page);
    explain_verdict(outcome, page);
    if (outcome->plan->conditions > 0 && outcome->plan->condition[0].pus < THREADS)
        text_add(page, "%s\n\n",
            _("Both threads had one CPU, in turns, so they seldom met at the lock: these are prices almost "
              "without "
              "contention. Where threads really run at the same time, `critical` and `atomic` can cost far "
              "more."));
    explain_float(outcome, page);
}

const struct lesson lesson_fixes = {
    .name = "fixes",
    .number = 5,
    .minutes = 8,
    .title = N_("Three cures and their prices"),
    .question = N_(
        "`critical`, `atomic` and `reduction` all mend the lost update. Does it matter which one you take?"),
    .claim = N_(
        "Critical section, atomic addition and reduction all give the right total; their prices differ, and "
        "floating-point sums depend on the order."),
    .background = N_("Two threads add 100000 small whole numbers each to one total. The right total is known "
                     "beforehand."),
    .prediction = predictions,
    .predictions = sizeof predictions / sizeof *predictions,
    .rule = rules,
    .rules = RULES,
    .plan = fixes_plan,
    .measure = fixes_measure,
    .measured = fixes_measured,
    .evidence = fixes_evidence,
    .picture = fixes_picture,
    .explain = fixes_explain,
    .hint = N_("How often does each of the three touch something that both threads want?"),
    .solution = N_(
        "Write `reduction(+ : total)` where it fits: the loop then shares nothing. Take `atomic` for single "
        "updates of scattered places, `critical` where several things must change together."),
    .key_point = {N_("Right first: all three are. Then count how often something shared is touched."),
        N_("The cheapest synchronization is the one that a loop does not need."),
        N_("Mutual exclusion protects correctness; it does not make anything faster."),
        N_("Floating-point addition is not associative: another order, other last bits.")},
    .quiz = {.question = N_(
                 "Threads count words into 256 shared counters, millions of times. What is right and usually "
                 "cheapest?"),
        .choice = {N_("One critical section around each count."), N_("An atomic addition for each count."),
            N_("256 counters for each thread, added up at the end."), N_("Nothing: collisions are rare.")},
        .answer = 2,
        .why = N_("That is a reduction over an array: while counting, nothing is shared.")},
};
