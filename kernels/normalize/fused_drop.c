/* Rows with missing entries: found without a branch on what is missing, and left out by writing every row
 * over the last one that was not kept. Both cost the same however many there are. Refuses to scale. */
#include "kernels/normalize/fused.h"

#include "kernels/team.h"

/* What the marking asks for on its way. */
enum { AHEAD_BYTES = 16384 };

/* Rows of a register or more: the last register of each overlaps the one before. */
static int64_t long_rows_mark(const element *x, unsigned char *keep, int64_t rows, int64_t columns)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < rows; i++, x += columns) {
        uint32_t missing = vector_missing(x + columns - VECTOR_LANES);
        for (int64_t j = 0; j + VECTOR_LANES < columns; j += VECTOR_LANES) {
            streaming_prefetch(x + j, AHEAD_BYTES, VECTOR_BYTES);
            missing |= vector_missing(x + j);
        }
        keep[i] = missing == 0;
        kept += keep[i];
    }
    return kept;
}

/* Rows of a word: as many as have a bit for each of their elements in it. A register may reach past them. */
enum { WORD_ROWS = 4 };
typedef uint64_t word_of_row __attribute__((vector_size(WORD_ROWS * sizeof(uint64_t))));
typedef unsigned char byte_of_row __attribute__((vector_size(WORD_ROWS), aligned(1), may_alias));

/* Shorter rows: the bits of some rows together, then each row's own. No branch asks whether there are any. */
static int64_t short_rows_mark(const element *x, unsigned char *keep, int64_t rows, int64_t columns)
{
    const int64_t count = WORD_ROWS * columns;
    word_of_row first = {0}, kept = {0};
    const word_of_row own = first + ((uint64_t)1 << columns) - 1;
    for (int r = 0; r < WORD_ROWS; r++)
        first[r] = (uint64_t)(r * columns);
    int64_t i = 0, total = 0;
    for (; i + WORD_ROWS <= rows; i += WORD_ROWS, x += count) {
        uint64_t missing = 0;
        for (int64_t at = 0; at < count; at += VECTOR_LANES)
            missing |= (uint64_t)vector_missing(x + at) << at;
        word_of_row whole = (word_of_row)(((missing + (word_of_row){0}) >> first & own) == 0) & 1;
        *(byte_of_row *)(keep + i) = __builtin_convertvector(whole, byte_of_row);
        kept += whole;
    }
    for (int r = 0; r < WORD_ROWS; r++)
        total += (int64_t)kept[r];
    for (; i < rows; i++, x += columns) {
        keep[i] = 1;
        for (int64_t j = 0; j < columns; j++)
            keep[i] &= x[j] == x[j];
        total += keep[i];
    }
    return total;
}

int64_t TYPED(normalize_fused_mark_rows)(struct normalize_state *state, int64_t begin, int64_t end)
{
    const element *x = state->table + begin * state->columns;
    unsigned char *keep = state->keep + begin;
    return state->columns >= VECTOR_LANES ? long_rows_mark(x, keep, end - begin, state->columns)
                                          : short_rows_mark(x, keep, end - begin, state->columns);
}

void TYPED(normalize_fused_mark)(struct normalize_state *state, int rank, int size)
{
    const struct normalize_layout *layout = &state->layout;
    int64_t item, tiles = layout->block_rows / layout->tile_rows;
    while (
        (item = TYPED(normalize_take)(state, STEP_MARK, layout->block_count * tiles, 0, rank, size)) >= 0) {
        int64_t begin, end, block = item / tiles;
        normalize_block_rows(state, block, &begin, &end);
        begin += item % tiles * layout->tile_rows;
        end = begin + layout->tile_rows < end ? begin + layout->tile_rows : end;
        if (begin < end)
            __atomic_fetch_add(
                &state->kept[block], TYPED(normalize_fused_mark_rows)(state, begin, end), __ATOMIC_RELAXED);
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
        streaming_prefetch(
            state->table + row * state->columns, AHEAD_BYTES, (int)sizeof(element) * (int)state->columns);
        elements_copy(state->table + row * state->columns, to, state->columns);
        to += state->keep[row] ? state->columns : 0;
    }
    return to;
}

#if defined(__AVX512F__)
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
        uint32_t taken = vector_kept(keep, state->row_of + j) & within;
        streaming_prefetch(from + at, AHEAD_BYTES, VECTOR_BYTES);
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
