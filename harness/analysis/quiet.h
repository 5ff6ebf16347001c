/* Which timed iterations were disturbed: judged by how long a thread of the team had no CPU, against the
 * quiet level of its own cell. Never by counts of switches, which mark long samples more than short ones.
 * Pure numbers. */
#ifndef ACELERA_QUIET_H
#define ACELERA_QUIET_H

#include <stdbool.h>
#include <stddef.h>

/* One iteration: how long it took, and the longest that one of its threads wanted a CPU and had none. */
struct quiet_sample {
    double seconds, off_cpu_s; /* off_cpu_s: NaN unknown */
};

/* The off-CPU seconds that a quiet iteration of this cell shows (reading the clocks of a team takes time, and
 * every tick interrupts): from the pilot's quieter half, so that a pilot that was itself disturbed does not
 * make disturbance normal. 0 if the pilot has no known values. */
double quiet_level(const struct quiet_sample *pilot, size_t n);

/* Marked: its off-CPU share is beyond the quiet level by more than 1 % of its time and more than reading
 * errors can make. Unknown is not marked. */
bool quiet_marks(struct quiet_sample sample, double quiet_level_s);

#endif
