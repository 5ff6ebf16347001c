/* Compares every element of a result with the reference, block by block: the input still has its digest, the
 * elements are within the tolerance that reference.c derives, NaN are exactly where they must be. The first
 * result of a small problem must also have the moments that its method promises. Refuses to run a variant,
 * and to repair anything. */
#include "kernels/normalize/normalize.h"
#include "kernels/normalize/vectors.h"

#include "kernels/digest.h"
#include "kernels/team.h"

#include <math.h>

/* What one element should be. */
struct expectation {
    double value, tolerance; /* NaN value: NaN is expected */
};

static inline struct expectation expect_column(const struct normalize_reference *with, element x, int64_t j)
{
    bool missing = x != x;
    double value = (((double)x - with->centre[j]) - with->centre_low[j]) / with->scale[j];
    value = missing ? with->filler[j] : value;
    double slack = missing ? with->filler_slack[j] : with->slack[j];
    return (struct expectation){value, with->relative_tolerance * fabs(value) + slack};
}

/* A row's norm, and what imputed entries may do to its elements. `unit` is a factor that entries take before
 * they are squared: 1, or what keeps extreme rows in range. */
struct row_norm {
    double norm, unit, slack;
};

static inline double l2_entry(const struct normalize_reference *with, element x, int64_t j)
{
    return x == x ? (double)x : with->filler[j];
}

/* Of a row: Σ of squares, NaN left out, and what imputed entries may be off by, together. In registers,
 * because no compiler adds numbers in another order than it is told. */
struct row_sums {
    double square, slack;
};

static inline __attribute__((always_inline)) struct row_sums row_sums_of(
    const struct normalize_reference *with, const element *x, int64_t columns)
{
    wide square = {0}, slack = {0};
    int64_t j = 0;
    for (; j + WIDE_LANES <= columns; j += WIDE_LANES) {
        wide v = wide_load(x + j), off = *(const wide_unaligned *)(with->filler_slack + j);
        slack += wide_select(v == v, (wide){0}, off);
        square = wide_add_square(square, wide_select(v == v, v, *(const wide_unaligned *)(with->filler + j)));
    }
    struct row_sums sums = {wide_total(square), wide_total(slack)};
    for (; j < columns; j++) {
        double v = l2_entry(with, x[j], j);
        sums.square += v == v ? v * v : 0;
        sums.slack += x[j] != x[j] ? with->filler_slack[j] : 0;
    }
    return sums;
}

static inline __attribute__((always_inline)) struct row_norm row_norm_of(
    const struct normalize_reference *with, const element *restrict x, int64_t columns)
{
    const struct row_sums sums = row_sums_of(with, x, columns);
    double greatest = 0, square = sums.square, slack = sums.slack;
    int64_t j;
    if (square < NORMALIZE_SQUARE_LEAST)
        return (struct row_norm){1, 1, 2 * slack};
    if (square < 0x1p700) {
        double norm = sqrt(square);
        return (struct row_norm){norm, 1, 2 * slack / norm};
    }
    for (j = 0; j < columns; j++) { /* not fmax(): GCC 12 breaks off at it where there is SVE */
        double size = fabs(l2_entry(with, x[j], j));
        greatest = size > greatest ? size : greatest;
    }
    if (!isfinite(greatest))
        return (struct row_norm){NAN, 1, 0};
    square = 0;
    for (j = 0; j < columns; j++) {
        double v = l2_entry(with, x[j], j) / greatest;
        square += v == v ? v * v : 0;
    }
    return (struct row_norm){sqrt(square), greatest, 2 * slack / greatest};
}

static inline struct expectation expect_l2(
    const struct normalize_reference *with, struct row_norm row, element x, int64_t j)
{
    double entry = l2_entry(with, x, j);
    double value = (row.unit == 1 ? entry : entry / row.unit) / row.norm;
    return (struct expectation){value, with->relative_tolerance * fabs(value) + row.slack + with->slack[j]};
}

/* As expect_l2() and is_right() without a division: y·norm against the entry. True only if all of the row is
 * right; what is not so plain is left to the careful comparison. The last term is what underflow may take. */
static inline __attribute__((always_inline)) bool l2_is_plainly_right(const struct normalize_reference *with,
    struct row_norm row, const element *restrict x, const element *restrict y, int64_t columns)
{
    int wrong = row.unit != 1;
    for (int64_t j = 0; j < columns; j++) {
        double entry = l2_entry(with, x[j], j), got = (double)y[j];
        double slack = (row.slack + with->slack[j]) * row.norm + 0x1p-1074;
        bool near = fabs(got * row.norm - entry) <= with->relative_tolerance * fabs(entry) + slack;
        wrong |= !(near | ((entry != entry) & (got != got)));
    }
    return wrong == 0;
}

static inline bool is_right(struct expectation expected, double got, double most, double least)
{
    bool near = (fabs(got - expected.value) <= expected.tolerance) & (got >= least) & (got <= most);
    return near | ((expected.value != expected.value) & (got != got));
}

static inline __attribute__((always_inline)) bool row_is_right(const struct normalize_state *state,
    const struct normalize_reference *with, const element *restrict x, const element *restrict y,
    int64_t columns)
{
    int wrong = 0;
    if (state->method == METHOD_L2) {
        struct row_norm row = row_norm_of(with, x, columns);
        if (l2_is_plainly_right(with, row, x, y, columns))
            return true;
        for (int64_t j = 0; j < columns; j++)
            wrong |= !is_right(expect_l2(with, row, x[j], j), (double)y[j], INFINITY, -INFINITY);
        return wrong == 0;
    }
    double most = state->method == METHOD_MINMAX ? 1 : INFINITY;
    double least = state->method == METHOD_MINMAX ? 0 : -INFINITY;
    for (int64_t j = 0; j < columns; j++)
        wrong |= !is_right(expect_column(with, x[j], j), (double)y[j], most, least);
    return wrong == 0;
}

/* The first wrong element of a row into the verdict. */
static void row_explain(
    const struct normalize_state *state, int64_t from, int64_t to, struct kernel_check *check)
{
    const struct normalize_reference *with = &state->reference;
    const element *x = state->table + from * state->columns, *y = state->result + to * state->columns;
    bool l2 = state->method == METHOD_L2, clamped = state->method == METHOD_MINMAX;
    struct row_norm row = {0};
    if (l2)
        row = row_norm_of(with, x, state->columns);
    for (int64_t j = 0; j < state->columns; j++) {
        struct expectation expected = l2 ? expect_l2(with, row, x[j], j) : expect_column(with, x[j], j);
        if (is_right(expected, (double)y[j], clamped ? 1 : INFINITY, clamped ? 0 : -INFINITY))
            continue;
        check->index = to * state->columns + j;
        check->got = (double)y[j];
        check->expected = expected.value;
        check->tolerance = expected.tolerance;
        return;
    }
}

static inline __attribute__((always_inline)) int64_t rows_compare(
    const struct normalize_state *state, int64_t block, int64_t *result_row, int64_t columns)
{
    const struct normalize_reference with = state->reference; /* a copy: its addresses stay in registers */
    int64_t begin, end, to = with.block_start[block];
    normalize_block_rows(state, block, &begin, &end);
    for (int64_t i = begin; i < end; i++) {
        const element *x = state->table + i * columns;
        if (state->missing == MISSING_DROP && normalize_row_has_nan(x, columns))
            continue;
        if (!row_is_right(state, &with, x, state->result + to * columns, columns)) {
            *result_row = to;
            return i;
        }
        to++;
    }
    return VERDICT_RIGHT;
}

/* Walks the rows of a block that the result must hold. Returns the number of the first wrong one in the table
 * and (through `result_row`) in the result, or VERDICT_RIGHT. Few columns have loops of their own, without
 * the price of starting one for each row. */
static int64_t block_compare(const struct normalize_state *state, int64_t block, int64_t *result_row)
{
    switch (state->columns) {
    case 1:
        return rows_compare(state, block, result_row, 1);
    case 2:
        return rows_compare(state, block, result_row, 2);
    case 3:
        return rows_compare(state, block, result_row, 3);
    case 4:
        return rows_compare(state, block, result_row, 4);
    case 5:
        return rows_compare(state, block, result_row, 5);
    case 6:
        return rows_compare(state, block, result_row, 6);
    case 7:
        return rows_compare(state, block, result_row, 7);
    default:
        return rows_compare(state, block, result_row, state->columns);
    }
}

/* As digest_bytes(), in 16 chains that fill vector registers: a table is read at the speed of memory. */
uint64_t TYPED(normalize_digest)(uint64_t digest, const element *from, int64_t count)
{
    enum { CHAINS = 2 };
    typedef uint64_t words __attribute__((vector_size(64), aligned(sizeof(element)), may_alias));
    enum { STEP = CHAINS * sizeof(words) / sizeof(element) };
    words chain[CHAINS] = {{0}};
    int64_t at = 0;
    for (; at + STEP <= count; at += STEP)
        for (int c = 0; c < CHAINS; c++) {
            words next = ((const words *)(const void *)(from + at))[c];
            chain[c] = (chain[c] ^ next) * 0x9fb21c651e98df25u;
            chain[c] ^= chain[c] >> 32;
        }
    uint64_t rest = digest_bytes(digest, from + at, (size_t)(count - at) * sizeof(element));
    return digest_mix(rest, digest_bytes(digest, chain, sizeof chain));
}

/* Everything about one block, while it is in the cache. */
static void block_check(const struct normalize_state *state, int64_t block)
{
    const struct normalize_reference *with = &state->reference;
    int64_t begin, end, columns = state->columns, result_row;
    normalize_block_rows(state, block, &begin, &end);
    uint64_t input =
        TYPED(normalize_digest)((uint64_t)block, state->table + begin * columns, (end - begin) * columns);
    int64_t start = with->block_start[block], rows = with->block_start[block + 1] - start;
    with->verdict[block] = VERDICT_INPUT_CHANGED;
    if (input == with->input_digest[block])
        with->verdict[block] = block_compare(state, block, &result_row);
    with->digest[block] =
        TYPED(normalize_digest)((uint64_t)block, state->result + start * columns, rows * columns);
}

/* Larger tables than this are not summed up again: every entry was compared, and that implies the moments. */
enum { MOMENTS_ENTRIES_MAX = 1 << 20 };

/* The moments that the method promises, from the result alone: mean 0 and deviation 1, or extremes 0 and 1.
 * The tolerances are an element's, twice for a variance. */
static void moments_check(struct normalize_state *state, struct kernel_check *check)
{
    const struct normalize_reference *with = &state->reference;
    TYPED(normalize_reference_fit)(state, state->result, state->result_rows, false);
    for (int64_t j = 0; j < state->columns; j++) {
        const struct normalize_moments *m = &with->moments[j];
        if (isnan(with->scale[j]) || m->count == 0)
            continue;
        double tolerance = with->relative_tolerance + with->slack[j];
        bool zscore = state->method == METHOD_ZSCORE;
        double low = zscore ? m->mean : m->least, high = zscore ? m->variance : m->greatest;
        double high_expected = with->spread[j];
        if (!(fabs(low) <= tolerance)) {
            check->what = zscore ? "mean of a column of the result" : "minimum of a column of the result";
            *check = (struct kernel_check){
                .what = check->what, .index = j, .got = low, .tolerance = tolerance, .digest = check->digest};
            return;
        }
        if (!(fabs(high - high_expected) <= 2 * tolerance)) {
            check->what = zscore ? "variance of a column of the result" : "maximum of a column of the result";
            *check = (struct kernel_check){.what = check->what,
                .index = j,
                .got = high,
                .expected = high_expected,
                .tolerance = 2 * tolerance,
                .digest = check->digest};
            return;
        }
    }
}

void TYPED(normalize_check)(void *memory, struct kernel_check *check)
{
    struct normalize_state *state = memory;
    const struct normalize_reference *with = &state->reference;
    bool first_time = !with->made;
    *check = (struct kernel_check){.what = "elements against a two-pass f64 reference", .index = -1};
    if (first_time)
        TYPED(normalize_reference_make)(state);
    if (!with->copied) {
        check->what = "the input against the table that was given";
        return;
    }
    int64_t blocks = state->layout.block_count, rows = with->block_start[blocks];
    if (state->result_rows != rows) {
        check->what = "rows of the result";
        check->got = (double)state->result_rows;
        check->expected = (double)rows;
        return;
    }
#pragma omp parallel for num_threads(state->config.threads) schedule(static)
    for (int64_t block = 0; block < blocks; block++)
        block_check(state, block);
    check->digest = digest_mix(state->config.seed, (uint64_t)rows);
    for (int64_t block = 0; block < blocks; block++)
        check->digest = digest_mix(check->digest, with->digest[block]);
    for (int64_t block = 0; block < blocks; block++) {
        if (with->verdict[block] == VERDICT_RIGHT)
            continue;
        if (with->verdict[block] == VERDICT_INPUT_CHANGED) {
            check->what = "the input, which run() must not change";
            return;
        }
        int64_t to = 0, from = block_compare(state, block, &to);
        row_explain(state, from, to, check);
        return;
    }
    check->passed = true;
    if (first_time && state->method != METHOD_L2 && rows * state->columns <= MOMENTS_ENTRIES_MAX)
        moments_check(state, check);
}
