/* forkjoin: what it costs to wake a team, to wait for it, and to add up what it brings, with no work at all
 * in between. A ceiling without a rate: it prices the regions and barriers of the workloads. Every thread
 * counts its arrivals in a line of its own, which proves afterwards that each construct really happened.
 * Refuses to subtract a reference time: what is timed is what a program pays.
 *
 * The constructs are those of Bull, "Measuring Synchronisation and Scheduling Overheads in OpenMP", EWOMP
 * 1999 (the EPCC microbenchmarks). In the serial build each is a turn of a loop. The element type changes
 * nothing.
 */
#include "kernels/forkjoin.h"
#include "kernels/digest.h"
#include "kernels/team.h"

#include <stdlib.h>
#include <string.h>

const struct kernel_dimension TYPED(forkjoin_dimensions)[1] = {
    {"n", "constructs, one after another", {1000, 10000, 10000, 10000, 10000}, NULL, false, false},
};

/* Around the barrier after which threads look, and enough for one that is none to show. */
static const int64_t test_shapes[] = {
    1, FORKJOIN_LOOK_EVERY - 1, FORKJOIN_LOOK_EVERY, FORKJOIN_LOOK_EVERY + 1};

const char *TYPED(forkjoin_reject)(const struct kernel_config *config)
{
    if (config->shape[0] > (int64_t)1 << 40)
        return "n must not exceed 2^40: sums of reductions would not be exact";
    return NULL;
}

/* The first word of a variant's name is its construct. */
static bool is_construct(const struct kernel_variant *variant, const char *construct)
{
    return strncmp(variant->name, construct, strlen(construct)) == 0;
}

/* Work: none. `barrier` is n barriers in one region; the others are n regions. Memory: the state alone. */
void TYPED(forkjoin_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    double n = (double)config->shape[0];
    bool barrier = is_construct(variant, "barrier");
    *cost = (struct kernel_cost){
        .memory_bytes =
            (double)sizeof(struct forkjoin) + (double)config->threads * (double)sizeof(struct forkjoin_slot),
        .regions = barrier ? 1 : n,
        .barriers = barrier ? n : 0,
    };
}

void *TYPED(forkjoin_create)(const struct kernel_config *config, const struct kernel_variant *variant)
{
    struct forkjoin *s = malloc(sizeof *s);
    if (s == NULL)
        return NULL;
    *s = (struct forkjoin){
        .config = *config,
        .n = config->shape[0],
        .reduces = is_construct(variant, "reduction"),
        .slots = aligned_alloc(_Alignof(struct forkjoin_slot), (size_t)config->threads * sizeof *s->slots),
    };
    if (s->slots != NULL)
        return s;
    free(s);
    return NULL;
}

void TYPED(forkjoin_destroy)(void *state)
{
    struct forkjoin *s = state;
    free(s->slots);
    free(s);
}

void TYPED(forkjoin_fill)(void *state)
{
    struct forkjoin *s = state;
#pragma omp parallel num_threads(s->config.threads)
    s->slots[team_rank()] = (struct forkjoin_slot){0};
}

/* A slot holds all there is of a thread's result, so every one is spoiled every time. */
void TYPED(forkjoin_spoil)(void *state, bool whole)
{
    struct forkjoin *s = state;
    (void)whole;
    s->total = __builtin_nan("");
    for (int t = 0; t < s->config.threads; t++)
        s->slots[t] = (struct forkjoin_slot){.arrivals = -1, .missed = -1};
}

static void clear(struct forkjoin *s)
{
    s->total = 0;
    for (int t = 0; t < s->config.threads; t++)
        s->slots[t] = (struct forkjoin_slot){0};
}

/* The busy work of a thread is its arrival. Only the first of a run is stamped: reading the clock twice takes
 * a good part of the time of a construct. */
static void arrive(struct forkjoin *s, struct kernel_lane *lanes, int64_t turn)
{
    int rank = team_rank();
    if (turn == 0)
        lane_begin(&lanes[rank]);
    forkjoin_arrive(&s->slots[rank]);
    if (turn == 0)
        lane_end(&lanes[rank]);
}

static void run_region(void *state, struct kernel_lane *lanes)
{
    struct forkjoin *s = state;
    clear(s);
    for (int64_t i = 0; i < s->n; i++) {
#pragma omp parallel num_threads(s->config.threads)
        arrive(s, lanes, i);
    }
}

static void run_barrier(void *state, struct kernel_lane *lanes)
{
    struct forkjoin *s = state;
    clear(s);
#pragma omp parallel num_threads(s->config.threads)
    for (int64_t i = 0; i < s->n; i++) {
        arrive(s, lanes, i);
#pragma omp barrier
        if (i % FORKJOIN_LOOK_EVERY == 0)
            forkjoin_look(s->slots, team_rank(), s->config.threads, i + 1);
    }
}

static void run_reduction(void *state, struct kernel_lane *lanes)
{
    struct forkjoin *s = state;
    clear(s);
    for (int64_t i = 0; i < s->n; i++) {
        double sum = 0;
#pragma omp parallel num_threads(s->config.threads) reduction(+ : sum)
        {
            arrive(s, lanes, i);
            sum += 1;
        }
        s->total += sum;
    }
}

/* n arrivals of every thread, none that left a barrier too early, and the sum of all reductions. */
void TYPED(forkjoin_check)(void *state, struct kernel_check *check)
{
    const struct forkjoin *s = state;
    const double total = (double)s->n * (double)s->config.threads;
    int64_t arrivals = s->slots[s->config.threads - 1].arrivals;
    *check = (struct kernel_check){.passed = true,
        .what = "constructs that each thread arrived at",
        .index = -1,
        .digest = digest_mix(0, (uint64_t)arrivals)};
    for (int t = 0; t < s->config.threads && check->passed; t++) {
        const struct forkjoin_slot *slot = &s->slots[t];
        if (slot->arrivals != s->n)
            *check = (struct kernel_check){
                .what = check->what, .index = t, .got = (double)slot->arrivals, .expected = (double)s->n};
        else if (slot->missed != 0)
            *check = (struct kernel_check){.what = "barriers that a thread left before its neighbour came",
                .index = t,
                .got = (double)slot->missed};
    }
    if (check->passed && s->reduces && s->total != total)
        *check = (struct kernel_check){
            .what = "the sum of all reductions", .index = -1, .got = s->total, .expected = total};
}

static const struct kernel_variant variants[] = {
    {"region", "empty parallel regions, one after another", "the price of waking a team and joining it",
        run_region, true, false},
    {"barrier", "barriers inside one region",
        "the team stays awake: the price of waiting for the last thread", run_barrier, false, false},
    {"reduction", "parallel regions that add up one number of each thread",
        "dearer than an empty region by what combining the numbers takes", run_reduction, false, false},
};

const struct kernel TYPED(kernel_forkjoin) = {
    .name = "forkjoin",
    .element = ELEMENT_NAME,
    .summary = "ceiling: the price of regions, barriers and reductions",
    .role = KERNEL_CEILING,
    .rate = KERNEL_RATE_NONE,
    .dimensions = TYPED(forkjoin_dimensions),
    .dimension_count = 1,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(forkjoin_reject),
    .cost = TYPED(forkjoin_cost),
    .create = TYPED(forkjoin_create),
    .fill = TYPED(forkjoin_fill),
    .spoil = TYPED(forkjoin_spoil),
    .check = TYPED(forkjoin_check),
    .destroy = TYPED(forkjoin_destroy),
    .test_shapes = test_shapes,
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
