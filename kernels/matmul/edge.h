/* A vector at the edge of a matrix, of which some lanes only exist. Refuses loops: a caller has whole
 * vectors, and one edge. */
#ifndef ACELERA_MATMUL_EDGE_H
#define ACELERA_MATMUL_EDGE_H

#include "kernels/element.h"
#include "kernels/lean.h"

#include <stdint.h>
#include <string.h>

#if defined(__AVX2__)
#    include <immintrin.h>
#endif

#if VECTOR_BYTES <= 32
/* 16 bytes, half of a register of 32; and of f32 8. */
typedef element edge_half __attribute__((vector_size(16)));
typedef element edge_half_unaligned __attribute__((vector_size(16), aligned(sizeof(element)), may_alias));
#    if ELEMENT_BITS == 32
typedef element edge_pair_unaligned __attribute__((vector_size(8), aligned(sizeof(element)), may_alias));
#        define EDGE_HALF(x, h) __builtin_shufflevector(x, x, 4 * (h), 4 * (h) + 1, 4 * (h) + 2, 4 * (h) + 3)
#    else
#        define EDGE_HALF(x, h) __builtin_shufflevector(x, x, 2 * (h), 2 * (h) + 1)
#    endif
#endif

/* The first `count` elements at `from` (0 … VECTOR_LANES), 0 in the lanes after them; reads no further. */
static inline __attribute__((always_inline)) vector edge_load_first(const element *from, int64_t count)
{
#if defined(__AVX512F__) && ELEMENT_BITS == 32
    return (vector)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
#elif defined(__AVX512F__)
    return (vector)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), from);
#elif defined(__AVX2__) && ELEMENT_BITS == 32
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    return (vector)_mm256_maskload_ps(from, _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), lane));
#elif defined(__AVX2__)
    const __m256i lane = _mm256_setr_epi64x(0, 1, 2, 3);
    return (vector)_mm256_maskload_pd(from, _mm256_cmpgt_epi64(_mm256_set1_epi64x(count), lane));
#elif VECTOR_BYTES == 16
    if (count >= VECTOR_LANES)
        return *(const vector_unaligned *)from;
    vector value = {0};
    if (count > 0)
        value[0] = from[0];
#    if ELEMENT_BITS == 32
    if (count > 1)
        value[1] = from[1];
    if (count > 2)
        value[2] = from[2];
#    endif
    IN_REGISTER(value); /* else the compiler multiplies lane by lane, and keeps all factors twice */
    return value;
#else
    vector value = {0};
    memcpy(&value, from, (size_t)count * sizeof(element));
    return value;
#endif
}

/* The first `count` lanes of `value` (0 … VECTOR_LANES) to memory; writes no further. Where an instruction
 * set has no masks, by halves: memcpy of a length that nobody knows is a call, before which all sums go to
 * the stack. */
static inline __attribute__((always_inline)) void edge_store_first(element *to, vector value, int64_t count)
{
#if defined(__AVX512F__) && ELEMENT_BITS == 32
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)value);
#elif defined(__AVX512F__)
    _mm512_mask_storeu_pd(to, (__mmask8)((1u << count) - 1), (__m512d)value);
#elif VECTOR_BYTES <= 32
    if (count >= VECTOR_LANES) {
        *(vector_unaligned *)to = value;
        return;
    }
    __asm__("" : "+r"(count)); /* else the compiler makes a copy of the caller's loop for each of its bits */
#    if VECTOR_BYTES == 32
    edge_half low = EDGE_HALF(value, 0);
    if (count & VECTOR_LANES / 2) {
        *(edge_half_unaligned *)to = low;
        to += VECTOR_LANES / 2;
        low = EDGE_HALF(value, 1);
    }
#    else
    edge_half low = value;
#    endif
#    if ELEMENT_BITS == 32
    if (count & 2) {
        *(edge_pair_unaligned *)to = __builtin_shufflevector(low, low, 0, 1);
        to += 2;
        low = __builtin_shufflevector(low, low, 2, 3, 2, 3);
    }
#    endif
    if (count & 1)
        *to = low[0];
#else
    memcpy(to, &value, (size_t)count * sizeof(element));
#endif
}

#endif
