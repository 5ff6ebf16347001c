/* The path `small` of the rung `packed`: nothing is packed, and nobody waits.
 *
 * Rows of C are cut into tiles, and its columns into panels of vectors, of sizes that differ by one at most;
 * so a unit is four calls of the micro-kernel at most. A thread has the same units in every run, and finds
 * its part of B and C where it left them; only of a product that takes long others help with them (work.h).
 *
 * Refuses to copy an operand. */
#include "kernels/matmul/small.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/work.h"
#include "kernels/streaming.h"
#include "kernels/team.h"

/* Tiles of rows, or panels of vectors, of one size. */
struct cut {
    int64_t begin, end; /* of the parts */
    int64_t first;      /* row, or vector */
    int size;
    bool ends_half; /* a single panel, whose last vector is a half */
};

/* Those of the parts [begin, end) that are larger, or the others. */
static struct cut cut_parts(const struct matmul_parts *parts, int64_t begin, int64_t end, bool larger)
{
    struct cut cut = {.begin = begin, .end = end, .size = (int)(parts->size + larger)};
    if (larger)
        cut.end = least(end, parts->larger);
    else
        cut.begin = greatest(begin, parts->larger);
    cut.first = matmul_part_begin(parts, cut.begin);
    return cut;
}

/* A tile of little depth is over before its C, or the next one's, has come from afar. With much depth there
 * are few panels in a unit, and so tiles follow each other along the rows. */
enum { C_TILES_AHEAD = 2 };

static int64_t c_ahead(const struct matmul *s, const struct cut *rows, const struct cut *columns)
{
    if (!s->blocks.asks_c || s->blocks.streams_c)
        return 0;
    if (columns->end - columns->begin > C_TILES_AHEAD)
        return C_TILES_AHEAD * columns->size * VECTOR_LANES;
    return rows->size * s->n;
}

static void multiply_block(const struct matmul *s, int64_t split, enum small_kind kind,
    const struct cut *rows, const struct cut *columns)
{
    const int64_t p = split * s->blocks.split_depth;
    element *c = s->blocks.splits > 1 ? s->partial + split * s->m * s->n : s->c;
    const int64_t column = columns->first * VECTOR_LANES;
    const int64_t width = (columns->end - columns->begin) * columns->size * VECTOR_LANES;
    const struct small_block block = {.depth = least(s->k - p, s->blocks.split_depth),
        .tiles = rows->end - rows->begin,
        .columns = least(width, s->n - column),
        .a = s->a + rows->first * s->k + p,
        .a_stride = s->k,
        .b = s->b + p * s->n + column,
        .b_stride = s->n,
        .c = c + rows->first * s->n + column,
        .c_stride = s->n,
        .a_ahead = s->blocks.asks_a ? matmul_ahead_of_tile(rows->size, s->k) : 0,
        .c_ahead = c_ahead(s, rows, columns)};
#if SMALL_HALVES
    if (columns->ends_half) {
        TYPED(matmul_small_half_micro_kernel)(kind == SMALL_ASKS_A, rows->size, columns->size)(&block);
        return;
    }
#endif
    TYPED(matmul_small_micro_kernel)(kind, rows->size, columns->size)(&block);
}

/* A unit: a band of tiles × a chunk of panels, in a split of the depth. Units go along the bands, or the
 * chunks, whichever are fewer; split after split.
 */
struct unit {
    int64_t split, tile_begin, tile_end, panel_begin, panel_end;
};

static int64_t chunks_of(const struct matmul_blocks *b)
{
    return divide_up(b->slivers, b->block_slivers);
}

static int64_t all_units(const struct matmul_blocks *b)
{
    return b->splits * b->bands * chunks_of(b);
}

static struct unit place_unit(const struct matmul_blocks *b, int64_t index)
{
    const int64_t chunks = chunks_of(b), split = b->splits > 1 ? index / (b->bands * chunks) : 0;
    index -= split * b->bands * chunks;
    const bool tall = b->bands >= chunks;
    const int64_t tile = (tall ? index / chunks : index % b->bands) * b->band_tiles;
    const int64_t panel = (tall ? index % chunks : index / b->bands) * b->block_slivers;
    return (struct unit){split, tile, least(b->row_tiles, tile + b->band_tiles), panel,
        least(b->slivers, panel + b->block_slivers)};
}

/* The vectors of C in the units before this one, those of each split, and half of its own. Doubled. */
static int64_t work_before_middle(const struct matmul_blocks *b, int64_t index)
{
    const struct unit unit = place_unit(b, index);
    const int64_t top = matmul_part_begin(&b->tile_rows, unit.tile_begin),
                  rows = matmul_part_begin(&b->tile_rows, unit.tile_end) - top,
                  left = matmul_part_begin(&b->sliver_vectors, unit.panel_begin),
                  vectors = matmul_part_begin(&b->sliver_vectors, unit.panel_end) - left;
    const int64_t all_rows = matmul_part_begin(&b->tile_rows, b->row_tiles),
                  all_vectors = matmul_part_begin(&b->sliver_vectors, b->slivers);
    const int64_t before =
        b->bands >= chunks_of(b) ? top * all_vectors + rows * left : left * all_rows + vectors * top;
    return 2 * (unit.split * all_rows * all_vectors + before) + rows * vectors;
}

/* Where a thread's share begins: the first unit whose middle is in its part of the work. There may be few
 * units, and some much larger than others. The first thread, which calls the others, has begun when they
 * come, and so has more of a small product: multiply-adds of vectors in some half a microsecond. */
enum { AHEAD_OF_OTHERS = 4096 };

static int64_t share_begin(const struct matmul *s, int64_t rank, int64_t team)
{
    const struct matmul_blocks *b = &s->blocks;
    if (rank == 0)
        return 0;
    const int64_t work = b->splits * s->m * matmul_part_begin(&b->sliver_vectors, b->slivers);
    const int64_t ahead = least(AHEAD_OF_OTHERS / b->split_depth, work / 4);
    int64_t begin = 0, end = all_units(b);
    while (begin < end) {
        const int64_t middle = (begin + end) / 2;
        if (work_before_middle(b, middle) * team < 2 * (rank * (work - ahead) + team * ahead))
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

static void multiply_columns(
    const struct matmul *s, enum small_kind kind, const struct unit *unit, const struct cut *columns)
{
    for (int high = 1; high >= 0; high--) {
        const struct cut rows = cut_parts(&s->blocks.tile_rows, unit->tile_begin, unit->tile_end, high);
        if (rows.begin < rows.end && columns->begin < columns->end)
            multiply_block(s, unit->split, kind, &rows, columns);
    }
}

/* The last panel alone where its last vector is a half: there is a function of its own for that. */
static void multiply_tiles(const struct matmul *s, enum small_kind kind, const struct unit *unit)
{
    const struct matmul_blocks *b = &s->blocks;
    const int64_t half = b->ends_half && unit->panel_end == b->slivers, whole = unit->panel_end - half;
    for (int wide = 1; wide >= 0; wide--) {
        const struct cut columns = cut_parts(&b->sliver_vectors, unit->panel_begin, whole, wide);
        multiply_columns(s, kind, unit, &columns);
    }
    if (half) {
        struct cut last = cut_parts(&b->sliver_vectors, whole, unit->panel_end, false);
        last.ends_half = true;
        multiply_columns(s, kind, unit, &last);
    }
}

/* The first tile of rows asks for a far B, and the others find it in L2. */
static void multiply_unit(const struct matmul *s, const struct unit *unit)
{
    const struct matmul_blocks *b = &s->blocks;
    struct unit others = *unit;
    if (b->asks_b) {
        struct unit first = *unit;
        first.tile_end = others.tile_begin = unit->tile_begin + 1;
        multiply_tiles(s, SMALL_ASKS_B, &first);
    }
    multiply_tiles(s, b->streams_c ? SMALL_STREAMS : b->asks_a ? SMALL_ASKS_A : SMALL_PLAIN, &others);
}

static void multiply_units(const struct matmul *s, int64_t begin, int64_t end)
{
    for (int64_t index = begin; index < end; index++) {
        const struct unit unit = place_unit(&s->blocks, index);
        multiply_unit(s, &unit);
    }
}

static int64_t share_end(const struct matmul *s, int64_t rank, int64_t team)
{
    return rank + 1 < team ? share_begin(s, rank + 1, team) : all_units(&s->blocks);
}

/* Is the product so large that a thread which loses its CPU is worth helping? Multiply-adds of vectors in
 * some ten microseconds. */
static bool is_helped(const struct matmul *s)
{
    enum { HELPED_LEAST = 1 << 18 };
    return s->m * divide_up(s->n, VECTOR_LANES) * s->k >= HELPED_LEAST;
}

/* The guided size as it is: units are small. */
static int64_t cut_units(const struct matmul *s, int64_t begin, int64_t wanted, int64_t left)
{
    (void)s, (void)begin, (void)left;
    return wanted;
}

static void multiply_shares(struct matmul *s, bool helped, struct kernel_lane *lane)
{
    const int rank = team_rank(), team = team_size();
    int64_t begin, count;
    lane_begin(lane);
    if (helped)
        while (TYPED(matmul_take)(s, cut_units, &begin, &count))
            multiply_units(s, begin, begin + count);
    else
        multiply_units(s, share_begin(s, rank, team), share_end(s, rank, team));
    if (s->blocks.streams_c)
        streaming_fence();
    lane_end(lane);
}

/* A team of one is the caller: a region would take as long as the product of two matrices of 24 × 24. */
void TYPED(matmul_run_small)(void *state, struct kernel_lane *lanes)
{
    struct matmul *s = state;
    const int threads = s->config.threads;
    if (threads == 1) {
        multiply_shares(s, false, lanes);
        TYPED(matmul_add_splits)(s, lanes);
        return;
    }
    const bool helped = is_helped(s);
    for (int rank = 0; helped && rank < threads; rank++)
        s->shares[rank] = (struct matmul_share){share_begin(s, rank, threads), share_end(s, rank, threads)};
#pragma omp parallel num_threads(threads)
    {
        multiply_shares(s, helped, &lanes[team_rank()]);
        TYPED(matmul_add_splits)(s, &lanes[team_rank()]);
    }
}
