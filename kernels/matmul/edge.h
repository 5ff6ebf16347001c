/* A vector at the edge of a matrix, of which some lanes only exist. */
#ifndef ACELERA_MATMUL_EDGE_H
#define ACELERA_MATMUL_EDGE_H

#include "kernels/element.h"

#include <stdint.h>
#include <string.h>

#if defined(__AVX512F__)
#    include <immintrin.h>
#endif

/* The first `count` elements at `from` (0 … VECTOR_LANES), 0 in the lanes after them; reads no further. */
static inline vector edge_load_first(const element *from, int64_t count)
{
#if defined(__AVX512F__) && ELEMENT_BITS == 32
    return (vector)_mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
#elif defined(__AVX512F__)
    return (vector)_mm512_maskz_loadu_pd((__mmask8)((1u << count) - 1), from);
#else
    vector value = {0};
    memcpy(&value, from, (size_t)count * sizeof(element));
    return value;
#endif
}

/* The first `count` lanes of `value` to memory; writes no further. */
static inline void edge_store_first(element *to, vector value, int64_t count)
{
#if defined(__AVX512F__) && ELEMENT_BITS == 32
    _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), (__m512)value);
#elif defined(__AVX512F__)
    _mm512_mask_storeu_pd(to, (__mmask8)((1u << count) - 1), (__m512d)value);
#else
    memcpy(to, &value, (size_t)count * sizeof(element));
#endif
}

#endif
