/* Holm's step-down without sorting: as long as one of the r rows not yet found to differ does at its level
 * for r rows, it is found, and r shrinks. That finds the same rows as Holm's order of p-values, and needs
 * only intervals, of whichever kind. Equivalence does not step down: a row is called so for being close to 1,
 * and the steps would let the rows far from 1 pay for it. */
#include "harness/analysis/verdict.h"
#include "harness/analysis/shift.h"

#include <math.h>

/* False alarms of a whole family: at most, and where there are data enough. A rate of exactly 5 % could not
 * be shown to be under 5 % by any number of trials. */
static const double most_alarms = 0.05, wanted_alarms = 0.01;

/* What an interval has to lie beyond, or inside of. NaN compares false: then never. */
struct margins {
    double equal_low, equal_high;   /* equivalent inside */
    double faster, slower;          /* faster below, slower above */
    double change_low, change_high; /* what the machine itself changed: stretches before "equivalent" */
};

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {[VERDICT_EQUIVALENT] = "equivalent",
        [VERDICT_FASTER] = "faster",
        [VERDICT_SLOWER] = "slower",
        [VERDICT_INCONCLUSIVE] = "inconclusive"};
    return names[verdict];
}

static struct interval interval_at(struct verdict_row *row, double level, double least)
{
    if (row->ratio != NULL)
        return ratios_interval_at(row->ratio, row->pairs, level, least, &row->point);
    return shift_interval_at(row->a, row->a_count, row->b, row->b_count, level, least, &row->point);
}

static enum verdict difference(struct interval interval, const struct margins *margins)
{
    if (interval.low > margins->slower)
        return VERDICT_SLOWER;
    return interval.high < margins->faster ? VERDICT_FASTER : VERDICT_INCONCLUSIVE;
}

static bool is_equivalent(struct interval interval, const struct margins *margins)
{
    return interval.low * margins->change_low > margins->equal_low &&
           interval.high * margins->change_high < margins->equal_high;
}

static void find_equivalent(struct verdict_row *rows, size_t count, const struct margins *margins)
{
    double level = 1 - most_alarms / (double)count;
    for (size_t i = 0; i < count; i++) {
        rows[i].interval = interval_at(&rows[i], level, level);
        rows[i].verdict =
            is_equivalent(rows[i].interval, margins) ? VERDICT_EQUIVALENT : VERDICT_INCONCLUSIVE;
    }
}

/* Every undecided row gets its interval for `open` rows; returns how many differ by it. */
static size_t find_different(
    struct verdict_row *rows, size_t count, size_t open, const struct margins *margins)
{
    size_t different = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].verdict != VERDICT_INCONCLUSIVE)
            continue;
        rows[i].interval =
            interval_at(&rows[i], 1 - wanted_alarms / (double)open, 1 - most_alarms / (double)open);
        rows[i].verdict = difference(rows[i].interval, margins);
        different += rows[i].verdict != VERDICT_INCONCLUSIVE ? 1 : 0;
    }
    return different;
}

static void decide_family(
    struct verdict_row *rows, size_t count, const struct margins *margins, const char *too_few)
{
    size_t open = count, different;
    find_equivalent(rows, count, margins);
    do {
        different = find_different(rows, count, open, margins);
        open -= different;
    } while (different > 0 && open > 0);
    for (size_t i = 0; i < count; i++) {
        bool undecided = rows[i].verdict == VERDICT_INCONCLUSIVE;
        rows[i].why = undecided && isnan(rows[i].interval.level) ? too_few : NULL;
    }
}

void verdict_decide(struct verdict_row *rows, size_t count, double delta)
{
    bool live = count > 0 && rows[0].ratio != NULL;
    const struct margins margins = {.equal_low = 1 / (1 + delta),
        .equal_high = 1 + delta,
        .faster = live ? 1 : 1 / (1 + delta),
        .slower = live ? 1 : 1 + delta,
        .change_low = 1,
        .change_high = 1};
    decide_family(
        rows, count, &margins, live ? "too few blocks for any verdict" : "too few runs for any verdict");
}

size_t verdict_pairs_needed(size_t rows)
{
    return (size_t)ceil(1 + log2(fmax((double)rows, 1) / most_alarms));
}

size_t verdict_pairs_wanted(size_t rows)
{
    return (size_t)ceil(1 + log2(fmax((double)rows, 1) / wanted_alarms));
}

bool verdict_must_follow(const double *ratio, size_t pairs, size_t rows, double delta)
{
    double level = 1 - wanted_alarms / fmax((double)rows, 1), point;
    struct interval interval = ratios_interval_at(ratio, pairs, level, level, &point);
    return interval.high / interval.low <= 1 + delta; /* false where there is none: NaN */
}

size_t verdict_runs_needed(size_t rows)
{
    return shift_values_needed(1 - most_alarms / fmax((double)rows, 1));
}

void verdict_between_two_runs(
    struct verdict_row *rows, size_t count, double delta, double machine_low, double machine_high)
{
    bool known = !isnan(machine_low) && !isnan(machine_high);
    const struct margins margins = {.equal_low = 1 / (1 + delta),
        .equal_high = 1 + delta,
        .faster = known ? fmin(1 / (1 + delta), machine_low) : NAN,
        .slower = known ? fmax(1 + delta, machine_high) : NAN,
        .change_low = known ? fmin(1, machine_low) : NAN,
        .change_high = known ? fmax(1, machine_high) : NAN};
    decide_family(rows, count, &margins, "too few processes for any verdict");
    for (size_t i = 0; i < count; i++)
        if (!known && rows[i].why == NULL)
            rows[i].why = "no ceiling was measured in both runs, so what the machine changed is unknown";
}

/* P(X ≤ hits) for X ~ Binomial(trials, p). */
static double binomial_up_to(size_t hits, size_t trials, double p)
{
    double sum = 0, n = (double)trials;
    for (size_t k = 0; k <= hits; k++) {
        double ways = lgamma(n + 1) - lgamma((double)k + 1) - lgamma(n - (double)k + 1);
        sum += exp(ways + (double)k * log(p) + (n - (double)k) * log1p(-p));
    }
    return sum;
}

double clopper_pearson_upper(size_t hits, size_t trials)
{
    double low = 0, high = 1;
    if (hits >= trials)
        return 1;
    for (int bit = 0; bit < 60; bit++) {
        double middle = (low + high) / 2;
        if (binomial_up_to(hits, trials, middle) > 0.05)
            low = middle;
        else
            high = middle;
    }
    return high;
}
