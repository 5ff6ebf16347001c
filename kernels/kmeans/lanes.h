/* Vectors of points, one point in each lane: what C's vector extensions cannot say on every compiler
 * (minimum, choice by comparison, transposition), and how many registers a tile may fill. Not a general
 * vector library. */
#ifndef ACELERA_KMEANS_LANES_H
#define ACELERA_KMEANS_LANES_H

#include "kernels/element.h"

#include <stdint.h>

#if defined(__SSE2__)
#    include <immintrin.h>
#endif

#if ELEMENT_BITS == 32
typedef int32_t lane_integer;
#else
typedef int64_t lane_integer;
#endif
typedef lane_integer vector_integer __attribute__((vector_size(VECTOR_BYTES)));
typedef lane_integer vector_integer_unaligned
    __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(element)), may_alias));

/* A tile is TILE_VECTORS · VECTOR_LANES points against TILE_CENTROIDS centroids: their product is the number
 * of accumulators. It must cover the latency of an FMA on two pipes (8 to 10) and leave registers for the
 * points and one broadcast: 12 + 2 + 1 of 16 with AVX2, 16 + 4 + 1 of 32 with AVX-512 and on aarch64; without
 * FMA one more register holds the product. */
#if defined(__AVX512F__) || defined(__aarch64__)
enum { TILE_VECTORS = 4, TILE_CENTROIDS = 4 };
#elif defined(__AVX__)
enum { TILE_VECTORS = 2, TILE_CENTROIDS = 6 };
#else
enum { TILE_VECTORS = 2, TILE_CENTROIDS = 4 };
#endif
enum { TILE = TILE_VECTORS * VECTOR_LANES };

/* Loops over registers must vanish, or the accumulators go to memory. */
#ifdef __clang__
#    define UNROLL _Pragma("unroll")
#else
#    define UNROLL _Pragma("GCC unroll 16")
#endif

static inline vector_integer lanes_choose(vector_integer mask, vector_integer yes, vector_integer no)
{
    return (mask & yes) | (~mask & no);
}

/* `yes` in the lanes where a < b, else `no`. GCC 12 makes three instructions of the portable form where
 * AVX-512 has a masked move. */
static inline vector_integer lanes_if_less(vector a, vector b, vector_integer yes, vector_integer no)
{
#if defined(__AVX512F__) && ELEMENT_BITS == 32
    __mmask16 mask = _mm512_cmp_ps_mask(a, b, _CMP_LT_OQ);
    return (vector_integer)_mm512_mask_mov_epi32((__m512i)no, mask, (__m512i)yes);
#elif defined(__AVX512F__)
    __mmask8 mask = _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ);
    return (vector_integer)_mm512_mask_mov_epi64((__m512i)no, mask, (__m512i)yes);
#else
    return lanes_choose(a < b, yes, no);
#endif
}

/* GCC 12 knows no vector minimum in C; the instruction's name is put together from width and type. */
#if defined(__SSE2__)
#    if defined(__AVX512F__)
#        define LANES_WIDTH _mm512
#    elif defined(__AVX__)
#        define LANES_WIDTH _mm256
#    else
#        define LANES_WIDTH _mm
#    endif
#    if ELEMENT_BITS == 32
#        define LANES_TYPE ps
#    else
#        define LANES_TYPE pd
#    endif
#    define LANES_PASTE(width, operation, type) width##_##operation##_##type
#    define LANES_NAME(width, operation, type)  LANES_PASTE(width, operation, type)
#    define LANES_MIN                           LANES_NAME(LANES_WIDTH, min, LANES_TYPE)
#    define LANES_MAX                           LANES_NAME(LANES_WIDTH, max, LANES_TYPE)
#endif

static inline vector lanes_min(vector a, vector b)
{
#ifdef LANES_MIN
    return LANES_MIN(a, b);
#else
    return (vector)lanes_choose(a < b, (vector_integer)a, (vector_integer)b);
#endif
}

static inline vector lanes_max(vector a, vector b)
{
#ifdef LANES_MAX
    return LANES_MAX(a, b);
#else
    return (vector)lanes_choose(a < b, (vector_integer)b, (vector_integer)a);
#endif
}

/* ---- transposition, in squares of 16-byte rows whatever the width ---- */

enum { SQUARE = 16 / (int)sizeof(element) };
typedef element square_row __attribute__((vector_size(16)));
typedef element square_row_unaligned __attribute__((vector_size(16), aligned(sizeof(element)), may_alias));

#ifdef __has_builtin
#    if __has_builtin(__builtin_shufflevector)
#        define LANES_SHUFFLE __builtin_shufflevector
#    endif
#endif

static inline void lanes_transpose(square_row r[SQUARE])
{
#if !defined(LANES_SHUFFLE)
    for (int i = 0; i < SQUARE; i++)
        for (int j = 0; j < i; j++) {
            element kept = r[i][j];
            r[i][j] = r[j][i];
            r[j][i] = kept;
        }
#elif ELEMENT_BITS == 32
    square_row low01 = LANES_SHUFFLE(r[0], r[1], 0, 4, 1, 5), low23 = LANES_SHUFFLE(r[2], r[3], 0, 4, 1, 5);
    square_row high01 = LANES_SHUFFLE(r[0], r[1], 2, 6, 3, 7), high23 = LANES_SHUFFLE(r[2], r[3], 2, 6, 3, 7);
    r[0] = LANES_SHUFFLE(low01, low23, 0, 1, 4, 5);
    r[1] = LANES_SHUFFLE(low01, low23, 2, 3, 6, 7);
    r[2] = LANES_SHUFFLE(high01, high23, 0, 1, 4, 5);
    r[3] = LANES_SHUFFLE(high01, high23, 2, 3, 6, 7);
#else
    square_row low = LANES_SHUFFLE(r[0], r[1], 0, 2);
    r[1] = LANES_SHUFFLE(r[0], r[1], 1, 3);
    r[0] = low;
#endif
}

#endif
