/* The second pass in the order of the rows, as the rungs `rows` and `simd` make it: only what is done with
 * one row is theirs. Not the place of anything that looks inside a row. */
#ifndef ACELERA_NORMALIZE_ROW_ORDER_H
#define ACELERA_NORMALIZE_ROW_ORDER_H

#include "kernels/normalize/normalize.h"
#include "kernels/team.h"

/* One row by the parameters of its columns; clamp: to [0, 1]. And one row divided by its norm. */
typedef void normalize_scale_function(
    const struct normalize_parameters *with, const element *x, element *y, int64_t columns, bool clamp);
typedef void normalize_norm_function(const element *x, const element *filler, element *y, int64_t columns);

/* The rows of this thread's blocks. Always inline: the functions are then called by name, not by address. */
static inline __attribute__((always_inline)) void normalize_apply_rows(struct normalize_state *state,
    int rank, int size, normalize_scale_function *scale, normalize_norm_function *divide_by_norm)
{
    const struct normalize_parameters *with = &state->parameters;
    int64_t columns = state->columns, first, last;
    bool drop = state->missing == MISSING_DROP, care = TYPED(normalize_needs_care)(state, 0, state->columns);
    team_share(state->layout.block_count, rank, size, &first, &last);
    int64_t from = first * state->layout.block_rows, until = last * state->layout.block_rows;
    int64_t to = drop ? state->start[first] : from;
    for (int64_t i = from; i < until && i < state->rows; i++) {
        const element *x = state->table + i * columns;
        if (drop && !state->keep[i])
            continue;
        element *y = state->result + to++ * columns;
        if (state->method == METHOD_L2)
            divide_by_norm(x, with->filler, y, columns);
        else if (care)
            for (int64_t j = 0; j < columns; j++)
                y[j] = TYPED(normalize_apply_careful)(state, j, x[j]);
        else
            scale(with, x, y, columns, state->method == METHOD_MINMAX);
    }
}

#endif
