/* What every lesson does with its plan: adding a condition, finding one again, and its numbers over the
 * rounds. Pure functions. */
#ifndef ACELERA_LESSON_PLAN_H
#define ACELERA_LESSON_PLAN_H

#include "lessons/lesson.h"

/* Adds a condition of one process, with `threads` threads bound in turn to the `pus` PUs of `pu` (0: bound
 * nowhere). The format gives its words. Strings are kept, not copied. The pointer lives as long as the plan.
 */
struct condition *plan_add(struct lesson_plan *plan, const char *name, const char *label,
    const char *experiment, int threads, const int *pu, int pus, const char *words, ...)
    __attribute__((format(printf, 8, 9)));

/* Two PUs for two threads: the first that the lesson is to take, and the next one on another core, of the
 * same kind if there is one, or else on the same core. Returns how many there are: 2, or 1. */
int plan_pair(const struct classroom *room, int pu[2]);

/* Its index; −1 there is none. */
int plan_find(const struct lesson_plan *plan, const char *condition);

/* The observation of that condition in that round; NULL if there is no such condition, or it failed then. */
const struct observation *plan_observation(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *condition);

/* A value of process 0 of that condition in that round; NaN if there is none. */
double plan_value(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *condition, const char *value);

/* The same over all rounds that have it: median and 99 % interval (NaN with fewer than eight). `value` NULL:
 * the wall time. */
struct statistic plan_statistic(
    const struct lesson_plan *plan, const struct observations *all, const char *condition, const char *value);

/* The first valid observation of that condition, for a picture; NULL none. */
const struct observation *plan_example(
    const struct lesson_plan *plan, const struct observations *all, const char *condition);

/* That control decided, and did come out, only not as it must. False where it was not measured often enough:
 * then nothing is known of the instrument. */
bool plan_control_failed(const struct lesson_outcome *outcome, int rule);

/* speak_number() and speak_seconds() into one of sixteen buffers that take turns: for the arguments of one
 * sentence. */
const char *said_number(double value, int decimals);
const char *said_seconds(double seconds);

#endif
