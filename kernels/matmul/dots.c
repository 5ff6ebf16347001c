/* The path `dots` of the rung `packed`: few columns, each element of C a dot product along k.
 *
 * A row of A is read once, in long runs, and serves every column while it is near; so the work is bound by
 * reading A up to some eight columns, and by arithmetic beyond. B is small: the team lays it out by columns
 * together, waits once, and takes bands of rows (work.h). A single column lies right already.
 * Where there are too few rows for a team, the depth is split at points that follow from the shape.
 *
 * Refuses many columns, which want tiles of C in registers. */
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/narrow.h"
#include "kernels/matmul/work.h"
#include "kernels/team.h"

/* Depth of the block that begins at p, in whole vectors. */
static int64_t padded_depth(const struct matmul *s, int64_t p)
{
    return (least(s->k - p, s->blocks.kc) + VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
}

/* Where the columns from `column` on are packed, of the block of the depth at p: block after block, in it one
 * group of columns after another, in that a vector of each column in turn. */
static element *packed_columns(const struct matmul *s, int64_t p, int64_t column)
{
    return s->packed + s->n * p + column * padded_depth(s, p);
}

/* This thread's share of B, by vectors of the depth. Zeros fill the last vector of a column. */
static void pack_share(const struct matmul *s)
{
    const int groups = (int)s->blocks.slivers;
    int64_t begin, end, from, to;
    team_share((s->k + VECTOR_LANES - 1) / VECTOR_LANES, team_rank(), team_size(), &begin, &end);
    for (int64_t p = begin * VECTOR_LANES; p < end * VECTOR_LANES; p += VECTOR_LANES) {
        const int64_t block = p / s->blocks.kc * s->blocks.kc, depth = least(VECTOR_LANES, s->k - p);
        for (int g = 0; g < groups; g++) {
            team_share(s->n, g, groups, &from, &to);
            element *packed = packed_columns(s, block, from) + (p - block) * (to - from);
            for (int64_t j = from; j < to; j++, packed += VECTOR_LANES)
                for (int64_t l = 0; l < VECTOR_LANES; l++)
                    packed[l] = l < depth ? s->b[(p + l) * s->n + j] : 0;
        }
    }
}

/* A comes from far away, and the fetch units lose their track at the end of each page, and of each short row:
 * asked for ahead of its use, in the same row, or in the next tile if that has room in L1. In a lean loop of
 * two columns, only what memory itself must bring. */
static int64_t dots_ahead(const struct matmul *s, int64_t rows)
{
    if (s->blocks.a_comes)
        return 0;
    enum { AHEAD = 1024 / (int)sizeof(element), TILE_MOST = 36864 / (int)sizeof(element) };
    return s->blocks.asks_a && rows * s->k <= TILE_MOST ? matmul_ahead_of_tile(rows, s->k) : AHEAD;
}

/* A tile of rows at a block of the depth: all columns, while the rows are near. */
static void multiply_tile(const struct matmul *s, int64_t t, int64_t p, bool accumulate, element *c)
{
    const int groups = (int)s->blocks.slivers;
    const int64_t row = matmul_tile_row(s, t), row_end = matmul_tile_row(s, t + 1);
    int64_t column, column_end;
    struct dots_tile tile = {.depth = least(s->k - p, s->blocks.kc),
        .a = s->a + row * s->k + p,
        .a_stride = s->k,
        .ahead = dots_ahead(s, row_end - row),
        .c_stride = s->n,
        .accumulate = accumulate};
    for (int g = 0; g < groups; g++) {
        team_share(s->n, g, groups, &column, &column_end);
        tile.b = s->n > 1 ? packed_columns(s, p, column) : s->b + p;
        tile.c = c + row * s->n + column;
        TYPED(matmul_dots_micro_kernel)((int)(row_end - row), (int)(column_end - column))(&tile);
    }
}

/* Takes the next unit, a band of rows × a split of the depth, and computes it; false when none are left. */
static bool multiply_unit(struct matmul *s)
{
    const struct matmul_blocks *blocks = &s->blocks;
    int64_t unit, count;
    if (!TYPED(matmul_take)(s, NULL, &unit, &count))
        return false;
    int64_t split = unit / blocks->bands, first = unit % blocks->bands * blocks->band_tiles;
    int64_t begin = split * blocks->split_depth, end = least(s->k, begin + blocks->split_depth);
    element *c = blocks->splits > 1 ? s->partial + split * s->m * s->n : s->c;
    for (int64_t p = begin; p < end; p += blocks->kc)
        for (int64_t t = first; t < least(blocks->row_tiles, first + blocks->band_tiles); t++)
            multiply_tile(s, t, p, p > begin, c);
    return true;
}

static void multiply_share(struct matmul *s, struct kernel_lane *lane)
{
    lane_begin(lane);
    if (s->n > 1) {
        pack_share(s);
        lane_end(lane);
#pragma omp barrier
        lane_begin(lane);
    }
    while (multiply_unit(s))
        ;
    lane_end(lane);
    TYPED(matmul_add_splits)(s, lane);
}

/* A team of one is the caller, as in small.c. */
void TYPED(matmul_run_dots)(void *state, struct kernel_lane *lanes)
{
    struct matmul *s = state;
    TYPED(matmul_share_out)(s, s->blocks.bands * s->blocks.splits, 1);
    if (s->config.threads == 1) {
        multiply_share(s, lanes);
        return;
    }
#pragma omp parallel num_threads(s->config.threads)
    multiply_share(s, &lanes[team_rank()]);
}
