/* Which timed iterations were disturbed: judged by how long a thread of the team had no CPU, against the
 * quiet level of its own cell. Never by counts of switches, which mark long samples more than short ones.
 * Pure numbers. */
#ifndef ACELERA_QUIET_H
#define ACELERA_QUIET_H

#include <stdbool.h>
#include <stddef.h>

/* One timed region (all its repetitions together): how long it took, and the longest that one thread of its
 * team wanted a CPU and had none. */
struct quiet_sample {
    double seconds, off_cpu_s; /* off_cpu_s: NaN unknown */
};

/* The off-CPU seconds that a quiet region of this cell shows: the most in the pilot's quieter half, so that
 * a few disturbed regions do not make disturbance normal. What nobody would call quiet (quiet_marks() against
 * 0) counts only up to that limit, so that a pilot that was disturbed all the time does not either. 0 if the
 * pilot has no known values. Not for teams with more threads than CPUs: those wait for each other. */
double quiet_level(const struct quiet_sample *pilot, size_t n);

/* Marked: its off-CPU time is beyond the quiet level by more than 1 % of its time and by more than reading
 * errors can make. Unknown is not marked. */
bool quiet_marks(struct quiet_sample sample, double quiet_level_s);

#endif
