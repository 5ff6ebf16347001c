/* What check() cannot cover: real numbers in every element of C, at every edge of tiles and blocks, with
 * blocks so small that all loops turn; the same bits as a team of one; and inputs left as they were. Refuses
 * large problems, and to say how fast anything is. */
#include "kernels/matmul/few.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/small.h"
#include "kernels/memory.h"

#include <stdlib.h>
#include <string.h>

enum {
    R = MATMUL_TILE_ROWS,
    W = MATMUL_TILE_COLUMNS,
    DEPTH = 16,
    SHALLOW = 3,
    ASKED = 24,
    FAR = 501,
    HELPED = 2800,
    STREAMED = 205,
    PADDED = 230,
    PACKED_A = 83
};

static const int64_t rows_tried[] = {1, R - 1, R + 1, 9 * R + 1};
static const int64_t columns_tried[] = {1, W - 1, W + 1, 4 * W + 1};
static const int64_t depths_tried[] = {1, DEPTH - 1, DEPTH, DEPTH + 1, 2 * DEPTH + 3, 3 * DEPTH};

/* Ways of the last rung, which tell nothing of the others. Past one chunk of columns, in one range of the
 * depth, in two, and shallow; so long that the depth is split, with a rest; few rows, wide tiles; a narrow
 * last sliver while the next depth should be packed. Then the narrow paths: a single column and a single
 * element, the depth split; several groups of columns of unequal width and several blocks of the depth, with
 * a rest; few rows in more than one strip, with and without a split of the depth. Small, the last band of
 * tiles lower than the others. Few: in one tile, and in two of unequal height, with blocks of the depth and a
 * rest, with and without a split. Small again, its C far away, and written past the caches; and so much of it
 * that threads help each other. Several rows of a B from memory: at the end of a row and of the depth, rows
 * that share sets, with a split, and in a strip that has room between its rows. Both packed in tiles, by lean
 * loops.
 */
static const int64_t others_tried[][MATMUL_DIMENSIONS] = {
    {2 * R + 1, 1024 + W + 1, 1},
    {2 * R + 1, 1024 + W + 1, DEPTH + 1},
    {4 * R + 1, 1024 + W + 1, SHALLOW},
    {3, 2, 2 * 1024 + 1},
    {R + 1, W + 1, 4 * 1024 + 3},
    {2, 7 * VECTOR_LANES, 4 * 1024 + 3},
    {4, 4 * VECTOR_LANES - 1, 4 * 1024 + 3},
    {1, 9 * VECTOR_LANES + 1, 2 * DEPTH + 1},
    {MATMUL_TALL_ROWS, 7 * VECTOR_LANES, 2 * DEPTH + 1},
    {13 * R, W + 3, 5 * DEPTH},
    {2 * R + 1, 1, 3 * 1024 + 3},
    {1, 1, 4 * 1024 + VECTOR_LANES + 1},
    {203, 2, 33 * VECTOR_LANES + 5},
    {201, 19, 33 * VECTOR_LANES + 5},
    {1, 1024 + VECTOR_LANES + 3, 19},
    {3, 17 * VECTOR_LANES + 1, 1003},
    {4, 17 * VECTOR_LANES - 1, 35},
    {6, 16 * VECTOR_LANES + 3, 21},
    {1030, 1, 2},
    {7, 16 * VECTOR_LANES + 1, 2 * DEPTH + 3},
    {15, 17 * VECTOR_LANES - 1, 2 * DEPTH + 3},
    {9, 16 * VECTOR_LANES + 3, 2 * 1024 + 5},
    {203, 70, 2},
    {STREAMED, 80, 2},
    {HELPED, 12 * VECTOR_LANES - 3, 8},
    {5, 65 * VECTOR_LANES + 3, 131},
    {16, 4096 / (int)sizeof(element), 67},
    {8, 64 * VECTOR_LANES + 1, 2 * 1024 + 5},
    {3, 1024, PADDED},
#if LEAN
    {53, 4096 / (int)sizeof(element), PACKED_A},
#endif
};

/* Caches so small that a block of tiles, where there are tiles, is kc = DEPTH deep. */
static struct kernel_config tiny_caches(int64_t m, int64_t n, int64_t k, int threads)
{
    struct kernel_config config = {.shape = {m, n, k}, .threads = threads, .seed = 1};
    config.choice[MATMUL_OPTION_DATA] = MATMUL_DATA_REAL;
    config.l1d_bytes = DEPTH * W * sizeof(element);
    config.l2_bytes = (size_t)2 * 2 * R * DEPTH * sizeof(element);
    if (k == SHALLOW) /* so much L2 that all of B that a task reads is packed at once */
        config.l2_bytes *= 16;
    if (k == FAR || k == ASKED) /* so much that it holds many rows of B, but far from all */
        config.l2_bytes = 4096 * sizeof(element);
    if (k == PADDED) /* so much that a strip of C has rows of whole pages */
        config.l2_bytes = 12288 * sizeof(element);
    if (k == PACKED_A) /* so much that lean loops pack both: two blocks of rows, and of the depth */
        config.l2_bytes = 28672;
    if (m == HELPED) /* so much that a product which takes long is small */
        config.l2_bytes = 65536 * sizeof(element);
    config.l3_bytes = (size_t)2 * 2 * W * DEPTH * sizeof(element);
    if (m == STREAMED) /* so little that no C stays in it */
        config.l3_bytes = 1;
    return config;
}

static const char *compare_inputs(const struct matmul *s)
{
    for (int64_t i = 0; i < s->m * s->k; i++)
        if (s->a[i] != matmul_input_at(&s->a_input, (uint64_t)i))
            return "run() changed A";
    for (int64_t i = 0; i < s->k * s->n; i++)
        if (s->b[i] != matmul_input_at(&s->b_input, (uint64_t)i))
            return "run() changed B";
    return NULL;
}

/* What lies behind `bytes` of reserved memory, up to the end of the reservation, was never written. */
static bool end_is_clear(const void *memory, size_t bytes)
{
    const char *at = memory;
    if (at != NULL)
        for (size_t i = bytes; i < memory_round_up(bytes, memory_unit(bytes)); i++)
            if (at[i] != 0)
                return false;
    return true;
}

/* Numbers, not zeros: what is read behind the end must enter nothing that is kept. */
static void fill_end(void *memory, size_t bytes)
{
    memset((char *)memory + bytes, 0x3f, memory_round_up(bytes, memory_unit(bytes)) - bytes);
}

/* What all of C must be, as matmul_reference_rows() says it: the same for every variant. */
struct expected {
    double *high, *low, *bound; /* m × n each */
};

static void expected_free(struct expected *expected)
{
    free(expected->high);
    *expected = (struct expected){0};
}

/* False without memory. */
static bool expected_make(const struct matmul *s, struct expected *expected)
{
    size_t count = (size_t)s->m * (size_t)s->n;
    double *memory = malloc(3 * count * sizeof *memory);
    *expected = (struct expected){memory, memory + count, memory + 2 * count};
    for (int64_t i = 0; memory != NULL && i < s->m; i += MATMUL_SAMPLE_ROWS) {
        int64_t rows[MATMUL_SAMPLE_ROWS], at = i * s->n;
        int row_count = 0;
        for (; row_count < MATMUL_SAMPLE_ROWS && i + row_count < s->m; row_count++)
            rows[row_count] = i + row_count;
        TYPED(matmul_reference_rows)
        (s, rows, row_count, expected->high + at, expected->low + at, expected->bound + at);
    }
    return memory != NULL;
}

static const char *compare_product(const struct matmul *s, const struct expected *expected)
{
    for (int64_t at = 0; at < s->m * s->n; at++)
        if (!TYPED(matmul_within)(s->c[at], expected->high[at], expected->low[at], expected->bound[at]))
            return "an element of C differs from the reference by more than γ(k+2)·|A||B|";
    return NULL;
}

/* Runs the variant on `config` into a new state; NULL without memory. */
static struct matmul *solve(const struct kernel_config *config, const struct kernel_variant *variant)
{
    struct kernel_lane *lanes =
        aligned_alloc(_Alignof(struct kernel_lane), (size_t)config->threads * sizeof *lanes);
    struct matmul *s = lanes != NULL ? TYPED(matmul_create)(config, variant) : NULL;
    if (s != NULL) {
        memset(lanes, 0, (size_t)config->threads * sizeof *lanes);
        TYPED(matmul_fill)(s);
        fill_end(s->a, s->a_bytes);
        fill_end(s->b, s->b_bytes);
        for (int turn = 0; turn < 2; turn++) { /* what the first run left in memory must not matter */
            TYPED(matmul_spoil)(s, true);
            variant->run(s, lanes);
        }
    }
    free(lanes);
    return s;
}

/* expected: made where it is still empty. */
static const char *test_variant(const struct kernel_variant *variant, int64_t m, int64_t n, int64_t k,
    int threads, struct expected *expected)
{
    const char *fault = "no memory for the self-test";
    struct kernel_config config = tiny_caches(m, n, k, threads), alone_config = tiny_caches(m, n, k, 1);
    struct matmul *team = solve(&config, variant),
                  *alone = threads > 1 ? solve(&alone_config, variant) : team;
    if (team == NULL || alone == NULL)
        goto cleanup;
    if (expected->high == NULL && !expected_make(team, expected))
        goto cleanup;
    fault = compare_inputs(team);
    if (fault == NULL)
        fault = compare_product(team, expected);
    if (fault == NULL &&
        !(end_is_clear(alone->c, alone->c_bytes) && end_is_clear(alone->packed, alone->packed_bytes) &&
            end_is_clear(alone->partial, alone->partial_bytes)))
        fault = "run() wrote behind the end of C or of its own memory";
    if (fault == NULL && memcmp(team->c, alone->c, team->c_bytes) != 0)
        fault = "C has other bits than with one thread";
cleanup:
    if (alone != NULL && alone != team)
        TYPED(matmul_destroy)(alone);
    if (team != NULL)
        TYPED(matmul_destroy)(team);
    return fault;
}

/* A library's product is not ours to test: its bits may depend on its threads. */
static const char *test_shape(const int64_t *shape, bool packed_only, int threads)
{
    const struct kernel *kernel = &TYPED(kernel_matmul);
    struct expected expected = {0};
    const char *fault = NULL;
    for (int v = 0; v < kernel->variant_count && fault == NULL; v++) {
        const struct kernel_variant *variant = &kernel->variants[v];
        if (!variant->own_threads && (!packed_only || variant->run == TYPED(matmul_run_packed)))
            fault =
                test_variant(variant, shape[MATMUL_M], shape[MATMUL_N], shape[MATMUL_K], threads, &expected);
    }
    expected_free(&expected);
    return fault;
}

/* A shape that tells nothing of the other variants. */
static const char *test_packed(int64_t m, int64_t n, int64_t k, int threads)
{
    return test_shape((const int64_t[]){m, n, k}, true, threads);
}

/* Every tile of the path small: several steps of k at a time, and a rest of one; a last vector that lacks a
 * column, or more than half of them, and two panels of unequal width. */
static const char *test_small(int threads)
{
    const char *fault = NULL;
    for (int64_t rows = 1; rows <= SMALL_ROWS; rows++)
        for (int64_t vectors = 1; vectors <= flat_vectors(rows) + 2 && fault == NULL; vectors++)
            for (int64_t lacking = 1; lacking < VECTOR_LANES && fault == NULL; lacking += VECTOR_LANES / 2)
                fault = test_packed(rows, vectors * VECTOR_LANES - lacking, 5, threads);
    return fault;
}

/* The tiles of the path few, whose width follows from the rows: panels of equal width, and of unequal. */
static const char *test_few(int threads)
{
    const char *fault = NULL;
    for (int64_t rows = 1; rows <= FEW_ROWS; rows++)
        for (int64_t vectors = 17; vectors <= 20 && fault == NULL; vectors++)
            fault = test_packed(rows, vectors * VECTOR_LANES - 3, FAR, threads);
    /* A row or two, and too few columns for the path rows. */
    for (int64_t rows = 1; rows <= 2; rows++)
        for (int64_t vectors = 14; vectors <= 15 && fault == NULL; vectors++)
            fault = test_packed(rows, vectors * VECTOR_LANES - 3, FAR, threads);
    /* So many tiles that they share the rows of the next panel. */
    if (fault == NULL)
        fault = test_packed(4 * FEW_ROWS - 1, 19 * VECTOR_LANES - 3, FAR, threads);
    if (fault == NULL)
        fault = test_packed(3 * FEW_ROWS + 1, 19 * VECTOR_LANES - 3, FAR, threads);
    return fault;
}

/* The path small where tiles ask for what comes: one tile of rows and a far B, in panels of equal and of
 * unequal width; the first of some tiles; many rows of a far A and a single panel. */
static const char *test_asking(int threads)
{
    const char *fault = NULL;
    for (int64_t rows = 1; rows <= SMALL_ROWS && fault == NULL; rows++)
        fault = test_packed(rows, 2851, ASKED, threads);
    for (int64_t tiles = 2; tiles <= 6 && fault == NULL; tiles++)
        fault = test_packed(tiles * SMALL_ROWS - tiles / 2, 2851, ASKED, threads);
    for (int64_t vectors = 1; vectors <= SMALL_VECTORS; vectors++)
        for (int64_t lacking = 1; lacking < VECTOR_LANES && fault == NULL; lacking += VECTOR_LANES / 2)
            fault = test_packed(347, vectors * VECTOR_LANES - lacking, ASKED, threads);
    return fault;
}

const char *TYPED(matmul_self_test)(int threads)
{
    const char *fault = test_small(threads);
    if (fault == NULL)
        fault = test_few(threads);
    if (fault == NULL)
        fault = test_asking(threads);
    for (size_t i = 0; i < sizeof rows_tried / sizeof rows_tried[0]; i++)
        for (size_t j = 0; j < sizeof columns_tried / sizeof columns_tried[0]; j++)
            for (size_t p = 0; p < sizeof depths_tried / sizeof depths_tried[0] && fault == NULL; p++)
                fault = test_shape(
                    (const int64_t[]){rows_tried[i], columns_tried[j], depths_tried[p]}, false, threads);
    for (size_t i = 0; i < sizeof others_tried / sizeof others_tried[0] && fault == NULL; i++)
        fault = test_shape(others_tried[i], true, threads);
    return fault;
}
