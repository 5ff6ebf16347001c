/* From which timed iteration on is a process in its steady state? Found, not assumed. Pure numbers. */
#ifndef ACELERA_STEADY_H
#define ACELERA_STEADY_H

#include <stddef.h>

/* What the iterations of all processes of one cell show together. */
struct steady_state {
    size_t from;   /* first iteration that does not differ from the last half of its process; 0: at once */
    double excess; /* how much slower the iterations before it were: 0.04 is 4 %; NaN where from = 0 */
    double creep;  /* change from the middle of a process to its end, relative (still heating up, or a leak);
                      NaN where it cannot be told from 0 */
};

/* seconds[i]: the count[i] timed iterations of process i, in order. NaN fields where nothing can be said
 * (fewer than 6 processes, or fewer than 4 iterations in each). */
void steady_state_of(
    const double *const *seconds, const size_t *count, size_t processes, struct steady_state *state);

#endif
