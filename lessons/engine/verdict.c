#include "lessons/engine/verdict.h"
#include "harness/analysis/interval.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

static const double level_wanted = 0.99;

const char *lesson_verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        [VERDICT_SUPPORTED] = "supported",
        [VERDICT_CONTRADICTED] = "contradicted",
        [VERDICT_INCONCLUSIVE] = "inconclusive",
        [VERDICT_NOT_DEMONSTRABLE] = "not demonstrable here",
    };
    return names[verdict];
}

/* ---- one rule ---- */

static int compare_values(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* How many values may lie outside on each side: the largest k with 1 − 2·P(Bin(n, ½) ≤ k) ≥ 99 %. −1: not
 * even the whole range reaches it. */
static int left_outside(int n)
{
    double term = pow(0.5, n), below = term; /* P(Bin = 0), P(Bin ≤ 0) */
    int k = -1;
    while (1 - 2 * below >= level_wanted && k < n / 2) {
        k++;
        term *= (double)(n - k) / (double)(k + 1);
        below += term;
    }
    return k;
}

static enum verdict judge(const struct lesson_rule *rule, double low, double high)
{
    if (isnan(low) || isnan(high))
        return VERDICT_INCONCLUSIVE;
    bool once = rule->every_round; /* is enough to contradict */
    if (rule->supported >= rule->contradicted)
        return low >= rule->supported                     ? VERDICT_SUPPORTED
               : (once ? low : high) < rule->contradicted ? VERDICT_CONTRADICTED
                                                          : VERDICT_INCONCLUSIVE;
    return high <= rule->supported                    ? VERDICT_SUPPORTED
           : (once ? high : low) > rule->contradicted ? VERDICT_CONTRADICTED
                                                      : VERDICT_INCONCLUSIVE;
}

void statistic_judge(const struct lesson_rule *rule, struct statistic *statistic)
{
    double sorted[ROUNDS_MAX];
    int n = 0;
    for (int r = 0; r < statistic->rounds && r < ROUNDS_MAX; r++)
        if (!isnan(statistic->value[r]))
            sorted[n++] = statistic->value[r];
    qsort(sorted, (size_t)n, sizeof *sorted, compare_values);
    int outside = left_outside(n);
    if (rule->every_round && outside > 0)
        outside = 0;
    statistic->median = median_of(sorted, (size_t)n);
    statistic->low = outside >= 0 ? sorted[outside] : NAN;
    statistic->high = outside >= 0 ? sorted[n - 1 - outside] : NAN;
    statistic->verdict = judge(rule, statistic->low, statistic->high);
}

/* ---- all of them ---- */

static enum verdict decide(enum verdict verdict, int rule, int *deciding)
{
    *deciding = rule;
    return verdict;
}

enum verdict verdict_of_rules(const struct lesson_rule *rule, const struct statistic *statistic, int rules,
    struct capacity capacity, double needed, int *deciding)
{
    bool enough = needed <= 0 || capacity.median >= needed;     /* an unknown capacity is not enough */
    bool surely_enough = needed <= 0 || capacity.low >= needed; /* the same */
    for (int r = 0; r < rules; r++)
        if (rule[r].control && (enough || !rule[r].needs_capacity) &&
            statistic[r].verdict != VERDICT_SUPPORTED)
            return decide(VERDICT_INCONCLUSIVE, r, deciding);
    for (int r = 0; r < rules; r++)
        if (rule[r].precondition && (enough || !rule[r].needs_capacity) &&
            statistic[r].verdict != VERDICT_SUPPORTED)
            return decide(
                isnan(statistic[r].low) ? VERDICT_INCONCLUSIVE : VERDICT_NOT_DEMONSTRABLE, r, deciding);
    for (int r = 0; r < rules; r++)
        if (!rule[r].control && statistic[r].verdict == VERDICT_CONTRADICTED &&
            (surely_enough || !rule[r].needs_capacity))
            return decide(VERDICT_CONTRADICTED, r, deciding);
    int lacking = -1; /* a precondition is named only if nothing else needs the CPUs: it was not judged */
    for (int r = 0; r < rules; r++)
        if (rule[r].needs_capacity && !enough && (lacking < 0 || rule[lacking].precondition))
            lacking = r;
    if (lacking >= 0)
        return decide(VERDICT_NOT_DEMONSTRABLE, lacking, deciding);
    for (int r = 0; r < rules; r++)
        if (statistic[r].verdict != VERDICT_SUPPORTED)
            return decide(VERDICT_INCONCLUSIVE, r, deciding);
    return decide(VERDICT_SUPPORTED, -1, deciding);
}
