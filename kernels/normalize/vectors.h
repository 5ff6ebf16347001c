/* Vectors as the rungs from `simd` on use them: registers of f64, from half as many elements where those are
 * f32, and the few operations that vector extensions lack. No loops over tables. */
#ifndef ACELERA_NORMALIZE_VECTORS_H
#define ACELERA_NORMALIZE_VECTORS_H

#include "kernels/normalize/lanes.h"
#include "kernels/widen.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)
#    include <immintrin.h>
#endif

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

/* Whether the condition holds in every lane. */
static inline bool wide_all(wide_mask condition)
{
#if defined(__AVX512F__)
    return _mm512_movepi64_mask((__m512i)condition) == 0xff;
#elif defined(__AVX__)
    return _mm256_movemask_pd((__m256d)condition) == 0xf;
#else
    int64_t all = -1;
    for (int lane = 0; lane < WIDE_LANES; lane++)
        all &= condition[lane];
    return all != 0;
#endif
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

/* 1/√s. With AVX-512 by Newton's method from an estimate of 14 bits, which each step more than doubles. With
 * AVX2 for f32 from one of 11 bits, of s up to NORMALIZE_SQUARE_GREATEST, by one step of the next order,
 * which leaves 5/16 of the third power of (1 - s·r²): 2^-31. (Root and division take 14 cycles there.) */
static inline wide wide_inverse_root(wide s)
{
#if defined(__AVX512F__)
    wide r = (wide)_mm512_rsqrt14_pd((__m512d)s);
    for (int step = 0; step < (ELEMENT_BITS == 32 ? 1 : 2); step++) {
        wide rest = 1 - (s * r) * r;
        r += 0.5 * r * rest;
    }
    return r;
#elif ELEMENT_BITS == 32 && defined(__AVX2__)
    const wide r = (wide)_mm256_cvtps_pd(_mm_rsqrt_ps(_mm256_cvtpd_ps((__m256d)s))), rest = 1 - (s * r) * r;
    return r + (r * rest) * (0.5 + 0.375 * rest);
#else
    wide r = {0};
    for (int lane = 0; lane < WIDE_LANES; lane++)
        r[lane] = 1 / sqrt(s[lane]);
    return r;
#endif
}

/* Lane l: the sum of entries 2l and 2l + 1 of a and b in a row. */
static inline wide wide_pair_sums(wide a, wide b)
{
#if VECTOR_BYTES == 64
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14) +
           __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15);
#elif VECTOR_BYTES == 32 /* halves are cheap to add, and one exchange between them is enough */
    const wide sum = __builtin_shufflevector(a, b, 0, 4, 2, 6) + __builtin_shufflevector(a, b, 1, 5, 3, 7);
    return __builtin_shufflevector(sum, sum, 0, 2, 1, 3);
#elif VECTOR_BYTES == 16
    return __builtin_shufflevector(a, b, 0, 2) + __builtin_shufflevector(a, b, 1, 3);
#else
    wide sum = {0};
    for (int lane = 0; lane < WIDE_LANES; lane++)
        sum[lane] = lane < WIDE_LANES / 2 ? a[2 * lane] + a[2 * lane + 1]
                                          : b[2 * lane - WIDE_LANES] + b[2 * lane + 1 - WIDE_LANES];
    return sum;
#endif
}

/* Lane l: the sum of entries 3l to 3l + 2 of three registers in a row. */
static inline wide wide_triple_sums(const wide *from)
{
#if defined(__AVX512F__)
    wide sum = {0};
    for (int j = 0; j < 3; j++) {
        const __m512i first = _mm512_set_epi64(0, 0, 15, j + 12, j + 9, j + 6, j + 3, j),
                      rest = _mm512_set_epi64(j + 13, j + 10, j == 0 ? 5 : j + 7, 4, 3, 2, 1, 0);
        __m512d some = _mm512_permutex2var_pd((__m512d)from[0], first, (__m512d)from[1]);
        sum += (wide)_mm512_permutex2var_pd(some, rest, (__m512d)from[2]);
    }
    return sum;
#elif VECTOR_BYTES == 32
    /* Entry j of each row, where it lies, and then in the order of rows. */
    wide first = __builtin_shufflevector(from[0], from[1], 0, 1, 6, 3),
         second = __builtin_shufflevector(from[0], from[1], 4, 1, 2, 7),
         third = __builtin_shufflevector(from[0], from[1], 0, 5, 2, 3);
    first = __builtin_shufflevector(first, from[2], 0, 5, 2, 3);
    second = __builtin_shufflevector(second, from[2], 0, 1, 6, 3);
    third = __builtin_shufflevector(third, from[2], 4, 1, 2, 7);
    return (__builtin_shufflevector(first, first, 0, 3, 2, 1) +
               __builtin_shufflevector(second, second, 1, 0, 3, 2)) +
           __builtin_shufflevector(third, third, 2, 1, 0, 3);
#else
    wide sum = {0};
    for (int lane = 0; lane < WIDE_LANES; lane++)
        for (int j = 3 * lane; j < 3 * lane + 3; j++)
            sum[lane] += from[j / WIDE_LANES][j % WIDE_LANES];
    return sum;
#endif
}

/* Lane r: the sum of row r, where `part` has WIDE_LANES rows of `columns` in a row; columns is a power of two
 * or three times one, WIDE_ROW_MOST at most. */
enum { WIDE_ROW_MOST = 12 };
static inline __attribute__((always_inline)) wide wide_row_sums(const wide *part, int columns)
{
    wide sum[WIDE_ROW_MOST];
    int left = columns;
    for (int i = 0; i < left; i++)
        sum[i] = part[i];
    for (; left % 2 == 0; left /= 2)
        for (int i = 0; i < left / 2; i++)
            sum[i] = wide_pair_sums(sum[2 * i], sum[2 * i + 1]);
    return left == 3 ? wide_triple_sums(sum) : sum[0];
}

/* The lesser and the greater; `so_far` where x is NaN. */
static inline vector vector_least(vector x, vector so_far)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (vector)_mm512_min_ps((__m512)x, (__m512)so_far);
#elif defined(__AVX512F__)
    return (vector)_mm512_min_pd((__m512d)x, (__m512d)so_far);
#elif ELEMENT_BITS == 32 && defined(__AVX__)
    return (vector)_mm256_min_ps((__m256)x, (__m256)so_far);
#elif defined(__AVX__)
    return (vector)_mm256_min_pd((__m256d)x, (__m256d)so_far);
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
#elif ELEMENT_BITS == 32 && defined(__AVX__)
    return (vector)_mm256_max_ps((__m256)x, (__m256)so_far);
#elif defined(__AVX__)
    return (vector)_mm256_max_pd((__m256d)x, (__m256d)so_far);
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

/* The same of entries that are all numbers, but for the counts. */
static inline __attribute__((always_inline)) void vector_add_numbers(
    struct vector_moments *to, const element *from, const wide *shift)
{
    for (int half = 0; half < HALVES; half++) {
        const wide away = wide_load(from + half * WIDE_LANES) - shift[half];
        to->sum[half] += away;
        to->square[half] += away * away;
    }
}

/* One half of the counts, which are below 2^52: the lowest bits of a double from 2^52 on count ones. f32 lane
 * by lane where no instruction does it: an address would keep them in memory. */
static inline wide counts_widen(vector_mask count, int half)
{
#if ELEMENT_BITS == 64
    (void)half;
    const wide_mask base = (wide_mask)((wide){0} + 0x1p52);
    return (wide)((wide_mask)count + base) - 0x1p52;
#elif defined(__AVX512F__)
    return (wide)_mm512_cvtepi32_pd(
        half == 0 ? _mm512_castsi512_si256((__m512i)count) : _mm512_extracti64x4_epi64((__m512i)count, 1));
#elif defined(__AVX2__)
    return (wide)_mm256_cvtepi32_pd(
        half == 0 ? _mm256_castsi256_si128((__m256i)count) : _mm256_extracti128_si256((__m256i)count, 1));
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
typedef lane_index lane_numbers_unaligned
    __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(lane_index)), may_alias));

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
static inline vector vector_permute(vector from, lane_numbers index)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (vector)_mm512_permutexvar_ps((__m512i)index, (__m512)from);
#elif defined(__AVX512F__)
    return (vector)_mm512_permutexvar_pd((__m512i)index, (__m512d)from);
#elif ELEMENT_BITS == 32 && defined(__AVX2__)
    return (vector)_mm256_permutevar8x32_ps((__m256)from, (__m256i)index);
#elif defined(__AVX2__) /* as pairs of halves */
    const lane_numbers low = index * 2, pairs = low | (low + 1) << 32;
    return (vector)_mm256_permutevar8x32_ps((__m256)from, (__m256i)pairs);
#else
    vector picked = {0};
    for (int lane = 0; lane < VECTOR_LANES; lane++)
        picked[lane] = from[index[lane]];
    return picked;
#endif
}

/* The same, from memory. */
static inline vector vector_pick(const element *from, const lane_index *index)
{
    return vector_permute(*(const vector_unaligned *)from, *(const lane_numbers_unaligned *)index);
}

/* HALVES registers of f64 as one of elements. */
static inline vector vector_narrowed(const wide *from)
{
#if ELEMENT_BITS == 64
    return (vector)from[0];
#elif defined(__AVX512F__)
    __m512d low = _mm512_castps_pd(_mm512_castps256_ps512(_mm512_cvtpd_ps((__m512d)from[0])));
    return (vector)_mm512_insertf64x4(low, _mm256_castps_pd(_mm512_cvtpd_ps((__m512d)from[1])), 1);
#elif defined(__AVX__)
    return (vector)_mm256_set_m128(_mm256_cvtpd_ps((__m256d)from[1]), _mm256_cvtpd_ps((__m256d)from[0]));
#else
    vector narrowed = {0};
    for (int lane = 0; lane < VECTOR_LANES; lane++)
        narrowed[lane] = (element)from[lane / WIDE_LANES][lane % WIDE_LANES];
    return narrowed;
#endif
}

#endif
