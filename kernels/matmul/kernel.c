/* matmul: its description, and the life of one problem. What is timed is in the files of the rungs; what is
 * true is in check.c. */
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
};

static const struct kernel_variant variants[] = {
    {"naive", "three loops, one dot product per element of C", "the definition", TYPED(matmul_run_naive),
        false},
    {"reordered", "columns innermost", "reads B and C along their rows, so vectors can be used",
        TYPED(matmul_run_reordered), false},
    {"tiled", "tiles of B that stay in L2, four rows of B at a time",
        "B comes from cache, and C is loaded and stored a quarter as often", TYPED(matmul_run_tiled), false},
    {"packed", "packed blocks for each cache, a tile of C in registers",
        "two loads feed a whole tile of fused multiply-adds, and nothing misses the cache or the TLB",
        TYPED(matmul_run_packed), true},
};

/* Around the edges of the tile, and past the largest kc that unknown caches give (512). */
static const int64_t test_shapes[][MATMUL_DIMENSIONS] = {
    {1, 1, 1},
    {1, MATMUL_TILE_COLUMNS + 1, 5},
    {MATMUL_TILE_ROWS + 1, 1, 130},
    {MATMUL_TILE_ROWS - 1, MATMUL_TILE_COLUMNS - 1, 3},
    {2 * MATMUL_TILE_ROWS + 1, 2 * MATMUL_TILE_COLUMNS + 1, 35},
    {40, 70, 1030},
};

static bool packs(const struct kernel_variant *variant)
{
    return variant->run != TYPED(matmul_run_naive) && variant->run != TYPED(matmul_run_reordered) &&
           variant->run != TYPED(matmul_run_tiled);
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
        state->panels_kept = config->threads > 1 ? 2 : 1;
        state->panel_elements = (size_t)blocks->nc * (size_t)blocks->kc;
        state->packed_b_bytes = (size_t)state->panels_kept * state->panel_elements * sizeof(element);
        state->block_stride = memory_round_up((size_t)blocks->mc * (size_t)blocks->kc, page_elements);
        state->packed_a_bytes = (size_t)config->threads * state->block_stride * sizeof(element);
    }
}

/* Work model: a multiplication and an addition for each of m·n·k pairs. Traffic: A and B read once, C written
 * once. Memory: the three matrices, the packed copies of `packed`, and what check() keeps. */
void TYPED(matmul_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    struct matmul s;
    lay_out(config, variant, &s);
    cost->flop = 2.0 * (double)s.m * (double)s.n * (double)s.k;
    cost->bytes = (double)s.a_bytes + (double)s.b_bytes + (double)s.c_bytes;
    cost->memory_bytes =
        cost->bytes + (double)s.packed_a_bytes + (double)s.packed_b_bytes + (double)s.reference.memory_bytes;
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
    TYPED(matmul_cost)(config, &variants[sizeof variants / sizeof variants[0] - 1], &cost);
    if (cost.memory_bytes > 0x1p46)
        return "the problem would take more than 64 TiB; choose smaller m, n or k";
    return NULL;
}

void *TYPED(matmul_create)(const struct kernel_config *config, const struct kernel_variant *variant)
{
    struct matmul *s = malloc(sizeof *s);
    if (s == NULL)
        return NULL;
    lay_out(config, variant, s);
    s->a = memory_reserve(s->a_bytes);
    s->b = memory_reserve(s->b_bytes);
    s->c = memory_reserve(s->c_bytes);
    s->reference.memory = memory_reserve(s->reference.memory_bytes);
    bool complete = s->a != NULL && s->b != NULL && s->c != NULL && s->reference.memory != NULL;
    if (packs(variant)) {
        s->packed_a = memory_reserve(s->packed_a_bytes);
        s->packed_b = memory_reserve(s->packed_b_bytes);
        complete = complete && s->packed_a != NULL && s->packed_b != NULL;
    }
    if (complete)
        return s;
    TYPED(matmul_destroy)(s);
    return NULL;
}

void TYPED(matmul_destroy)(void *state)
{
    struct matmul *s = state;
    memory_release(s->a, s->a_bytes);
    memory_release(s->b, s->b_bytes);
    memory_release(s->c, s->c_bytes);
    memory_release(s->packed_a, s->packed_a_bytes);
    memory_release(s->packed_b, s->packed_b_bytes);
    memory_release(s->reference.memory, s->reference.memory_bytes);
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

/* B's rows go to the thread that will pack them: a share of the groups of each panel. */
static void fill_b_share(const struct matmul *s)
{
    for (int64_t p = 0; p < s->k; p += s->blocks.kc) {
        int64_t depth = s->k - p < s->blocks.kc ? s->k - p : s->blocks.kc, begin, end;
        team_share((depth + MATMUL_GROUP - 1) / MATMUL_GROUP, team_rank(), team_size(), &begin, &end);
        int64_t last = p + (end * MATMUL_GROUP < depth ? end * MATMUL_GROUP : depth);
        fill_range(s->b, &s->b_input, (p + begin * MATMUL_GROUP) * s->n, last * s->n);
    }
}

/* The packing buffers too: a first run that takes page faults would not be like the others. */
static void touch_packing(const struct matmul *s)
{
    int64_t begin, end;
    if (s->packed_a == NULL)
        return;
    memset(s->packed_a + (size_t)team_rank() * s->block_stride, 0, s->block_stride * sizeof(element));
    team_share((int64_t)s->packed_b_bytes, team_rank(), team_size(), &begin, &end);
    memset((char *)s->packed_b + begin, 0, (size_t)(end - begin));
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
        fill_b_share(s);
        spoil_rows(s);
        touch_packing(s);
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
    .self_test = TYPED(matmul_self_test),
    .test_shapes = test_shapes[0],
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
