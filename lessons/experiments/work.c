/* Work, clocks and lanes for all experiments. */
#include "lessons/experiments/experiment.h"

#include <inttypes.h>
#include <sched.h>
#include <stdio.h>
#include <time.h>

enum { WINDOW_NS = 20000, WINDOWS = 200 };

static int64_t clock_ns(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t work_now_ns(void)
{
    return clock_ns(CLOCK_MONOTONIC);
}

int64_t work_thread_cpu_ns(void)
{
    return clock_ns(CLOCK_THREAD_CPUTIME_ID);
}

/* A multiplication and an addition, each waiting for the one before: Knuth's MMIX generator. */
uint64_t work_compute(uint64_t state, int64_t rounds)
{
    for (int64_t i = 0; i < rounds; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        __asm__ volatile("" : "+r"(state)); /* no jump ahead over many steps */
    }
    return state;
}

int64_t work_calibrate(double seconds)
{
    int64_t fastest_ns = INT64_MAX;
    uint64_t state = 1;
    for (int i = 0; i < WINDOWS; i++) {
        int64_t begin_ns = work_now_ns();
        state = work_compute(state, WINDOW_NS);
        int64_t took_ns = work_now_ns() - begin_ns;
        fastest_ns = took_ns < fastest_ns ? took_ns : fastest_ns;
    }
    __asm__ volatile("" : : "r"(state));
    double rounds = 1e9 * seconds * WINDOW_NS / (double)(fastest_ns > 0 ? fastest_ns : 1);
    return rounds < 1 ? 1 : (int64_t)rounds;
}

/* ---- lanes ---- */

void experiment_add_chunk(
    struct experiment_lane *lane, enum chunk_kind kind, int64_t begin_ns, int64_t end_ns, bool locked_wait)
{
    lane->seen++;
    if (lane->count == EXPERIMENT_CHUNKS_MAX)
        return;
    lane->chunk[lane->count++] =
        (struct experiment_chunk){begin_ns, end_ns, sched_getcpu(), kind, locked_wait};
}

/* "run_ns wait_ns slices": the second is the time on a run queue. −1 where the kernel does not count it. */
static int64_t waited_for_cpu_ns(void)
{
    int64_t ran_ns, waited_ns = -1;
    FILE *file = fopen("/proc/thread-self/schedstat", "re");
    if (file == NULL)
        return -1;
    if (fscanf(file, "%" SCNd64 " %" SCNd64, &ran_ns, &waited_ns) != 2)
        waited_ns = -1;
    fclose(file);
    return waited_ns;
}

void experiment_lane_begin(struct experiment_lane *lane)
{
    lane->off_cpu_before_ns = waited_for_cpu_ns();
    lane->cpu_before_ns = work_thread_cpu_ns();
}

void experiment_lane_end(struct experiment_lane *lane)
{
    lane->cpu_ns = work_thread_cpu_ns() - lane->cpu_before_ns;
    int64_t waited_ns = waited_for_cpu_ns();
    lane->off_cpu_ns =
        waited_ns >= 0 && lane->off_cpu_before_ns >= 0 ? waited_ns - lane->off_cpu_before_ns : -1;
}
