/* Verdicts: computed from numbers against thresholds that were stated beforehand. Pure functions.
 *
 * A lesson has one statistic or several; each gives one number per round. The 99 % interval of a statistic's
 * median reaches from the k-th smallest to the k-th largest round, for the largest k whose level is at least
 * 99 % by the binomial distribution, without interpolation: the whole range of eight to eleven rounds (level
 * 1 − 2^(1−n): 99.2 % of eight), without the outermost round on each side of twelve. A rule that every round
 * must keep has the whole range, however many there are.
 */
#ifndef ACELERA_LESSON_VERDICT_H
#define ACELERA_LESSON_VERDICT_H

#include "lessons/engine/observation.h"

enum { STATISTICS_MAX = 12, VERDICT_ROUNDS = 8 };

enum verdict { VERDICT_SUPPORTED, VERDICT_CONTRADICTED, VERDICT_INCONCLUSIVE, VERDICT_NOT_DEMONSTRABLE };

/* "supported" "contradicted" "inconclusive" "not demonstrable here": English, whatever the language. */
const char *lesson_verdict_name(enum verdict verdict);

/* A statistic and its two thresholds, stated before the run. supported ≥ contradicted: large values speak for
 * the claim; supported < contradicted: small ones do. */
struct lesson_rule {
    const char *name; /* key in the evidence: "overlap_two_cpus" */
    const char
        *statement;   /* N_(): what is measured, for people: "chunks that overlap, threads on two CPUs" */
    const char *unit; /* "1" a pure number or ratio, "%" (values 0…100), "s", "ns" … */
    double supported, contradicted;
    bool control;      /* a negative control: if it fails, the instrument is at fault and the verdict is
                          inconclusive */
    bool precondition; /* what must be so for anything to be shown here: unless it is supported, the lesson is
                          not demonstrable */
    bool every_round;  /* what must never happen: no round is left out, and a single one contradicts */
    /* Needs CPUs that work at once: judged only where the capacity allows (lesson.capacity_needed). */
    bool needs_capacity;
};

struct statistic {
    int rounds;
    double value[ROUNDS_MAX]; /* NaN: that round gave none */
    double median, low, high; /* of the rounds that gave one: the 99 % interval; NaN with fewer than eight */
    enum verdict verdict;     /* of this rule alone */
};

/* Fills median, low, high and verdict from the values. */
void statistic_judge(const struct lesson_rule *rule, struct statistic *statistic);

/* The capacity of the machine while the lesson ran: CPUs' worth of work that all usable CPUs did at once. */
struct capacity {
    double median, low, high; /* NaN not measured */
};

/* Of the whole lesson, the first that holds:
 *   a control is not supported                              → inconclusive: the instrument is at fault
 *   a precondition that counts is not supported             → not demonstrable here; inconclusive, if too few
 *                                                             rounds gave a number
 *   a rule that counts is contradicted                      → contradicted
 *   a rule needs capacity, and its median is below `needed` → not demonstrable here
 *   every rule is supported                                 → supported
 *   else                                                    → inconclusive
 * A rule that needs capacity counts only where the capacity's median reaches `needed`, and contradicts only
 * where the low end of its interval does too: another program must not contradict a claim. `deciding` becomes
 * the rule that decided (the failed control or precondition, the contradicted rule, the one that needs
 * capacity, the first that is not supported), −1 where the claim is supported. `reason` gets no words: they
 * are the lesson's. */
enum verdict verdict_of_rules(const struct lesson_rule *rule, const struct statistic *statistic, int rules,
    struct capacity capacity, double needed, int *deciding);

#endif
