/* Several threads add ones to one total. Either each reads the total, works out the new value and writes it
 * back, in separate steps, or each addition is one atomic step. How many additions are missing in the end is
 * counted exactly.
 *
 * Every access is a C11 relaxed atomic one: this is a race condition and no data race, the compiler must do
 * each read and each write, and a race detector has nothing to say. Nothing here slows a thread down or makes
 * it give its CPU away to provoke a loss. */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Additions between two looks at the clock: one span of a lane. */
enum { BATCH = 4096 };

struct race {
    _Alignas(128) atomic_ullong total;
    _Alignas(128) int64_t updates; /* of each thread in each run; 0: as many as fit into limit_ns */
    int64_t limit_ns;
    int runs;
    int64_t thinking; /* rounds of work between reading and writing */
    bool atomic;
    uint64_t nothing; /* 0, which the compiler cannot know */
};

/* What the new total depends on: one more, whatever the computation between gives. */
static inline unsigned long long one_more(const struct race *race, unsigned long long old)
{
    return old + 1 + (work_compute(old, race->thinking) & race->nothing);
}

static void add_apart(struct race *race, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        unsigned long long old = atomic_load_explicit(&race->total, memory_order_relaxed);
        atomic_store_explicit(&race->total, one_more(race, old), memory_order_relaxed);
    }
}

static void add_at_once(struct race *race, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        unsigned long long amount = one_more(race, (unsigned long long)i) - (unsigned long long)i;
        atomic_fetch_add_explicit(&race->total, amount, memory_order_relaxed);
    }
}

static const char *race_prepare(const struct experiment_setup *setup, void **state)
{
    struct race *race = aligned_alloc(128, (sizeof *race + 127) / 128 * 128);
    if (race == NULL)
        return "no memory";
    atomic_init(&race->total, 0);
    race->updates = (int64_t)experiment_number(setup, "updates", 0);
    race->limit_ns = (int64_t)(experiment_number(setup, "limit_s", setup->seconds) * 1e9);
    race->runs = (int)experiment_number(setup, "runs", 1);
    race->thinking = (int64_t)experiment_number(setup, "thinking", 8);
    race->atomic = strcmp(experiment_text(setup, "how", "apart"), "at_once") == 0;
    race->nothing = 0;
    *state = race;
    return NULL;
}

/* One thread's part of one run; returns how many additions it made. */
static int64_t add_part(struct race *race, int64_t deadline_ns, struct experiment_lane *lane)
{
    int64_t done = 0, begin = work_now_ns();
    while ((race->updates == 0 || done < race->updates) && begin < deadline_ns) {
        int64_t count = race->updates > 0 && race->updates - done < BATCH ? race->updates - done : BATCH;
        if (race->atomic)
            add_at_once(race, count);
        else
            add_apart(race, count);
        done += count;
        int64_t end = work_now_ns();
        experiment_add_chunk(lane, CHUNK_WORK, begin, end, false);
        begin = end;
    }
    return done;
}

static const char *race_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct race *race = state;
    int64_t made = 0, lost = 0, finished = 0, right = 0;
    int64_t deadline_ns = work_now_ns() + race->limit_ns;
    for (int run = 0; run < race->runs && (run == 0 || work_now_ns() < deadline_ns); run++) {
        int64_t done = 0;
        atomic_store(&race->total, 0);
#pragma omp parallel num_threads(setup->threads) reduction(+ : done)
        {
            struct experiment_lane *lane = &result->lane[team_rank()];
            if (race->runs == 1)
                experiment_lane_begin(lane);
            done += add_part(race, deadline_ns, lane);
            if (race->runs == 1)
                experiment_lane_end(lane);
        }
        int64_t missing = done - (int64_t)atomic_load(&race->total);
        made += done;
        lost += missing;
        right += missing == 0;
        finished++;
    }
    experiment_add_value(result, "runs", (double)finished, "1");
    experiment_add_value(result, "right", 100.0 * (double)right / (double)finished, "%");
    experiment_add_value(result, "updates", (double)made, "1");
    experiment_add_value(result, "missing", (double)lost, "1");
    experiment_add_value(result, "lost", made > 0 ? 100.0 * (double)lost / (double)made : NAN, "%");
    result->checksum = (uint64_t)made;
    return NULL;
}

static void race_release(void *state)
{
    free(state);
}

const struct experiment experiment_race = {
    .name = "race",
    .what =
        "additions to one total; how=apart|at_once updates=N (of each thread; 0 as many as fit) limit_s=S "
        "runs=N thinking=ROUNDS",
    .prepare = race_prepare,
    .run = race_run,
    .release = race_release,
};
