/* normalize: what it says of itself, what it takes, and its memory. No arithmetic on the table. */
#include "kernels/normalize/normalize.h"

#include "kernels/memory.h"

#include <math.h>
#include <stdlib.h>

const struct kernel_dimension TYPED(normalize_dimensions)[DIMENSION_COUNT] = {
    [DIMENSION_ROWS] = {.key = "rows",
        .meaning = "rows of the table",
        .by_size = {10000, 100000, 500000, 8000000, 30000000},
        .weak = true,
        .grows = true},
    [DIMENSION_COLUMNS] = {.key = "columns",
        .meaning = "columns of the table",
        .by_size = {16, 32, 32, 32, 64}},
};

static const char *const method_choices[] = {"zscore", "minmax", "l2", NULL};
static const char *const missing_choices[] = {"passthrough", "mean", "drop", NULL};

const struct kernel_option TYPED(normalize_options)[OPTION_COUNT] = {
    [OPTION_METHOD] = {.key = "method",
        .meaning = "zscore: columns to mean 0, deviation 1; minmax: columns to [0, 1]; l2: rows to norm 1",
        .choices = method_choices},
    [OPTION_MISSING] = {.key = "missing",
        .meaning = "NaN entries: stay (passthrough), become the column's mean, or drop their rows",
        .choices = missing_choices},
};

static const struct kernel_table_use table_use = {
    .rows = DIMENSION_ROWS, .columns = DIMENSION_COLUMNS, .finite = false};

static const struct kernel_variant variants[] = {
    {.name = "naive",
        .what = "one column after the other, down all rows",
        .why = "the definition; every cache line is fetched again for each of its columns",
        .run = TYPED(normalize_run_naive)},
    {.name = "rows",
        .what = "row after row, all columns at once",
        .why = "each cache line is fetched once per pass, and the compiler can vectorize across columns",
        .run = TYPED(normalize_run_rows)},
    {.name = "simd",
        .what = "row after row in vectors written by hand, missing entries masked",
        .why = "no branches, and full registers however the compiler takes the loops",
        .run = TYPED(normalize_run_simd)},
    {.name = "stable",
        .what = "the sums of some columns stay in registers down a chain of rows; chains are merged",
        .why = "no load and store of a sum for each entry; short chains also round less",
        .run = TYPED(normalize_run_stable)},
    {.name = "fused",
        .what = "vectors over row ends, streaming stores, blocks on demand, wide tables in strips of columns",
        .why = "narrow rows fill registers, what was read last is still cached, results go past the caches",
        .run = TYPED(normalize_run_fused),
        .is_default = true},
};

/* Around the edges of vectors, periods, tiles and blocks. The longest periods have 112 and 224 columns; 63,
 * 250 and 511 are surveyed row by row, of which 250 and, for some registers, 63 have a pattern of several;
 * 4100 have several panels. The last is the control. */
static const int64_t test_shapes[][DIMENSION_COUNT] = {{1, 1}, {1, 33}, {2, 3}, {17, 1}, {131, 3}, {127, 5},
    {77, 8}, {301, 12}, {128, 16}, {129, 32}, {300, 7}, {1000, 31}, {65, 65}, {70, 511}, {130, 1030},
    {9, 4100}, {70, 112}, {40, 224}, {40, 250}, {70, 63}, {9000, 1}};

/* The longest periods: in whole units, at all; and of the parameters, of which three or four arrays are in
 * L1. A survey begins and ends each group's sums in every tile, so a tile has many periods. */
enum { PERIOD_UNITS_BYTES = 2048, PERIOD_BYTES = 3584, PATTERN_BYTES = 10000 };

/* Whole units if the period is short, else whole registers; else each row for itself, whose last register is
 * not full: of some or more that is little. */
static int64_t choose_period(int64_t columns, int64_t unit, int64_t whole_units, int64_t whole_registers)
{
    const int64_t size = (int64_t)sizeof(element);
    int64_t rows = normalize_rows_that_fill(columns, unit);
    if (rows * columns * size <= whole_units)
        return rows;
    rows = normalize_rows_that_fill(columns, VECTOR_LANES);
    return columns < VECTOR_LANES || rows * columns * size <= whole_registers ? rows : 1;
}

static void layout_make(struct normalize_layout *layout, int64_t rows, int64_t columns)
{
    bool narrow = columns < NORMALIZE_WIDE_COLUMNS;
    int64_t panels = (columns + NORMALIZE_PANEL_COLUMNS - 1) / NORMALIZE_PANEL_COLUMNS;
    int64_t period =
        narrow ? choose_period(columns, NORMALIZE_PERIOD_UNIT, PERIOD_UNITS_BYTES, PERIOD_BYTES) : 1;
    int64_t pattern = narrow ? choose_period(columns, NORMALIZE_GROUP, PATTERN_BYTES, PATTERN_BYTES) : 1;
    const int64_t size = (int64_t)sizeof(element);
    int64_t tile = period * NORMALIZE_CHAIN, least = narrow ? period : NORMALIZE_TILE_ROWS;
    while (tile > least && tile * columns > NORMALIZE_TILE_BYTES / size)
        tile /= 2;
    int64_t survey = tile;
    while (narrow && survey > period * NORMALIZE_SURVEY_PERIODS &&
           survey * columns > NORMALIZE_SURVEY_BYTES / size)
        survey /= 2;
    int64_t tiles = (rows + tile - 1) / tile;
    int64_t tiles_per_block = (tiles + NORMALIZE_BLOCKS - 1) / NORMALIZE_BLOCKS;
    int64_t block = narrow ? NORMALIZE_BLOCK_ROWS : NORMALIZE_WIDE_BLOCK_ROWS;
    if (tiles_per_block * tile < block)
        tiles_per_block = block / tile;
    layout->period_rows = period;
    layout->period_width = period * columns;
    layout->pattern_width = pattern * columns;
    layout->panel_count = panels;
    layout->panel_columns = panels == 1 ? columns : NORMALIZE_PANEL_COLUMNS;
    layout->tile_rows = tile;
    layout->survey_rows = survey;
    layout->block_rows = tiles_per_block * tile;
    layout->block_count = (rows + layout->block_rows - 1) / layout->block_rows;
}

/* Everything about a problem but its memory. */
static void state_describe(struct normalize_state *state, const struct kernel_config *config)
{
    *state = (struct normalize_state){.config = *config,
        .rows = config->shape[DIMENSION_ROWS],
        .columns = config->shape[DIMENSION_COLUMNS],
        .method = (enum normalize_method)config->choice[OPTION_METHOD],
        .missing = (enum normalize_missing)config->choice[OPTION_MISSING]};
    state->needs_moments = state->method == METHOD_ZSCORE || state->missing == MISSING_MEAN;
    state->needs_extremes = state->method == METHOD_MINMAX;
    layout_make(&state->layout, state->rows, state->columns);
    double table_bytes = (double)state->rows * (double)state->columns * sizeof(element);
    state->cache_bytes = config->l3_bytes != 0 ? config->l3_bytes : NORMALIZE_CACHE_BYTES;
    state->streaming = 2 * table_bytes > (double)state->cache_bytes / 2;
}

/* Every array of the problem: where its address goes, and its bytes (doubles, as a hostile shape overflows).
 */
struct slot {
    void **address;
    double bytes;
};
enum { SLOTS_MAX = 40 };

static int slots_list(struct normalize_state *state, struct slot slot[SLOTS_MAX])
{
    const struct normalize_layout *layout = &state->layout;
    struct normalize_parameters *parameters = &state->parameters;
    struct normalize_reference *reference = &state->reference;
    double columns = (double)state->columns, rows = (double)state->rows;
    double blocks = (double)layout->block_count, width = (double)layout->pattern_width;
    double table = rows * columns * sizeof(element), number = sizeof(double);
    double slack = VECTOR_BYTES;                           /* for registers that reach past an end */
    double beyond = NORMALIZE_STEP_VECTORS * VECTOR_BYTES; /* parameters that begin again */
    double tile = state->columns < NORMALIZE_WIDE_COLUMNS ? (double)layout->tile_rows * columns : 0;
    double own = 6 * (double)normalize_sums_room(layout) * number + tile * sizeof(element) + 2 * slack;
    double own_pages = ceil(own / 4096) * 4096;
    bool drop = state->missing == MISSING_DROP;
    const struct slot all[] = {
        {(void **)&state->table, table + slack},
        {(void **)&state->result, table},
        {(void **)&state->summary, blocks * SUMMARY_FIELDS * columns * number + slack},
        {(void **)&parameters->high, width * sizeof(element) + beyond},
        {(void **)&parameters->low, width * sizeof(element) + beyond},
        {(void **)&parameters->factor, width * sizeof(element) + beyond},
        {(void **)&parameters->filler, width * sizeof(element) + beyond},
        {(void **)&parameters->centre, columns * number},
        {(void **)&parameters->centre_low, columns * number},
        {(void **)&parameters->scale, columns * number},
        {(void **)&parameters->careful, columns},
        {(void **)&state->keep, drop ? rows + slack : 0},
        {(void **)&state->kept, blocks * sizeof *state->kept},
        {(void **)&state->start, (blocks + 1) * sizeof *state->start},
        {(void **)&state->cursor, (double)STEPS * state->config.threads * sizeof *state->cursor},
        {(void **)&state->row_of, columns * sizeof *state->row_of + slack},
        {(void **)&state->scratch, own_pages * state->config.threads},
        {(void **)&state->data_scale, columns * number},
        {(void **)&state->data_offset, columns * number},
        {(void **)&reference->centre, columns * number},
        {(void **)&reference->centre_low, columns * number},
        {(void **)&reference->scale, columns * number},
        {(void **)&reference->filler, columns * number},
        {(void **)&reference->slack, columns * number},
        {(void **)&reference->filler_slack, columns * number},
        {(void **)&reference->part, normalize_reference_parts(state->rows) * PART_FIELDS * columns * number},
        {(void **)&reference->spread, columns * number},
        {(void **)&reference->mean, columns * number},
        {(void **)&reference->mean_low, columns * number},
        {(void **)&reference->moments, columns * sizeof *reference->moments},
        {(void **)&reference->block_start, (blocks + 1) * sizeof *reference->block_start},
        {(void **)&reference->input_digest, blocks * sizeof *reference->input_digest},
        {(void **)&reference->digest, blocks * sizeof *reference->digest},
        {(void **)&reference->verdict, blocks * sizeof *reference->verdict},
    };
    int count = (int)(sizeof all / sizeof all[0]);
    _Static_assert(sizeof all / sizeof all[0] <= SLOTS_MAX, "SLOTS_MAX is too small");
    for (int i = 0; i < count; i++)
        slot[i] = all[i];
    state->scratch_bytes = own_pages < 0x1p46 ? (size_t)own_pages : 0;
    return count;
}

static double memory_bytes(const struct kernel_config *config)
{
    struct normalize_state state;
    struct slot slot[SLOTS_MAX] = {{0}}; /* GCC does not see that the list is whole */
    double total = sizeof state;
    state_describe(&state, config);
    int count = slots_list(&state, slot);
    for (int i = 0; i < count; i++)
        total += ceil(slot[i].bytes / 4096) * 4096;
    return total;
}

const char *TYPED(normalize_reject)(const struct kernel_config *config)
{
    const int64_t *shape = config->shape;
    if (shape[DIMENSION_ROWS] < 1 || shape[DIMENSION_COLUMNS] < 1)
        return "rows and columns must be at least 1";
    if (config->threads < 1)
        return "the team must have at least one thread";
    if ((double)shape[DIMENSION_ROWS] * (double)shape[DIMENSION_COLUMNS] * sizeof(element) > 0x1p46)
        return "rows × columns is more than 64 TiB of table";
    if (memory_bytes(config) > 0x1p46)
        return "table, result and the threads' own memory are more than 64 TiB";
    return NULL;
}

/* Work: zscore 6 per entry (fit: x − c, its sum, its square, their sum; transform: x − μ, times 1/σ), minmax
 * 4 (two comparisons; x − min, times 1/range), l2 3 (square, sum, times 1/norm); the mean of missing entries,
 * where the method has none, 1 more.
 *
 * Traffic: the reads and writes that the problem's passes name, s bytes an entry, so that the rate compares
 * with a stream of the same mix. Statistics need a pass of their own, and so does finding the rows to drop:
 * two reads, but of the kept rows alone in the second, and one write of these; l2 without drop one read and
 * one write. A table that is partly cached between the passes can so exceed the stream. Of the timed data the
 * expected share of complete rows is kept; how many a person's table keeps is not known before the run, and
 * taken for all: its rate is too high by what it drops. */
static void traffic_count(const struct kernel_config *config, double *reads, double *writes)
{
    bool drop = config->choice[OPTION_MISSING] == MISSING_DROP;
    bool two_passes =
        drop || config->choice[OPTION_METHOD] != METHOD_L2 || config->choice[OPTION_MISSING] == MISSING_MEAN;
    double columns = (double)config->shape[DIMENSION_COLUMNS];
    double kept = drop && config->table == NULL ? pow(1 - NORMALIZE_MISSING_PER_65536 / 65536.0, columns) : 1;
    *reads = two_passes ? 1 + kept : 1;
    *writes = kept;
}

void TYPED(normalize_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    static const double flop_per_entry[] = {[METHOD_ZSCORE] = 6, [METHOD_MINMAX] = 4, [METHOD_L2] = 3};
    int method = config->choice[OPTION_METHOD], missing = config->choice[OPTION_MISSING];
    double entries = (double)config->shape[DIMENSION_ROWS] * (double)config->shape[DIMENSION_COLUMNS];
    double imputing = missing == MISSING_MEAN && method != METHOD_ZSCORE ? 1 : 0, reads, writes;
    bool statistics = method != METHOD_L2 || missing == MISSING_MEAN;
    traffic_count(config, &reads, &writes);
    *cost = (struct kernel_cost){
        .flop = entries * (flop_per_entry[method] + imputing),
        .bytes = entries * (reads + writes) * sizeof(element),
        .memory_bytes = memory_bytes(config),
        .regions = 1,
    };
    /* One after each step but the last (run.c): to mark, to survey, to merge. */
    struct normalize_state state;
    state_describe(&state, config);
    bool drop = missing == MISSING_DROP;
    bool fused = variant->run == TYPED(normalize_run_fused);
    bool mark = drop && !(fused && normalize_survey_marks(&state));
    cost->barriers =
        mark + (fused && normalize_strip_columns(&state) > 0 ? 0 : statistics + (statistics || drop));
}

/* Streams of the same mix over as much memory: 2 reads and 1 write in three arrays, or 1 and 1 in two. Few
 * columns in cache can be bound by arithmetic instead. Triad reads and writes all the time; two passes first
 * only read, then copy. With rates r of read, c of copy-nt and t of triad-nt, what no cache keeps for the
 * second pass can so reach 3/t / (1/r + 2/c) of the ceiling: one core waits for its own reads. And streams
 * are read from end to end, while `fused` reads some places at once, which one core does faster: a rate a
 * little above its stream's is right. */
static int ceilings(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_ceiling *ceiling)
{
    (void)variant; /* no variant skips work */
    struct normalize_state state;
    double reads, writes;
    state_describe(&state, config);
    traffic_count(config, &reads, &writes);
    bool copy = reads == writes;
    int64_t entries = state.rows * state.columns, extent = copy ? entries : entries * 2 / 3;
    ceiling[0] = (struct kernel_ceiling){.kernel = "stream",
        .variant = copy ? (state.streaming ? "copy-nt" : "copy") : (state.streaming ? "triad-nt" : "triad"),
        .extent = extent > 0 ? extent : 1};
    ceiling[1] = (struct kernel_ceiling){.kernel = "flops", .variant = "fma"};
    ceiling[2] = (struct kernel_ceiling){.kernel = "forkjoin", .variant = "region"};
    ceiling[3] = (struct kernel_ceiling){.kernel = "forkjoin", .variant = "barrier"};
    return 4;
}

static int results(void *memory, struct kernel_result *result)
{
    const struct normalize_state *state = memory;
    result[0] = (struct kernel_result){.name = "table",
        .data = state->result,
        .number = ELEMENT_BITS == 32 ? KERNEL_F32 : KERNEL_F64,
        .rows = state->result_rows,
        .columns = state->columns};
    return 1;
}

/* Arrays below a huge page share one reservation: giving memory back costs a call, and an interruption of
 * every core that runs a thread. Each begins on a page of its own. */
static bool slot_is_small(const struct slot *slot)
{
    return slot->bytes < MEMORY_HUGE_PAGE;
}

static size_t small_slots_place(struct slot *slot, int count, char *memory)
{
    size_t taken = 0;
    for (int i = 0; i < count; i++) {
        if (!slot_is_small(&slot[i]) || slot[i].bytes == 0)
            continue;
        if (memory != NULL)
            *slot[i].address = memory + taken;
        taken += memory_round_up((size_t)slot[i].bytes, MEMORY_PAGE);
    }
    return taken;
}

void TYPED(normalize_destroy)(void *memory)
{
    struct normalize_state *state = memory;
    if (state == NULL)
        return;
    struct slot slot[SLOTS_MAX];
    int count = slots_list(state, slot);
    for (int i = 0; i < count; i++)
        if (!slot_is_small(&slot[i]))
            memory_release(*slot[i].address, (size_t)slot[i].bytes);
    if (state->small != NULL)
        munmap(state->small, small_slots_place(slot, count, NULL));
    free(state);
}

void *TYPED(normalize_create)(const struct kernel_config *config, const struct kernel_variant *variant)
{
    (void)variant; /* all variants work on the same memory */
    struct normalize_state *state = malloc(sizeof *state);
    if (state == NULL)
        return NULL;
    state_describe(state, config);
    struct slot slot[SLOTS_MAX];
    int count = slots_list(state, slot);
    state->small = memory_reserve_aligned(small_slots_place(slot, count, NULL), MEMORY_PAGE);
    if (state->small == NULL)
        goto cleanup;
    small_slots_place(slot, count, state->small);
    for (int i = 0; i < count; i++) {
        if (slot_is_small(&slot[i]))
            continue;
        *slot[i].address = memory_reserve((size_t)slot[i].bytes);
        if (*slot[i].address == NULL)
            goto cleanup;
    }
    return state;
cleanup:
    TYPED(normalize_destroy)(state);
    return NULL;
}

const struct kernel TYPED(kernel_normalize) = {
    .name = "normalize",
    .element = ELEMENT_NAME,
    .summary = "clean and scale a table: z-scores, min-max or unit rows, with missing entries",
    .role = KERNEL_WORKLOAD,
    .rate = KERNEL_RATE_BYTES,
    .table = &table_use,
    .dimensions = TYPED(normalize_dimensions),
    .dimension_count = DIMENSION_COUNT,
    .options = TYPED(normalize_options),
    .option_count = OPTION_COUNT,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(normalize_reject),
    .cost = TYPED(normalize_cost),
    .ceilings = ceilings,
    .create = TYPED(normalize_create),
    .fill = TYPED(normalize_fill),
    .spoil = TYPED(normalize_spoil),
    .check = TYPED(normalize_check),
    .destroy = TYPED(normalize_destroy),
    .results = results,
    .self_test = TYPED(normalize_self_test),
    .test_shapes = &test_shapes[0][0],
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
