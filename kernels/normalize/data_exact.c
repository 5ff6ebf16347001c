/* The timed data: columns of different scales and offsets, about 1 % missing; or a person's own table,
 * converted. Compiled without contraction, so that every instruction set gets the same bits. Makes inputs
 * only; what a result should be is reference.c's. */
#include "kernels/normalize/normalize.h"

#include "kernels/random.h"
#include "kernels/team.h"

#include <math.h>

enum { STREAM_ENTRIES, STREAM_SCALES, STREAM_OFFSETS, STREAM_SPOIL };
enum { CONSTANT_COLUMN_EVERY = 16, SPOILED_ENTRIES = 48 };

/* No method gives this: a z-score is below √rows, the others within [−1, 1]. */
#define SPOILED_VALUE (-(element)0x1p100)

/* Column j is offset_j + scale_j·t with t triangular on [−1, 1) (deviation 0.41), scale_j between 2^−10 and
 * 2^11, |offset_j| up to 64 scales; every sixteenth column is constant. */
static void columns_choose(struct normalize_state *state)
{
    uint64_t scales = random_stream(state->config.seed, STREAM_SCALES);
    uint64_t offsets = random_stream(state->config.seed, STREAM_OFFSETS);
    for (int64_t j = 0; j < state->columns; j++) {
        uint64_t at = (uint64_t)j;
        double power = (double)random_integer(scales, 2 * at, 10);
        double scale = exp2(power) * (1 + random_unit(scales, 2 * at + 1));
        state->data_offset[j] = scale * 64 * (2 * random_unit(offsets, at) - 1);
        state->data_scale[j] = j % CONSTANT_COLUMN_EVERY == CONSTANT_COLUMN_EVERY - 1 ? 0 : scale;
    }
}

/* One random word an entry: 16 bits say whether it is missing, two times 24 bits add to the triangle. */
static inline element datum(const struct normalize_state *state, uint64_t stream, int64_t row, int64_t column)
{
    uint64_t bits = random_bits(stream, (uint64_t)(row * state->columns + column));
    if ((bits & 0xffff) < NORMALIZE_MISSING_PER_65536)
        return (element)NAN;
    double t = (double)((bits >> 16 & 0xffffff) + (bits >> 40)) * 0x1p-24 - 1;
    return (element)(state->data_offset[column] + state->data_scale[column] * t);
}

element TYPED(normalize_datum)(const struct normalize_state *state, int64_t row, int64_t column)
{
    return datum(state, random_stream(state->config.seed, STREAM_ENTRIES), row, column);
}

/* Rows [begin, end) of what was given: a double beyond the range of float is infinite from here on. */
static void rows_convert(const struct normalize_state *state, int64_t begin, int64_t end)
{
    const struct kernel_table *from = state->config.table;
    const float *singles = from->data;
    const double *doubles = from->data;
    for (int64_t i = begin; i < end; i++)
        for (int64_t j = 0; j < state->columns; j++) {
            int64_t at = from->column_major ? j * state->rows + i : i * state->columns + j;
            state->table[i * state->columns + j] =
                from->bits == 32 ? (element)singles[at] : (element)doubles[at];
        }
}

static void rows_make(const struct normalize_state *state, uint64_t stream, int64_t begin, int64_t end)
{
    for (int64_t i = begin; i < end; i++)
        for (int64_t j = 0; j < state->columns; j++)
            state->table[i * state->columns + j] = datum(state, stream, i, j);
}

void TYPED(normalize_fill)(void *memory)
{
    struct normalize_state *state = memory;
    uint64_t stream = random_stream(state->config.seed, STREAM_ENTRIES);
    columns_choose(state);
    state->result_rows = 0;
    for (int64_t k = 0; k < state->columns + VECTOR_LANES; k++)
        state->row_of[k] = (lane_index)(k / state->columns);
    for (int64_t p = 0; p < state->layout.pattern_width + VECTOR_LANES; p++)
        state->parameters.filler[p] = (element)NAN; /* where no step computes one, a NaN stays NaN */
#pragma omp parallel num_threads(state->config.threads)
    {
        int64_t first, last;
        team_share(state->layout.block_count, team_rank(), team_size(), &first, &last);
        for (int64_t block = first; block < last; block++) {
            int64_t begin, end;
            normalize_block_rows(state, block, &begin, &end);
            if (state->config.table != NULL)
                rows_convert(state, begin, end);
            else
                rows_make(state, stream, begin, end);
            for (int64_t i = begin * state->columns; i < end * state->columns; i++)
                state->result[i] = 0;
            for (int64_t j = 0; j < SUMMARY_FIELDS * state->columns; j++)
                normalize_summary(state, block, SUMMARY_SHIFT)[j] = 0;
        }
    }
    TYPED(normalize_seal_input)(state);
}

void TYPED(normalize_spoil)(void *memory, bool whole)
{
    struct normalize_state *state = memory;
    int64_t all = state->rows * state->columns;
    int64_t written = state->result_rows * state->columns;
    if (whole) {
#pragma omp parallel num_threads(state->config.threads)
        {
            int64_t first, last;
            team_share(state->layout.block_count, team_rank(), team_size(), &first, &last);
            int64_t block_entries = state->layout.block_rows * state->columns;
            int64_t end = last * block_entries < all ? last * block_entries : all;
            for (int64_t i = first * block_entries; i < end; i++)
                state->result[i] = SPOILED_VALUE;
        }
    }
    /* Scattered over the part that the last run wrote: under drop the rest is no result. */
    for (uint64_t i = 0; !whole && written > 0 && i < SPOILED_ENTRIES; i++) {
        uint64_t stream = random_stream(state->config.seed, STREAM_SPOIL + (state->spoiled << 8));
        state->result[random_bits(stream, i) % (uint64_t)written] = SPOILED_VALUE;
    }
    state->spoiled++;
    state->result_rows = -1;
}
