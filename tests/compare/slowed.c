/* A kernel that can be made slower by a known share: `extra` percent more of the same work, at any number of
 * threads. For showing that a comparison finds it. Solves no problem that anybody has. */
#include "kernels/kernel.h"
#include "kernels/team.h"

#include <stdlib.h>

enum { STEPS = 1000 };
/* Knuth, TAOCP vol. 2, 3.3.4: the multiplier of MMIX. */
static const uint64_t multiplier = 6364136223846793005u, increment = 1442695040888963407u;

static const char *const extra_choices[] = {"0", "1", "2", "5", "10", "20", NULL};
static const unsigned extra_percent[] = {0, 1, 2, 5, 10, 20};

struct state {
    struct kernel_config config;
    unsigned steps; /* the extra ones included: more values would share out in another way */
    element *value;
};

static const char *reject(const struct kernel_config *config)
{
    return config->shape[0] > 1 << 24 ? "n is too large" : NULL;
}

static void cost(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    (void)variant;
    double bytes = (double)config->shape[0] * sizeof(element);
    *cost =
        (struct kernel_cost){.flop = (double)config->shape[0] * STEPS, .bytes = bytes, .memory_bytes = bytes};
}

static void *create(const struct kernel_config *config, const struct kernel_variant *variant)
{
    (void)variant;
    struct state *state = calloc(1, sizeof *state);
    if (state == NULL)
        return NULL;
    state->config = *config;
    state->steps = (unsigned)STEPS / 100 * (100 + extra_percent[config->choice[0]]);
    state->value = calloc((size_t)config->shape[0], sizeof *state->value);
    if (state->value == NULL) {
        free(state);
        return NULL;
    }
    return state;
}

static void fill(void *memory)
{
    (void)memory;
}

static void spoil(void *memory, bool whole)
{
    struct state *state = memory;
    for (int64_t i = 0; i < (whole ? state->config.shape[0] : 1); i++)
        state->value[i] = -1;
}

/* The first 20 bits: exact in either type. */
static element value_of(uint64_t number)
{
    return (element)(number >> 44);
}

static void run_chains(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
#pragma omp parallel num_threads(state->config.threads)
    {
        int64_t begin, end;
        lane_begin(&lanes[team_rank()]);
        team_share(state->config.shape[0], team_rank(), team_size(), &begin, &end);
        for (int64_t i = begin; i < end; i++) {
            uint64_t number = (uint64_t)i + state->config.seed;
            for (unsigned step = 0; step < state->steps; step++)
                number = number * multiplier + increment;
            state->value[i] = value_of(number);
        }
        lane_end(&lanes[team_rank()]);
    }
}

/* All steps at once, by doubling (Brown, Trans. Am. Nucl. Soc. 71, 1994). */
static uint64_t leap(uint64_t number, unsigned steps)
{
    uint64_t times = multiplier, plus = increment, all_times = 1, all_plus = 0;
    for (; steps > 0; steps >>= 1) {
        if (steps & 1) {
            all_times *= times;
            all_plus = all_plus * times + plus;
        }
        plus *= times + 1;
        times *= times;
    }
    return number * all_times + all_plus;
}

static void check(void *memory, struct kernel_check *check)
{
    const struct state *state = memory;
    *check = (struct kernel_check){
        .passed = true, .what = "each value against its chain in one leap", .index = -1, .digest = 1};
    for (int64_t i = 0; i < state->config.shape[0] && check->passed; i++) {
        check->got = state->value[i];
        check->expected = value_of(leap((uint64_t)i + state->config.seed, state->steps));
        check->passed = check->got == check->expected;
        check->index = check->passed ? -1 : i;
    }
}

static void destroy(void *memory)
{
    struct state *state = memory;
    free(state->value);
    free(state);
}

static const struct kernel_dimension dimensions[] = {{.key = "n",
    .meaning = "values",
    .by_size = {1 << 14, 1 << 16, 1 << 18, 1 << 20, 1 << 22},
    .weak = true,
    .grows = true}};

static const struct kernel_option options[] = {
    {.key = "extra", .meaning = "percent of work that nobody asked for", .choices = extra_choices}};

static const struct kernel_variant variants[] = {
    {.name = "chains",
        .what = "one chain of dependent steps for each value",
        .why = "",
        .run = run_chains,
        .is_default = true},
};

static const int64_t test_shapes[] = {1, 100};

const struct kernel TYPED(kernel_slowed) = {
    .name = "slowed",
    .element = ELEMENT_NAME,
    .summary = "work that can be made more by a known share",
    .rate = KERNEL_RATE_FLOP,
    .dimensions = dimensions,
    .dimension_count = 1,
    .options = options,
    .option_count = 1,
    .variants = variants,
    .variant_count = 1,
    .reject = reject,
    .cost = cost,
    .create = create,
    .fill = fill,
    .spoil = spoil,
    .check = check,
    .destroy = destroy,
    .test_shapes = test_shapes,
    .test_shape_count = 2,
};
