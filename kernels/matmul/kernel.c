/* matmul: its description, and the life of one problem. What is timed is in the files of the rungs; what is
 * true is in check.c. Refuses to multiply. */
#include "kernels/matmul/blas.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/memory.h"
#include "kernels/team.h"

#include <stdlib.h>
#include <string.h>

const struct kernel_dimension TYPED(matmul_dimensions)[MATMUL_DIMENSIONS] = {
    {"m", "rows of A and C", {256, 768, 1536, 3072, 8192}, "n", true, true},
    {"n", "columns of B and C", {256, 768, 1536, 3072, 8192}, NULL, false, true},
    {"k", "columns of A, rows of B", {256, 768, 1536, 3072, 8192}, "n", false, true},
};

static const char *const data_choices[] = {"integer", "real", NULL};

const struct kernel_option TYPED(matmul_options)[MATMUL_OPTIONS] = {
    {"data",
        "integer: small random integers, whose product is checked exactly; real: uniform in [-1, 1), checked "
        "within rounding bounds (8 whole rows, and C·x)",
        data_choices},
    {"blas",
        "path of a CBLAS library, for the variant blas; empty: the first that is found of well-known names",
        NULL},
};

enum { PACKED = 4 };
static const struct kernel_variant variants[] = {
    {"naive", "three loops, one dot product per element of C", "the definition", TYPED(matmul_run_naive),
        false, false},
    {"reordered", "columns innermost", "reads B and C along their rows, so vectors can be used",
        TYPED(matmul_run_reordered), false, false},
    {"tiled", "tiles of B that stay in L2, four rows of B at a time",
        "B comes from cache, and C is loaded and stored a quarter as often", TYPED(matmul_run_tiled), false,
        false},
    {"simd", "a tile of C, four rows by two vectors, in registers while 256 steps of k pass",
        "C is left alone meanwhile, and each load of B feeds four multiply-adds", TYPED(matmul_run_simd),
        false, false},
    [PACKED] = {"packed",
        "a tile of C that fills the registers; A and B in place where they are near or used by few, else "
        "copied in the order of their use; narrow shapes have ways of their own",
        "fewer loads for each multiply-add, and B misses neither the cache nor the TLB; threads that are "
        "done take over parts of C from slower ones",
        TYPED(matmul_run_packed), true, false},
    {"blas", "cblas_sgemm or cblas_dgemm of a library (--set matmul.blas=PATH)",
        "what others have made of the same machine, to compare with", TYPED(matmul_run_blas), false, true},
};

/* Around the edges of tiles, bands, chunks and splits; past the largest kc that unknown caches give (1024),
 * and at the end past that of a packed A (512). Small enough for an emulator. Then few columns and few rows,
 * those of the path few at the end; small, in bands of rows and in chunks of columns. */
static const int64_t test_shapes[][MATMUL_DIMENSIONS] = {
    {1, 1, 1},
    {1, MATMUL_TILE_COLUMNS + 1, 5},
    {1, 4 * MATMUL_TILE_COLUMNS + 1, 33},
    {MATMUL_TILE_ROWS + 1, 1, 130},
    {MATMUL_TILE_ROWS - 1, MATMUL_TILE_COLUMNS - 1, 3},
    {2 * MATMUL_TILE_ROWS + 1, 2 * MATMUL_TILE_COLUMNS + 1, 35},
    {600, 1024 + VECTOR_LANES + 1, 2},
    {MATMUL_TALL_ROWS - 1, 3, 2049},
    {7, 70, 2049},
    {110, 170, 1030},
    {300, 17, 1000},
    {2, 2048 + 3, 600},
    {300, 40, 14},
    {20, 300, 40},
    {20, 1003, 600},
    {9, 2 * VECTOR_LANES + 1, 4100},
    {3, 1003, 120},
    {3, 1003, 300},
    {131, 325, 530},
};

static bool packs(const struct kernel_variant *variant)
{
    return variant->run != TYPED(matmul_run_naive) && variant->run != TYPED(matmul_run_reordered) &&
           variant->run != TYPED(matmul_run_tiled) && variant->run != TYPED(matmul_run_simd) &&
           variant->run != TYPED(matmul_run_blas);
}

/* Everything about a state but its memory. */
static void lay_out(
    const struct kernel_config *config, const struct kernel_variant *variant, struct matmul *state)
{
    const size_t page_elements = 4096 / sizeof(element);
    *state = (struct matmul){
        .config = *config,
        .m = config->shape[MATMUL_M],
        .n = config->shape[MATMUL_N],
        .k = config->shape[MATMUL_K],
        .blocks = TYPED(matmul_choose_blocks)(config),
    };
    uint32_t limit =
        config->choice[MATMUL_OPTION_DATA] == MATMUL_DATA_INTEGER ? matmul_integer_limit(state->k) : 0;
    state->a_input = (struct matmul_input){random_stream(config->seed, 0), limit};
    state->b_input = (struct matmul_input){random_stream(config->seed, 1), limit};
    state->a_bytes = (size_t)state->m * (size_t)state->k * sizeof(element);
    state->b_bytes = (size_t)state->k * (size_t)state->n * sizeof(element);
    state->c_bytes = (size_t)state->m * (size_t)state->n * sizeof(element);
    state->reference.memory_bytes = TYPED(matmul_reference_bytes)(config);
    if (packs(variant)) {
        const struct matmul_blocks *blocks = &state->blocks;
        size_t elements =
            (size_t)blocks->packed_slivers * (size_t)blocks->vectors * VECTOR_LANES * (size_t)blocks->kc +
            (size_t)blocks->packed_rows * (size_t)blocks->kc;
        state->packed_stride = memory_round_up(elements, page_elements);
        state->packed_bytes =
            ((size_t)config->threads * state->packed_stride + (size_t)blocks->shared_elements) *
            sizeof(element);
        if (blocks->splits > 1)
            state->partial_bytes = (size_t)blocks->splits * state->c_bytes;
    }
}

/* On the path small a team of one is the caller. */
static double regions(const struct kernel_variant *variant, const struct matmul *s)
{
    bool alone = packs(variant) && s->blocks.path == MATMUL_PATH_SMALL && s->config.threads == 1;
    return variant->own_threads || alone ? 0 : 1;
}

/* Before the splits are added; the caller alone waits for nobody. */
static bool waits_for_splits(const struct kernel_variant *variant, const struct matmul *s)
{
    return s->partial_bytes > 0 && regions(variant, s) > 0;
}

/* Work model: a multiplication and an addition for each of m·n·k pairs. Traffic: A and B read once, C written
 * once. Memory: the three matrices, the packed copies of `packed`, and what check() keeps; what a library
 * reserves for itself is not known. */
void TYPED(matmul_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    struct matmul s;
    lay_out(config, variant, &s);
    double bytes = (double)s.a_bytes + (double)s.b_bytes + (double)s.c_bytes;
    *cost = (struct kernel_cost){
        .flop = 2.0 * (double)s.m * (double)s.n * (double)s.k,
        .bytes = bytes,
        .memory_bytes =
            bytes + (double)s.packed_bytes + (double)s.partial_bytes + (double)s.reference.memory_bytes,
        .regions = regions(variant, &s),
        .barriers = (waits_for_splits(variant, &s) ? 1 : 0) +
                    (s.packed_bytes > 0 && s.blocks.shared_elements > 0 ? 1 : 0),
    };
}

/* Whichever is the lower roof: arithmetic, or the traffic of reading A and B, or of writing C where it is
 * most of it. The stream's arrays are as large together as the problem's. */
static int ceilings(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_ceiling *ceiling)
{
    struct matmul s;
    int count = 0;
    lay_out(config, variant, &s);
    size_t bytes = s.a_bytes + s.b_bytes + s.c_bytes;
    bool writes = s.c_bytes > bytes / 2, in_cache = bytes <= config->l3_bytes;
    int64_t extent = (int64_t)(bytes / sizeof(element)) / (writes ? 2 : 1);
    ceiling[count++] = (struct kernel_ceiling){.kernel = "flops", .variant = "fma"};
    ceiling[count++] = (struct kernel_ceiling){.kernel = "stream",
        .variant = !writes    ? "read"
                   : in_cache ? "copy"
                              : "copy-nt",
        .extent = extent > 0 ? extent : 1};
    if (regions(variant, &s) > 0)
        ceiling[count++] = (struct kernel_ceiling){.kernel = "forkjoin", .variant = "region"};
    if (waits_for_splits(variant, &s))
        ceiling[count++] = (struct kernel_ceiling){.kernel = "forkjoin", .variant = "barrier"};
    return count;
}

const char *TYPED(matmul_reject)(const struct kernel_config *config)
{
    const int64_t most = ((int64_t)1 << 46) / (int64_t)sizeof(element);
    int64_t m = config->shape[MATMUL_M], n = config->shape[MATMUL_N], k = config->shape[MATMUL_K];
    if (m > most / k || k > most / n || m > most / n)
        return "a matrix would take more than 64 TiB; choose smaller m, n or k";
    if (config->choice[MATMUL_OPTION_DATA] == MATMUL_DATA_INTEGER) {
        if (matmul_integer_limit(k) < 1)
            return ELEMENT_BITS == 32
                       ? "with data=integer and f32, k must not exceed 2^24 = 16777216: partial "
                         "sums would not be exact; choose data=real, f64 or a smaller k"
                       : "with data=integer, k must not exceed 2^31 - 1 = 2147483647: partial "
                         "sums would not be exact; choose data=real or a smaller k";
    } else if ((double)(k + 2) * ELEMENT_EPSILON > 0.5) {
        return "with data=real and f32, k must not exceed 2^23 - 2 = 8388606: the rounding bound would allow "
               "any result; choose f64 or a smaller k";
    }
    struct kernel_cost cost;
    TYPED(matmul_cost)(config, &variants[PACKED], &cost); /* takes the most */
    if (cost.memory_bytes > 0x1p46)
        return "the problem would take more than 64 TiB; choose smaller m, n or k";
    return NULL;
}

static const char *blas_path(const struct kernel_config *config)
{
    const char *path = config->text[MATMUL_OPTION_BLAS];
    return path != NULL ? path : "";
}

static const char *unavailable(const struct kernel_config *config, const struct kernel_variant *variant)
{
    bool library = variant->run == TYPED(matmul_run_blas);
    return library ? TYPED(matmul_blas_unavailable)(blas_path(config), config->shape) : NULL;
}

static const char *note(void *state)
{
    const struct matmul *s = state;
    return s->blas != NULL ? TYPED(matmul_blas_note)(s->blas) : NULL;
}

void *TYPED(matmul_create)(const struct kernel_config *config, const struct kernel_variant *variant)
{
    struct matmul *s = aligned_alloc(_Alignof(struct matmul), sizeof *s);
    if (s == NULL)
        return NULL;
    lay_out(config, variant, s);
    s->a = memory_reserve(s->a_bytes + VECTOR_BYTES);
    s->b = memory_reserve(s->b_bytes + MATMUL_TILE_VECTORS * VECTOR_BYTES);
    s->c = memory_reserve(s->c_bytes);
    s->reference.memory = memory_reserve(s->reference.memory_bytes);
    s->shares = aligned_alloc(_Alignof(struct matmul_share), (size_t)config->threads * sizeof *s->shares);
    bool complete =
        s->a != NULL && s->b != NULL && s->c != NULL && s->reference.memory != NULL && s->shares != NULL;
    if (s->packed_bytes > 0)
        complete = (s->packed = memory_reserve(s->packed_bytes)) != NULL && complete;
    if (s->partial_bytes > 0)
        complete = (s->partial = memory_reserve(s->partial_bytes)) != NULL && complete;
    if (variant->run == TYPED(matmul_run_blas))
        complete =
            (s->blas = TYPED(matmul_blas_open)(blas_path(config), config->threads)) != NULL && complete;
    if (complete)
        return s;
    TYPED(matmul_destroy)(s);
    return NULL;
}

void TYPED(matmul_destroy)(void *state)
{
    struct matmul *s = state;
    TYPED(matmul_blas_close)(s->blas);
    memory_release(s->a, s->a_bytes + VECTOR_BYTES);
    memory_release(s->b, s->b_bytes + MATMUL_TILE_VECTORS * VECTOR_BYTES);
    memory_release(s->c, s->c_bytes);
    memory_release(s->packed, s->packed_bytes);
    memory_release(s->partial, s->partial_bytes);
    memory_release(s->reference.memory, s->reference.memory_bytes);
    free(s->shares);
    free(s);
}

static void fill_range(element *to, const struct matmul_input *input, int64_t begin, int64_t end)
{
    for (int64_t i = begin; i < end; i++)
        to[i] = matmul_input_at(input, (uint64_t)i);
}

/* This thread's rows of C become NaN, which no sum and no product gets rid of. */
static void spoil_rows(const struct matmul *s)
{
    int64_t begin, end;
    team_share(s->m, team_rank(), team_size(), &begin, &end);
    for (int64_t i = begin * s->n; i < end * s->n; i++)
        s->c[i] = (element)__builtin_nan("");
}

/* This thread's share of `bytes`. */
static void clear_share(void *memory, size_t bytes)
{
    int64_t begin, end;
    team_share((int64_t)bytes, team_rank(), team_size(), &begin, &end);
    if (memory != NULL)
        memset((char *)memory + begin, 0, (size_t)(end - begin));
}

void TYPED(matmul_fill)(void *state)
{
    struct matmul *s = state;
    s->reference.ready = false;
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        team_share(s->m, team_rank(), team_size(), &begin, &end);
        fill_range(s->a, &s->a_input, begin * s->k, end * s->k);
        team_share(s->k, team_rank(), team_size(), &begin, &end);
        fill_range(s->b, &s->b_input, begin * s->n, end * s->n);
        spoil_rows(s);
        /* A first run that takes page faults would not be like the others. */
        clear_share(s->packed, s->packed_bytes);
        clear_share(s->partial, s->partial_bytes);
    }
}

void TYPED(matmul_spoil)(void *state, bool whole)
{
    enum { SCATTERED = 48 };
    struct matmul *s = state;
    uint64_t count = (uint64_t)s->m * (uint64_t)s->n, seed = random_stream(s->config.seed, 2 + s->spoiled++);
    if (whole) {
#pragma omp parallel num_threads(s->config.threads)
        spoil_rows(s);
        return;
    }
    for (uint64_t i = 0; i < SCATTERED; i++)
        s->c[random_bits(seed, i) % count] = (element)__builtin_nan("");
}

const struct kernel TYPED(kernel_matmul) = {
    .name = "matmul",
    .element = ELEMENT_NAME,
    .summary = "product of two dense matrices, C = A·B (row-major)",
    .role = KERNEL_WORKLOAD,
    .rate = KERNEL_RATE_FLOP,
    .dimensions = TYPED(matmul_dimensions),
    .dimension_count = MATMUL_DIMENSIONS,
    .options = TYPED(matmul_options),
    .option_count = MATMUL_OPTIONS,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(matmul_reject),
    .cost = TYPED(matmul_cost),
    .ceilings = ceilings,
    .unavailable = unavailable,
    .create = TYPED(matmul_create),
    .fill = TYPED(matmul_fill),
    .spoil = TYPED(matmul_spoil),
    .check = TYPED(matmul_check),
    .destroy = TYPED(matmul_destroy),
    .note = note,
    .self_test = TYPED(matmul_self_test),
    .test_shapes = test_shapes[0],
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
