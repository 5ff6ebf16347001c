/* clock with faults built in, to prove that the real check() lets none through. Refuses to be a ceiling.
 *
 * `one_thread` and `racy` are wrong only in a team; the others at any team size. What no sum can show is a
 * chain that is not one: the addition's own code is looked at, not tested.
 */
#include "kernels/clock.h"
#include "kernels/clock_chain.h"
#include "kernels/team.h"

/* A right chain of every thread but the first, which does `additions` of `step`. */
static void run_chains(const struct clock *s, struct kernel_lane *lanes, uint64_t step, int64_t additions)
{
#pragma omp parallel num_threads(s->config.threads)
    {
        int rank = team_rank();
        lane_begin(&lanes[rank]);
        s->slots[rank].sum =
            clock_chain_run(s->start, rank == 0 ? step : s->step, rank == 0 ? additions : s->n);
        lane_end(&lanes[rank]);
    }
}

static void run_half(void *state, struct kernel_lane *lanes)
{
    const struct clock *s = state;
    run_chains(s, lanes, s->step, s->n / 2);
}

static void run_addition_lost(void *state, struct kernel_lane *lanes)
{
    const struct clock *s = state;
    run_chains(s, lanes, s->step, s->n - 1);
}

/* Whole turns of the loop only. */
static void run_rest_forgotten(void *state, struct kernel_lane *lanes)
{
    const struct clock *s = state;
    run_chains(s, lanes, s->step, (s->n - 1) / CLOCK_CHAIN_LINKS * CLOCK_CHAIN_LINKS);
}

static void run_ones(void *state, struct kernel_lane *lanes)
{
    const struct clock *s = state;
    run_chains(s, lanes, 1, s->n);
}

/* What was there stays. */
static void run_nothing(void *state, struct kernel_lane *lanes)
{
    const struct clock *s = state;
    for (int t = 0; t < s->config.threads; t++) {
        lane_begin(&lanes[t]);
        lane_end(&lanes[t]);
    }
}

static void run_one_thread(void *state, struct kernel_lane *lanes)
{
    const struct clock *s = state;
    run_nothing(state, lanes);
    s->slots[0].sum = clock_chain_run(s->start, s->step, s->n);
}

/* The threads share out one chain and add their parts to one sum without order. All have read before any
 * writes, so that updates are lost however the threads are scheduled. */
static void run_racy(void *state, struct kernel_lane *lanes)
{
    const struct clock *s = state;
    uint64_t shared = s->start;
#pragma omp parallel num_threads(s->config.threads)
    {
        int rank = team_rank();
        volatile uint64_t *sum = &shared;
        int64_t begin, end;
        lane_begin(&lanes[rank]);
        team_share(s->n, rank, team_size(), &begin, &end);
        uint64_t old = *sum;
#pragma omp barrier
        *sum = clock_chain_run(old, s->step, end - begin);
        lane_end(&lanes[rank]);
    }
    for (int t = 0; t < s->config.threads; t++)
        s->slots[t].sum = shared;
}

static const struct kernel_variant variants[] = {
    {"half", "the first thread adds half as often", "a clock twice too fast", run_half, false, false},
    {"addition_lost", "one addition is missing", "the smallest error there is", run_addition_lost, false,
        false},
    {"rest_forgotten", "whole turns of the loop only", "right at some lengths", run_rest_forgotten, false,
        false},
    {"ones", "adds 1 where the step should be", "as an addition that a core may skip", run_ones, false,
        false},
    {"nothing", "computes nothing", "what was there stays", run_nothing, false, false},
    {"one_thread", "only the first thread works", "the others' clocks are unknown", run_one_thread, false,
        false},
    {"racy", "threads share one sum without order", "updates are lost", run_racy, true, false},
};

static const int64_t test_shapes[] = {1000, CLOCK_CHAIN_LINKS};

const struct kernel TYPED(kernel_broken_clock) = {
    .name = "broken_clock",
    .element = ELEMENT_NAME,
    .summary = "clock with faults that check() must find",
    .role = KERNEL_CEILING,
    .rate = KERNEL_RATE_CYCLES,
    .dimensions = TYPED(clock_dimensions),
    .dimension_count = 1,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(clock_reject),
    .cost = TYPED(clock_cost),
    .create = TYPED(clock_create),
    .fill = TYPED(clock_fill),
    .spoil = TYPED(clock_spoil),
    .check = TYPED(clock_check),
    .destroy = TYPED(clock_destroy),
    .test_shapes = test_shapes,
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
