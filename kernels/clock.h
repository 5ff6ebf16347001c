/* clock, inside: the state of one problem, and what the broken twin in tests/ uses. Refuses to be an
 * interface for others: the harness sees only kernel_clock. */
#ifndef ACELERA_CLOCK_H
#define ACELERA_CLOCK_H

#include "kernels/kernel.h"

/* One thread's sum; neighbours never share a line. */
struct clock_slot {
    uint64_t sum;
} __attribute__((aligned(128)));

struct clock {
    struct kernel_config config;
    int64_t n;
    uint64_t start, step; /* of every thread's chain, from the seed; step is odd */
    struct clock_slot *slots;
};

extern const struct kernel TYPED(kernel_clock);
extern const struct kernel_dimension TYPED(clock_dimensions)[1];
const char *TYPED(clock_reject)(const struct kernel_config *config);
void TYPED(clock_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost);
void *TYPED(clock_create)(const struct kernel_config *config, const struct kernel_variant *variant);
void TYPED(clock_fill)(void *state);
void TYPED(clock_spoil)(void *state, bool whole);
void TYPED(clock_check)(void *state, struct kernel_check *check);
void TYPED(clock_destroy)(void *state);

#endif
