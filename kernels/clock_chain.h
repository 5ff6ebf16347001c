/* A chain of dependent additions: one a cycle on every core known, so its pace is the clock that the core
 * really runs at. Refuses to guess: where no chain is written for the processor, CLOCK_CHAIN_KNOWN is 0.
 *
 * Register to register, never an immediate: some recent cores (Intel's Golden Cove) fold chains of
 * add-immediate while they rename registers. In assembly, because a compiler makes a multiplication of the
 * loop. The loop's own counter runs beside the chain and adds nothing to its length.
 */
#ifndef ACELERA_CLOCK_CHAIN_H
#define ACELERA_CLOCK_CHAIN_H

#include "kernels/kernel.h"

#if defined(__x86_64__)
#    define CLOCK_CHAIN_KNOWN 1
#    define CLOCK_CHAIN_ADD   "add %[step], %[x]\n\t"
#elif defined(__aarch64__)
#    define CLOCK_CHAIN_KNOWN 1
#    define CLOCK_CHAIN_ADD   "add %[x], %[x], %[step]\n\t"
#else
#    define CLOCK_CHAIN_KNOWN 0
#    define CLOCK_CHAIN_ADD
#endif
#define CLOCK_CHAIN_ADD_8                                                                                    \
    CLOCK_CHAIN_ADD CLOCK_CHAIN_ADD CLOCK_CHAIN_ADD CLOCK_CHAIN_ADD CLOCK_CHAIN_ADD CLOCK_CHAIN_ADD          \
        CLOCK_CHAIN_ADD CLOCK_CHAIN_ADD

enum {
    CLOCK_CHAIN_LINKS = 64,          /* additions of one turn of the loop */
    CLOCK_WINDOW_ADDITIONS = 200000, /* of one probe: 50 µs at 4 GHz */
};

/* x + additions·step modulo 2^64, one dependent addition after the other. */
static inline uint64_t clock_chain_run(uint64_t x, uint64_t step, int64_t additions)
{
#if CLOCK_CHAIN_KNOWN
    for (; additions >= CLOCK_CHAIN_LINKS; additions -= CLOCK_CHAIN_LINKS)
        __asm__ volatile(CLOCK_CHAIN_ADD_8 CLOCK_CHAIN_ADD_8 CLOCK_CHAIN_ADD_8 CLOCK_CHAIN_ADD_8
                             CLOCK_CHAIN_ADD_8 CLOCK_CHAIN_ADD_8 CLOCK_CHAIN_ADD_8 CLOCK_CHAIN_ADD_8
                         : [x] "+r"(x)
                         : [step] "r"(step)
                         : "cc");
#endif
    for (; additions > 0; additions--) {
        x += step;
        __asm__ volatile("" : "+r"(x)); /* or this would be a multiplication */
    }
    return x;
}

/* Additions per nanosecond in one window: GHz; 0 where no chain is known. An interrupted window is too slow,
 * never too fast: the best of several is the clock. */
static inline double clock_chain_ghz(void)
{
#if CLOCK_CHAIN_KNOWN
    int64_t begin_ns = kernel_now_ns();
    uint64_t x = clock_chain_run((uint64_t)begin_ns, 1, CLOCK_WINDOW_ADDITIONS);
    __asm__ volatile("" : : "r"(x)); /* the sum is wanted before the second reading */
    int64_t elapsed_ns = kernel_now_ns() - begin_ns;
    return elapsed_ns > 0 ? (double)CLOCK_WINDOW_ADDITIONS / (double)elapsed_ns : 0;
#else
    return 0;
#endif
}

#endif
