/* A full, aligned register to memory past the caches, and a fetch ahead of need. Where a compiler offers no
 * such store it is a plain one: the values are the same, only the traffic differs. After the last one of a
 * thread comes streaming_fence(): these stores are not ordered with what follows. Refuses to say when
 * streaming pays: that is the kernel's to know. */
#ifndef ACELERA_STREAMING_H
#define ACELERA_STREAMING_H

#include "kernels/element.h"

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)
#    include <immintrin.h>
#endif

/* Aligned, and allowed to overlay an array of elements. */
typedef element streaming_vector __attribute__((vector_size(VECTOR_BYTES), may_alias));

#if defined(__AVX512F__)
#    define STREAMING_STORE(to, value) _mm512_stream_si512((__m512i *)(void *)(to), (__m512i)(value))
#elif defined(__AVX__)
#    define STREAMING_STORE(to, value) _mm256_stream_si256((__m256i *)(void *)(to), (__m256i)(value))
#elif defined(__x86_64__)
#    define STREAMING_STORE(to, value) _mm_stream_si128((__m128i *)(void *)(to), (__m128i)(value))
#elif defined(__clang__)
#    define STREAMING_STORE(to, value) __builtin_nontemporal_store((value), (streaming_vector *)(void *)(to))
#else
#    define STREAMING_STORE(to, value) (void)(*(streaming_vector *)(void *)(to) = (value))
#endif

enum {
    STREAMING_LINE_BYTES = 64
}; /* a cache line, wherever these kernels run; a hint, nothing depends on it */

/* Asks for `bytes` of memory that begin `ahead_bytes` past `from`. May point past the end: never a fault. */
static inline void streaming_prefetch(const void *from, int ahead_bytes, int bytes)
{
    for (int line = 0; line < bytes; line += STREAMING_LINE_BYTES)
        __builtin_prefetch((const void *)((uintptr_t)from + (uintptr_t)(ahead_bytes + line)));
}

/* The same for what is used once and not again: where the machine can, it displaces nothing in the outer
 * caches. To be asked for shortly before its use, as it stays in the first level only. */
static inline void streaming_prefetch_once(const void *from, int ahead_bytes, int bytes)
{
    for (int line = 0; line < bytes; line += STREAMING_LINE_BYTES)
        __builtin_prefetch((const void *)((uintptr_t)from + (uintptr_t)(ahead_bytes + line)), 0, 0);
}

/* Whether a streaming store may go to this address: on CPUs with AVX-512 not to one line in so many, which is
 * stored the ordinary way. Seen on Zen 5: where streaming stores come in bursts, between reads, what reads
 * after a burst waits, and a line that goes through the cache now and then ends that; such a loop is 1.2 to
 * 1.5 times as fast, one that writes evenly 1.0 to 1.1. It costs the reading of that line. On Zen 3, which
 * has no AVX-512, the same line makes such loops 1.3 to 1.6 times as slow, and on Zen 4 (AMD's family 19h),
 * which has, 1.05 to 1.7 times. */
enum { STREAMING_ORDINARY_LINE = 32 };
static inline bool streaming_may_store(const void *to)
{
#if defined(__AVX512F__)
    return (uintptr_t)to / STREAMING_LINE_BYTES % STREAMING_ORDINARY_LINE != 0 ||
           __builtin_cpu_is("amdfam19h");
#else
    (void)to;
    return true;
#endif
}

/* A register to an aligned place of a result that goes past the caches. */
static inline __attribute__((always_inline)) void streaming_put(element *to, streaming_vector value)
{
    if (streaming_may_store(to))
        STREAMING_STORE(to, value);
    else
        *(streaming_vector *)(void *)to = value;
}

static inline void streaming_fence(void)
{
#if defined(__x86_64__)
    _mm_sfence();
#else
    __sync_synchronize();
#endif
}

#endif
