/* The rung `packed`: four loops around a micro-kernel, without a barrier between them.
 *
 * Goto & van de Geijn 2008, figure 8. There, and in Smith et al., "Anatomy of High-Performance Many-Threaded
 * Matrix Multiplication", IPDPS 2014, A is packed too, and the team packs a panel of B together and waits for
 * it. Here each thread takes a task (work.h), a part of C, and computes it alone, through all of the depth,
 * packing what it needs of B: packing the same panel twice costs less than waiting for somebody whose CPU
 * another process has taken. It does so beside the arithmetic, and the micro-kernel reads A where it lies;
 * or, where that leaves no time (not MATMUL_PACKS_BESIDE), before, and packs A too, tile by tile with the
 * first of many slivers: a tile is one stream then, from which the fetch units do not stray at its end.
 *
 * What is where while a task is computed, from the outermost loop to the innermost:
 *   range of the depth  the panel of B, kc × the task's columns, packed once for its blocks, in L3
 *   block of rows       its A comes to L2 with the first sliver, and stays
 *   sliver of B         from L2; the next one comes there meanwhile
 *   tile of rows        its A is read from L2, a handful of streams, or one
 *
 * Which thread computes a tile, and in how large a task, does not change its bits: they depend on kc and
 * the splits, which follow from the shape.
 *
 * Refuses to choose: which path, which blocks and which task are for others to say (path.c, blocks.c,
 * work.h). */
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/pack_tile.h"
#include "kernels/matmul/work.h"
#include "kernels/team.h"

/* A part of C over a range of the depth: tiles of rows × slivers of columns, both as begin and end. */
struct task {
    int64_t tile_begin, tile_end, sliver_begin, sliver_end, depth_begin, depth_end;
    element *c; /* m × n */
};

/* A thread at work: its task, and its packed copies of what the task reads of B. They are a ring: of two
 * slivers, where a task of one block reads one and writes the other, else one more than a panel. */
struct member {
    const struct matmul *s;
    struct task task;
    element *packed_a;   /* packed_rows rows, kc deep, tile after tile */
    element *packed;     /* packed_slivers slivers, kc deep */
    int64_t slot, slots; /* where in the ring the panel begins; its size */
};

/* First column of a sliver; of the sliver past the last one: past the last vector of a row. */
static int64_t sliver_column(const struct matmul *s, int64_t sliver)
{
    return matmul_part_begin(&s->blocks.sliver_vectors, sliver) * VECTOR_LANES;
}

static int sliver_vectors(const struct matmul *s, int64_t sliver)
{
    return (int)((sliver_column(s, sliver + 1) - sliver_column(s, sliver)) / VECTOR_LANES);
}

/* A sliver of B at depth [p, p + depth), on its way to `to`. */
static struct matmul_copy copy_of_sliver(
    const struct matmul *s, int64_t sliver, int64_t p, int64_t depth, element *to)
{
    return (struct matmul_copy){
        .from = s->b + p * s->n + sliver_column(s, sliver), .to = to, .stride = s->n, .left = depth};
}

static inline void copy_row(const element *from, element *to, int vectors)
{
    for (int v = 0; v < vectors; v++)
        ((vector_unaligned *)to)[v] = ((const vector_unaligned *)from)[v];
}

/* What is left of it. */
static void finish_copy(const struct matmul *s, struct matmul_copy *copy)
{
    const int vectors = s->blocks.vectors;
    for (; copy->left > 0; copy->left--) {
        copy_row(copy->from, copy->to, vectors);
        copy->from += copy->stride;
        copy->to += vectors * VECTOR_LANES;
    }
}

/* Rows of B that are packed side by side: so much of a sliver is written at a time, and so many streams are
 * read. And how many rows later ones are asked for. */
enum { PACK_ROWS = 4, PACK_AHEAD = 8 };

/* Some rows of a panel of B, at depth p + `row`: in long runs, whatever lies between rows. */
static inline __attribute__((always_inline)) void pack_rows(
    const struct member *member, int64_t p, int64_t row, const int rows)
{
    const struct matmul *s = member->s;
    const struct task *task = &member->task;
    const int64_t width = s->blocks.vectors * VECTOR_LANES, sliver_elements = s->blocks.kc * width;
    element *to = member->packed;
    for (int64_t sliver = task->sliver_begin; sliver < task->sliver_end; sliver++) {
        const int vectors = sliver_vectors(s, sliver);
        const element *from = s->b + (p + row) * s->n + sliver_column(s, sliver);
        for (int i = 0; i < rows; i++) {
            __builtin_prefetch(from + (i + PACK_AHEAD) * s->n);
            copy_row(from + i * s->n, to + (row + i) * vectors * VECTOR_LANES, vectors);
        }
        to += sliver_elements;
    }
}

/* All of a panel of B at depth [p, p + depth). */
static void pack_panel(const struct member *member, int64_t p, int64_t depth)
{
    int64_t row = 0;
    for (; row + PACK_ROWS <= depth; row += PACK_ROWS)
        pack_rows(member, p, row, PACK_ROWS);
    for (; row < depth; row++)
        pack_rows(member, p, row, 1);
}

/* Where the tile's A and C are, at depth p; returns its rows. */
static int64_t place_tile(
    const struct member *member, int64_t t, int64_t sliver, int64_t p, struct matmul_tile *tile)
{
    const struct matmul *s = member->s;
    int64_t i = matmul_tile_row(s, t), column = sliver_column(s, sliver);
    tile->a = s->a + i * s->k + p;
    tile->a_stride = s->k;
    tile->c = member->task.c + i * s->n + column;
    tile->c_stride = s->n;
    tile->c_next = tile->c;
    tile->columns = s->n - column;
    tile->accumulate = p > member->task.depth_begin;
    return matmul_tile_row(s, t + 1) - i;
}

/* The panel's packed sliver of B, counted from its first one; the one past the last is the next panel's
 * first. */
static element *packed_sliver(const struct member *member, int64_t index)
{
    const struct matmul_blocks *blocks = &member->s->blocks;
    return member->packed +
           (member->slot + index) % member->slots * blocks->kc * blocks->vectors * VECTOR_LANES;
}

/* Some tiles of rows at some depth, and where in the depth the block after it is; depth_end of the task:
 * there is none. */
struct block {
    int64_t tile_begin, tile_end, p, depth, next_p;
};

/* The sliver of B to pack beside the one at `index`: the next one, if this block is the panel's first; beside
 * the last block's last, the first one of the next panel. */
static struct matmul_copy copy_beside(const struct member *member, const struct block *block, int64_t index)
{
    const struct matmul *s = member->s;
    const struct task *task = &member->task;
    const int64_t sliver = task->sliver_begin + index;
    element *to = packed_sliver(member, index + 1);
    if (sliver + 1 < task->sliver_end)
        return block->tile_begin == task->tile_begin
                   ? copy_of_sliver(s, sliver + 1, block->p, block->depth, to)
                   : (struct matmul_copy){.left = 0};
    int64_t after = block->next_p > block->p ? least(task->depth_end - block->next_p, s->blocks.kc) : 0;
    return copy_of_sliver(s, task->sliver_begin, block->next_p, after, to);
}

/* The next tile's rows of A: with the first sliver they come from far away. */
static void ask_a(const struct matmul *s, int64_t rows, struct matmul_tile *tile)
{
    tile->ask = tile->a + rows * s->k;
    tile->ask_stride = s->k;
    tile->ask_step = MATMUL_GROUP;
}

/* A tile's part of the next packed sliver of B, or of the first one again: a line of it for each of the
 * tile's rows in each group of k, until the tiles before have asked for all. */
static void ask_b(const struct member *member, const struct block *block, int64_t index, int64_t t,
    int64_t rows, struct matmul_tile *tile)
{
    const int64_t line = 64 / (int64_t)sizeof(element),
                  slivers = member->task.sliver_end - member->task.sliver_begin;
    const int64_t sliver = block->depth * member->s->blocks.vectors * VECTOR_LANES,
                  asked = (t - block->tile_begin) * (block->depth / MATMUL_GROUP * rows * line);
    tile->ask = asked < sliver ? packed_sliver(member, (index + 1) % slivers) + asked : NULL;
    tile->ask_stride = line;
    tile->ask_step = rows * line;
}

/* The tile's packed rows of A; with the first sliver they are packed, while they are in L1. */
static void take_packed_a(const struct member *member, const struct block *block, int64_t t, int64_t rows,
    bool first, struct matmul_tile *tile)
{
    element *const packed =
        member->packed_a + (t - block->tile_begin) * MATMUL_TILE_ROWS * member->s->blocks.kc;
    if (first)
        pack_tile(tile->a, tile->a_stride, rows, tile->depth, packed);
    tile->a = packed;
}

/* A block against all slivers of the task's columns. */
static void multiply_block(const struct member *member, const struct block *block)
{
    const struct matmul *s = member->s;
    const struct task *task = &member->task;
    const int64_t tiles = block->tile_end - block->tile_begin;
    const bool packed = task->tile_end - task->tile_begin > 1; /* else B is read once, where it lies */
    struct matmul_tile tile = {.depth = block->depth};
    tile.a_packed = packed && task->sliver_end - task->sliver_begin >= MATMUL_PACK_A_SLIVERS;
    for (int64_t sliver = task->sliver_begin; sliver < task->sliver_end; sliver++) {
        const int64_t index = sliver - task->sliver_begin;
        struct matmul_copy copy = {.left = 0};
        if (packed && MATMUL_PACKS_BESIDE)
            copy = copy_beside(member, block, index);
        const int vectors = sliver_vectors(s, sliver);
        copy.rows = vectors == s->blocks.vectors ? (MATMUL_GROUP + tiles - 1) / tiles : 0;
        tile.copy = &copy;
        tile.b = packed ? packed_sliver(member, index) : s->b + block->p * s->n + sliver_column(s, sliver);
        tile.b_stride = packed ? (MATMUL_PACKS_BESIDE ? s->blocks.vectors : vectors) * VECTOR_LANES : s->n;
        for (int64_t t = block->tile_begin; t < block->tile_end; t++) {
            int rows = (int)place_tile(member, t, sliver, block->p, &tile);
            const bool last = sliver + 1 == task->sliver_end && t + 1 == block->tile_end;
            tile.ask = NULL;
            if (index == 0 || (last && !MATMUL_PACKS_BESIDE))
                ask_a(s, rows, &tile);
            else if (packed && !MATMUL_PACKS_BESIDE)
                ask_b(member, block, index, t, rows, &tile);
            if (tile.a_packed)
                take_packed_a(member, block, t, rows, index == 0, &tile);
            TYPED(matmul_micro_kernel)(rows, vectors)(&tile);
        }
        finish_copy(s, &copy);
    }
}

/* Range after range of the depth, block after block of rows. */
static void multiply_deep(struct member *member)
{
    const struct matmul *s = member->s;
    const struct task *task = &member->task;
    const int64_t tiles = task->tile_end - task->tile_begin, height = s->blocks.block_tiles;
    int64_t depth = least(task->depth_end - task->depth_begin, s->blocks.kc);
    member->slots = tiles > height || !MATMUL_PACKS_BESIDE ? s->blocks.packed_slivers : 2;
    member->slot = 0;
    if (tiles > 1 && MATMUL_PACKS_BESIDE) {
        struct matmul_copy first =
            copy_of_sliver(s, task->sliver_begin, task->depth_begin, depth, packed_sliver(member, 0));
        finish_copy(s, &first);
    }
    for (int64_t p = task->depth_begin; p < task->depth_end; p += s->blocks.kc) {
        depth = least(task->depth_end - p, s->blocks.kc);
        if (tiles > 1 && !MATMUL_PACKS_BESIDE)
            pack_panel(member, p, depth);
        for (int64_t t = task->tile_begin; t < task->tile_end; t += height) {
            bool last = t + height >= task->tile_end;
            struct block block = {.tile_begin = t,
                .tile_end = least(task->tile_end, t + height),
                .p = p,
                .depth = depth,
                .next_p = last ? p + depth : p};
            multiply_block(member, &block);
        }
        if (MATMUL_PACKS_BESIDE)
            member->slot = (member->slot + task->sliver_end - task->sliver_begin) % member->slots;
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
    struct matmul_tile tile = {.depth = s->k, .b_stride = width, .copy = &copy};
    for (int64_t sliver = task->sliver_begin; sliver < task->sliver_end; sliver++) {
        struct matmul_copy whole =
            copy_of_sliver(s, sliver, 0, s->k, member->packed + (sliver - task->sliver_begin) * s->k * width);
        finish_copy(s, &whole);
    }
    for (int64_t t = task->tile_begin; t < task->tile_end; t++) {
        tile.b = member->packed;
        for (int64_t sliver = task->sliver_begin; sliver < task->sliver_end; sliver++) {
            int rows = (int)place_tile(member, t, sliver, 0, &tile);
            const bool last = sliver + 1 == task->sliver_end;
            tile.ask = NULL;
            if (sliver == task->sliver_begin)
                ask_a(s, rows, &tile);
            /* A tile is over before its own C has come. */
            tile.c_next =
                last ? task->c + matmul_tile_row(s, t + 1) * s->n + sliver_column(s, task->sliver_begin)
                     : tile.c + width;
            TYPED(matmul_micro_kernel)(rows, sliver_vectors(s, sliver))(&tile);
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
    multiply_deep(member);
}

/* Tiles times slivers: a task of so many is worth packing its first sliver of B beside no arithmetic. */
enum { TASK_WORTH = 32 };

/* The units of work, one band of rows × one sliver each, stand in a line: sliver after sliver, band after
 * band, chunk of slivers after chunk, split after split. */
static int64_t units_of_chunk(const struct matmul_blocks *blocks)
{
    return blocks->bands * blocks->block_slivers;
}

static int64_t chunks_of(const struct matmul_blocks *blocks)
{
    return divide_up(blocks->slivers, blocks->block_slivers);
}

static int64_t all_units(const struct matmul_blocks *blocks)
{
    return units_of_chunk(blocks) * chunks_of(blocks) * blocks->splits;
}

/* Some whole bands of a chunk or, when the guided size has become less, a part of one band. */
static int64_t cut_task(const struct matmul *s, int64_t begin, int64_t wanted, int64_t left)
{
    const struct matmul_blocks *blocks = &s->blocks;
    const int64_t width = blocks->block_slivers, place = begin % units_of_chunk(blocks);
    const int64_t worth = least(TASK_WORTH / blocks->band_tiles, all_units(blocks) / (2 * s->config.threads));
    const int64_t count = least(greatest(wanted, worth), left);
    if (place % width > 0 || count < width)
        return least(count, width - place % width);
    return least(least(count / width, blocks->task_tiles / blocks->band_tiles) * width,
        units_of_chunk(blocks) - place);
}

/* Takes the next task; false when there are none left. */
static bool take_task(struct matmul *s, struct task *task)
{
    const struct matmul_blocks *blocks = &s->blocks;
    const int64_t width = blocks->block_slivers, chunks = chunks_of(blocks);
    const int64_t chunk_units = units_of_chunk(blocks);
    int64_t begin, count;
    if (!TYPED(matmul_take)(s, cut_task, &begin, &count))
        return false;
    const int64_t place = begin % chunk_units;
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

void TYPED(matmul_add_splits)(const struct matmul *s, struct kernel_lane *lane)
{
    int64_t begin, end, count = s->m * s->n;
    if (s->blocks.splits <= 1)
        return;
#pragma omp barrier
    lane_begin(lane);
    team_share(count, team_rank(), team_size(), &begin, &end);
    for (int64_t i = begin; i < end; i++)
        s->c[i] = s->partial[i] + s->partial[count + i];
    for (int64_t split = 2; split < s->blocks.splits; split++)
        for (int64_t i = begin; i < end; i++)
            s->c[i] += s->partial[split * count + i];
    lane_end(lane);
}

void TYPED(matmul_run_packed)(void *state, struct kernel_lane *lanes)
{
    struct matmul *s = state;
    if (s->blocks.path == MATMUL_PATH_DOTS) {
        TYPED(matmul_run_dots)(s, lanes);
        return;
    }
    if (s->blocks.path == MATMUL_PATH_ROWS) {
        TYPED(matmul_run_rows)(s, lanes);
        return;
    }
    if (s->blocks.path == MATMUL_PATH_FEW) {
        TYPED(matmul_run_few)(s, lanes);
        return;
    }
    if (s->blocks.path == MATMUL_PATH_SMALL) {
        TYPED(matmul_run_small)(s, lanes);
        return;
    }
    TYPED(matmul_share_out)(s, all_units(&s->blocks), s->blocks.block_slivers);
#pragma omp parallel num_threads(s->config.threads)
    {
        struct kernel_lane *lane = &lanes[team_rank()];
        struct member member = {.s = s, .packed_a = s->packed + (size_t)team_rank() * s->packed_stride};
        member.packed = member.packed_a + s->blocks.packed_rows * s->blocks.kc;
        lane_begin(lane);
        while (take_task(s, &member.task))
            multiply_task(&member);
        lane_end(lane);
        TYPED(matmul_add_splits)(s, lane);
    }
}
