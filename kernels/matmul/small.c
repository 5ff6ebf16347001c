/* The path `small` of the rung `packed`: nothing is packed, and nobody waits.
 *
 * Rows of C are cut into tiles, and its columns into panels of vectors, of sizes that differ by one at most;
 * so a unit is four calls of the micro-kernel at most. A thread has the same units in every run, and finds
 * its part of B and C where it left them.
 */
#include "kernels/matmul/small.h"
#include "kernels/matmul/matmul.h"
#include "kernels/team.h"

/* Tiles of rows, or panels of vectors, of one size. */
struct cut {
    int64_t begin, end; /* of the parts */
    int64_t first;      /* row, or vector */
    int size;
};

/* Those of the parts [begin, end) that are larger, or the others. */
static struct cut cut_parts(const struct matmul_parts *parts, int64_t begin, int64_t end, bool larger)
{
    struct cut cut = {.begin = begin, .end = end, .size = (int)(parts->size + larger)};
    if (larger)
        cut.end = least(end, parts->larger);
    else
        cut.begin = begin > parts->larger ? begin : parts->larger;
    cut.first = matmul_part_begin(parts, cut.begin);
    return cut;
}

static void multiply_block(const struct matmul *s, const struct cut *rows, const struct cut *columns)
{
    const int64_t column = columns->first * VECTOR_LANES;
    const int64_t width = (columns->end - columns->begin) * columns->size * VECTOR_LANES;
    const struct small_block block = {.depth = s->k,
        .tiles = rows->end - rows->begin,
        .columns = least(width, s->n - column),
        .a = s->a + rows->first * s->k,
        .a_stride = s->k,
        .b = s->b + column,
        .b_stride = s->n,
        .c = s->c + rows->first * s->n + column,
        .c_stride = s->n};
    TYPED(matmul_small_micro_kernel)(rows->size, columns->size)(&block);
}

/* A unit: a band of tiles × a chunk of panels. */
static void multiply_unit(const struct matmul *s, int64_t unit)
{
    const struct matmul_blocks *b = &s->blocks;
    const int64_t chunks = (b->slivers + b->block_slivers - 1) / b->block_slivers;
    const bool tall = b->bands >= chunks;
    const int64_t tile = (tall ? unit / chunks : unit % b->bands) * b->band_tiles;
    const int64_t panel = (tall ? unit % chunks : unit / b->bands) * b->block_slivers;
    for (int wide = 1; wide >= 0; wide--) {
        const struct cut columns =
            cut_parts(&b->sliver_vectors, panel, least(b->slivers, panel + b->block_slivers), wide);
        for (int high = 1; high >= 0; high--) {
            const struct cut rows =
                cut_parts(&b->tile_rows, tile, least(b->row_tiles, tile + b->band_tiles), high);
            if (rows.begin < rows.end && columns.begin < columns.end)
                multiply_block(s, &rows, &columns);
        }
    }
}

/* This thread's share of the units. */
static void multiply_share(const struct matmul *s, struct kernel_lane *lane)
{
    const struct matmul_blocks *b = &s->blocks;
    const int64_t chunks = (b->slivers + b->block_slivers - 1) / b->block_slivers;
    int64_t begin, end;
    lane_begin(lane);
    team_share(b->bands * chunks, team_rank(), team_size(), &begin, &end);
    for (int64_t unit = begin; unit < end; unit++)
        multiply_unit(s, unit);
    lane_end(lane);
}

/* A team of one is the caller: a region would take as long as the product of two matrices of 24 × 24. */
void TYPED(matmul_run_small)(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    if (s->config.threads == 1) {
        multiply_share(s, lanes);
        return;
    }
#pragma omp parallel num_threads(s->config.threads)
    multiply_share(s, &lanes[team_rank()]);
}
