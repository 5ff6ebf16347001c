/* The rung `packed`: five loops around a micro-kernel, without a barrier.
 *
 * Goto & van de Geijn 2008, figure 8. There, and in Smith et al., "Anatomy of High-Performance Many-Threaded
 * Matrix Multiplication", IPDPS 2014, the team packs a panel of B together and waits for it. Here each thread
 * takes a block of C from a common counter and computes it alone, through all of the depth, packing what it
 * needs beside the arithmetic: packing the same sliver of B twice costs less than waiting for somebody whose
 * CPU another process has taken. Blocks get smaller towards the end (Polychronopoulos & Kuck, "Guided
 * Self-Scheduling", IEEE Trans. Computers C-36(12), 1987), so that all end at nearly the same time.
 *
 * Which thread computes a tile, and in how large a block, does not change its bits: they depend on kc and
 * the splits, which follow from the shape.
 */
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/team.h"

/* A block of C over a range of the depth: tiles of rows × slivers of columns, both as begin and end. */
struct task {
    int64_t tile_begin, tile_end, sliver_begin, sliver_end, depth_begin, depth_end;
    element *c; /* m × n */
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* First row of a tile; of the tile past the last one: m. */
static int64_t tile_row(const struct matmul *s, int64_t tile)
{
    int64_t high = s->m % s->blocks.row_tiles; /* the first tiles are one row higher than the others */
    return tile * (s->m / s->blocks.row_tiles) + least(tile, high);
}

/* Sums that did not fit into C, into it: the columns that exist. */
static void store_edge(
    const element *sums, int64_t width, int64_t rows, int64_t columns, const struct matmul_tile *tile)
{
    for (int64_t r = 0; r < rows; r++)
        for (int64_t q = 0; q < columns; q++) {
            element sum = sums[r * width + q];
            tile->c[r * tile->c_stride + q] = tile->accumulate ? tile->c[r * tile->c_stride + q] + sum : sum;
        }
}

/* A thread at work: its task, and its packed copies of what the task reads. */
struct member {
    const struct matmul *s;
    struct task task;
    element *packed_a, *packed_b; /* block_tiles tiles, packed_slivers slivers, all kc deep */
    int turn; /* which of two packed slivers of B is being read; the other is being written */
};

/* A sliver's first column, and how many vectors its columns that exist take. */
static int64_t sliver_column(const struct matmul *s, int64_t sliver)
{
    return sliver * s->blocks.vectors * VECTOR_LANES;
}

static int sliver_vectors(const struct matmul *s, int64_t sliver)
{
    int vectors = s->blocks.vectors;
    while (vectors > 1 && vectors / 2 * VECTOR_LANES >= s->n - sliver_column(s, sliver))
        vectors /= 2;
    return vectors;
}

/* A sliver of B at depth [p, p + depth), on its way to `to`. */
static struct matmul_copy copy_of_sliver(
    const struct matmul *s, int64_t sliver, int64_t p, int64_t depth, element *to)
{
    return (struct matmul_copy){
        .from = s->b + p * s->n + sliver_column(s, sliver), .to = to, .stride = s->n, .left = depth};
}

/* What is left of it. */
static void finish_copy(const struct matmul *s, struct matmul_copy *copy)
{
    const int vectors = s->blocks.vectors;
    for (; copy->left > 0; copy->left--) {
        for (int v = 0; v < vectors; v++)
            ((vector_unaligned *)copy->to)[v] = ((const vector_unaligned *)copy->from)[v];
        copy->from += copy->stride;
        copy->to += vectors * VECTOR_LANES;
    }
}

/* One tile of C. An incomplete one goes through a complete one beside it. */
static void multiply_tile(const struct matmul *s, struct matmul_tile *tile, int64_t rows, int64_t sliver)
{
    const int vectors = sliver_vectors(s, sliver), width = vectors * VECTOR_LANES;
    int64_t columns = least(width, s->n - sliver_column(s, sliver));
    if (columns == width) {
        TYPED(matmul_micro_kernel)((int)rows, vectors)(tile);
        return;
    }
    element sums[MATMUL_TILE_ROWS * MATMUL_TILE_COLUMNS] __attribute__((aligned(VECTOR_BYTES)));
    struct matmul_tile whole = *tile;
    whole.c = sums;
    whole.c_stride = width;
    whole.accumulate = false;
    TYPED(matmul_micro_kernel)((int)rows, vectors)(&whole);
    store_edge(sums, width, rows, columns, tile);
}

/* Where the tile's A and C are, at depth p; returns its rows. A is packed with the task's first sliver. */
static int64_t place_tile(
    const struct member *member, int64_t t, int64_t sliver, int64_t p, struct matmul_tile *tile)
{
    const struct matmul *s = member->s;
    int64_t i = tile_row(s, t);
    tile->a_from = sliver == member->task.sliver_begin ? s->a + i * s->k + p : NULL;
    tile->a_stride = s->k;
    tile->c = member->task.c + i * s->n + sliver_column(s, sliver);
    tile->c_stride = s->n;
    tile->accumulate = p > member->task.depth_begin;
    return tile_row(s, t + 1) - i;
}

/* Elements of a packed sliver of A. */
static int64_t sliver_elements(int64_t rows, int64_t depth)
{
    return rows * ((depth + MATMUL_GROUP - 1) / MATMUL_GROUP) * MATMUL_GROUP;
}

/* Depth [p, p + depth) of a task: for each sliver of B all tiles, while the next sliver is being packed. */
static void multiply_deep(struct member *member, int64_t p, int64_t depth)
{
    const struct matmul *s = member->s;
    const struct task *task = &member->task;
    const int64_t tiles = task->tile_end - task->tile_begin, width = s->blocks.vectors * VECTOR_LANES;
    const int64_t after = least(task->depth_end - p - depth, s->blocks.kc);
    struct matmul_tile tile = {.depth = depth};
    if (p == task->depth_begin && tiles > 1) {
        struct matmul_copy first = copy_of_sliver(s, task->sliver_begin, p, depth, member->packed_b);
        finish_copy(s, &first);
    }
    for (int64_t sliver = task->sliver_begin; sliver < task->sliver_end; sliver++) {
        struct matmul_copy copy = {.left = 0};
        element *other = member->packed_b + (member->turn ^ 1) * s->blocks.kc * width;
        if (tiles > 1 && sliver + 1 < task->sliver_end)
            copy = copy_of_sliver(s, sliver + 1, p, depth, other);
        else if (tiles > 1 && after > 0)
            copy = copy_of_sliver(s, task->sliver_begin, p + depth, after, other);
        /* Not beside a narrower sliver, the last one. */
        bool same = sliver_vectors(s, sliver) == s->blocks.vectors;
        copy.rows = same ? (MATMUL_GROUP + tiles - 1) / tiles : 0;
        tile.copy = &copy;
        tile.b = tiles > 1 ? member->packed_b + member->turn * s->blocks.kc * width
                           : s->b + p * s->n + sliver_column(s, sliver);
        tile.b_stride = tiles > 1 ? width : s->n;
        tile.a = member->packed_a;
        for (int64_t t = task->tile_begin; t < task->tile_end; t++) {
            int64_t rows = place_tile(member, t, sliver, p, &tile);
            multiply_tile(s, &tile, rows, sliver);
            tile.a += sliver_elements(rows, depth);
        }
        finish_copy(s, &copy);
        member->turn ^= 1;
    }
}

/* A task of little depth: writing C takes the time, so C is written along its rows, and all of B is packed.
 */
static void multiply_shallow(struct member *member)
{
    const struct matmul *s = member->s;
    const struct task *task = &member->task;
    const int64_t width = s->blocks.vectors * VECTOR_LANES;
    struct matmul_copy copy = {.left = 0};
    struct matmul_tile tile = {.depth = s->k, .b_stride = width, .a = member->packed_a, .copy = &copy};
    for (int64_t sliver = task->sliver_begin; sliver < task->sliver_end; sliver++) {
        struct matmul_copy whole = copy_of_sliver(
            s, sliver, 0, s->k, member->packed_b + (sliver - task->sliver_begin) * s->k * width);
        finish_copy(s, &whole);
    }
    for (int64_t t = task->tile_begin; t < task->tile_end; t++) {
        tile.b = member->packed_b;
        for (int64_t sliver = task->sliver_begin; sliver < task->sliver_end; sliver++) {
            int64_t rows = place_tile(member, t, sliver, 0, &tile);
            multiply_tile(s, &tile, rows, sliver);
            tile.b += s->k * width;
        }
    }
}

static void multiply_task(struct member *member)
{
    const struct matmul *s = member->s;
    const struct task *task = &member->task;
    if (task->tile_begin >= task->tile_end || task->sliver_begin >= task->sliver_end)
        return;
    if (s->blocks.shallow && task->tile_end - task->tile_begin > 1) {
        multiply_shallow(member);
        return;
    }
    member->turn = 0;
    for (int64_t p = task->depth_begin; p < task->depth_end; p += s->blocks.kc)
        multiply_deep(member, p, least(task->depth_end - p, s->blocks.kc));
}

/* Takes the next task; false when there are none left. The units of work, one band of rows × one sliver each,
 * stand in a line: sliver after sliver, band after band, chunk of slivers after chunk, split after split. A
 * task is some whole bands of a chunk or, when the guided size has become less, a part of one band. */
static bool take_task(struct matmul *s, int team, struct task *task)
{
    const struct matmul_blocks *blocks = &s->blocks;
    const int64_t width = blocks->block_slivers, chunks = (blocks->slivers + width - 1) / width;
    const int64_t chunk_units = blocks->bands * width, all = chunk_units * chunks * blocks->splits;
    int64_t begin = __atomic_load_n(&s->next_unit, __ATOMIC_RELAXED), count, place;
    do {
        if (begin >= all)
            return false;
        place = begin % chunk_units;
        count = (all - begin) / (2 * team - 1) + 1;
        if (place % width > 0 || count < width)
            count = least(count, width - place % width);
        else
            count = least(
                least(count / width, blocks->block_tiles / blocks->band_tiles) * width, chunk_units - place);
    } while (!__atomic_compare_exchange_n(
        &s->next_unit, &begin, begin + count, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));

    int64_t chunk = begin / chunk_units % chunks, split = begin / chunk_units / chunks;
    int64_t band = place / width, bands = (count + width - 1) / width;
    task->tile_begin = band * blocks->band_tiles;
    task->tile_end = least(blocks->row_tiles, (band + bands) * blocks->band_tiles);
    task->sliver_begin = chunk * width + place % width;
    task->sliver_end = least(blocks->slivers, task->sliver_begin + least(count, width));
    task->depth_begin = split * blocks->split_depth;
    task->depth_end = least(s->k, task->depth_begin + blocks->split_depth);
    task->c = blocks->splits > 1 ? s->partial + split * s->m * s->n : s->c;
    return true;
}

/* This thread's part of C as the sum of the splits, in their order. */
static void add_partials(const struct matmul *s)
{
    int64_t begin, end, count = s->m * s->n;
    team_share(count, team_rank(), team_size(), &begin, &end);
    for (int64_t i = begin; i < end; i++)
        s->c[i] = s->partial[i] + s->partial[count + i];
    for (int64_t split = 2; split < s->blocks.splits; split++)
        for (int64_t i = begin; i < end; i++)
            s->c[i] += s->partial[split * count + i];
}

void TYPED(matmul_run_packed)(void *state, struct kernel_lane *lanes)
{
    struct matmul *s = state;
    s->next_unit = 0;
#pragma omp parallel num_threads(s->config.threads)
    {
        struct kernel_lane *lane = &lanes[team_rank()];
        struct member member = {.s = s, .packed_a = s->packed + (size_t)team_rank() * s->packed_stride};
        member.packed_b = member.packed_a + s->packed_b_offset;
        lane_begin(lane);
        while (take_task(s, team_size(), &member.task))
            multiply_task(&member);
        lane_end(lane);
        if (s->blocks.splits > 1) {
#pragma omp barrier
            lane_begin(lane);
            add_partials(s);
            lane_end(lane);
        }
    }
}
