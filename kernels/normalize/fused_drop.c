/* Rows with missing entries: found by a scan that knows nothing of rows until it meets a NaN, and left out by
 * copying runs of kept rows. Missing entries are rare, so both cost little more than reading; the result is
 * right however many there are. */
#include "kernels/normalize/fused.h"

#include "kernels/team.h"

#include <string.h>

/* Rows of a register or more: the last register of each overlaps the one before. */
static void long_rows_mark(const element *x, unsigned char *keep, int64_t rows, int64_t columns)
{
    for (int64_t i = 0; i < rows; i++, x += columns) {
        uint32_t missing = vector_missing(x + columns - VECTOR_LANES);
        for (int64_t j = 0; j + VECTOR_LANES < columns; j += VECTOR_LANES)
            missing |= vector_missing(x + j);
        keep[i] = missing == 0;
    }
}

/* Registers over row ends; a NaN in lane l belongs to the row (j + l) / columns further on. */
static void short_rows_mark(
    const element *x, unsigned char *keep, int64_t rows, int64_t columns, const lane_index *row_of)
{
    int64_t count = rows * columns, at = 0, row = 0, j = 0;
    int64_t rows_ahead = VECTOR_LANES / columns, columns_ahead = VECTOR_LANES % columns;
    memset(keep, 1, (size_t)rows);
    for (; at + VECTOR_LANES <= count; at += VECTOR_LANES) {
        for (uint32_t bits = vector_missing(x + at); bits != 0; bits &= bits - 1)
            keep[row + row_of[j + __builtin_ctz(bits)]] = 0;
        row += rows_ahead;
        j += columns_ahead;
        bool next = j >= columns;
        row += next;
        j -= next ? columns : 0;
    }
    for (; at < count; at++)
        if (x[at] != x[at])
            keep[at / columns] = 0;
}

int64_t TYPED(normalize_fused_mark_rows)(struct normalize_state *state, int64_t begin, int64_t end)
{
    const element *x = state->table + begin * state->columns;
    unsigned char *keep = state->keep + begin;
    int64_t rows = end - begin, kept = 0;
    if (state->columns >= VECTOR_LANES)
        long_rows_mark(x, keep, rows, state->columns);
    else
        short_rows_mark(x, keep, rows, state->columns, state->row_of);
    for (int64_t i = 0; i < rows; i++)
        kept += keep[i];
    return kept;
}

void TYPED(normalize_fused_mark)(struct normalize_state *state, int rank, int size)
{
    int64_t block;
    while ((block = TYPED(normalize_take)(state, STEP_MARK, state->layout.block_count, 0, rank, size)) >= 0) {
        int64_t begin, end;
        normalize_block_rows(state, block, &begin, &end);
        state->kept[block] = TYPED(normalize_fused_mark_rows)(state, begin, end);
    }
}

/* Whole registers: what is copied too much is overwritten by what follows. */
static inline void elements_copy(const element *from, element *to, int64_t count)
{
    for (int64_t at = 0; at < count; at += VECTOR_LANES)
        *(vector_unaligned *)(to + at) = *(const vector_unaligned *)(from + at);
}

/* Every row is copied, and overwritten by the next if it is not kept. Returns where the kept ones end. */
static element *rows_copy(const struct normalize_state *state, int64_t begin, int64_t end, element *to)
{
    for (int64_t row = begin; row < end; row++) {
        elements_copy(state->table + row * state->columns, to, state->columns);
        to += state->keep[row] ? state->columns : 0;
    }
    return to;
}

#if defined(__AVX512F__)
/* Lanes whose rows are kept; keep[0] belongs to row 0 of row_of. */
static inline uint32_t lanes_kept(const unsigned char *keep, const lane_index *row_of)
{
    __m512i rows = _mm512_loadu_si512(row_of);
#    if ELEMENT_BITS == 32
    __m512i kept = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)keep));
    kept = _mm512_permutexvar_epi32(rows, kept);
    return _mm512_test_epi32_mask(kept, kept);
#    else
    __m512i kept = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)keep));
    kept = _mm512_permutexvar_epi64(rows, kept);
    return _mm512_test_epi64_mask(kept, kept);
#    endif
}

static inline void lanes_squeeze(const element *from, uint32_t taken, element *to)
{
#    if ELEMENT_BITS == 32
    _mm512_storeu_ps(to, _mm512_maskz_compress_ps((__mmask16)taken, _mm512_loadu_ps(from)));
#    else
    _mm512_storeu_pd(to, _mm512_maskz_compress_pd((__mmask8)taken, _mm512_loadu_pd(from)));
#    endif
}

/* The same where rows are shorter than registers: these run over row ends, squeezed to the kept rows. */
static element *short_rows_copy(const struct normalize_state *state, int64_t begin, int64_t end, element *to)
{
    int64_t columns = state->columns, count = (end - begin) * columns, j = 0;
    int64_t rows_ahead = VECTOR_LANES / columns, columns_ahead = VECTOR_LANES % columns;
    const element *from = state->table + begin * columns;
    const unsigned char *keep = state->keep + begin;
    for (int64_t at = 0; at < count; at += VECTOR_LANES) {
        uint32_t within = (1u << (count - at < VECTOR_LANES ? count - at : VECTOR_LANES)) - 1;
        uint32_t taken = lanes_kept(keep, state->row_of + j) & within;
        lanes_squeeze(from + at, taken, to);
        to += __builtin_popcount(taken);
        keep += rows_ahead;
        j += columns_ahead;
        bool next = j >= columns;
        keep += next;
        j -= next ? columns : 0;
    }
    return to;
}
#else
#    define short_rows_copy rows_copy
#endif

int64_t TYPED(normalize_gather)(const struct normalize_state *state, int64_t begin, int64_t end, element *to)
{
    element *past = state->columns < VECTOR_LANES ? short_rows_copy(state, begin, end, to)
                                                  : rows_copy(state, begin, end, to);
    return (past - to) / state->columns;
}
