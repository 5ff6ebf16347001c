/* A wide table of few rows in the fused variant: all blocks of a strip of columns are surveyed, merged, and
 * scaled while they are cached, so the table is read once. Sums are those of the two passes, bit for bit:
 * only the order of columns differs. Refuses l2, whose sums go along rows. */
#include "kernels/normalize/fused.h"

static void part_scale_careful(
    const struct normalize_state *state, const element *x, element *y, int64_t first, int64_t last)
{
    for (int64_t j = first; j < last; j++)
        y[j - first] = TYPED(normalize_apply_careful)(state, j, x[j - first]);
}

static void strip_apply(const struct normalize_state *state, int64_t first, int64_t last)
{
    bool drop = state->missing == MISSING_DROP, care = TYPED(normalize_needs_care)(state, first, last);
    int64_t columns = state->columns;
    element *y = state->result + first;
    for (int64_t i = 0; i < state->rows; i++) {
        const element *x = state->table + i * columns + first;
        if (drop && !state->keep[i])
            continue;
        if (care)
            part_scale_careful(state, x, y, first, last);
        else
            TYPED(normalize_fused_scale)(state, x, y, last - first, first, columns);
        y += columns;
    }
}

void TYPED(normalize_fused_strips)(struct normalize_state *state, int rank, int size)
{
    int64_t width = normalize_strip_columns(state), strips = (state->columns + width - 1) / width, strip;
    struct normalize_survey own;
    TYPED(normalize_fused_survey_begin)(state, &own, rank);
    if (rank == 0 && state->missing == MISSING_DROP)
        TYPED(normalize_set_starts)(state);
    while ((strip = TYPED(normalize_take)(state, STEP_APPLY, strips, 0, rank, size)) >= 0) {
        int64_t first = strip * width, last = first + width < state->columns ? first + width : state->columns;
        for (int64_t block = 0; block < state->layout.block_count; block++)
            TYPED(normalize_fused_survey)(state, block, first, last, &own, rank);
        TYPED(normalize_merge_columns)(state, first, last);
        strip_apply(state, first, last);
    }
    streaming_fence();
}
