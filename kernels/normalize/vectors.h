/* Vectors as the rungs from `simd` on use them: registers of f64, from half as many elements where those are
 * f32, and the few operations that vector extensions lack. No loops over tables. */
#ifndef ACELERA_NORMALIZE_VECTORS_H
#define ACELERA_NORMALIZE_VECTORS_H

#include "kernels/element.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)
#    include <immintrin.h>
#endif

/* A full register of f64, and as many elements (half a register where they are f32). */
typedef double wide __attribute__((vector_size(VECTOR_BYTES)));
typedef double wide_unaligned __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(double)), may_alias));
typedef element narrow_unaligned
    __attribute__((vector_size(VECTOR_BYTES / 8 * sizeof(element)), aligned(sizeof(element)), may_alias));
#define WIDE_LANES (VECTOR_BYTES / (int)sizeof(double))

/* What comparing two vectors gives: integers of the same width, −1 for true. */
typedef __typeof__((wide){0} == (wide){0}) wide_mask;
typedef __typeof__((vector){0} == (vector){0}) vector_mask;
#if ELEMENT_BITS == 32
typedef int32_t lane_index;
#else
typedef int64_t lane_index;
#endif

/* A register of f64 from as many elements at any address. GCC splits the conversion of half a register in
 * two, so where it is one instruction it is named. */
static inline wide wide_load(const element *from)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (wide)_mm512_cvtps_pd(_mm256_loadu_ps(from));
#elif ELEMENT_BITS == 32 && defined(__AVX__)
    return (wide)_mm256_cvtps_pd(_mm_loadu_ps(from));
#else
    return __builtin_convertvector(*(const narrow_unaligned *)from, wide);
#endif
}

static inline vector vector_select(vector_mask condition, vector yes, vector no)
{
    return (vector)(((vector_mask)yes & condition) | ((vector_mask)no & ~condition));
}

/* y where x is a number, else `filler`. */
static inline vector vector_or(vector x, vector y, vector filler)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    __mmask16 missing = _mm512_cmp_ps_mask((__m512)x, (__m512)x, _CMP_UNORD_Q);
    return (vector)_mm512_mask_mov_ps((__m512)y, missing, (__m512)filler);
#elif defined(__AVX512F__)
    __mmask8 missing = _mm512_cmp_pd_mask((__m512d)x, (__m512d)x, _CMP_UNORD_Q);
    return (vector)_mm512_mask_mov_pd((__m512d)y, missing, (__m512d)filler);
#else
    return vector_select(x == x, y, filler);
#endif
}

static inline wide wide_select(wide_mask condition, wide yes, wide no)
{
    return (wide)(((wide_mask)yes & condition) | ((wide_mask)no & ~condition));
}

static inline vector vector_cleaned(const element *x, const element *filler)
{
    vector v = *(const vector_unaligned *)x;
    return vector_or(v, v, *(const vector_unaligned *)filler);
}

static inline double wide_total(wide v)
{
#if defined(__AVX512F__)
    return _mm512_reduce_add_pd((__m512d)v);
#else
    double total = 0;
    for (int lane = 0; lane < WIDE_LANES; lane++)
        total += v[lane];
    return total;
#endif
}

static inline wide wide_root(wide v)
{
#if defined(__AVX512F__)
    return (wide)_mm512_sqrt_pd((__m512d)v);
#elif defined(__AVX__)
    return (wide)_mm256_sqrt_pd((__m256d)v);
#else
    wide root = {0};
    for (int lane = 0; lane < WIDE_LANES; lane++)
        root[lane] = sqrt(v[lane]);
    return root;
#endif
}

/* Lane r: the total of part[r]. */
static inline __attribute__((always_inline)) wide wide_totals(const wide *part)
{
#if defined(__AVX512F__)
    const __m512i low = _mm512_set_epi64(13, 12, 5, 4, 9, 8, 1, 0),
                  high = _mm512_set_epi64(15, 14, 7, 6, 11, 10, 3, 2);
    __m512d pair[4], four[2];
    for (int k = 0; k < 4; k++) {
        __m512d even = (__m512d)part[2 * k], odd = (__m512d)part[2 * k + 1];
        pair[k] = _mm512_add_pd(_mm512_unpacklo_pd(even, odd), _mm512_unpackhi_pd(even, odd));
    }
    for (int k = 0; k < 2; k++)
        four[k] = _mm512_add_pd(_mm512_permutex2var_pd(pair[2 * k], low, pair[2 * k + 1]),
            _mm512_permutex2var_pd(pair[2 * k], high, pair[2 * k + 1]));
    return (wide)_mm512_add_pd(
        _mm512_shuffle_f64x2(four[0], four[1], 0x44), _mm512_shuffle_f64x2(four[0], four[1], 0xee));
#else
    wide total = {0};
    for (int row = 0; row < WIDE_LANES; row++)
        total[row] = wide_total(part[row]);
    return total;
#endif
}

/* The lesser and the greater; `so_far` where x is NaN. */
static inline vector vector_least(vector x, vector so_far)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (vector)_mm512_min_ps((__m512)x, (__m512)so_far);
#elif defined(__AVX512F__)
    return (vector)_mm512_min_pd((__m512d)x, (__m512d)so_far);
#else
    return vector_select(x < so_far, x, so_far);
#endif
}

static inline vector vector_greatest(vector x, vector so_far)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (vector)_mm512_max_ps((__m512)x, (__m512)so_far);
#elif defined(__AVX512F__)
    return (vector)_mm512_max_pd((__m512d)x, (__m512d)so_far);
#else
    return vector_select(x > so_far, x, so_far);
#endif
}

/* Sums of one entry in each lane, NaN left out. Masked instructions are named: GCC makes two of one. */
struct wide_moments {
    wide sum, square, count;
};

static inline void wide_add_moments(struct wide_moments *to, wide x, wide shift)
{
#if defined(__AVX512F__)
    __m512d v = (__m512d)x;
    __mmask8 there = _mm512_cmp_pd_mask(v, v, _CMP_ORD_Q);
    __m512d away = _mm512_maskz_sub_pd(there, v, (__m512d)shift);
    to->sum += (wide)away;
    to->square += (wide)away * (wide)away;
    to->count = (wide)_mm512_mask_add_pd((__m512d)to->count, there, (__m512d)to->count, _mm512_set1_pd(1));
#else
    const wide one = (wide){0} + 1;
    wide_mask there = x == x;
    wide away = (wide)((wide_mask)(x - shift) & there);
    to->sum += away;
    to->square += away * away;
    to->count += (wide)((wide_mask)one & there);
#endif
}

/* The same of VECTOR_LANES entries, whose f64 fill HALVES registers; lanes count as integers. */
enum { HALVES = VECTOR_LANES / WIDE_LANES };
struct vector_moments {
    wide sum[HALVES], square[HALVES];
    vector_mask count;
};

static inline __attribute__((always_inline)) void vector_add_moments(
    struct vector_moments *to, const element *from, const wide *shift)
{
    vector v = *(const vector_unaligned *)from;
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    uint32_t there = _mm512_cmp_ps_mask((__m512)v, (__m512)v, _CMP_ORD_Q);
    to->count = (vector_mask)_mm512_mask_add_epi32(
        (__m512i)to->count, (__mmask16)there, (__m512i)to->count, _mm512_set1_epi32(1));
#elif defined(__AVX512F__)
    uint32_t there = _mm512_cmp_pd_mask((__m512d)v, (__m512d)v, _CMP_ORD_Q);
    to->count = (vector_mask)_mm512_mask_add_epi64(
        (__m512i)to->count, (__mmask8)there, (__m512i)to->count, _mm512_set1_epi64(1));
#else
    to->count -= v == v;
#endif
    for (int half = 0; half < HALVES; half++) {
        wide x = wide_load(from + half * WIDE_LANES);
#if defined(__AVX512F__)
        wide away = (wide)_mm512_maskz_sub_pd(
            (__mmask8)(there >> half * WIDE_LANES), (__m512d)x, (__m512d)shift[half]);
#else
        wide away = (wide)((wide_mask)(x - shift[half]) & (x == x));
#endif
        to->sum[half] += away;
        to->square[half] += away * away;
    }
}

/* One half of the counts. Lane by lane where no instruction does it: an address would keep them in memory. */
static inline wide counts_widen(vector_mask count, int half)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (wide)_mm512_cvtepi32_pd(
        half == 0 ? _mm512_castsi512_si256((__m512i)count) : _mm512_extracti64x4_epi64((__m512i)count, 1));
#else
    wide some = {0};
    for (int lane = 0; lane < WIDE_LANES; lane++)
        some[lane] = (double)count[half * WIDE_LANES + lane];
    return some;
#endif
}

/* sum + x², NaN left out. */
static inline wide wide_add_square(wide sum, wide x)
{
#if defined(__AVX512F__)
    __m512d v = (__m512d)x;
    return (wide)_mm512_mask3_fmadd_pd(v, v, (__m512d)sum, _mm512_cmp_pd_mask(v, v, _CMP_ORD_Q));
#else
    x = (wide)((wide_mask)x & (x == x));
    return sum + x * x;
#endif
}

/* One bit for each of the VECTOR_LANES elements at `from` that is NaN. */
static inline uint32_t vector_missing(const element *from)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    __m512 v = _mm512_loadu_ps(from);
    return _mm512_cmp_ps_mask(v, v, _CMP_UNORD_Q);
#elif defined(__AVX512F__)
    __m512d v = _mm512_loadu_pd(from);
    return _mm512_cmp_pd_mask(v, v, _CMP_UNORD_Q);
#elif ELEMENT_BITS == 32 && defined(__AVX__)
    __m256 v = _mm256_loadu_ps(from);
    return (uint32_t)_mm256_movemask_ps(_mm256_cmp_ps(v, v, _CMP_UNORD_Q));
#elif defined(__AVX__)
    __m256d v = _mm256_loadu_pd(from);
    return (uint32_t)_mm256_movemask_pd(_mm256_cmp_pd(v, v, _CMP_UNORD_Q));
#else
    uint32_t bits = 0;
    for (int lane = 0; lane < VECTOR_LANES; lane++)
        bits |= (uint32_t)(from[lane] != from[lane]) << lane;
    return bits;
#endif
}

typedef lane_index lane_numbers __attribute__((vector_size(VECTOR_BYTES)));

/* A set of a register's lanes, as the instruction set has it. */
#if defined(__AVX512F__)
typedef uint32_t lane_set;
#else
typedef vector_mask lane_set;
#endif

/* Lanes whose row is kept: lane l belongs to keep[row_of[l]], row_of[l] below VECTOR_LANES. May read as many
 * bytes as that. */
static inline lane_set vector_kept(const unsigned char *keep, const lane_index *row_of)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    __m512i kept = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)keep));
    kept = _mm512_permutexvar_epi32(_mm512_loadu_si512(row_of), kept);
    return _mm512_test_epi32_mask(kept, kept);
#elif defined(__AVX512F__)
    __m512i kept = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)keep));
    kept = _mm512_permutexvar_epi64(_mm512_loadu_si512(row_of), kept);
    return _mm512_test_epi64_mask(kept, kept);
#elif ELEMENT_BITS == 32 && defined(__AVX2__)
    __m256i kept = _mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)keep));
    kept = _mm256_permutevar8x32_epi32(kept, _mm256_loadu_si256((const __m256i *)(const void *)row_of));
    return (vector_mask)((lane_numbers)kept != 0);
#else
    lane_numbers kept = {0};
    for (int lane = 0; lane < VECTOR_LANES; lane++)
        kept[lane] = keep[row_of[lane]];
    return (vector_mask)(kept != 0);
#endif
}

/* NaN in the other lanes. */
static inline vector vector_only(vector v, lane_set lanes)
{
    const vector nothing = (vector){0} + (element)NAN;
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (vector)_mm512_mask_mov_ps((__m512)nothing, (__mmask16)lanes, (__m512)v);
#elif defined(__AVX512F__)
    return (vector)_mm512_mask_mov_pd((__m512d)nothing, (__mmask8)lanes, (__m512d)v);
#else
    return vector_select(lanes, v, nothing);
#endif
}

/* from[index[lane]] in each lane; indexes are below VECTOR_LANES. */
static inline vector vector_pick(const element *from, const lane_index *index)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (vector)_mm512_permutexvar_ps(_mm512_loadu_si512(index), _mm512_loadu_ps(from));
#elif defined(__AVX512F__)
    return (vector)_mm512_permutexvar_pd(_mm512_loadu_si512(index), _mm512_loadu_pd(from));
#elif ELEMENT_BITS == 32 && defined(__AVX2__)
    return (vector)_mm256_permutevar8x32_ps(
        _mm256_loadu_ps(from), _mm256_loadu_si256((const __m256i *)(const void *)index));
#else
    vector picked = {0};
    for (int lane = 0; lane < VECTOR_LANES; lane++)
        picked[lane] = from[index[lane]];
    return picked;
#endif
}

#endif
