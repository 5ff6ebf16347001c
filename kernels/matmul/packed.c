/* The rung `packed`: five loops around a micro-kernel, in one parallel region.
 *
 * Goto & van de Geijn 2008, figure 8; the loops and their threads: Smith et al., "Anatomy of High-Performance
 * Many-Threaded Matrix Multiplication", IPDPS 2014. Here the loops over columns (nc) and depth (kc) are
 * common to the team, which packs the panel of B together; the tiles of C are divided once, by rows and, when
 * there are too few rows, by columns. The depth is never divided among threads, so an element of C is summed
 * in one order whatever the team.
 */
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/pack.h"
#include "kernels/team.h"

/* A thread of the team: its place in the grid, its rows of C, its packed block of A. */
struct member {
    struct matmul *state;
    int rank, size;
    struct matmul_grid grid;
    int64_t row_begin, row_end;
    element *block;
};

/* Columns [j, j + columns) of C times depth [p, p + depth), with B packed at `packed`. */
struct panel {
    int64_t j, columns, p, depth, groups;
    element *packed;
};

/* One tile of C. An incomplete one goes through a full one beside it. */
static void multiply_tile(const struct member *member, const struct panel *panel, const element *a_sliver,
    const element *b_sliver, int64_t i, int64_t j)
{
    const struct matmul *s = member->state;
    int64_t rows = s->m - i < MATMUL_TILE_ROWS ? s->m - i : MATMUL_TILE_ROWS;
    int64_t columns = s->n - j < MATMUL_TILE_COLUMNS ? s->n - j : MATMUL_TILE_COLUMNS;
    element *c = s->c + i * s->n + j;
    bool accumulate = panel->p > 0;
    if (rows == MATMUL_TILE_ROWS && columns == MATMUL_TILE_COLUMNS) {
        TYPED(matmul_micro_kernel)(panel->groups, a_sliver, b_sliver, c, s->n, accumulate);
        return;
    }
    element tile[MATMUL_TILE_ROWS * MATMUL_TILE_COLUMNS] __attribute__((aligned(VECTOR_BYTES)));
    TYPED(matmul_micro_kernel)(panel->groups, a_sliver, b_sliver, tile, MATMUL_TILE_COLUMNS, false);
    for (int64_t r = 0; r < rows; r++)
        for (int64_t q = 0; q < columns; q++) {
            element sum = tile[r * MATMUL_TILE_COLUMNS + q];
            c[r * s->n + q] = accumulate ? c[r * s->n + q] + sum : sum;
        }
}

/* The member's tiles of a panel: block of A by block of A, and for each sliver of B all slivers of A. */
static void multiply_panel(const struct member *member, const struct panel *panel)
{
    const struct matmul *s = member->state;
    int64_t tiles = (panel->columns + MATMUL_TILE_COLUMNS - 1) / MATMUL_TILE_COLUMNS, tile_begin, tile_end;
    team_share(tiles, member->rank % member->grid.columns, member->grid.columns, &tile_begin, &tile_end);
    int64_t steps = panel->groups * MATMUL_GROUP;
    if (tile_begin == tile_end)
        return;
    for (int64_t i0 = member->row_begin; i0 < member->row_end; i0 += s->blocks.mc) {
        int64_t i1 = member->row_end - i0 < s->blocks.mc ? member->row_end : i0 + s->blocks.mc;
        TYPED(matmul_pack_a)(s->a + i0 * s->k + panel->p, s->k, i1 - i0, panel->depth, member->block);
        for (int64_t tile = tile_begin; tile < tile_end; tile++) {
            const element *a_sliver = member->block;
            const element *b_sliver = panel->packed + tile * MATMUL_TILE_COLUMNS * steps;
            for (int64_t i = i0; i < i1; i += MATMUL_TILE_ROWS) {
                multiply_tile(member, panel, a_sliver, b_sliver, i, panel->j + tile * MATMUL_TILE_COLUMNS);
                a_sliver += MATMUL_TILE_ROWS * steps;
            }
        }
    }
}

static void pack_share_of_b(const struct member *member, const struct panel *panel)
{
    const struct matmul *s = member->state;
    int64_t begin, end;
    team_share(panel->groups, member->rank, member->size, &begin, &end);
    TYPED(matmul_pack_b)
    (s->b + panel->p * s->n + panel->j, s->n, panel->depth, panel->columns, begin, end, panel->packed);
}

/* Two panels of B take turns: while a slow thread still reads one, a fast one already packs the other. It
 * cannot get further ahead than that, because the barrier after packing waits for all: one barrier per panel.
 */
static void multiply_share(const struct member *member, struct kernel_lane *lane)
{
    const struct matmul *s = member->state;
    const struct matmul_blocks *blocks = &s->blocks;
    int64_t number = 0;
    lane_begin(lane);
    for (int64_t j = 0; j < s->n; j += blocks->nc)
        for (int64_t p = 0; p < s->k; p += blocks->kc) {
            struct panel panel = {.j = j, .p = p};
            panel.columns = s->n - j < blocks->nc ? s->n - j : blocks->nc;
            panel.depth = s->k - p < blocks->kc ? s->k - p : blocks->kc;
            panel.groups = (panel.depth + MATMUL_GROUP - 1) / MATMUL_GROUP;
            panel.packed = s->packed_b + (size_t)(number++ % s->panels_kept) * s->panel_elements;
            pack_share_of_b(member, &panel);
            lane_end(lane);
#pragma omp barrier
            lane_begin(lane);
            multiply_panel(member, &panel);
        }
    lane_end(lane);
}

void TYPED(matmul_run_packed)(void *state, struct kernel_lane *lanes)
{
    struct matmul *s = state;
#pragma omp parallel num_threads(s->config.threads)
    {
        struct member member = {.state = s, .rank = team_rank(), .size = team_size()};
        member.grid = TYPED(matmul_choose_grid)(s->m, s->n, member.size);
        member.block = s->packed_a + (size_t)member.rank * s->block_stride;
        int64_t tiles = (s->m + MATMUL_TILE_ROWS - 1) / MATMUL_TILE_ROWS, begin, end;
        team_share(tiles, member.rank / member.grid.columns, member.grid.rows, &begin, &end);
        member.row_begin = begin * MATMUL_TILE_ROWS;
        member.row_end = end * MATMUL_TILE_ROWS < s->m ? end * MATMUL_TILE_ROWS : s->m;
        multiply_share(&member, &lanes[member.rank]);
    }
}
