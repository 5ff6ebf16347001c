/* matmul with faults built in: a kernel like the real one, whose every variant is wrong, to prove that the
 * real check() lets none through. Refuses to be fast, and to be right in any way but by accident.
 *
 * `racy` is wrong only in a team; the others at any team size.
 */
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/team.h"

#include <string.h>

/* B is read as if it were stored by columns: every element of C is wrong. */
static void run_transposed(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    lane_begin(&lanes[0]);
    for (int64_t i = 0; i < s->m; i++)
        for (int64_t j = 0; j < s->n; j++) {
            element sum = 0;
            for (int64_t p = 0; p < s->k; p++)
                sum += s->a[i * s->k + p] * s->b[j * s->k + p];
            s->c[i * s->n + j] = sum;
        }
    lane_end(&lanes[0]);
}

/* What the last run left stays. */
static void run_nothing(void *state, struct kernel_lane *lanes)
{
    (void)state;
    lane_begin(&lanes[0]);
    lane_end(&lanes[0]);
}

static void run_tile_zeroed(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    TYPED(matmul_run_packed)(state, lanes);
    for (int64_t i = s->m / 2; i < s->m && i < s->m / 2 + 6; i++)
        for (int64_t j = s->n / 2; j < s->n && j < s->n / 2 + 16; j++)
            s->c[i * s->n + j] = 0;
}

static void run_off_by_one(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    TYPED(matmul_run_packed)(state, lanes);
    s->c[s->m * s->n - 1] += 1;
}

/* The last element lacks one of its k products, the first that is not 0. */
static void run_update_lost(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    TYPED(matmul_run_packed)(state, lanes);
    for (int64_t p = 0; p < s->k; p++) {
        element product = s->a[(s->m - 1) * s->k + p] * s->b[p * s->n + s->n - 1];
        if (product != 0) {
            s->c[s->m * s->n - 1] -= product;
            return;
        }
    }
}

/* Two different elements of the last row change places: sums over the row stay right. */
static void run_elements_swapped(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    element *row = s->c + (s->m - 1) * s->n;
    TYPED(matmul_run_packed)(state, lanes);
    for (int64_t j = 1; j < s->n; j++)
        if (row[j] != row[0]) {
            element first = row[0];
            row[0] = row[j];
            row[j] = first;
            return;
        }
}

/* C += A·B: β = 1 where it should be 0. */
static void run_stale_accumulated(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    lane_begin(&lanes[0]);
    for (int64_t i = 0; i < s->m; i++)
        for (int64_t p = 0; p < s->k; p++)
            for (int64_t j = 0; j < s->n; j++)
                s->c[i * s->n + j] += s->a[i * s->k + p] * s->b[p * s->n + j];
    lane_end(&lanes[0]);
}

/* A product that is right for the A that it leaves behind, which is not the A that it was given. */
static void run_input_overwritten(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    s->a[0] += 1;
    TYPED(matmul_run_packed)(state, lanes);
}

/* The threads divide k and add to C without order. In the first column of each row all have read before any
 * writes, so that all updates but one are lost however the threads are scheduled, on one CPU too; which one
 * stays, and what becomes of the other columns, is chance. */
static void run_racy(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    memset(s->c, 0, s->c_bytes);
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        team_share(s->k, team_rank(), team_size(), &begin, &end);
        lane_begin(&lanes[team_rank()]);
        for (int64_t i = 0; i < s->m; i++)
            for (int64_t j = 0; j < s->n; j++) {
                volatile element *c = &s->c[i * s->n + j];
                element sum = 0, old = *c;
                if (j == 0) {
#pragma omp barrier
                }
                for (int64_t p = begin; p < end; p++)
                    sum += s->a[i * s->k + p] * s->b[p * s->n + j];
                *c = old + sum;
            }
        lane_end(&lanes[team_rank()]);
    }
}

/* The last part of a depth that is summed in parts is missing; without parts, the last step of k. */
static void run_part_of_depth_lost(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    TYPED(matmul_run_packed)(state, lanes);
    int64_t begin = s->k > 1024 ? s->k / 1024 * 1024 - 1024 : s->k - 1;
    for (int64_t i = 0; i < s->m; i++)
        for (int64_t p = begin; p < s->k; p++)
            for (int64_t j = 0; j < s->n; j++)
                s->c[i * s->n + j] -= s->a[i * s->k + p] * s->b[p * s->n + j];
}

/* The last columns see, in the second half of the depth, the rows of B of the first half: as a ring of packed
 * slivers that is read before the next one has come. */
static void run_sliver_stale(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    TYPED(matmul_run_packed)(state, lanes);
    int64_t half = (s->k + 1) / 2, columns = s->n < MATMUL_TILE_COLUMNS ? s->n : MATMUL_TILE_COLUMNS;
    for (int64_t i = 0; i < s->m; i++)
        for (int64_t p = half; p < s->k; p++)
            for (int64_t j = s->n - columns; j < s->n; j++)
                s->c[i * s->n + j] += s->a[i * s->k + p] * (s->b[(p - half) * s->n + j] - s->b[p * s->n + j]);
}

/* The last column of each row belongs to the row after it: as an edge stored one element off. */
static void run_edge_shifted(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    TYPED(matmul_run_packed)(state, lanes);
    for (int64_t i = 0; i + 1 < s->m; i++)
        s->c[i * s->n + s->n - 1] = s->c[(i + 1) * s->n + s->n - 1];
}

static const struct kernel_variant variants[] = {
    {"transposed", "B read by columns", "everything is wrong", run_transposed, false, false},
    {"nothing", "computes nothing", "what was there stays", run_nothing, false, false},
    {"tile_zeroed", "a tile of 6 × 16 is 0", "as a kernel that misses an edge", run_tile_zeroed, false,
        false},
    {"off_by_one", "the last element is 1 too large", "the smallest error there is", run_off_by_one, false,
        false},
    {"update_lost", "one product is missing in one element", "as after a race", run_update_lost, false,
        false},
    {"elements_swapped", "two elements of a row change places", "no sum over the row shows it",
        run_elements_swapped, false, false},
    {"part_of_depth_lost", "the end of k is not summed", "as a reduction that forgets a part",
        run_part_of_depth_lost, false, false},
    {"sliver_stale", "the last columns see rows of B from half the depth before", "as a ring read too early",
        run_sliver_stale, false, false},
    {"edge_shifted", "the last column comes from the row below", "as an edge stored one element off",
        run_edge_shifted, false, false},
    {"stale_accumulated", "adds to the old C", "the old result shows through", run_stale_accumulated, false,
        false},
    {"input_overwritten", "changes A, then multiplies", "right only for the wrong A", run_input_overwritten,
        false, false},
    {"racy", "threads divide k and add to C without order", "updates are lost", run_racy, true, false},
};

static const int64_t test_shapes[][MATMUL_DIMENSIONS] = {{40, 70, 300}, {64, 64, 64}, {17, 33, 41}};

const struct kernel TYPED(kernel_broken_matmul) = {
    .name = "broken_matmul",
    .element = ELEMENT_NAME,
    .summary = "matmul with faults that check() must find",
    .rate = KERNEL_RATE_FLOP,
    .dimensions = TYPED(matmul_dimensions),
    .dimension_count = MATMUL_DIMENSIONS,
    .options = TYPED(matmul_options),
    .option_count = MATMUL_OPTIONS,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(matmul_reject),
    .cost = TYPED(matmul_cost),
    .create = TYPED(matmul_create),
    .fill = TYPED(matmul_fill),
    .spoil = TYPED(matmul_spoil),
    .check = TYPED(matmul_check),
    .destroy = TYPED(matmul_destroy),
    .test_shapes = test_shapes[0],
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
