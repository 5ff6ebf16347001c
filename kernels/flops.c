/* flops: how many multiply-adds a second the cores can do when nothing else is in the way. A ceiling: chains
 * of x ← x·1 + 1 in registers, so that every accumulator counts its own operations and the sum of them all is
 * the work that was done, exactly. Refuses to touch memory, and to be a workload.
 *
 * The arithmetic roof of Williams, Waterman & Patterson, "Roofline: An Insightful Visual Performance Model
 * for Multicore Architectures", CACM 52(4), 2009. Where the level has no fused multiply-add it is the roof of
 * multiplications and additions in equal numbers.
 */
#include "kernels/flops.h"
#include "kernels/digest.h"
#include "kernels/team.h"

#include <stdlib.h>
#include <string.h>

const struct kernel_dimension TYPED(flops_dimensions)[1] = {
    {"n", "multiply-add pairs of the whole team", {1 << 26, 1 << 30, 1 << 30, 1 << 30, 1 << 30}, NULL, true,
        false},
};

/* Around a step, and past a block. */
static const int64_t test_shapes[] = {
    1, FLOPS_STEP, FLOPS_STEP + 1, 7 * FLOPS_STEP - 1, (int64_t)(FLOPS_BLOCK_STEPS + 3) * FLOPS_STEP};

const char *TYPED(flops_reject)(const struct kernel_config *config)
{
    if (config->shape[0] > (int64_t)1 << 52)
        return "n must not exceed 2^52: the count of operations would not be exact";
    return NULL;
}

/* Work: a multiplication and an addition for each pair; the last step is rounded up, uncredited. Traffic:
 * none. Memory: the state alone. */
void TYPED(flops_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    (void)variant;
    *cost = (struct kernel_cost){
        .flop = 2.0 * (double)config->shape[0],
        .memory_bytes =
            (double)sizeof(struct flops) + (double)config->threads * (double)sizeof(struct flops_slot),
        .regions = 1,
    };
}

void *TYPED(flops_create)(const struct kernel_config *config, const struct kernel_variant *variant)
{
    (void)variant;
    struct flops *s = aligned_alloc(_Alignof(struct flops), sizeof *s);
    if (s == NULL)
        return NULL;
    s->config = *config;
    s->steps = (config->shape[0] + FLOPS_STEP - 1) / FLOPS_STEP;
    s->slots = aligned_alloc(_Alignof(struct flops_slot), (size_t)config->threads * sizeof *s->slots);
    if (s->slots != NULL)
        return s;
    free(s);
    return NULL;
}

void TYPED(flops_destroy)(void *state)
{
    struct flops *s = state;
    free(s->slots);
    free(s);
}

void TYPED(flops_fill)(void *state)
{
    struct flops *s = state;
    memset(s->start, 0, sizeof s->start);
    s->factor = s->addend = 1;
#pragma omp parallel num_threads(s->config.threads)
    s->slots[team_rank()].pairs = 0;
}

/* A slot holds all there is of a thread's result, so every one is spoiled every time. */
void TYPED(flops_spoil)(void *state, bool whole)
{
    struct flops *s = state;
    (void)whole;
    for (int t = 0; t < s->config.threads; t++)
        s->slots[t].pairs = -1;
}

/* A multiply-add of aarch64 overwrites its addend, so there the chain runs through the addend; the product of
 * the other two would be the same in every step, and must not leave the loop. Elsewhere the chain runs
 * through a factor: either form is one instruction. */
#if defined(__aarch64__)
#    define CHAIN_STEP(x, factor, addend) ((x) + (factor) * (addend))
#    define KEEP_IN_LOOP(value)           __asm__("" : "+w"(value))
#else
#    define CHAIN_STEP(x, factor, addend) ((x) * (factor) + (addend))
#    define KEEP_IN_LOOP(value)           ((void)(value))
#endif

/* At most FLOPS_BLOCK_STEPS steps. All chains advance side by side; the loop is FLOPS_CHAINS multiply-adds on
 * registers. The chains begin at values read from memory, or a compiler would find them equal and keep one.
 */
static vector run_block(const struct flops *s, int64_t steps)
{
    vector x[FLOPS_CHAINS], sum = {0};
    vector factor = (vector){0} + s->factor;
    const vector addend = (vector){0} + s->addend;
    for (int c = 0; c < FLOPS_CHAINS; c++)
        x[c] = *(const vector_unaligned *)&s->start[c * VECTOR_LANES];
    for (int64_t k = 0; k < steps; k++) {
        KEEP_IN_LOOP(factor);
        for (int c = 0; c < FLOPS_CHAINS; c++)
            x[c] = CHAIN_STEP(x[c], factor, addend);
    }
    for (int c = 0; c < FLOPS_CHAINS; c++)
        sum += x[c];
    return sum;
}

int64_t TYPED(flops_count)(const struct flops *s, int64_t steps)
{
    int64_t pairs = 0;
    for (int64_t block; steps > 0; steps -= block) {
        element lane[VECTOR_LANES];
        block = steps < FLOPS_BLOCK_STEPS ? steps : FLOPS_BLOCK_STEPS;
        *(vector_unaligned *)lane = run_block(s, block);
        for (int l = 0; l < VECTOR_LANES; l++)
            pairs += (int64_t)lane[l];
    }
    return pairs;
}

static void run_fma(void *state, struct kernel_lane *lanes)
{
    const struct flops *s = state;
#pragma omp parallel num_threads(s->config.threads)
    {
        int rank = team_rank();
        int64_t begin, end;
        lane_begin(&lanes[rank]);
        team_share(s->steps, rank, team_size(), &begin, &end);
        s->slots[rank].pairs = TYPED(flops_count)(s, end - begin);
        lane_end(&lanes[rank]);
    }
}

/* The accumulators' own count of the pairs, thread by thread, exactly. */
void TYPED(flops_check)(void *state, struct kernel_check *check)
{
    const struct flops *s = state;
    int64_t pairs = 0;
    *check = (struct kernel_check){
        .passed = true, .what = "multiply-adds that each thread's accumulators counted", .index = -1};
    for (int t = 0; t < s->config.threads; t++) {
        int64_t begin, end;
        team_share(s->steps, t, s->config.threads, &begin, &end);
        int64_t got = s->slots[t].pairs, expected = (end - begin) * FLOPS_STEP;
        pairs += got;
        if (got != expected && check->passed) {
            check->passed = false;
            check->index = t;
            check->got = (double)got;
            check->expected = (double)expected;
        }
    }
    check->digest = digest_mix(0, (uint64_t)pairs);
}

static const struct kernel_variant variants[] = {
    {"fma", "chains of multiply-adds in registers, as many as keep every pipe full",
        "nothing but arithmetic: no workload can do more of it in the same time", run_fma, true, false},
};

const struct kernel TYPED(kernel_flops) = {
    .name = "flops",
    .element = ELEMENT_NAME,
    .summary = "ceiling: multiply-adds on registers",
    .role = KERNEL_CEILING,
    .rate = KERNEL_RATE_FLOP,
    .dimensions = TYPED(flops_dimensions),
    .dimension_count = 1,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(flops_reject),
    .cost = TYPED(flops_cost),
    .create = TYPED(flops_create),
    .fill = TYPED(flops_fill),
    .spoil = TYPED(flops_spoil),
    .check = TYPED(flops_check),
    .destroy = TYPED(flops_destroy),
    .test_shapes = test_shapes,
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
