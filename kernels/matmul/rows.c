/* The path `rows` of the rung `packed`: few rows, a B that is read once.
 *
 * The work is bound by reading B, so B is read in long runs, a handful of rows at a time, and C waits in L1
 * between the passes: in memory of the thread's own, or the fetch units, which run past the end of each
 * strip, would take lines that another thread is writing. Strips of columns are the units of work (work.h);
 * where there are too few for a team, the depth is split at points that follow from the shape.
 *
 * With lean loops also for up to MANY_ROWS rows, whose strips of C are in L2: a tile of few rows waits for
 * lines of B that it has asked for itself, of which a core has no more than some twenty on their way; of rows
 * that are read from end to end the fetch units of L2 bring more. Seen on a Zen 3, B from memory: 1.1 to 2.4
 * times as fast as tiles.
 *
 * Refuses to read B twice. */
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/narrow.h"
#include "kernels/matmul/work.h"
#include "kernels/team.h"

#include <string.h>

/* All rows of C, columns of a strip, over depth [p, end), into `sums`, row after row. Of many rows their part
 * of A is copied, or rows of A that share a set would displace each other. */
static void multiply_strip(
    const struct matmul *s, int64_t column, int64_t columns, int64_t p, int64_t end, element *sums)
{
    const int rows = (int)s->m, depth = TYPED(matmul_rows_depth)(rows);
    const bool many = rows > ROWS_MOST;
    element a[MANY_ROWS * MANY_DEPTH];
    struct rows_strip strip = {.rows = rows,
        .columns = columns,
        .a_stride = s->k,
        .b = s->b + p * s->n + column,
        .b_stride = s->n,
        .c = sums,
        .c_stride = matmul_strip_stride(rows, columns),
        .accumulate = many};
    if (many)
        memset(sums, 0, (size_t)(rows * strip.c_stride) * sizeof(element));
    while (p < end) {
        bool whole = end - p >= depth;
        int64_t step = whole ? depth : 1;
        strip.a = s->a + p;
        for (int64_t i = 0; many && i < rows; i++)
            for (int64_t q = 0; q < step; q++)
                a[i * step + q] = strip.a[i * s->k + q];
        if (many)
            strip.a = a;
        TYPED(matmul_rows_micro_kernel)(rows, whole)(&strip);
        strip.accumulate = true;
        strip.b += step * s->n;
        p += step;
    }
}

/* Takes the next unit, a strip of columns × a split of the depth, and computes it; false when none are left.
 */
static bool multiply_unit(struct matmul *s, element *sums)
{
    const struct matmul_blocks *blocks = &s->blocks;
    int64_t unit, count;
    if (!TYPED(matmul_take)(s, NULL, &unit, &count))
        return false;
    int64_t width = (int64_t)blocks->vectors * VECTOR_LANES, column = unit % blocks->slivers * width;
    int64_t columns = least(width, s->n - column);
    int64_t split = unit / blocks->slivers, begin = split * blocks->split_depth;
    element *c = blocks->splits > 1 ? s->partial + split * s->m * s->n : s->c;
    multiply_strip(s, column, columns, begin, least(s->k, begin + blocks->split_depth), sums);
    for (int64_t i = 0; i < s->m; i++)
        memcpy(c + i * s->n + column, sums + i * matmul_strip_stride(s->m, columns),
            (size_t)columns * sizeof(element));
    return true;
}

void TYPED(matmul_run_rows)(void *state, struct kernel_lane *lanes)
{
    struct matmul *s = state;
    TYPED(matmul_share_out)(s, s->blocks.slivers * s->blocks.splits, 1);
#pragma omp parallel num_threads(s->config.threads)
    {
        struct kernel_lane *lane = &lanes[team_rank()];
        element *sums = s->packed + (size_t)team_rank() * s->packed_stride;
        lane_begin(lane);
        while (multiply_unit(s, sums))
            ;
        lane_end(lane);
        TYPED(matmul_add_splits)(s, lane);
    }
}
