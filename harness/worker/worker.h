/* The four things that a worker does. Each returns its exit code (see README.md). */
#ifndef ACELERA_WORKER_H
#define ACELERA_WORKER_H

#include <stdbool.h>
#include <stdint.h>

enum worker_exit {
    WORKER_DONE = 0,
    WORKER_FAILED = 1,
    WORKER_USAGE = 2,
    WORKER_UNVERIFIED = 3,
    WORKER_WRONG_CPU = 4
};

/* "gomp", "omp" or "serial": the OpenMP runtime that is linked in. */
const char *worker_runtime(void);

int worker_describe(const char *name);
int worker_cost(char **words, int count);
/* started_ns: CLOCK_MONOTONIC when main began, where the set-up time counts from. */
int worker_measure(char **words, int count, int64_t started_ns);
/* name: of the kernel, NULL for all. brief: large problems with one combination of options for each variant.
 */
int worker_self_test(const char *name, int threads, bool brief);

#endif
