/* One trial: one condition carried out once, by real processes that start and end together. */
#ifndef ACELERA_LESSON_TRIAL_H
#define ACELERA_LESSON_TRIAL_H

#include "harness/base/status.h"
#include "lessons/lesson.h"

struct trial_order {
    const char *worker; /* path of acelera-worker-lessons */
    const char *python; /* path of python3, for a condition with a script; NULL none */
    const struct condition *condition;
    int cpus;       /* usable PUs: more threads than that crowd where they are bound nowhere */
    double seconds; /* what the experiment is told */
    uint64_t seed;
    double timeout_s; /* for everything, from the start of the first process to the last word of the last */
};

/* Waits for every process to be ready, starts them together, waits for all of them to be done, and only then
 * lets them report: nothing of the harness runs meanwhile. One that fails, hangs, dies or says what is not
 * understood makes the observation invalid with one sentence, and STATUS_OK. STATUS_FAILED: no process can be
 * started at all; STATUS_INTERRUPTED: Ctrl-C. Whatever comes, no process is left. Free the observation with
 * observation_clear(). The caller catches signals (child.h). */
enum status trial_run(const struct trial_order *order, struct observation *observation, struct error *error);

#endif
