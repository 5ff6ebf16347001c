/* Clean and scale a table of rows × columns (row-major, out of place): what the files of this kernel share.
 * Nothing outside this folder includes it, but for the wrong kernels of the tests.
 *
 * The problem has two steps. `missing` makes a cleaned table of the input, where NaN is a missing entry:
 *
 * - passthrough: the input itself; its NaN take part in nothing and stay NaN in the result.
 * - mean: each NaN becomes the mean of its column's other entries (the mean itself, not rounded to the
 *   element type). A column without finite mean and variance keeps its NaN.
 * - drop: only the rows without NaN, in order, without gaps: result_rows says how many. What lies behind them
 *   in the result is no part of it.
 *
 * `method` scales the cleaned table. Over its entries in a column (in a row for l2), NaN left out:
 *
 * - zscore: (x − μ) / σ, σ² = Σ(x − μ)²/n: ddof 0; under `mean` the imputed entries count in n. Scale 1 for a
 *   constant column: σ² ≤ n·ε·σ² + (n·μ·ε)², ε = 2^−52, which is variation that rounding can fake; and for
 *   σ² < 2^−1060, of which underflow has left nothing.
 * - minmax: (x − min) / (max − min), in [0, 1]; scale 1 where max − min < 10·ε, ε the element type's.
 * - l2: x / √(Σx²) by row; a row whose norm is below 10·ε stays as it is.
 *
 * The constants are scikit-learn's; tests/kernel/sklearn compares, and says where and why results differ.
 *
 * So under `mean` a missing entry gives 0 (zscore), (μ − min)/(max − min) (minmax), μ/√(Σx²) (l2).
 *
 * Infinities are no data (scikit-learn refuses them). Here a column (row for l2) whose statistics are not
 * finite becomes NaN throughout. That includes f64 columns with deviations beyond about 2^500 under zscore,
 * and with a range beyond the largest number under minmax.
 *
 * Statistics are in f64. Rows are cut into blocks, blocks into tiles, by the shape alone; every block is
 * summed up by itself and the summaries are merged in order, so no result depends on the team.
 */
#ifndef ACELERA_NORMALIZE_H
#define ACELERA_NORMALIZE_H

#include "kernels/kernel.h"
#include "kernels/normalize/lanes.h"

#include <stddef.h>
#include <stdint.h>

enum normalize_dimension { DIMENSION_ROWS, DIMENSION_COLUMNS, DIMENSION_COUNT };
enum normalize_option { OPTION_METHOD, OPTION_MISSING, OPTION_COUNT };
enum normalize_method { METHOD_ZSCORE, METHOD_MINMAX, METHOD_L2 };
enum normalize_missing { MISSING_PASSTHROUGH, MISSING_MEAN, MISSING_DROP };

enum {
    NORMALIZE_CHAIN = 128,             /* additions, at most, before a partial sum is put by */
    NORMALIZE_TILE_BYTES = 32 * 1024,  /* of a tile: the first-level cache */
    NORMALIZE_TILE_ROWS = 8,           /* at least, in wide tables: lines of 4096 bytes apart share a set */
    NORMALIZE_BLOCKS = 256,            /* at most: summaries stay small beside the table */
    NORMALIZE_BLOCK_ROWS = 256,        /* at least, for the same reason */
    NORMALIZE_WIDE_BLOCK_ROWS = 1024,  /* at least, in wide tables, whose panels are work enough for a team */
    NORMALIZE_CACHE_BYTES = 16 << 20,  /* of the last cache, where its size is unknown */
    NORMALIZE_L2_BYTES = 512 << 10,    /* of the second-level cache, likewise */
    NORMALIZE_STRIPS_LEAST = 16,       /* of a table, so that a team shares them evenly */
    NORMALIZE_STEP_VECTORS = 4,        /* that are scaled before it is asked whether a pattern has ended */
    NORMALIZE_PROVISIONAL_ROWS = 16,   /* that give a block's provisional means */
    NORMALIZE_PANEL_COLUMNS = 1024,    /* at most, of a wide table, so that a panel's sums stay cached */
    NORMALIZE_PLACES = 4,              /* of a block, read at once: more runs to look ahead in */
    NORMALIZE_WIDE_COLUMNS = 512,      /* from here one row is long enough for vectors to be full */
    NORMALIZE_MISSING_PER_65536 = 655, /* entries of the timed data that are NaN: 1 % */
};

/* The fused variant works on groups of this many elements: as many f64 registers as hold their sums. */
#define NORMALIZE_GROUP (4 * WIDE_LANES)

/* How the fused variant goes over a table. What a survey sums up at a time, the next of which arrives
 * meanwhile: seen on Zen 3, 2 KiB, read almost in order and fetched quite in order, are up to twice as fast
 * as a tile; of f32 at least 32 periods, since sums go to memory after each. With AVX-512 the values are
 * those found on a Zen 5, where the others were not tried, but for l2, whose distance is a Zen 4's: 1.4 times
 * as fast there as twice as far or more. On aarch64 neither was measured. */
#if defined(__AVX512F__)
enum {
    NORMALIZE_SURVEY_BYTES = NORMALIZE_TILE_BYTES, /* of a narrow table, at most, but */
    NORMALIZE_SURVEY_PERIODS = 1,                  /* at least */
    NORMALIZE_PERIOD_UNIT = NORMALIZE_GROUP,       /* that a period fills if it can */
    NORMALIZE_FETCH_IN_ORDER = 0,
    NORMALIZE_SCALE_AHEAD_BYTES = 4096, /* asked for: with arithmetic between, a core looks less far itself */
    NORMALIZE_L2_AHEAD_BYTES = 3072,
};
#else
enum {
    NORMALIZE_SURVEY_BYTES = 2048,
    NORMALIZE_SURVEY_PERIODS = ELEMENT_BITS == 32 ? 32 : 8,
    NORMALIZE_PERIOD_UNIT = NORMALIZE_GROUP / 2,
    NORMALIZE_FETCH_IN_ORDER = 1,
    NORMALIZE_SCALE_AHEAD_BYTES = 3072,
    NORMALIZE_L2_AHEAD_BYTES = 4096,
};
#endif

/* Below this, a range (minmax) or a norm (l2) is taken for 1: scikit-learn's _handle_zeros_in_scale(). */
#define NORMALIZE_SCALE_LEAST  (20 * ELEMENT_EPSILON)
#define NORMALIZE_SQUARE_LEAST (NORMALIZE_SCALE_LEAST * NORMALIZE_SCALE_LEAST)

/* Rows whose sum of squares is at most this need no care under l2: neither it nor 1/norm leaves the range of
 * its type. */
#if ELEMENT_BITS == 32 && defined(__AVX2__) &&                                                               \
    !defined(__AVX512F__) /* wide_inverse_root() estimates in f32 */
#    define NORMALIZE_SQUARE_GREATEST 0x1p120
#elif ELEMENT_BITS == 32
#    define NORMALIZE_SQUARE_GREATEST 0x1p200
#else
#    define NORMALIZE_SQUARE_GREATEST 0x1p800
#endif

/* How the table is cut. A period is a few rows whose elements fill whole registers: lanes of a vector that
 * runs over row ends then always hold the same columns, so 3 columns vectorize as well as 32. Where that
 * takes too many rows, one, whose last register reaches past it. */
struct normalize_layout {
    int64_t period_rows;                /* a power of two, divides tile_rows; 1 for wide tables */
    int64_t period_width;               /* period_rows · columns */
    int64_t pattern_width;              /* of whole rows, after which a scaled register's columns return */
    int64_t panel_columns, panel_count; /* 1 panel unless the table is wide */
    int64_t tile_rows;
    int64_t survey_rows; /* of a tile, that a survey sums up at a time: whole periods */
    int64_t block_rows;  /* a multiple of tile_rows */
    int64_t block_count;
};

/* The fewest rows, a power of two, that fill whole units of so many elements; a unit is a power of two. */
static inline int64_t normalize_rows_that_fill(int64_t columns, int64_t unit)
{
    int64_t rows = 1;
    while (rows * columns % unit != 0)
        rows *= 2;
    return rows;
}

/* Hands out the blocks of one thread's share in one step; on a cache line of its own. */
struct normalize_cursor {
    int64_t taken;
} __attribute__((aligned(128)));
enum normalize_step { STEP_MARK, STEP_SURVEY, STEP_APPLY, STEPS };

/* The summary of one block: SUMMARY_FIELDS × columns doubles. Entries that are NaN, and under `drop` rows
 * with a NaN, are not in it. */
enum normalize_summary_field {
    SUMMARY_SHIFT,  /* provisional mean c */
    SUMMARY_SUM,    /* Σ(x − c) */
    SUMMARY_SQUARE, /* Σ(x − c)² */
    SUMMARY_COUNT,
    SUMMARY_LEAST,    /* +∞ if there is no entry */
    SUMMARY_GREATEST, /* −∞ */
    SUMMARY_FIELDS
};

/* What the transform needs: ((x − high) − low)·factor, `filler` for a NaN. high + low carries the centre
 * beyond the element's precision. pattern_width entries each and NORMALIZE_STEP_VECTORS registers more, which
 * begin again, so that flat vectors find their columns wherever they start. */
struct normalize_parameters {
    element *high, *low, *factor, *filler;
    /* The same in f64, by column: (x − centre − centre_low)/scale, for columns whose statistics leave the
     * range of the element type. `careful` is 1 for those. */
    double *centre, *centre_low, *scale;
    unsigned char *careful;
};

/* Statistics of one column, for the reference. */
struct normalize_moments {
    double count, mean, mean_low, variance, least, greatest;
};

/* What check() compares with, made by code of its own in the first check. By column unless said otherwise. */
struct normalize_reference {
    bool made, copied; /* copied: a person's table is in `table` as it was given */
    double *centre, *centre_low, *scale, *filler;
    double *slack, *filler_slack; /* absolute tolerance of an entry, of an imputed entry */
    double *spread;               /* variance (minmax: range) of the scaled column: 1, near 0 if constant */
    double relative_tolerance;
    struct normalize_moments *moments; /* of the table last fitted */
    double *mean, *mean_low;           /* the same means, as the second pass wants them */
    double *part;                      /* partial sums, parts × PART_FIELDS × columns */
    int64_t *block_start;              /* by block: where it begins in the result; block_count + 1 entries */
    uint64_t *input_digest;            /* by block: of the input when it was made */
    uint64_t *digest;                  /* by block: of the result */
    int64_t *verdict;                  /* by block: first wrong element of the result, or one of: */
};
enum { VERDICT_RIGHT = -1, VERDICT_INPUT_CHANGED = -2 };
enum { REFERENCE_PARTS_MAX = 64, REFERENCE_PART_ROWS = 4 };
enum normalize_part_field { PART_SUM, PART_SUM_LOW, PART_COUNT, PART_LEAST, PART_GREATEST, PART_FIELDS };

struct normalize_state {
    struct kernel_config config;
    uint64_t spoiled; /* calls of spoil(), so that each takes other entries */
    int64_t rows, columns;
    enum normalize_method method;
    enum normalize_missing missing;
    bool needs_moments, needs_extremes; /* which columns' statistics the problem needs, if any */
    size_t cache_bytes;                 /* of the last-level cache, known or supposed */
    bool streaming; /* table and result exceed half the last-level cache: others use it too */
    struct normalize_layout layout;

    element *table, *result; /* rows × columns */
    int64_t result_rows;     /* written by run() */

    double *summary;
    struct normalize_parameters parameters;
    unsigned char *keep; /* by row, under drop: 1 if it has no NaN */
    int64_t *kept;       /* by block: its rows with keep 1 */
    int64_t *start;      /* by block, under drop: where it begins in the result; block_count + 1 entries */
    struct normalize_cursor *cursor;  /* STEPS × threads */
    lane_index *row_of;               /* k / columns, for k below columns + VECTOR_LANES */
    char *small;                      /* the memory of all small arrays */
    char *scratch;                    /* scratch_bytes for each thread */
    size_t scratch_bytes;             /* a multiple of the page size */
    double *data_scale, *data_offset; /* by column, of made-up data */
    struct normalize_reference reference;
};

static inline double *normalize_summary(
    const struct normalize_state *state, int64_t block, enum normalize_summary_field field)
{
    return state->summary + (block * SUMMARY_FIELDS + (int64_t)field) * state->columns;
}

/* The reference sums up a table in so many parts, by the rows alone. */
static inline int normalize_reference_parts(int64_t rows)
{
    int64_t parts = (rows + REFERENCE_PART_ROWS - 1) / REFERENCE_PART_ROWS;
    return parts < REFERENCE_PARTS_MAX ? (int)parts : REFERENCE_PARTS_MAX;
}

/* Positions of each of a thread's sums: a period, and a register that reaches past it. */
static inline int64_t normalize_sums_room(const struct normalize_layout *layout)
{
    return (layout->period_width + 2 * VECTOR_LANES - 1) / VECTOR_LANES * VECTOR_LANES;
}

/* A thread's own memory: six arrays of normalize_sums_room() doubles, then a tile of elements. */
static inline double *normalize_scratch(const struct normalize_state *state, int rank)
{
    return (double *)(void *)(state->scratch + (size_t)rank * state->scratch_bytes);
}

/* Under drop, the fused survey finds the rows to drop on its way, unless there is none or it goes by panels.
 */
static inline bool normalize_survey_marks(const struct normalize_state *state)
{
    return state->layout.panel_count == 1 && (state->needs_moments || state->needs_extremes);
}

/* Columns of the strips in which the fused variant goes over a wide table of so few rows that a strip stays
 * in half the second-level cache from the first pass to the second; 0 if the table is none. Rows whose
 * addresses differ by much of a power of two share that cache's sets, and so keep each other from more of it
 * than they fill. No sum depends on it, but which columns are done with care does (a strip's, or all): so the
 * team must not decide. */
static inline int64_t normalize_strip_columns(const struct normalize_state *state)
{
    enum { LINE = 64 / sizeof(element), COLUMNS = 16 * LINE, WAYS = 16 };
    int64_t l2 = state->config.l2_bytes != 0 ? (int64_t)state->config.l2_bytes : NORMALIZE_L2_BYTES;
    int64_t row_bytes = l2 / 2 / state->rows, stride = state->columns * (int64_t)sizeof(element);
    int64_t apart = stride & -stride;
    apart = apart < l2 / WAYS ? apart : l2 / WAYS;
    bool fits = COLUMNS * (int64_t)sizeof(element) <= row_bytes && apart <= row_bytes;
    bool enough = state->columns >= COLUMNS * NORMALIZE_STRIPS_LEAST;
    return state->layout.panel_count > 1 && state->method != METHOD_L2 && fits && enough ? COLUMNS : 0;
}

/* Rows [begin, end) of a block. */
static inline void normalize_block_rows(
    const struct normalize_state *state, int64_t block, int64_t *begin, int64_t *end)
{
    *begin = block * state->layout.block_rows;
    *end = *begin + state->layout.block_rows;
    if (*end > state->rows)
        *end = state->rows;
}

/* ---- kernel.c: the tables and functions of kernels/kernel.h ---- */
extern const struct kernel TYPED(kernel_normalize);
extern const struct kernel_dimension TYPED(normalize_dimensions)[DIMENSION_COUNT];
extern const struct kernel_option TYPED(normalize_options)[OPTION_COUNT];
const char *TYPED(normalize_reject)(const struct kernel_config *config);
void TYPED(normalize_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost);
void *TYPED(normalize_create)(const struct kernel_config *config, const struct kernel_variant *variant);
void TYPED(normalize_destroy)(void *memory);

/* ---- data_exact.c ---- */
void TYPED(normalize_fill)(void *memory);
void TYPED(normalize_spoil)(void *memory, bool whole);
/* Entry (row, column) of the timed data. */
element TYPED(normalize_datum)(const struct normalize_state *state, int64_t row, int64_t column);

/* ---- run.c: the steps that every variant goes through, with a barrier after each ---- */
struct normalize_steps {
    void (*mark)(
        struct normalize_state *state, int rank, int size); /* keep and kept; NULL: survey does it too */
    /* Either is NULL where apply does it too. */
    void (*survey)(struct normalize_state *state, int rank, int size);
    void (*merge)(struct normalize_state *state, int rank, int size);
    void (*apply)(struct normalize_state *state, int rank, int size);
};
void TYPED(normalize_steps_run)(
    struct normalize_state *state, struct kernel_lane *lanes, const struct normalize_steps *steps);
/* The next of `items` for a thread, −1 when all are taken: first of its own share, which lies in its memory,
 * then of those whose threads are behind. If `group` is not 0, a share is taken from its end, so many items
 * at a time, each group forwards. */
int64_t TYPED(normalize_take)(const struct normalize_state *state, enum normalize_step step, int64_t items,
    int64_t group, int rank, int size);
/* The blocks of one thread, row by row. */
void TYPED(normalize_mark)(struct normalize_state *state, int rank, int size);

/* ---- columns.c: from block summaries to parameters ---- */
/* Sets SUMMARY_SHIFT of a block for columns [first, last). */
void TYPED(normalize_set_shift)(
    const struct normalize_state *state, int64_t block, int64_t first, int64_t last);
void TYPED(normalize_merge)(struct normalize_state *state, int rank, int size);
/* The same for columns [first, last) alone, whose blocks are all summed up. */
void TYPED(normalize_merge_columns)(const struct normalize_state *state, int64_t first, int64_t last);
/* The transform of one entry in f64, slow and safe. */
element TYPED(normalize_apply_careful)(const struct normalize_state *state, int64_t j, element x);
/* Whether columns [first, last) have one for which that is needed. */
bool TYPED(normalize_needs_care)(const struct normalize_state *state, int64_t first, int64_t last);

/* Where each block begins in the result, once all are marked. */
void TYPED(normalize_set_starts)(const struct normalize_state *state);

/* ---- l2.c: one row divided by its norm; fillers by column, all NaN where nothing is imputed ---- */
void TYPED(normalize_l2_row)(const element *x, const element *filler, element *y, int64_t columns);
void TYPED(normalize_l2_row_careful)(const element *x, const element *filler, element *y, int64_t columns);

/* ---- the ladder ---- */
void TYPED(normalize_run_naive)(void *state, struct kernel_lane *lanes);
void TYPED(normalize_run_rows)(void *state, struct kernel_lane *lanes);
void TYPED(normalize_run_simd)(void *state, struct kernel_lane *lanes);
void TYPED(normalize_run_stable)(void *state, struct kernel_lane *lanes);
void TYPED(normalize_run_fused)(void *state, struct kernel_lane *lanes);
/* Steps of the variants, for those that differ in one of them. */
extern const struct normalize_steps TYPED(normalize_steps_rows);
extern const struct normalize_steps TYPED(normalize_steps_simd);

/* ---- reference.c and check.c ---- */
static inline __attribute__((always_inline)) bool normalize_row_has_nan(const element *x, int64_t columns)
{
    int missing = 0;
    for (int64_t j = 0; j < columns; j++)
        missing |= x[j] != x[j];
    return missing != 0;
}

/* Takes the input as it is now for the truth, and forgets what was made from an older one. */
void TYPED(normalize_seal_input)(struct normalize_state *state);
/* Statistics of a table's columns into reference.moments, NaN left out; only of rows without NaN if so asked.
 */
void TYPED(normalize_reference_fit)(
    struct normalize_state *state, const element *table, int64_t rows, bool complete_rows_only);
void TYPED(normalize_reference_make)(struct normalize_state *state);
uint64_t TYPED(normalize_digest)(uint64_t digest, const element *from, int64_t count);
void TYPED(normalize_check)(void *memory, struct kernel_check *check);

/* ---- self_test.c ---- */
const char *TYPED(normalize_self_test)(int threads);

#endif
