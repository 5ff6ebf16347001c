/* Who computes at the same instant, and who sees whose memory. Every thread computes chunk after chunk for a
 * while; the first thread of the first process writes a token into a variable, and all others look there
 * after each chunk. The variable is the process's own, or lies in the memory that the processes share. */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"
#include "lessons/experiments/giant.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_ROUNDS = 20000 }; /* about 20 µs */

struct sight {
    bool seen;
    int64_t last_look_ns, first_write_ns; /* a look began; the write was over */
} __attribute__((aligned(128)));

struct twobytwo {
    struct giant giant;
    bool locked;
    struct sight *sight; /* of each thread */
};

static _Atomic uint64_t own_token; /* zero when a process starts */

static _Atomic uint64_t *token_of(const struct experiment_setup *setup)
{
    return setup->shared != NULL ? (_Atomic uint64_t *)(void *)setup->shared : &own_token;
}

static const char *twobytwo_prepare(const struct experiment_setup *setup, void **state)
{
    struct twobytwo *own = calloc(1, sizeof *own);
    if (own == NULL)
        return "out of memory";
    own->locked = experiment_number(setup, "lock", 0) != 0;
    own->sight = aligned_alloc(sizeof *own->sight, (size_t)setup->threads * sizeof *own->sight);
    if (own->sight == NULL || !giant_make(&own->giant, experiment_number(setup, "interval", 0.002)))
        return "out of memory";
    memset(own->sight, 0, (size_t)setup->threads * sizeof *own->sight);
    *state = own;
    return NULL;
}

/* The token is written, or looked for, between two chunks. */
static void visit(_Atomic uint64_t *place, uint64_t token, bool writes, int64_t now_ns, struct sight *sight)
{
    if (!writes) {
        sight->last_look_ns = now_ns;
        sight->seen = atomic_load(place) == token;
    } else if (sight->first_write_ns == 0) {
        atomic_store(place, token);
        sight->first_write_ns = work_now_ns();
    }
}

static void compute_for_a_while(
    const struct experiment_setup *setup, struct twobytwo *own, int rank, struct experiment_lane *lane)
{
    uint64_t value = setup->seed + (uint64_t)rank;
    bool holds = false, writes = setup->process == 0 && rank == 0;
    int64_t now_ns = work_now_ns(), end_ns = now_ns + (int64_t)(1e9 * setup->seconds);
    while (now_ns < end_ns) {
        int64_t begin_ns = now_ns;
        if (own->locked && !holds) {
            if (giant_take(&own->giant, rank))
                experiment_add_chunk(lane, CHUNK_WAIT, begin_ns, work_now_ns(), true);
            holds = true;
            begin_ns = work_now_ns();
        }
        value = work_compute(value, CHUNK_ROUNDS);
        now_ns = work_now_ns();
        experiment_add_chunk(lane, CHUNK_WORK, begin_ns, now_ns, false);
        visit(token_of(setup), setup->seed | 1, writes, now_ns, &own->sight[rank]);
        if (holds && giant_is_wanted(&own->giant)) {
            giant_release(&own->giant);
            holds = false;
        }
    }
    if (holds)
        giant_release(&own->giant);
}

static const char *twobytwo_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct twobytwo *own = state;
#pragma omp parallel num_threads(setup->threads)
    {
        int rank = team_rank();
        experiment_lane_begin(&result->lane[rank]);
        compute_for_a_while(setup, own, rank, &result->lane[rank]);
        experiment_lane_end(&result->lane[rank]);
    }
    int first = setup->process == 0 ? 1 : 0, seen = 0;
    int64_t earliest_ns = INT64_MAX;
    for (int t = first; t < setup->threads; t++) {
        const struct sight *sight = &own->sight[t];
        seen += sight->seen;
        earliest_ns = sight->last_look_ns < earliest_ns ? sight->last_look_ns : earliest_ns;
    }
    experiment_add_value(result, "lookers", setup->threads - first, "1");
    experiment_add_value(result, "seen", seen, "1");
    if (first < setup->threads) /* when the last look of the one that ended first began */
        experiment_add_value(result, "looked_s", 1e-9 * (double)earliest_ns, "s");
    if (setup->process == 0)
        experiment_add_value(result, "written_s", 1e-9 * (double)own->sight[0].first_write_ns, "s");
    return NULL;
}

static void twobytwo_release(void *state)
{
    struct twobytwo *own = state;
    giant_destroy(&own->giant);
    free(own->sight);
    free(own);
}

const struct experiment experiment_twobytwo = {
    .name = "twobytwo",
    .what =
        "threads and processes that compute for a while and look for a token that the first of them wrote; "
        "lock=1: under one lock, handed over after interval=SECONDS",
    .prepare = twobytwo_prepare,
    .run = twobytwo_run,
    .release = twobytwo_release,
};
