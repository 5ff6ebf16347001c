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
    while ((block = TYPED(normalize_take)(state, STEP_MARK, state->layout.block_count, false, rank, size)) >=
           0) {
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

/* Short rows: registers over row ends, squeezed to the lanes of kept rows where that is an instruction.
 * Advances *row past what was copied. */
static element *short_rows_copy(const struct normalize_state *state, int64_t *row, int64_t end, element *to)
{
#if defined(__AVX512F__)
    int64_t columns = state->columns, count = (end - *row) * columns, j = 0;
    int64_t rows_ahead = VECTOR_LANES / columns, columns_ahead = VECTOR_LANES % columns;
    const element *from = state->table + *row * columns;
    const unsigned char *keep = state->keep + *row;
    for (int64_t at = 0; at < count; at += VECTOR_LANES) {
        uint32_t within = count - at < VECTOR_LANES ? (1u << (count - at)) - 1 : (1u << VECTOR_LANES) - 1;
        __m512i row_of = _mm512_loadu_si512(state->row_of + j);
#    if ELEMENT_BITS == 32
        __m512i kept = _mm512_cvtepu8_epi32(_mm_loadu_si128((const __m128i *)(const void *)keep));
        kept = _mm512_permutexvar_epi32(row_of, kept);
        __mmask16 taken = (__mmask16)(_mm512_test_epi32_mask(kept, kept) & within);
        _mm512_storeu_ps(to, _mm512_maskz_compress_ps(taken, _mm512_loadu_ps(from + at)));
#    else
        __m512i kept = _mm512_cvtepu8_epi64(_mm_loadl_epi64((const __m128i *)(const void *)keep));
        kept = _mm512_permutexvar_epi64(row_of, kept);
        __mmask8 taken = (__mmask8)(_mm512_test_epi64_mask(kept, kept) & within);
        _mm512_storeu_pd(to, _mm512_maskz_compress_pd(taken, _mm512_loadu_pd(from + at)));
#    endif
        to += __builtin_popcount(taken);
        keep += rows_ahead;
        j += columns_ahead;
        bool next = j >= columns;
        keep += next;
        j -= next ? columns : 0;
    }
    *row = end;
#else
    (void)state, (void)row, (void)end;
#endif
    return to;
}

/* Every row is copied, and overwritten by the next if it is not kept. */
int64_t TYPED(normalize_gather)(const struct normalize_state *state, int64_t begin, int64_t end, element *to)
{
    element *start = to;
    if (state->columns < VECTOR_LANES)
        to = short_rows_copy(state, &begin, end, to);
    for (int64_t row = begin; row < end; row++) {
        elements_copy(state->table + row * state->columns, to, state->columns);
        to += state->keep[row] ? state->columns : 0;
    }
    return (to - start) / state->columns;
}
