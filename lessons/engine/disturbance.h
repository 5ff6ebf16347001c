/* Whether something else had the CPUs that a condition was to have. A lesson leaves out such rounds: another
 * program must neither prove nor disprove a claim. Pure functions. */
#ifndef ACELERA_LESSON_DISTURBANCE_H
#define ACELERA_LESSON_DISTURBANCE_H

#include "lessons/engine/observation.h"

/* No thread wanted a CPU in vain for more than 5 % of the time, beyond what threads of its own condition,
 * bound to the same PU, had of it. True where the kernel does not count waiting: then the capacity alone can
 * tell. False for NULL and for one that failed. */
bool observation_undisturbed(const struct observation *observation);

/* The threads had `cpus` CPUs to themselves, 95 % of the time at least: for threads that never wait and crowd
 * on fewer CPUs. True where CPU time is unknown. */
bool observation_filled(const struct observation *observation, int cpus);

#endif
