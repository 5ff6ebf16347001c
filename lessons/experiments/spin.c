/* Threads that compute for a while, chunk after chunk, each for itself: how much work do they get done? */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* About 20 µs each, the same work on every machine. */
enum { CHUNK_ROUNDS = 20000, WIDE_CHUNK_ROUNDS = 14000, WIDTH = 8 };

/* Eight chains that do not wait for each other: as much as the multiplier of one core can do, so that two
 * hardware threads of a core cannot both have it. */
static uint64_t compute_wide(uint64_t state)
{
    uint64_t chain[WIDTH];
    for (int c = 0; c < WIDTH; c++)
        chain[c] = state + (uint64_t)c;
    for (int i = 0; i < WIDE_CHUNK_ROUNDS; i++)
        for (int c = 0; c < WIDTH; c++) {
            chain[c] = chain[c] * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            __asm__ volatile("" : "+r"(chain[c])); /* each for itself, in no vector */
        }
    for (int c = 0; c < WIDTH; c++)
        state ^= chain[c];
    return state;
}

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* The median of the first thread's chunks: an interrupted one does not move it. NaN: it finished none. */
static double median_chunk_s(const struct experiment_lane *lane)
{
    double *length_s = malloc(((size_t)lane->count + 1) * sizeof *length_s);
    if (length_s == NULL || lane->count == 0) {
        free(length_s);
        return NAN;
    }
    for (int i = 0; i < lane->count; i++)
        length_s[i] = 1e-9 * (double)(lane->chunk[i].end_ns - lane->chunk[i].begin_ns);
    qsort(length_s, (size_t)lane->count, sizeof *length_s, compare_numbers);
    double median_s = length_s[lane->count / 2];
    free(length_s);
    return median_s;
}

static const char *spin_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    double window_s = experiment_number(setup, "window", setup->seconds);
    bool wide = strcmp(experiment_text(setup, "work", "chain"), "wide") == 0;
    (void)state;
#pragma omp parallel num_threads(setup->threads)
    {
        int rank = team_rank();
        struct experiment_lane *lane = &result->lane[rank];
        experiment_lane_begin(lane);
        uint64_t value = setup->seed + (uint64_t)rank;
        int64_t now_ns = work_now_ns(), end_ns = now_ns + (int64_t)(1e9 * window_s);
        while (now_ns < end_ns) {
            int64_t begin_ns = now_ns;
            value = wide ? compute_wide(value) : work_compute(value, CHUNK_ROUNDS);
            now_ns = work_now_ns();
            experiment_add_chunk(lane, CHUNK_WORK, begin_ns, now_ns, false);
        }
        experiment_lane_end(lane);
    }
    int64_t chunks = 0;
    for (int t = 0; t < setup->threads; t++)
        chunks += result->lane[t].seen;
    experiment_add_value(result, "chunks", (double)chunks, "1");
    experiment_add_value(result, "chunk_s", median_chunk_s(&result->lane[0]), "s");
    for (int t = 0; t < setup->threads && experiment_number(setup, "stamps", 1) == 0; t++)
        result->lane[t].count = 0;
    return NULL;
}

const struct experiment experiment_spin = {
    .name = "spin",
    .what = "chunks of the same work for window=SECONDS; work=wide: all that a core can do, chain: each step "
            "waits for "
            "the last; stamps=0: not reported one by one",
    .run = spin_run,
};
