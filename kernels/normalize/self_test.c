/* What the timed data do not hold: a table worked out by hand, and columns and rows that break careless
 * code. The latter are judged by check(), the former by numbers written down here, so check() itself is on
 * trial too. Refuses large problems, and to say how fast anything is. */
#include "kernels/normalize/normalize.h"

#include "kernels/random.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { METHODS = 3, MISSINGS = 3 };
#define MISSING     ((element)NAN)
#define ELEMENT_MAX (ELEMENT_BITS == 32 ? (element)FLT_MAX : (element)DBL_MAX)

/* ---- by hand ---- */

enum { HAND_ROWS = 3, HAND_COLUMNS = 2 };
static const double hand_table[HAND_ROWS][HAND_COLUMNS] = {{3, 4}, {NAN, 8}, {5, 0}};

/* Column 0 without its gap: mean 4, σ 1; with the mean in it σ² = 2/3. Column 1: mean 4, σ² = 32/3. Row 1
 * with the mean in it: 4 and 8, norm √80. */
#define ROOT_3_2 1.2247448713915890 /* √(3/2) */
#define ROOT_1_5 0.4472135954999579 /* √(1/5) = 4/√80 */
static const struct hand_result {
    enum normalize_method method;
    enum normalize_missing missing;
    int64_t rows;
    double value[HAND_ROWS][HAND_COLUMNS];
} hand_results[] = {
    {METHOD_ZSCORE, MISSING_PASSTHROUGH, 3, {{-1, 0}, {NAN, ROOT_3_2}, {1, -ROOT_3_2}}},
    {METHOD_ZSCORE, MISSING_MEAN, 3, {{-ROOT_3_2, 0}, {0, ROOT_3_2}, {ROOT_3_2, -ROOT_3_2}}},
    {METHOD_ZSCORE, MISSING_DROP, 2, {{-1, 1}, {1, -1}}},
    {METHOD_MINMAX, MISSING_PASSTHROUGH, 3, {{0, 0.5}, {NAN, 1}, {1, 0}}},
    {METHOD_MINMAX, MISSING_MEAN, 3, {{0, 0.5}, {0.5, 1}, {1, 0}}},
    {METHOD_MINMAX, MISSING_DROP, 2, {{0, 1}, {1, 0}}},
    {METHOD_L2, MISSING_PASSTHROUGH, 3, {{0.6, 0.8}, {NAN, 1}, {1, 0}}},
    {METHOD_L2, MISSING_MEAN, 3, {{0.6, 0.8}, {ROOT_1_5, 2 * ROOT_1_5}, {1, 0}}},
    {METHOD_L2, MISSING_DROP, 2, {{0.6, 0.8}, {1, 0}}},
};

static void hand_make(struct normalize_state *state)
{
    for (int64_t i = 0; i < state->rows; i++)
        for (int64_t j = 0; j < state->columns; j++)
            state->table[i * state->columns + j] = (element)hand_table[i][j];
}

static bool hand_holds(const struct normalize_state *state)
{
    const struct hand_result *expected = NULL;
    for (size_t k = 0; k < sizeof hand_results / sizeof hand_results[0]; k++)
        if (hand_results[k].method == state->method && hand_results[k].missing == state->missing)
            expected = &hand_results[k];
    if (expected == NULL || state->result_rows != expected->rows)
        return false;
    for (int64_t i = 0; i < expected->rows; i++)
        for (int64_t j = 0; j < HAND_COLUMNS; j++) {
            double value = expected->value[i][j], got = (double)state->result[i * HAND_COLUMNS + j];
            bool near = fabs(got - value) <= 4 * ELEMENT_EPSILON * fabs(value);
            if (!near && !(isnan(value) && isnan(got)))
                return false;
        }
    return true;
}

/* ---- adversarial columns ---- */

enum adversary {
    FAR_FROM_ZERO,    /* 10^6 + 10^−3·noise */
    CONSTANT,         /* 0.1, which no binary number is */
    CONSTANT_RESIDUE, /* 0.1 and its neighbour: a constant with rounding residue in f64 */
    ALL_MISSING,
    ONE_INFINITY,
    SUBNORMAL,
    HUGE_RANGE, /* from −max to max */
    ALL_ZERO,
    MISSING_AT_FIRST,  /* no entry in the rows that give the provisional mean */
    OUTLIERS_AT_FIRST, /* in just these rows */
    TWO_VALUES,
    CONSTANT_LARGE, /* whose rounding alone has squares that overflow, in f64; whose sum does */
    CONSTANT_LARGEST,
    LARGE_MISSING_AT_FIRST,
    UNDERFLOW, /* of the squares; some entries near the mean */
    DRIFT,     /* the row's number: every block has another mean */
    PLAIN,
    ADVERSARIES
};

static element adversary_entry(enum adversary kind, int64_t row, double noise)
{
    switch (kind) {
    case FAR_FROM_ZERO:
        return (element)(1e6 + 1e-3 * noise);
    case CONSTANT:
        return (element)0.1;
    case CONSTANT_RESIDUE:
        return row % 3 == 0 ? (element)0.1 : (element)0.1 * (1 + 2 * (element)ELEMENT_EPSILON);
    case ALL_MISSING:
        return MISSING;
    case ONE_INFINITY:
        return row == 5 ? (element)INFINITY : (element)noise;
    case SUBNORMAL:
        return (element)(noise * (ELEMENT_BITS == 32 ? 0x1p-140 : 0x1p-1060));
    case HUGE_RANGE:
        return (element)(noise * (double)ELEMENT_MAX);
    case ALL_ZERO:
        return 0;
    case MISSING_AT_FIRST:
        return row % 64 < 40 ? MISSING : (element)(100 + noise);
    case OUTLIERS_AT_FIRST:
        return (element)(row < NORMALIZE_PROVISIONAL_ROWS ? 1e6 : noise);
    case TWO_VALUES:
        return (element)(noise > 0 ? 1 : 0);
    case CONSTANT_LARGE:
        return (element)(ELEMENT_BITS == 32 ? 3e30 : 1.1e171);
    case CONSTANT_LARGEST:
        return (element)((double)ELEMENT_MAX / 3);
    case LARGE_MISSING_AT_FIRST:
        return row % 64 < 40 ? MISSING : (element)(ELEMENT_BITS == 32 ? 3e30 : 1.1e171);
    case UNDERFLOW:
        return (element)((row % 2 != 0 ? 1e-6 * noise : (double)(row % 4 - 1)) *
                         (ELEMENT_BITS == 32 ? 0x1p-60 : 1e-200));
    case DRIFT:
        return (element)row;
    default:
        return (element)noise;
    }
}

static double noise_at(const struct normalize_state *state, int64_t row, int64_t column)
{
    return 2 * random_unit(state->config.seed, (uint64_t)(row * state->columns + column)) - 1;
}

/* Under drop a column without entries leaves no row: plain there in every second problem. */
static void columns_make(struct normalize_state *state)
{
    bool spare = state->missing == MISSING_DROP && state->rows % 2 == 0;
    for (int64_t i = 0; i < state->rows; i++)
        for (int64_t j = 0; j < state->columns; j++) {
            enum adversary kind = (enum adversary)(j % ADVERSARIES);
            if (spare && kind == ALL_MISSING)
                kind = PLAIN;
            state->table[i * state->columns + j] = adversary_entry(kind, i, noise_at(state, i, j));
        }
}

/* Rows for l2: all kinds of length, and an entry missing here and there. Every other 32 rows are none that
 * needs care: those go together. */
static void rows_make(struct normalize_state *state)
{
    double tiny = ELEMENT_BITS == 32 ? 0x1p-147 : 0x1p-1072;
    for (int64_t i = 0; i < state->rows; i++)
        for (int64_t j = 0; j < state->columns; j++) {
            double noise = noise_at(state, i, j);
            double by_row[] = {noise, 0, noise * (double)ELEMENT_MAX, 4 * noise * tiny, noise * 0x1p-60,
                j == 0 ? 1 : noise * 1e-30, j == 1 ? (double)INFINITY : noise, noise * 0x1p70};
            bool gap = i % 16 >= 8 && (i + j) % 11 == 0;
            bool mild = i / 32 % 2 != 0 && !(fabs(by_row[i % 8]) < 2);
            state->table[i * state->columns + j] = gap ? MISSING : (element)(mild ? noise : by_row[i % 8]);
        }
}

/* Rows so long that few have no gap by chance; here every seventh has one. */
static void wide_make(struct normalize_state *state)
{
    for (int64_t i = 0; i < state->rows; i++)
        for (int64_t j = 0; j < state->columns; j++)
            state->table[i * state->columns + j] =
                i % 7 == 0 && j == i % state->columns ? MISSING : (element)noise_at(state, i, j);
}

/* ---- running a problem ---- */

/* Makes, runs and checks one problem; false if the result is wrong (or there is no memory). */
static bool problem_holds(const struct kernel_config *config, const struct kernel_variant *variant,
    void (*make)(struct normalize_state *state), bool (*also)(const struct normalize_state *state),
    uint64_t *digest)
{
    const struct kernel *kernel = &TYPED(kernel_normalize);
    bool holds = false;
    struct kernel_check check;
    size_t lanes_bytes = (size_t)config->threads * sizeof(struct kernel_lane);
    struct kernel_lane *lanes = aligned_alloc(_Alignof(struct kernel_lane), lanes_bytes);
    struct normalize_state *state = kernel->create(config, variant);
    if (lanes == NULL || state == NULL)
        goto cleanup;
    memset(lanes, 0, lanes_bytes);
    kernel->fill(state);
    make(state);
    TYPED(normalize_seal_input)(state);
    kernel->spoil(state, true);
    variant->run(state, lanes);
    kernel->check(state, &check);
    holds = check.passed && (also == NULL || also(state));
    *digest = check.digest;
cleanup:
    kernel->destroy(state);
    free(lanes);
    return holds;
}

/* Every variant from number `first` on and every option, at one and at `threads` threads. */
static const char *problems_hold(int first, int threads, int64_t rows, int64_t columns,
    void (*make)(struct normalize_state *state), bool (*also)(const struct normalize_state *state),
    const char *wrong)
{
    const struct kernel *kernel = &TYPED(kernel_normalize);
    for (int v = first; v < kernel->variant_count; v++)
        for (int option = 0; option < METHODS * MISSINGS; option++) {
            uint64_t digest[2] = {0, 0};
            int teams = threads > 1 ? 2 : 1;
            for (int team = 0; team < teams; team++) {
                struct kernel_config config = {.shape = {rows, columns},
                    .choice = {option / MISSINGS, option % MISSINGS},
                    .seed = 1,
                    .threads = team == 0 ? 1 : threads,
                    .l3_bytes = 1}; /* every result exceeds such a cache: streaming stores are on trial too */
                if (!problem_holds(&config, &kernel->variants[v], make, also, &digest[team]))
                    return wrong;
            }
            if (teams == 2 && digest[0] != digest[1])
                return "the result depends on the number of threads";
        }
    return NULL;
}

/* The timed data are what data_exact.c says: the same when made again, with about 1 % missing. */
static const char *data_hold(int threads)
{
    const struct kernel *kernel = &TYPED(kernel_normalize);
    struct kernel_config config = {.shape = {5000, 16}, .seed = 3, .threads = threads};
    struct normalize_state *state = kernel->create(&config, &kernel->variants[0]);
    if (state == NULL)
        return "no memory for a table of 5000 × 16";
    kernel->fill(state);
    int64_t missing = 0, different = 0;
    for (int64_t i = 0; i < state->rows; i++)
        for (int64_t j = 0; j < state->columns; j++) {
            element x = state->table[i * state->columns + j], again = TYPED(normalize_datum)(state, i, j);
            missing += x != x;
            different += x != again && (x == x || again == again);
        }
    kernel->destroy(state);
    if (different > 0)
        return "the data depend on something else than seed and index";
    return missing > 600 && missing < 1000 ? NULL : "not about 1 % of the data are missing";
}

/* ---- a person's own table ---- */

enum { GIVEN_ROWS = 70, GIVEN_COLUMNS = 3, GIVEN = GIVEN_ROWS * GIVEN_COLUMNS };

/* Entry (i, j) is 100·i + j, but for a gap and a number that no float holds. */
static double given_entry(int64_t row, int64_t column)
{
    bool beyond_float = row == 20 && column == 1, gap = row == 30 && column == 2;
    return gap ? NAN : beyond_float ? 1e300 : (double)(100 * row + column);
}

/* Copied as given, solved and accepted; and refused once an entry of the copy is another. */
static const char *given_holds(const struct kernel_table *given, int threads)
{
    const struct kernel *kernel = &TYPED(kernel_normalize);
    const struct kernel_variant *variant = &kernel->variants[kernel->variant_count - 1];
    struct kernel_config config = {.shape = {GIVEN_ROWS, GIVEN_COLUMNS}, .threads = threads, .table = given};
    struct kernel_check right = {0}, wrong = {0};
    size_t lanes_bytes = (size_t)threads * sizeof(struct kernel_lane);
    struct kernel_lane *lanes = aligned_alloc(_Alignof(struct kernel_lane), lanes_bytes);
    struct normalize_state *state = kernel->create(&config, variant);
    int different = 0;
    if (lanes != NULL && state != NULL) {
        memset(lanes, 0, lanes_bytes);
        kernel->fill(state);
        for (int64_t i = 0; i < GIVEN; i++) {
            element x = state->table[i], entry = (element)given_entry(i / GIVEN_COLUMNS, i % GIVEN_COLUMNS);
            different += !(x == entry || (x != x && entry != entry));
        }
        variant->run(state, lanes);
        kernel->check(state, &right);
        state->table[GIVEN / 2] += 1;
        TYPED(normalize_seal_input)(state);
        variant->run(state, lanes);
        kernel->check(state, &wrong);
    }
    kernel->destroy(state);
    free(lanes);
    if (different > 0 || !right.passed)
        return "a table of one's own is not what is solved";
    return wrong.passed ? "a table that was copied wrong is accepted" : NULL;
}

static const char *given_tables_hold(int threads)
{
    static float singles[2][GIVEN];
    static double doubles[2][GIVEN];
    const char *wrong = NULL;
    for (int64_t i = 0; i < GIVEN; i++) {
        int64_t row = i / GIVEN_COLUMNS, column = i % GIVEN_COLUMNS, turned = column * GIVEN_ROWS + row;
        doubles[0][i] = doubles[1][turned] = given_entry(row, column);
        singles[0][i] = singles[1][turned] = (float)given_entry(row, column);
    }
    for (int order = 0; order < 2 && wrong == NULL; order++) {
        wrong = given_holds(&(struct kernel_table){doubles[order], 64, order == 1}, threads);
        if (wrong == NULL && ELEMENT_BITS == 32)
            wrong = given_holds(&(struct kernel_table){singles[order], 32, order == 1}, threads);
    }
    return wrong;
}

const char *TYPED(normalize_self_test)(int threads)
{
    enum { SHORT_ROWS_MOST = 16 };
    const int last = TYPED(kernel_normalize).variant_count - 1;
    static const int64_t row_counts[] = {1, 2, 41, 130, 301};
    const char *wrong = problems_hold(0, threads, HAND_ROWS, HAND_COLUMNS, hand_make, hand_holds,
        "a table of 3 × 2 differs from the result by hand");
    for (size_t i = 0; wrong == NULL && i < sizeof row_counts / sizeof row_counts[0]; i++)
        wrong = problems_hold(0, threads, row_counts[i], ADVERSARIES, columns_make, NULL,
            "wrong for constant, infinite, subnormal, huge or missing columns");
    for (size_t i = 0; wrong == NULL && i < sizeof row_counts / sizeof row_counts[0]; i++)
        wrong = problems_hold(0, threads, row_counts[i], 33, rows_make, NULL,
            "wrong for rows of zeros, infinities, subnormal or huge numbers");
    /* The last variant has ways of its own for short rows and for long ones, and one for wide tables. */
    for (int64_t columns = 1; wrong == NULL && columns <= SHORT_ROWS_MOST; columns++)
        wrong = problems_hold(last, threads, 130, columns, rows_make, NULL,
            "wrong for short rows of zeros, infinities, subnormal or huge numbers");
    if (wrong == NULL)
        wrong = problems_hold(last, threads, 130, 301, rows_make, NULL,
            "wrong for long rows of zeros, infinities, subnormal or huge numbers");
    if (wrong == NULL)
        wrong =
            problems_hold(last, threads, 300, 1030, wide_make, NULL, "wrong for a wide table cut in parts");
    if (wrong == NULL)
        wrong =
            problems_hold(last, threads, 300, 40, wide_make, NULL, "wrong where places are scaled at once");
    if (wrong == NULL)
        wrong = problems_hold(
            last, threads, 440, 611, wide_make, NULL, "wrong where such places begin within a line");
    if (wrong == NULL)
        wrong = problems_hold(last, threads, 9, 4100, columns_make, NULL,
            "wrong for constant, infinite, subnormal, huge or missing columns of a wide table");
    if (wrong == NULL)
        wrong = given_tables_hold(threads);
    return wrong != NULL ? wrong : data_hold(threads);
}
