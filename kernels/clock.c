/* clock: the frequency that every core of the team runs at while all of them work, by a chain of dependent
 * additions of one cycle each (clock_chain.h). A ceiling for latency, not for throughput. Refuses to read a
 * frequency from the system, which says what it asked for and not what it got; and to divide its work: every
 * thread does n additions, at the same time. The element type changes nothing.
 */
#include "kernels/clock.h"
#include "kernels/clock_chain.h"
#include "kernels/digest.h"
#include "kernels/random.h"
#include "kernels/team.h"

#include <stdlib.h>

const struct kernel_dimension TYPED(clock_dimensions)[1] = {
    {"n", "dependent additions of each thread", {1 << 20, 1 << 24, 1 << 24, 1 << 24, 1 << 24}, NULL, false,
        false},
};

/* Around a turn of the chain's loop. */
static const int64_t test_shapes[] = {
    1, CLOCK_CHAIN_LINKS - 1, CLOCK_CHAIN_LINKS, CLOCK_CHAIN_LINKS + 1, 10000};

const char *TYPED(clock_reject)(const struct kernel_config *config)
{
    if (config->shape[0] > (int64_t)1 << 53)
        return "n must not exceed 2^53: the count of cycles would not be exact";
    return NULL;
}

/* Work: n cycles of each thread. No operations on elements, no traffic. Memory: the state alone. */
void TYPED(clock_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    (void)variant;
    *cost = (struct kernel_cost){
        .memory_bytes =
            (double)sizeof(struct clock) + (double)config->threads * (double)sizeof(struct clock_slot),
        .cycles = (double)config->shape[0],
        .regions = 1,
    };
}

static const char *find_unavailable(const struct kernel_config *config, const struct kernel_variant *variant)
{
    (void)config;
    (void)variant;
    return CLOCK_CHAIN_KNOWN ? NULL
                             : "no chain of additions is written for this processor family; add one to "
                               "kernels/clock_chain.h";
}

void *TYPED(clock_create)(const struct kernel_config *config, const struct kernel_variant *variant)
{
    (void)variant;
    struct clock *s = malloc(sizeof *s);
    if (s == NULL)
        return NULL;
    *s = (struct clock){
        .config = *config,
        .n = config->shape[0],
        .start = random_bits(config->seed, 0),
        .step =
            random_bits(config->seed, 1) | 1, /* odd: no fewer than 2^64 additions come back to the start */
        .slots = aligned_alloc(_Alignof(struct clock_slot), (size_t)config->threads * sizeof *s->slots),
    };
    if (s->slots != NULL)
        return s;
    free(s);
    return NULL;
}

void TYPED(clock_destroy)(void *state)
{
    struct clock *s = state;
    free(s->slots);
    free(s);
}

void TYPED(clock_fill)(void *state)
{
    struct clock *s = state;
#pragma omp parallel num_threads(s->config.threads)
    s->slots[team_rank()].sum = s->start;
}

/* A slot holds all there is of a thread's result, so every one is spoiled every time: as if nothing had been
 * added. */
void TYPED(clock_spoil)(void *state, bool whole)
{
    struct clock *s = state;
    (void)whole;
    for (int t = 0; t < s->config.threads; t++)
        s->slots[t].sum = s->start;
}

static void run_chain(void *state, struct kernel_lane *lanes)
{
    const struct clock *s = state;
#pragma omp parallel num_threads(s->config.threads)
    {
        int rank = team_rank();
        lane_begin(&lanes[rank]);
        s->slots[rank].sum = clock_chain_run(s->start, s->step, s->n);
        lane_end(&lanes[rank]);
    }
}

/* What n additions make, by one multiplication. */
void TYPED(clock_check)(void *state, struct kernel_check *check)
{
    const struct clock *s = state;
    const uint64_t expected = s->start + s->step * (uint64_t)s->n;
    *check = (struct kernel_check){.passed = true, .what = "the sum of each thread's chain", .index = -1};
    for (int t = 0; t < s->config.threads; t++)
        if (s->slots[t].sum != expected && check->passed) {
            check->passed = false;
            check->index = t;
            check->got = (double)s->slots[t].sum;
            check->expected = (double)expected;
        }
    check->digest = digest_mix(0, s->slots[s->config.threads - 1].sum);
}

static const struct kernel_variant variants[] = {
    {"chain", "each addition waits for the one before", "one addition a cycle, so its pace is the clock",
        run_chain, true, false},
};

const struct kernel TYPED(kernel_clock) = {
    .name = "clock",
    .element = ELEMENT_NAME,
    .summary = "ceiling: the frequency that each core really runs at",
    .role = KERNEL_CEILING,
    .rate = KERNEL_RATE_CYCLES,
    .dimensions = TYPED(clock_dimensions),
    .dimension_count = 1,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(clock_reject),
    .cost = TYPED(clock_cost),
    .unavailable = find_unavailable,
    .create = TYPED(clock_create),
    .fill = TYPED(clock_fill),
    .spoil = TYPED(clock_spoil),
    .check = TYPED(clock_check),
    .destroy = TYPED(clock_destroy),
    .test_shapes = test_shapes,
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
