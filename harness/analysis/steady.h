/* From which timed iteration on is a process in its steady state? Found, not assumed. Pure numbers. */
#ifndef ACELERA_STEADY_H
#define ACELERA_STEADY_H

#include <stdbool.h>
#include <stddef.h>

/* What the iterations of all processes of one cell show together. */
struct steady_state {
    bool known;    /* false: fewer than 6 processes with 4 iterations or more */
    size_t from;   /* first iteration that does not differ from the last half of its process; 0: at once */
    double excess; /* how much slower the iterations before it were: 0.04 is 4 %; NaN where from = 0 */
    double creep;  /* change from the third quarter of a process to its fourth, relative (still heating up, or
                      a leak); NaN where it cannot be told from 0 */
};

/* seconds[i]: the count[i] timed iterations of process i, in order, all positive. Each process is compared
 * with itself, and an interval over processes decides: a steady cell is called otherwise 5 % of the time, at
 * its first iteration and, apart from that, by its creep. */
void steady_state_of(
    const double *const *seconds, const size_t *count, size_t processes, struct steady_state *state);

#endif
