/* A fixed amount of work shared out to the threads, a part of it under one lock for everything. */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"
#include "lessons/experiments/giant.h"

#include <stdlib.h>

enum { CHUNK_ROUNDS = 20000, CHUNKS_A_PERIOD = 100 }; /* about 20 µs; about 2 ms */

struct globallock {
    struct giant giant;
    int64_t chunks;
    int locked; /* of each period's chunks, the first so many */
};

static const char *globallock_prepare(const struct experiment_setup *setup, void **state)
{
    double interval_s = experiment_number(setup, "interval", 0.005);
    double locked = experiment_number(setup, "locked", 100), work_s = experiment_number(setup, "work", 0.03);
    if (!(interval_s > 0 && interval_s <= 10) || !(locked >= 0 && locked <= CHUNKS_A_PERIOD) ||
        !(work_s > 0 && work_s <= 3600))
        return "interval, locked or work is out of range";
    struct globallock *own = calloc(1, sizeof *own);
    if (own == NULL || !giant_make(&own->giant, interval_s)) {
        free(own);
        return "out of memory";
    }
    own->locked = (int)locked;
    own->chunks = (int64_t)(1e9 * work_s / CHUNK_ROUNDS) + 1;
    *state = own;
    return NULL;
}

/* Stamps the wait only if there was one. */
static void take(struct globallock *own, int thread, struct experiment_lane *lane)
{
    int64_t begin_ns = work_now_ns();
    if (giant_take(&own->giant, thread))
        experiment_add_chunk(lane, CHUNK_WAIT, begin_ns, work_now_ns(), true);
}

/* A thread's own chunks, numbered from `begin`; what each computes depends on its number alone. */
static uint64_t work_through(
    struct globallock *own, int64_t begin, int64_t end, int thread, struct experiment_lane *lane)
{
    uint64_t checksum = 0;
    bool holds = false;
    for (int64_t c = begin; c < end; c++) {
        bool wants = (c - begin) % CHUNKS_A_PERIOD < own->locked;
        if (holds && (!wants || giant_is_wanted(&own->giant))) {
            giant_release(&own->giant);
            holds = false;
        }
        if (wants && !holds) {
            take(own, thread, lane);
            holds = true;
        }
        int64_t begin_ns = work_now_ns();
        checksum ^= work_compute((uint64_t)c, CHUNK_ROUNDS);
        experiment_add_chunk(lane, CHUNK_WORK, begin_ns, work_now_ns(), false);
    }
    if (holds)
        giant_release(&own->giant);
    return checksum;
}

static const char *globallock_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct globallock *own = state;
    uint64_t checksum = 0;
#pragma omp parallel num_threads(setup->threads) reduction(^ : checksum)
    {
        int64_t begin, end;
        int rank = team_rank();
        team_share(own->chunks, rank, team_size(), &begin, &end);
        experiment_lane_begin(&result->lane[rank]);
        checksum ^= work_through(own, begin, end, rank, &result->lane[rank]);
        experiment_lane_end(&result->lane[rank]);
    }
    result->checksum = checksum;
    experiment_add_value(result, "handed_over", (double)own->giant.handed_over, "1");
    return NULL;
}

static void globallock_release(void *state)
{
    struct globallock *own = state;
    giant_destroy(&own->giant);
    free(own);
}

const struct experiment experiment_globallock = {
    .name = "globallock",
    .what = "work=SECONDS (about) shared out to the threads, locked=PERCENT of it under one lock that is "
            "handed over "
            "after interval=SECONDS",
    .prepare = globallock_prepare,
    .run = globallock_run,
    .release = globallock_release,
};
