/* Each thread adds to a counter of its own; the counters are `stride` bytes apart. What one addition costs is
 * taken from the median batch of each thread, so that a thread that had to give its CPU away does not look
 * slow.
 *
 * The additions are atomic because a compiler may keep a plain counter in a register, and then nothing is
 * shared: an atomic one goes to the cache each time. No counter is touched by two threads. */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 4000, PAGE_BYTES = 4096 };

struct falseshare {
    unsigned char
        *memory; /* aligned to a page, so that stride 8 puts the first eight counters into one line */
    size_t stride, counters;
};

static const char *falseshare_prepare(const struct experiment_setup *setup, void **state)
{
    size_t stride = (size_t)experiment_number(setup, "stride", 256);
    if (stride < sizeof(atomic_ullong) || stride > PAGE_BYTES || stride % sizeof(atomic_ullong) != 0)
        return "stride is a multiple of 8 from 8 to 4096";
    struct falseshare *counters = malloc(sizeof *counters);
    size_t bytes = ((size_t)setup->threads * stride / PAGE_BYTES + 1) * PAGE_BYTES;
    unsigned char *memory = aligned_alloc(PAGE_BYTES, bytes);
    if (counters == NULL || memory == NULL) {
        free(counters);
        free(memory);
        return "no memory";
    }
    memset(memory, 0, bytes);
    *counters = (struct falseshare){.memory = memory, .stride = stride, .counters = (size_t)setup->threads};
    *state = counters;
    return NULL;
}

static void add_many(atomic_ullong *counter, int count)
{
    for (int i = 0; i < count; i++)
        atomic_fetch_add_explicit(counter, 1, memory_order_relaxed);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Nanoseconds of one addition in the median batch of a thread: one that lost its CPU in between does not move
 * it. NaN: out of memory. */
static double median_addition(const struct experiment_lane *lane)
{
    double *batch_ns = malloc(((size_t)lane->count + 1) * sizeof *batch_ns);
    if (batch_ns == NULL)
        return NAN;
    for (int i = 0; i < lane->count; i++)
        batch_ns[i] = (double)(lane->chunk[i].end_ns - lane->chunk[i].begin_ns);
    qsort(batch_ns, (size_t)lane->count, sizeof *batch_ns, ascending);
    double median_ns = lane->count > 0 ? batch_ns[lane->count / 2] : NAN;
    free(batch_ns);
    return median_ns / BATCH;
}

static void add_until(atomic_ullong *counter, int64_t deadline_ns, struct experiment_lane *lane)
{
    int64_t begin = work_now_ns();
    do {
        add_many(counter, BATCH);
        int64_t end = work_now_ns();
        experiment_add_chunk(lane, CHUNK_WORK, begin, end, false);
        begin = end;
    } while (begin < deadline_ns);
}

static const char *falseshare_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    const struct falseshare *counters = state;
    int64_t limit_ns = (int64_t)(experiment_number(setup, "limit_s", setup->seconds) * 1e9);
    double sum = 0;
#pragma omp parallel num_threads(setup->threads)
    {
        int rank = team_rank();
        atomic_ullong *counter =
            (atomic_ullong *)(void *)(counters->memory + (size_t)rank * counters->stride);
        experiment_lane_begin(&result->lane[rank]);
#pragma omp barrier
        add_until(counter, work_now_ns() + limit_ns, &result->lane[rank]);
        experiment_lane_end(&result->lane[rank]);
    }
    for (int t = 0; t < setup->threads; t++)
        sum += median_addition(&result->lane[t]);
    experiment_add_value(result, "addition", sum / setup->threads, "ns");
    return NULL;
}

static void falseshare_release(void *state)
{
    struct falseshare *counters = state;
    free(counters->memory);
    free(counters);
}

const struct experiment experiment_falseshare = {
    .name = "falseshare",
    .what = "each thread adds to its own counter; stride=BYTES between the counters, limit_s=S",
    .prepare = falseshare_prepare,
    .run = falseshare_run,
    .release = falseshare_release,
};
