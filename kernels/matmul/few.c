/* The path `few` of the rung `packed`: few rows, a B that is far.
 *
 * A unit is a panel of columns × a range of the depth, all rows of C or, of the last panels, where there is
 * none for every thread, a part of them. A block of the depth after another: its first tile of rows reads B
 * in place and copies it, the others read the copy, and ask for the next block meanwhile. The sums of a panel
 * wait in memory of the thread's own. Units are taken from a counter. Which thread takes a unit, and how many
 * rows it has, does not change its bits.
 */
#include "kernels/matmul/few.h"
#include "kernels/matmul/matmul.h"
#include "kernels/team.h"

struct unit {
    int64_t panel;
    int64_t tile_begin, tile_end, depth_begin, depth_end;
    element *c; /* m × n */
};

/* A thread at work. */
struct member {
    const struct matmul *s;
    struct unit unit;
    element *copy; /* kc × a panel */
    element *sums; /* m × a panel */
};

/* First vector of a panel: the first ones are one wider than the others. */
static int64_t panel_vector(const struct matmul *s, int64_t panel)
{
    const int64_t vectors = (s->n + VECTOR_LANES - 1) / VECTOR_LANES, panels = s->blocks.slivers;
    return panel * (vectors / panels) + least(panel, vectors % panels);
}

static int64_t tile_row(const struct matmul *s, int64_t tile)
{
    const int64_t tiles = s->blocks.row_tiles;
    return tile * (s->m / tiles) + least(tile, s->m % tiles);
}

/* What of B a tile asks for; `turn` counts the tiles after the one that copies. Each line of a row is asked
 * for by another tile or, where there are too few tiles, all by the first one. */
static void share_lines(struct few_tile *tile, int64_t turn, int64_t turns, int64_t lines)
{
    tile->whole_lines = turns < lines;
    if (turn < (tile->whole_lines ? 1 : lines)) {
        tile->ahead += turn * 64 / (int64_t)sizeof(element);
        return;
    }
    tile->whole_lines = false;
    tile->ahead = tile->b;
    tile->b_far = 0;
}

/* A block of the depth: all tiles of the unit. `ahead`: where B continues. */
static void multiply_block(const struct member *member, int64_t p, int64_t depth, const element *ahead)
{
    const struct matmul *s = member->s;
    const struct unit *unit = &member->unit;
    const int64_t first = panel_vector(s, unit->panel), column = first * VECTOR_LANES;
    const int vectors = (int)(panel_vector(s, unit->panel + 1) - first);
    const int64_t turns = unit->tile_end - unit->tile_begin, width = vectors * VECTOR_LANES;
    for (int64_t turn = 0; turn < turns; turn++) {
        const int64_t row = tile_row(s, unit->tile_begin + turn);
        const int64_t rows = tile_row(s, unit->tile_begin + turn + 1) - row;
        struct few_tile tile = {.depth = depth,
            .a = s->a + row * s->k + p,
            .a_stride = s->k,
            .b = turn > 0 ? member->copy : s->b + p * s->n + column,
            .b_stride = turn > 0 ? width : s->n,
            .copy = turn > 0 ? NULL : member->copy,
            .ahead = ahead,
            .b_far = s->n,
            .sums = member->sums + row * width,
            .accumulate = p > unit->depth_begin,
            .c = p + depth < unit->depth_end ? NULL : unit->c + row * s->n + column,
            .c_stride = s->n,
            .columns = s->n - column};
        if (turn > 0)
            share_lines(&tile, turn - 1, turns - 1, (vectors * VECTOR_BYTES + 63) / 64);
        TYPED(matmul_few_micro_kernel)((int)rows, vectors)(&tile);
    }
}

static void multiply_unit(const struct member *member)
{
    const struct matmul *s = member->s;
    const struct unit *unit = &member->unit;
    const int64_t column = panel_vector(s, unit->panel) * VECTOR_LANES, kc = s->blocks.kc;
    /* A guess, if the others are as quick. */
    const int64_t after = least(unit->panel + team_size(), s->blocks.slivers - 1);
    for (int64_t p = unit->depth_begin; p < unit->depth_end; p += kc) {
        const element *ahead = p + kc < unit->depth_end
                                   ? s->b + (p + kc) * s->n + column
                                   : s->b + unit->depth_begin * s->n + panel_vector(s, after) * VECTOR_LANES;
        multiply_block(member, p, least(kc, unit->depth_end - p), ahead);
    }
}

/* Takes the next unit; false when there are none left. */
static bool take_unit(struct matmul *s, int64_t team, struct unit *unit)
{
    const struct matmul_blocks *blocks = &s->blocks;
    const int64_t all = blocks->slivers * blocks->splits, whole = all - all % team;
    const int64_t parts = all > whole ? least(team / (all - whole), blocks->row_tiles) : 1;
    int64_t taken = __atomic_fetch_add(&s->next_unit, 1, __ATOMIC_RELAXED), part = 0, of = 1;
    if (taken >= whole) {
        part = (taken - whole) % parts;
        of = parts;
        taken = whole + (taken - whole) / parts;
    }
    if (taken >= all)
        return false;
    const int64_t split = taken / blocks->slivers;
    unit->panel = taken % blocks->slivers;
    unit->tile_begin = part * blocks->row_tiles / of;
    unit->tile_end = (part + 1) * blocks->row_tiles / of;
    unit->depth_begin = split * blocks->split_depth;
    unit->depth_end = least(s->k, unit->depth_begin + blocks->split_depth);
    unit->c = blocks->splits > 1 ? s->partial + split * s->m * s->n : s->c;
    return true;
}

void TYPED(matmul_run_few)(void *state, struct kernel_lane *lanes)
{
    struct matmul *s = state;
    s->next_unit = 0;
#pragma omp parallel num_threads(s->config.threads)
    {
        struct kernel_lane *lane = &lanes[team_rank()];
        struct member member = {.s = s, .copy = s->packed + (size_t)team_rank() * s->packed_stride};
        member.sums = member.copy + s->blocks.kc * s->blocks.vectors * VECTOR_LANES;
        lane_begin(lane);
        while (take_unit(s, team_size(), &member.unit))
            multiply_unit(&member);
        lane_end(lane);
        TYPED(matmul_add_splits)(s, lane);
    }
}
