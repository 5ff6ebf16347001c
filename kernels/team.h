/* The team as a kernel sees it, the same with and without OpenMP. */
#ifndef ACELERA_TEAM_H
#define ACELERA_TEAM_H

#include <stdint.h>

#ifdef _OPENMP
#    include <omp.h>
#endif

/* In an object for workers with and without OpenMP nobody may ask: the build compiles a source so if neither
 * it nor its headers name these functions. */
#ifdef TEAM_IS_UNKNOWN
#    pragma GCC poison team_rank team_size
#else

/* This thread's number inside the current parallel region, 0 outside. */
static inline int team_rank(void)
{
#    ifdef _OPENMP
    return omp_get_thread_num();
#    else
    return 0;
#    endif
}

/* Threads in the current parallel region, 1 outside. */
static inline int team_size(void)
{
#    ifdef _OPENMP
    return omp_get_num_threads();
#    else
    return 1;
#    endif
}

#endif

/* Thread `rank` of `size` owns items [begin, end) of `count`: contiguous, sizes differing by one at most. */
static inline void team_share(int64_t count, int rank, int size, int64_t *begin, int64_t *end)
{
    int64_t quotient = count / size, remainder = count % size;
    *begin = rank * quotient + (rank < remainder ? rank : remainder);
    *end = *begin + quotient + (rank < remainder ? 1 : 0);
}

#endif
