/* normalize gone wrong, in ways that look right: proof that the check catches them. Never timed, never
 * installed. Each variant is the real one but for one fault. The faults are made for z-scores; faults of the
 * statistics do not show under l2, which has none. `racy` is wrong only in a team, the others at any team
 * size.
 */
#include "kernels/normalize/normalize.h"
#include "kernels/team.h"

#include <math.h>
#include <sched.h>
#include <string.h>

/* ---- faults in a result that was right ---- */

static void run_everything_wrong(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    TYPED(normalize_run_fused)(state, lanes);
    for (int64_t i = 0; i < state->result_rows * state->columns; i++)
        state->result[i] = 1 - state->result[i];
}

/* What the last run left stays. */
static void run_nothing(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    lane_begin(&lanes[0]);
    state->result_rows = state->rows;
    lane_end(&lanes[0]);
}

static void run_tile_zeroed(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    TYPED(normalize_run_fused)(state, lanes);
    int64_t rows =
        state->result_rows / 2 < state->layout.tile_rows ? state->result_rows / 2 : state->layout.tile_rows;
    memset(state->result + state->result_rows / 2 * state->columns, 0,
        (size_t)(rows * state->columns) * sizeof(element));
}

/* The middle element that is far enough from 0 for its relative tolerance to count. */
static void run_one_element_off(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    TYPED(normalize_run_fused)(state, lanes);
    /* f64 results may differ by the rounding of long sums, hundreds of units (reference.c) */
    element units = ELEMENT_BITS == 32 ? 8 : 1280;
    for (int64_t i = state->result_rows * state->columns / 2; i < state->result_rows * state->columns; i++)
        if (fabs((double)state->result[i]) > 0.5) {
            state->result[i] *= 1 + units * (element)ELEMENT_EPSILON;
            return;
        }
}

static void run_missing_shifted(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    TYPED(normalize_run_fused)(state, lanes);
    for (int64_t i = state->result_rows * state->columns - 1; i > 0; i--)
        if (isnan(state->result[i - 1])) {
            state->result[i] = state->result[i - 1];
            state->result[i - 1] = 0;
        }
}

static void run_rows_swapped(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    TYPED(normalize_run_fused)(state, lanes);
    element *row = state->result + state->result_rows / 2 * state->columns;
    for (int64_t j = 0; j < state->columns && state->result_rows > 1; j++) {
        element kept = row[j];
        row[j] = row[j - state->columns];
        row[j - state->columns] = kept;
    }
}

static void run_row_forgotten(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    TYPED(normalize_run_fused)(state, lanes);
    state->result_rows--;
}

/* Right in the result, but the input is gone. */
static void run_in_place(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    TYPED(normalize_run_fused)(state, lanes);
    memcpy(state->table, state->result, (size_t)(state->result_rows * state->columns) * sizeof(element));
}

/* One entry is replaced before the run: the result is right for what is then in the table. */
static void run_input_changed(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    state->table[state->rows / 2 * state->columns] = 1;
    TYPED(normalize_run_fused)(state, lanes);
}

/* ---- faults in the statistics: the transform follows from them without a flaw ---- */

static void run_steps(void *state, struct kernel_lane *lanes, struct normalize_steps faulty)
{
    struct normalize_steps steps = TYPED(normalize_steps_rows);
    if (faulty.survey != NULL)
        steps.survey = faulty.survey;
    if (faulty.merge != NULL)
        steps.merge = faulty.merge;
    TYPED(normalize_steps_run)(state, lanes, &steps);
}

/* The first column lacks one addend, in the sum alone. */
static void survey_losing_update(struct normalize_state *state, int rank, int size)
{
    TYPED(normalize_steps_rows).survey(state, rank, size);
    int64_t first, last, block = state->layout.block_count / 2;
    team_share(state->layout.block_count, rank, size, &first, &last);
    if (block < first || block >= last)
        return;
    int64_t begin, end;
    normalize_block_rows(state, block, &begin, &end);
    for (int64_t i = begin; i < end; i++) {
        double away =
            (double)state->table[i * state->columns] - normalize_summary(state, block, SUMMARY_SHIFT)[0];
        if (!isnan(away) && away != 0) {
            normalize_summary(state, block, SUMMARY_SUM)[0] -= away;
            return;
        }
    }
}

static void run_update_lost(void *state, struct kernel_lane *lanes)
{
    run_steps(state, lanes, (struct normalize_steps){.survey = survey_losing_update});
}

static void merge_unbiased(struct normalize_state *state, int rank, int size)
{
    TYPED(normalize_merge)(state, rank, size);
    double n = (double)state->rows;
    if (rank == 0) /* the first columns are rank 0's in every team */
        state->parameters.factor[0] *= (element)sqrt((n - 1) / n);
}

static void run_ddof_1(void *state, struct kernel_lane *lanes)
{
    run_steps(state, lanes, (struct normalize_steps){.merge = merge_unbiased});
}

/* One set of sums for all, those of block 0: each thread adds its rows, and now and then lets the others run
 * between reading and writing. A team on one PU loses updates too. */
static void survey_racy(struct normalize_state *state, int rank, int size)
{
    double *mine = normalize_scratch(state, rank);
    volatile double *sum = normalize_summary(state, 0, SUMMARY_SUM);
    volatile double *square = normalize_summary(state, 0, SUMMARY_SQUARE);
    volatile double *count = normalize_summary(state, 0, SUMMARY_COUNT);
    const double *shift = normalize_summary(state, 0, SUMMARY_SHIFT);
    int64_t first, last;
    team_share(state->rows, rank, size, &first, &last);
    for (int64_t i = first; i < last; i++) {
        const element *x = state->table + i * state->columns;
        for (int64_t j = 0; j < state->columns; j++)
            mine[j] = sum[j];
        if (i % 64 == 0)
            sched_yield();
        for (int64_t j = 0; j < state->columns; j++) {
            double away = isnan(x[j]) ? 0 : (double)x[j] - shift[j];
            sum[j] = mine[j] + away;
            square[j] += away * away;
            count[j] += isnan(x[j]) ? 0 : 1;
        }
    }
}

static void run_racy(void *memory, struct kernel_lane *lanes)
{
    struct normalize_state *state = memory;
    for (int64_t block = 0; block < state->layout.block_count; block++)
        for (int field = SUMMARY_SHIFT; field <= SUMMARY_COUNT; field++)
            memset(normalize_summary(state, block, (enum normalize_summary_field)field), 0,
                (size_t)state->columns * sizeof(double));
    if (state->missing == MISSING_DROP)
        TYPED(normalize_mark)(state, 0, 1);
    TYPED(normalize_set_shift)(state, 0, 0, state->columns);
    for (int64_t j = 0; j < state->columns; j++)
        normalize_summary(state, 0, SUMMARY_COUNT)[j] = 0;
    run_steps(state, lanes, (struct normalize_steps){.survey = survey_racy});
}

static const struct kernel_variant variants[] = {
    {.name = "everything-wrong", .what = "1 − y instead of y", .why = "wrong", .run = run_everything_wrong},
    {.name = "computes-nothing", .what = "what the last run left stays", .why = "wrong", .run = run_nothing},
    {.name = "tile-left-zero", .what = "a tile in the middle is 0", .why = "wrong", .run = run_tile_zeroed},
    {.name = "one-element-off",
        .what = "one element is just beyond its tolerance",
        .why = "wrong",
        .run = run_one_element_off},
    {.name = "missing-shifted",
        .what = "every NaN is one place too far",
        .why = "wrong",
        .run = run_missing_shifted},
    {.name = "rows-swapped", .what = "two rows have changed places", .why = "wrong", .run = run_rows_swapped},
    {.name = "row-forgotten",
        .what = "the result says it has one row less",
        .why = "wrong",
        .run = run_row_forgotten},
    {.name = "in-place",
        .what = "the result is also written over the input",
        .why = "wrong",
        .run = run_in_place},
    {.name = "input-changed",
        .what = "one entry of the input is replaced before the run",
        .why = "wrong",
        .run = run_input_changed},
    {.name = "update-lost",
        .what = "one row is missing from the sum of one column",
        .why = "wrong",
        .run = run_update_lost},
    {.name = "ddof-1", .what = "one deviation is Σ(x − μ)² over n − 1", .why = "wrong", .run = run_ddof_1},
    {.name = "racy",
        .what = "all threads add to one set of sums, unsynchronized",
        .why = "wrong",
        .run = run_racy,
        .is_default = true},
};

extern const struct kernel TYPED(kernel_broken_normalize);
const struct kernel TYPED(kernel_broken_normalize) = {
    .name = "broken_normalize",
    .element = ELEMENT_NAME,
    .summary = "normalize with faults, for the tests of its check",
    .role = KERNEL_WORKLOAD,
    .rate = KERNEL_RATE_BYTES,
    .dimensions = TYPED(normalize_dimensions),
    .dimension_count = DIMENSION_COUNT,
    .options = TYPED(normalize_options),
    .option_count = OPTION_COUNT,
    .variants = variants,
    .variant_count = sizeof variants / sizeof *variants,
    .reject = TYPED(normalize_reject),
    .cost = TYPED(normalize_cost),
    .create = TYPED(normalize_create),
    .fill = TYPED(normalize_fill),
    .spoil = TYPED(normalize_spoil),
    .check = TYPED(normalize_check),
    .destroy = TYPED(normalize_destroy),
    .test_shapes = (const int64_t[]){300, 7, 5000, 16},
    .test_shape_count = 2,
};
