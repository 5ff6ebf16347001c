/* How many CPUs' worth of work the machine does at once, while a lesson runs. Two short trials in every
 * round, among the lesson's own: a spinner alone, and a spinner on each PU of the lesson. */
#ifndef ACELERA_LESSON_CAPACITY_H
#define ACELERA_LESSON_CAPACITY_H

#include "lessons/lesson.h"

enum { CAPACITY_ALONE, CAPACITY_TOGETHER, CAPACITY_CONDITIONS };

/* A spinner on each of these PUs for `seconds`. */
void condition_spin(struct condition *condition, const char *name, const int *pu, int pus, double seconds);

/* The two trials, on the PUs that the plan's conditions use; on all of them, where one is bound nowhere. */
void capacity_plan(const struct classroom *room, const struct lesson_plan *plan,
    struct condition condition[CAPACITY_CONDITIONS]);

/* Work that was done together over what the spinner alone does in that time when it has a CPU: the time of
 * its median chunk counts, so another program on its CPU does not make it look slow. NaN unknown. */
double capacity_of(const struct observation *alone, const struct observation *together);

/* Median and 99 % interval of the rounds. */
struct capacity capacity_over_rounds(const double *value, int rounds);

#endif
