/* Why the verdict is what it is, in one sentence with this run's numbers; made from the rules and what was
 * measured, so that it cannot say anything else. */
#ifndef ACELERA_LESSON_REASON_H
#define ACELERA_LESSON_REASON_H

#include "lessons/engine/run.h"

/* In the learner's language; never empty. */
void reason_add(struct text *text, const struct lesson_run *run);

/* "median 93.1 % (99 % interval 91.0 % to 94.2 %)"; what is missing is said. */
void reason_add_figures(struct text *text, const struct lesson_rule *rule, const struct statistic *statistic);

/* "supported from 60 %, contradicted below 10 %", or the other way round. */
void reason_add_thresholds(struct text *text, const struct lesson_rule *rule);

/* "supported" … "not demonstrable here" in the learner's language. */
const char *reason_verdict(enum verdict verdict);

/* Why a lesson cannot be demonstrated with so few CPUs; false if it can, or needs none. `cpus`: counted or
 * given. */
bool reason_add_shortage(
    struct text *text, const struct lesson *lesson, const struct lesson_plan *plan, double cpus);

#endif
