/* Compares every element of a result with the reference, block by block: the input still has its digest, the
 * elements are within the tolerance that reference.c derives, NaN are exactly where they must be. The first
 * result of a small problem must also have the moments that its method promises. */
#include "kernels/normalize/normalize.h"

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

static bool row_has_nan(const element *x, int64_t columns)
{
    int missing = 0;
    for (int64_t j = 0; j < columns; j++)
        missing |= x[j] != x[j];
    return missing != 0;
}

static inline double l2_entry(const struct normalize_reference *with, element x, int64_t j)
{
    return x == x ? (double)x : with->filler[j];
}

/* Σ of squares in eight chains: a row without NaN (most are) has a loop of its own, which compilers
 * vectorize. */
static double row_square_of(
    const struct normalize_reference *with, const element *restrict x, int64_t columns, bool missing)
{
    enum { CHAINS = 8 };
    double part[CHAINS] = {0}, square = 0;
    int64_t j = 0;
    for (; !missing && j + CHAINS <= columns; j += CHAINS)
        for (int c = 0; c < CHAINS; c++)
            part[c] += (double)x[j + c] * (double)x[j + c];
    for (; j < columns; j++) {
        double v = l2_entry(with, x[j], j);
        part[j % CHAINS] += v == v ? v * v : 0;
    }
    for (int c = 0; c < CHAINS; c++)
        square += part[c];
    return square;
}

static struct row_norm row_norm_of(
    const struct normalize_reference *with, const element *restrict x, int64_t columns)
{
    bool missing = row_has_nan(x, columns);
    double slack = 0, greatest = 0, square = row_square_of(with, x, columns, missing);
    int64_t j;
    for (j = 0; missing && j < columns; j++)
        slack += x[j] != x[j] ? with->filler_slack[j] : 0;
    if (square < NORMALIZE_SQUARE_LEAST)
        return (struct row_norm){1, 1, 2 * slack};
    if (square < 0x1p700) {
        double norm = sqrt(square);
        return (struct row_norm){norm, 1, 2 * slack / norm};
    }
    for (j = 0; j < columns; j++)
        greatest = fmax(greatest, fabs(l2_entry(with, x[j], j)));
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

static inline bool is_right(struct expectation expected, double got, double most, double least)
{
    bool near = (fabs(got - expected.value) <= expected.tolerance) & (got >= least) & (got <= most);
    return near | ((expected.value != expected.value) & (got != got));
}

static inline __attribute__((always_inline)) bool row_is_right(const struct normalize_state *state,
    const struct normalize_reference *with, const element *restrict x, const element *restrict y)
{
    int wrong = 0;
    if (state->method == METHOD_L2) {
        struct row_norm row = row_norm_of(with, x, state->columns);
        for (int64_t j = 0; j < state->columns; j++)
            wrong |= !is_right(expect_l2(with, row, x[j], j), (double)y[j], INFINITY, -INFINITY);
        return wrong == 0;
    }
    double most = state->method == METHOD_MINMAX ? 1 : INFINITY;
    double least = state->method == METHOD_MINMAX ? 0 : -INFINITY;
    for (int64_t j = 0; j < state->columns; j++)
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

/* Walks the rows of a block that the result must hold. Returns the number of the first wrong one in the table
 * and (through `result_row`) in the result, or VERDICT_RIGHT. */
static int64_t block_compare(const struct normalize_state *state, int64_t block, int64_t *result_row)
{
    const struct normalize_reference with = state->reference; /* a copy: its addresses stay in registers */
    int64_t begin, end, to = with.block_start[block];
    normalize_block_rows(state, block, &begin, &end);
    for (int64_t i = begin; i < end; i++) {
        const element *x = state->table + i * state->columns;
        if (state->missing == MISSING_DROP && row_has_nan(x, state->columns))
            continue;
        if (!row_is_right(state, &with, x, state->result + to * state->columns)) {
            *result_row = to;
            return i;
        }
        to++;
    }
    return VERDICT_RIGHT;
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
