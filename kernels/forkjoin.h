/* forkjoin, inside: the state of one problem, and what the broken twin in tests/ uses. Refuses to be an
 * interface for others: the harness sees only kernel_forkjoin. */
#ifndef ACELERA_FORKJOIN_H
#define ACELERA_FORKJOIN_H

#include "kernels/kernel.h"

/* Every so many barriers a thread looks whether its neighbour has arrived too: often enough to tell a barrier
 * from none, rarely enough to leave its time alone; a prime, so that no rhythm of missing ones hides. */
enum { FORKJOIN_LOOK_EVERY = 61 };

/* What one thread saw; neighbours never share a line. */
struct forkjoin_slot {
    int64_t arrivals; /* constructs that the thread took part in; relaxed atomic: the neighbour reads it */
    int64_t missed;   /* barriers that it left before its neighbour had come */
} __attribute__((aligned(128)));

struct forkjoin {
    struct kernel_config config;
    int64_t n;
    double total; /* of all reductions: every thread gives 1 to each */
    bool reduces; /* whether the variant makes `total` */
    struct forkjoin_slot *slots;
};

/* One more arrival of the calling thread. A store that no compiler may put off or merge with the next. */
static inline void forkjoin_arrive(struct forkjoin_slot *slot)
{
    __atomic_store_n(&slot->arrivals, slot->arrivals + 1, __ATOMIC_RELAXED);
}

/* After barrier number `barrier`, counted from 1: has the neighbour of thread `rank` arrived there? */
static inline void forkjoin_look(struct forkjoin_slot *slots, int rank, int threads, int64_t barrier)
{
    const struct forkjoin_slot *neighbour = &slots[rank + 1 < threads ? rank + 1 : 0];
    if (__atomic_load_n(&neighbour->arrivals, __ATOMIC_RELAXED) < barrier)
        slots[rank].missed++;
}

extern const struct kernel TYPED(kernel_forkjoin);
extern const struct kernel_dimension TYPED(forkjoin_dimensions)[1];
const char *TYPED(forkjoin_reject)(const struct kernel_config *config);
void TYPED(forkjoin_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost);
void *TYPED(forkjoin_create)(const struct kernel_config *config, const struct kernel_variant *variant);
void TYPED(forkjoin_fill)(void *state);
void TYPED(forkjoin_spoil)(void *state, bool whole);
void TYPED(forkjoin_check)(void *state, struct kernel_check *check);
void TYPED(forkjoin_destroy)(void *state);

#endif
