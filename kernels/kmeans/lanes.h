/* Vectors of points, one point in each lane: what C's vector extensions cannot say on every compiler
 * (minimum, choice by comparison, transposition), and how many registers a tile may fill. Not a general
 * vector library. */
#ifndef ACELERA_KMEANS_LANES_H
#define ACELERA_KMEANS_LANES_H

#include "kernels/element.h"
#include "kernels/lean.h"
#include "kernels/unroll.h"

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

/* As many labels as the trail has them, and as many f32. */
typedef int32_t label_vector __attribute__((vector_size(VECTOR_LANES * 4)));
typedef int32_t label_vector_unaligned __attribute__((vector_size(VECTOR_LANES * 4), aligned(4), may_alias));
typedef float narrow_vector __attribute__((vector_size(VECTOR_LANES * 4)));
typedef float narrow_vector_unaligned __attribute__((vector_size(VECTOR_LANES * 4), aligned(4), may_alias));

/* A block of scores is PART_VECTORS · VECTOR_LANES points against TILE_CENTROIDS centroids: their product is
 * the number of accumulators. It must cover the latency of an FMA on two pipes (8 to 10) and leave registers
 * for the points and one broadcast: 12 + 3 + 1 of 16 with AVX2, 16 + 4 + 1 of 32 with AVX-512 and on aarch64;
 * without FMA one more register holds the product. Seen on Zen 3: 3 · 4 are 1.0 to 1.2 times as fast as 2 ·
 * 6, which take one load more, and half as much again of the packed centroids from the second cache. */
#if defined(__AVX512F__) || defined(__aarch64__)
enum { PART_VECTORS = 4, TILE_CENTROIDS = 4 };
#elif LEAN
enum { PART_VECTORS = 3, TILE_CENTROIDS = 4 };
#else
enum { PART_VECTORS = 2, TILE_CENTROIDS = 4 };
#endif
/* A tile is as many points in either type, so that f32 can score points of f64: one part, or two. */
enum {
    PART = PART_VECTORS * VECTOR_LANES,
    PARTS = (int)(sizeof(element) / sizeof(float)),
    TILE = PARTS * PART,
    TILE_VECTORS = PARTS * PART_VECTORS
};
_Static_assert((int)TILE <= 64, "the points of a tile are the bits of 64");

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

/* One bit for each lane, lane 0 lowest; every lane of `mask` is all ones or all zeros. */
static inline uint64_t lanes_bits(vector_integer mask)
{
#if defined(__AVX512F__) && ELEMENT_BITS == 32
    return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask);
#elif defined(__AVX512F__)
    return _mm512_test_epi64_mask((__m512i)mask, (__m512i)mask);
#elif defined(__SSE2__)
#    define LANES_MOVEMASK LANES_NAME(LANES_WIDTH, movemask, LANES_TYPE)
    return (uint64_t)LANES_MOVEMASK((vector)mask);
#else
    uint64_t bits = 0;
    UNROLL for (int i = 0; i < VECTOR_LANES; i++) bits |= (uint64_t)(mask[i] & 1) << i;
    return bits;
#endif
}

static inline vector lanes_sqrt(vector a)
{
#ifdef __SSE2__
    return LANES_NAME(LANES_WIDTH, sqrt, LANES_TYPE)(a);
#else
    UNROLL for (int i = 0; i < VECTOR_LANES; i++) a[i] =
        sizeof(element) == 4 ? (element)__builtin_sqrtf((float)a[i]) : (element)__builtin_sqrt((double)a[i]);
    return a;
#endif
}

/* Without optimization the gathers are macros, whose masks GCC then warns of in our name. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wsign-conversion"

/* table[index] in each lane. */
static inline vector lanes_look_up(const element *table, vector_integer index)
{
#if defined(__AVX512F__) && ELEMENT_BITS == 32
    return _mm512_i32gather_ps((__m512i)index, table, 4);
#elif defined(__AVX512F__)
    return _mm512_i64gather_pd((__m512i)index, table, 8);
#elif defined(__AVX2__) && ELEMENT_BITS == 32
    return _mm256_i32gather_ps(table, (__m256i)index, 4);
#elif defined(__AVX2__)
    return _mm256_i64gather_pd(table, (__m256i)index, 8);
#else
    vector value = {0};
    UNROLL for (int i = 0; i < VECTOR_LANES; i++) value[i] = table[index[i]];
    return value;
#endif
}

#pragma GCC diagnostic pop

/* ---- transposition: squares of SQUARE × SQUARE, one in each 16 bytes of a strip ---- */

/* A full register on x86, whose shuffles stay within 16 bytes; elsewhere 16 bytes. */
#ifdef __SSE2__
#    define STRIP_BYTES VECTOR_BYTES
#else
#    define STRIP_BYTES 16
#endif
enum {
    STRIP_LANES = STRIP_BYTES / (int)sizeof(element),
    SQUARE = 16 / (int)sizeof(element),
    SQUARES = STRIP_BYTES / 16,
};
typedef element strip __attribute__((vector_size(STRIP_BYTES)));
typedef element strip_unaligned
    __attribute__((vector_size(STRIP_BYTES), aligned(sizeof(element)), may_alias));
typedef element square_row __attribute__((vector_size(16)));
typedef element square_row_unaligned __attribute__((vector_size(16), aligned(sizeof(element)), may_alias));

/* Sixteen bytes from each of SQUARES rows, in this order. */
static inline strip lanes_gather_rows(const element *const row[SQUARES], int64_t j)
{
    square_row part[SQUARES];
    UNROLL for (int s = 0; s < SQUARES; s++) part[s] = *(const square_row_unaligned *)(row[s] + j);
#if defined(__AVX512F__)
    __m512 wide = _mm512_castps128_ps512((__m128)part[0]);
    wide = _mm512_insertf32x4(wide, (__m128)part[1], 1);
    wide = _mm512_insertf32x4(wide, (__m128)part[2], 2);
    return (strip)_mm512_insertf32x4(wide, (__m128)part[3], 3);
#elif defined(__AVX__)
    return (strip)_mm256_insertf128_ps(_mm256_castps128_ps256((__m128)part[0]), (__m128)part[1], 1);
#else
    return part[0];
#endif
}

/* On clang and on GCC, two names for the same thing. */
typedef lane_integer square_order __attribute__((vector_size(16)));
#ifdef __clang__
#    define LANES_SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
#    define LANES_SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (square_order){__VA_ARGS__})
#endif

/* Of two strips, in each 16 bytes: the lower (upper) half of the first, element by element in turn with that
 * of the second. */
static inline strip lanes_low(strip a, strip b)
{
#ifdef __SSE2__
    return LANES_NAME(LANES_WIDTH, unpacklo, LANES_TYPE)(a, b);
#elif ELEMENT_BITS == 32
    return LANES_SHUFFLE(a, b, 0, 4, 1, 5);
#else
    return LANES_SHUFFLE(a, b, 0, 2);
#endif
}

static inline strip lanes_high(strip a, strip b)
{
#ifdef __SSE2__
    return LANES_NAME(LANES_WIDTH, unpackhi, LANES_TYPE)(a, b);
#elif ELEMENT_BITS == 32
    return LANES_SHUFFLE(a, b, 2, 6, 3, 7);
#else
    return LANES_SHUFFLE(a, b, 1, 3);
#endif
}

/* Two rounds of taking in turn transpose four rows, one round two. */
static inline void lanes_transpose(strip r[SQUARE])
{
#if ELEMENT_BITS == 32
    strip low02 = lanes_low(r[0], r[2]), low13 = lanes_low(r[1], r[3]);
    strip high02 = lanes_high(r[0], r[2]), high13 = lanes_high(r[1], r[3]);
    r[0] = lanes_low(low02, low13);
    r[1] = lanes_high(low02, low13);
    r[2] = lanes_low(high02, high13);
    r[3] = lanes_high(high02, high13);
#else
    strip low = lanes_low(r[0], r[1]);
    r[1] = lanes_high(r[0], r[1]);
    r[0] = low;
#endif
}

#endif
