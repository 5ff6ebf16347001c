/* The path `few` of the rung `packed`: few rows, a B that is far.
 *
 * A unit is some panels of columns × a range of the depth, and all rows of C. A block of the depth after
 * another: its panels pass by, in each all tiles of rows, and the tiles ask for the next panel's lines
 * meanwhile. The sums of the unit's panels wait in memory of the thread's own. Which thread takes a unit
 * (work.h) does not change its bits.
 *
 * Refuses a B that is near, which the path `small` reads at once. */
#include "kernels/matmul/few.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/work.h"
#include "kernels/team.h"

struct unit {
    int64_t panel_begin, panel_end, depth_begin, depth_end;
    element *c; /* m × n */
};

/* A thread at work. */
struct member {
    const struct matmul *s;
    struct unit unit;
    element *sums; /* m × the unit's columns, panel after panel; none where the depth is one block */
    element *copy; /* of a panel, if there is one */
};

static int64_t panel_vector(const struct matmul *s, int64_t panel)
{
    return matmul_part_begin(&s->blocks.sliver_vectors, panel);
}

/* What tile `t` of so many asks for of a panel, whose rows have so many lines. A line is named by its last
 * element, which is in that panel wherever rows begin; the panel before it has asked for its first element's
 * line. */
static void share_panel(struct few_tile *tile, const element *panel, int lines, int64_t t, int64_t tiles)
{
#if LEAN /* rows, as many as turns can ask for */
    const int64_t turns = tile->depth / LEAN_TURN;
    tile->every = tiles;
    tile->ahead = panel + t * turns / tiles * LEAN_TURN * tile->ahead_stride + FETCH_LINE - 1;
    tile->lines = lines;
#else
    if (tiles > FEW_TILES_ABREAST) { /* rows, all lines of them */
        tile->every = tiles;
        tile->ahead =
            panel + least(t * divide_up(tile->depth, tiles), tile->depth) * tile->b_stride + FETCH_LINE - 1;
        tile->lines = lines;
        return;
    }
    const int64_t share = divide_up(lines, tiles), begin = t * share; /* of the lines of each row */
    tile->every = 1;
    tile->ahead = panel + (least(begin, lines) + 1) * FETCH_LINE - 1;
    tile->lines = (int)clamp(lines - begin, 0, share);
#endif
}

/* A panel in a block of the depth: all tiles. `next`: the panel after it, so many vectors wide. */
static void multiply_panel(const struct member *member, int64_t panel, int64_t p, int64_t depth,
    const element *next, int next_vectors)
{
    const struct matmul *s = member->s;
    const struct unit *unit = &member->unit;
    const int64_t first = panel_vector(s, panel), column = first * VECTOR_LANES;
    const int vectors = (int)(panel_vector(s, panel + 1) - first);
    const int lines = FETCH_LINES_OF(next_vectors);
    const int64_t tiles = s->blocks.row_tiles;
    const int64_t place = (first - panel_vector(s, unit->panel_begin)) * VECTOR_LANES * s->m;
    struct few_tile tile = {.depth = depth,
        .a_stride = s->k,
        .b = s->b + p * s->n + column,
        .b_stride = s->n,
        .copy = member->copy,
        .ahead_stride = s->n,
        .accumulate = p > unit->depth_begin,
        .c_stride = s->n,
        .columns = s->n - column};
    for (int64_t t = 0; t < tiles; t++) {
        const int64_t row = matmul_tile_row(s, t), rows = matmul_tile_row(s, t + 1) - row;
        tile.a = s->a + row * s->k + p;
        share_panel(&tile, next, lines, t, tiles);
        if (member->sums != NULL)
            tile.sums = member->sums + place + row * vectors * VECTOR_LANES;
        tile.c = p + depth < unit->depth_end ? NULL : unit->c + row * s->n + column;
        TYPED(matmul_few_micro_kernel)((int)rows, vectors)(&tile);
        if (tile.copy != NULL) {
            tile.b = tile.copy;
            tile.b_stride = vectors * VECTOR_LANES;
            tile.copy = NULL;
        }
    }
}

static void multiply_unit(const struct member *member)
{
    const struct matmul *s = member->s;
    const struct unit *unit = &member->unit;
    const int64_t kc = s->blocks.kc;
    for (int64_t p = unit->depth_begin; p < unit->depth_end; p += kc) {
        const int64_t depth = least(kc, unit->depth_end - p);
        for (int64_t panel = unit->panel_begin; panel < unit->panel_end; panel++) {
            const bool last = panel + 1 == unit->panel_end && p + depth < unit->depth_end;
            const int64_t after = last ? unit->panel_begin : least(panel + 1, s->blocks.slivers - 1);
            const element *next =
                s->b + (last ? p + depth : p) * s->n + panel_vector(s, after) * VECTOR_LANES;
            const int next_vectors = (int)(panel_vector(s, after + 1) - panel_vector(s, after));
            multiply_panel(member, panel, p, depth, next, next_vectors);
        }
    }
}

/* Panels of one split of the depth, as many as their sums have room. */
static int64_t cut_unit(const struct matmul *s, int64_t begin, int64_t wanted, int64_t left)
{
    const int64_t panels = s->blocks.slivers;
    return least(least(wanted, s->blocks.block_slivers), least(left, panels - begin % panels));
}

/* Takes the next unit; false when there are none left. */
static bool take_unit(struct matmul *s, struct unit *unit)
{
    const struct matmul_blocks *blocks = &s->blocks;
    int64_t begin, count;
    if (!TYPED(matmul_take)(s, cut_unit, &begin, &count))
        return false;
    const int64_t split = begin / blocks->slivers;
    unit->panel_begin = begin % blocks->slivers;
    unit->panel_end = unit->panel_begin + count;
    unit->depth_begin = split * blocks->split_depth;
    unit->depth_end = least(s->k, unit->depth_begin + blocks->split_depth);
    unit->c = blocks->splits > 1 ? s->partial + split * s->m * s->n : s->c;
    return true;
}

/* The thread's own memory. */
static void place_member(struct member *member, element *memory)
{
    const struct matmul_blocks *blocks = &member->s->blocks;
    if (few_copies_panels(blocks->row_tiles)) {
        member->copy = memory;
        memory += blocks->kc * blocks->vectors * VECTOR_LANES;
    }
    if (member->s->k > blocks->kc)
        member->sums = memory;
}

void TYPED(matmul_run_few)(void *state, struct kernel_lane *lanes)
{
    struct matmul *s = state;
    TYPED(matmul_share_out)(s, s->blocks.slivers * s->blocks.splits, 1);
#pragma omp parallel num_threads(s->config.threads)
    {
        struct kernel_lane *lane = &lanes[team_rank()];
        struct member member = {.s = s};
        if (s->packed != NULL)
            place_member(&member, s->packed + (size_t)team_rank() * s->packed_stride);
        lane_begin(lane);
        while (take_unit(s, &member.unit))
            multiply_unit(&member);
        lane_end(lane);
        TYPED(matmul_add_splits)(s, lane);
    }
}
