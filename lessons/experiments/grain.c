/* The same loop, with and without a team, at growing numbers of iterations: what a parallel loop costs before
 * it has done anything, and from which size on it pays.
 *
 * At each size the two take turns, over and over, and their medians count; short ones are repeated until the
 * clock can tell them apart. */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { TURNS_MAX = 400, TURNS_MIN = 5, SIZES_MAX = 16, WINDOW_NS = 5000 };

struct grain {
    int64_t size[SIZES_MAX];
    int sizes;
    double serial_ns[TURNS_MAX], parallel_ns[TURNS_MAX];
};

/* Iterations [begin, end): a number that depends on each, worth a handful of cycles. With and without a team
 * it is this one function that does the work, so that they differ in nothing else. */
static __attribute__((noinline)) uint64_t loop_part(int64_t begin, int64_t end)
{
    uint64_t mixed = 0;
    for (int64_t i = begin; i < end; i++)
        mixed ^= work_compute((uint64_t)i, 2);
    return mixed;
}

static uint64_t loop_serial(int64_t size)
{
    return loop_part(0, size);
}

static uint64_t loop_parallel(int64_t size, int threads)
{
    uint64_t mixed = 0;
#pragma omp parallel num_threads(threads) reduction(^ : mixed)
    {
        int64_t begin, end;
        team_share(size, team_rank(), team_size(), &begin, &end);
        mixed ^= loop_part(begin, end);
    }
    return mixed;
}

static const char *grain_prepare(const struct experiment_setup *setup, void **state)
{
    struct grain *grain = calloc(1, sizeof *grain);
    if (grain == NULL)
        return "no memory";
    double from = experiment_number(setup, "from", 16), to = experiment_number(setup, "to", 1 << 18);
    double factor = fmax(2, experiment_number(setup, "factor", 4));
    for (double size = fmax(1, from); size <= to && grain->sizes < SIZES_MAX; size *= factor)
        grain->size[grain->sizes++] = (int64_t)size;
    *state = grain;
    return NULL;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Nanoseconds of one loop, out of `repeats` in a row. threads 0: without a team. */
static double time_loop(int64_t size, int threads, int repeats, uint64_t *mixed)
{
    int64_t begin = work_now_ns();
    for (int r = 0; r < repeats; r++)
        *mixed += threads > 0 ? loop_parallel(size, threads) : loop_serial(size);
    return (double)(work_now_ns() - begin) / repeats;
}

/* So many that they fill a window of the clock, about. */
static int repeats_for(int64_t size, int threads, uint64_t *mixed)
{
    time_loop(size, threads, 1, mixed);
    double one_ns = fmax(1, time_loop(size, threads, 1, mixed));
    return one_ns >= WINDOW_NS ? 1 : (int)(WINDOW_NS / one_ns);
}

static void measure_size(
    struct grain *grain, int index, int threads, int64_t limit_ns, struct experiment_result *result)
{
    int64_t size = grain->size[index], deadline_ns = work_now_ns() + limit_ns;
    uint64_t mixed = 0;
    char name[32];
    int serial_repeats = repeats_for(size, 0, &mixed), parallel_repeats = repeats_for(size, threads, &mixed);
    int turns = 0;
    for (; turns < TURNS_MAX && (turns < TURNS_MIN || work_now_ns() < deadline_ns); turns++) {
        grain->serial_ns[turns] = time_loop(size, 0, serial_repeats, &mixed);
        grain->parallel_ns[turns] = time_loop(size, threads, parallel_repeats, &mixed);
    }
    qsort(grain->serial_ns, (size_t)turns, sizeof(double), ascending);
    qsort(grain->parallel_ns, (size_t)turns, sizeof(double), ascending);
    snprintf(name, sizeof name, "serial_%lld", (long long)size);
    experiment_add_value(result, name, 1e-9 * grain->serial_ns[turns / 2], "s");
    snprintf(name, sizeof name, "parallel_%lld", (long long)size);
    experiment_add_value(result, name, 1e-9 * grain->parallel_ns[turns / 2], "s");
}

static const char *grain_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct grain *grain = state;
    double seconds = experiment_number(setup, "limit_s", setup->seconds);
    result->checksum = 0;
    for (int i = 0; i < grain->sizes; i++) {
        if (loop_serial(grain->size[i]) != loop_parallel(grain->size[i], setup->threads))
            return "the loop and its parallel twin do not agree";
        result->checksum = result->checksum * 31 + loop_serial(grain->size[i]);
        measure_size(grain, i, setup->threads, (int64_t)(1e9 * seconds / grain->sizes), result);
    }
    return NULL;
}

static void grain_release(void *state)
{
    free(state);
}

const struct experiment experiment_grain = {
    .name = "grain",
    .what = "a loop with and without a team; from=N to=N factor=N iterations, limit_s=S for all sizes",
    .prepare = grain_prepare,
    .run = grain_run,
    .release = grain_release,
};
