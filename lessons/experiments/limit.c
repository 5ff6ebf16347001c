/* limit: a program with a serial part, and a parallel part that is cut so finely that a team can share it
 * evenly. The work is counted in rounds of work_compute(), not in seconds: it is the same at every team size,
 * and so is its checksum. Refuses to predict anything: it says how long each part took.
 */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

enum { CHUNK_ROUNDS = 25000 }; /* about 25 µs */

/* One chunk, stamped; its result depends on its number alone. */
static uint64_t compute_chunk(uint64_t seed, int64_t number, struct experiment_lane *lane)
{
    int64_t begin_ns = work_now_ns();
    uint64_t result = work_compute(seed + (uint64_t)number, CHUNK_ROUNDS);
    experiment_add_chunk(lane, CHUNK_WORK, begin_ns, work_now_ns(), false);
    return result;
}

static const char *run_limit(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    (void)state;
    const int64_t serial = (int64_t)experiment_number(setup, "serial", 600);
    const int64_t parallel = (int64_t)experiment_number(setup, "parallel", 1800);
    uint64_t sum = 0;

    /* From outside the timed part: reading the kernel's counts takes longer than forking a team. */
#pragma omp parallel num_threads(setup->threads)
    experiment_lane_begin(&result->lane[team_rank()]);
    int64_t begin_ns = work_now_ns();
    for (int64_t i = 0; i < serial; i++)
        sum += compute_chunk(setup->seed, i, &result->lane[0]);
    int64_t middle_ns = work_now_ns();
#pragma omp parallel num_threads(setup->threads) reduction(+ : sum)
    {
        struct experiment_lane *lane = &result->lane[team_rank()];
        /* Handed out one by one: a CPU that is slower or disturbed takes fewer. */
#pragma omp for schedule(dynamic, 1) nowait
        for (int64_t i = serial; i < serial + parallel; i++)
            sum += compute_chunk(setup->seed, i, lane);
    }
    int64_t end_ns = work_now_ns();
#pragma omp parallel num_threads(setup->threads)
    experiment_lane_end(&result->lane[team_rank()]);

    result->checksum = sum;
    result->begin_ns = begin_ns;
    result->end_ns = end_ns;
    experiment_add_value(result, "serial", 1e-9 * (double)(middle_ns - begin_ns), "s");
    experiment_add_value(result, "parallel", 1e-9 * (double)(end_ns - middle_ns), "s");
    return NULL;
}

const struct experiment experiment_limit = {
    .name = "limit",
    .what = "a serial part, then a parallel one; serial=CHUNKS parallel=CHUNKS, of about 25 us each",
    .run = run_limit,
};
