/* flops, inside: the state of one problem, and what the broken twin in tests/ uses. Refuses to be an
 * interface for others: the harness sees only kernel_flops. */
#ifndef ACELERA_FLOPS_H
#define ACELERA_FLOPS_H

#include "kernels/kernel.h"

/* Independent chains of one thread: pipes × latency of the widest cores (4 × 4 with 32 registers; 2 × 6 of a
 * multiplication and an addition with 16), all in registers together with the two operands. */
#if defined(__AVX512F__) || defined(__aarch64__)
#    define FLOPS_CHAINS 16
#else
#    define FLOPS_CHAINS 12
#endif

enum {
    FLOPS_STEP = FLOPS_CHAINS * VECTOR_LANES, /* pairs of one step: one multiply-add of every chain */
    FLOPS_BLOCK_STEPS = 1 << 19 /* steps between two tallies: FLOPS_CHAINS × this is exact in f32 */
};

/* One thread's result; neighbours never share a line. */
struct flops_slot {
    int64_t pairs;
} __attribute__((aligned(128)));

struct flops {
    struct kernel_config config;
    int64_t steps; /* of the whole team: n / FLOPS_STEP, rounded up */
    element start[FLOPS_STEP] __attribute__((aligned(64))); /* zeros that the compiler cannot know */
    element factor, addend;                                 /* ones that the compiler cannot know */
    struct flops_slot *slots;                               /* one for each thread */
};

/* `steps` steps by this thread; returns the multiply-add pairs that its accumulators counted. */
int64_t TYPED(flops_count)(const struct flops *state, int64_t steps);

extern const struct kernel TYPED(kernel_flops);
extern const struct kernel_dimension TYPED(flops_dimensions)[1];
const char *TYPED(flops_reject)(const struct kernel_config *config);
void TYPED(flops_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost);
void *TYPED(flops_create)(const struct kernel_config *config, const struct kernel_variant *variant);
void TYPED(flops_fill)(void *state);
void TYPED(flops_spoil)(void *state, bool whole);
void TYPED(flops_check)(void *state, struct kernel_check *check);
void TYPED(flops_destroy)(void *state);

#endif
