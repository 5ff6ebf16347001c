/* place: how much work threads get done in a given time, wherever they were put. The work keeps the
 * multiplier of a core busy all the time, so two threads that share a core also share what it can do; a chain
 * in which each step waits for the one before would leave room for both, and hide the sharing. With steps=1
 * the threads wait for each other after every piece, and the steps are counted. Refuses to say where its
 * threads are: the binding is the caller's.
 */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

#include <stdlib.h>

enum { CHUNK_TURNS = 20000 }; /* some 25 µs */

/* As many independent products as fill the pipe, written out so that all stay in registers. The empty asm
 * keeps the compiler from joining them into vectors, whose width would be a matter of how this file was
 * compiled. */
#define TURN(x)                                                                                              \
    x = x * factor + 1;                                                                                      \
    __asm__ volatile("" : "+r"(x))

static uint64_t multiply(uint64_t state, int64_t turns)
{
    const uint64_t factor = UINT64_C(6364136223846793005);
    uint64_t a = state, b = state + 1, c = state + 2, d = state + 3, e = state + 4, f = state + 5,
             g = state + 6, h = state + 7, i = state + 8, j = state + 9;
    for (; turns > 0; turns--) {
        TURN(a);
        TURN(b);
        TURN(c);
        TURN(d);
        TURN(e);
        TURN(f);
        TURN(g);
        TURN(h);
        TURN(i);
        TURN(j);
    }
    return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j;
}

struct place_count {
    int64_t chunks;
    uint64_t state;
} __attribute__((aligned(128)));

struct place {
    struct place_count *count;
};

static const char *prepare_place(const struct experiment_setup *setup, void **state)
{
    struct place *place = calloc(1, sizeof *place);
    if (place == NULL)
        return "no memory for the counts";
    place->count = aligned_alloc(128, (size_t)setup->threads * sizeof *place->count);
    if (place->count == NULL) {
        free(place);
        return "no memory for the counts";
    }
    for (int t = 0; t < setup->threads; t++)
        place->count[t] = (struct place_count){0, setup->seed + (uint64_t)t};
    *state = place;
    return NULL;
}

static void compute_until(int64_t end_ns, struct place_count *count, struct experiment_lane *lane)
{
    experiment_lane_begin(lane);
    int64_t now_ns = work_now_ns();
    while (now_ns < end_ns) {
        int64_t begin_ns = now_ns;
        count->state = multiply(count->state, CHUNK_TURNS);
        now_ns = work_now_ns();
        experiment_add_chunk(lane, CHUNK_WORK, begin_ns, now_ns, false);
        count->chunks++;
    }
    experiment_lane_end(lane);
}

/* Every thread a piece, then all wait for all. The initial thread says when it is enough: one word that all
 * read between the same two barriers. */
static int64_t step_until(int64_t end_ns, struct place *place, int threads, struct experiment_lane *lanes)
{
    int64_t steps = 0;
    bool enough = false;
#pragma omp parallel num_threads(threads) shared(steps, enough)
    {
        int rank = team_rank();
        struct place_count *count = &place->count[rank];
        experiment_lane_begin(&lanes[rank]);
        for (;;) {
            int64_t begin_ns = work_now_ns();
            count->state = multiply(count->state, CHUNK_TURNS);
            int64_t end_of_work_ns = work_now_ns();
            experiment_add_chunk(&lanes[rank], CHUNK_WORK, begin_ns, end_of_work_ns, false);
            count->chunks++;
#pragma omp barrier
            if (rank == 0) {
                steps++;
                enough = work_now_ns() >= end_ns;
            }
#pragma omp barrier
            if (enough)
                break;
        }
        experiment_lane_end(&lanes[rank]);
    }
    return steps;
}

static const char *run_place(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct place *place = state;
    int64_t begin_ns = work_now_ns();
    int64_t end_ns = begin_ns + (int64_t)(1e9 * setup->seconds);
    if (experiment_number(setup, "steps", 0) != 0) {
        int64_t steps = step_until(end_ns, place, setup->threads, result->lane);
        experiment_add_value(result, "steps", (double)steps, "1");
    } else {
#pragma omp parallel num_threads(setup->threads)
        {
            int rank = team_rank();
            compute_until(end_ns, &place->count[rank], &result->lane[rank]);
        }
    }
    result->begin_ns = begin_ns;
    result->end_ns = work_now_ns();
    double chunks = 0;
    for (int t = 0; t < setup->threads; t++) {
        chunks += (double)place->count[t].chunks;
        result->checksum ^= place->count[t].state;
    }
    experiment_add_value(result, "chunks", chunks, "1");
    experiment_add_value(result, "rate", chunks / (1e-9 * (double)(result->end_ns - begin_ns)), "1/s");
    return NULL;
}

static void release_place(void *state)
{
    struct place *place = state;
    free(place->count);
    free(place);
}

const struct experiment experiment_place = {
    .name = "place",
    .what = "work done in a given time; steps=1: a barrier after every piece",
    .prepare = prepare_place,
    .run = run_place,
    .release = release_place,
};
