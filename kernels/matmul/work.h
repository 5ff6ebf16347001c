/* Units of work in a line, and which thread computes which: each those of its own share first, in every run
 * the same, so that it finds its parts of A, B and C in the caches near it; then what others have not begun,
 * so that nobody waits for a thread whose CPU another process has taken. Tasks get smaller towards the end,
 * and all end at nearly the same time. No barrier.
 *
 * Blumofe & Leiserson, "Scheduling Multithreaded Computations by Work Stealing", J. ACM 46(5), 1999; the
 * sizes: Polychronopoulos & Kuck, "Guided Self-Scheduling", IEEE Trans. Computers C-36(12), 1987.
 *
 * Refuses to know what a unit is: the paths do. */
#ifndef ACELERA_MATMUL_WORK_H
#define ACELERA_MATMUL_WORK_H

#include "kernels/matmul/matmul.h"

/* Before the team starts: units 0 … count − 1 in equal shares, which begin at multiples of `step` if there
 * are enough of these. */
void TYPED(matmul_share_out)(struct matmul *s, int64_t count, int64_t step);

/* How many units from `begin` on make a task: `wanted`, or so many more or less as the path likes; at least
 * 1, and not more than the `left` of the share. */
typedef int64_t matmul_cut_function(const struct matmul *s, int64_t begin, int64_t wanted, int64_t left);

/* Takes the calling thread's next task, units *begin … *begin + *count − 1; false when there are none left. A
 * path without a cut takes unit by unit. */
bool TYPED(matmul_take)(struct matmul *s, matmul_cut_function *cut, int64_t *begin, int64_t *count);

#endif
