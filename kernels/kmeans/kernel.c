/* k-means as the harness sees it: the description, what a problem takes, its memory, its inputs. No
 * arithmetic that is timed or checked. */
#include "kernels/kmeans/kmeans.h"
#include "kernels/memory.h"
#include "kernels/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct kernel_dimension TYPED(kmeans_dimensions)[KMEANS_DIMENSIONS] = {
    [KMEANS_N] = {.key = "n",
        .meaning = "points",
        .by_size = {2000, 20000, 200000, 2000000, 4000000},
        .weak = true,
        .grows = true},
    [KMEANS_D] = {.key = "d", .meaning = "coordinates of a point", .by_size = {8, 32, 32, 32, 64}},
    [KMEANS_K] = {.key = "k", .meaning = "clusters, at most n", .by_size = {8, 64, 64, 64, 256}},
    [KMEANS_ITERATIONS] = {.key = "iterations",
        .meaning = "iterations of Lloyd's algorithm, all of them done",
        .by_size = {10, 10, 10, 10, 10}},
};

static const char *const init_choices[] = {"first", "random", "kmeans++", NULL};

const struct kernel_option TYPED(kmeans_options)[KMEANS_OPTIONS] = {
    [KMEANS_INIT] = {.key = "init",
        .meaning = "initial centroids: the first k different points, k random points, or k-means++ draws",
        .choices = init_choices},
};

static const struct kernel_variant variants[] = {
    {.name = "naive",
        .what = "every point against every centroid in f64; each thread sums the clusters that are its own",
        .why = "the base of the ladder",
        .run = TYPED(kmeans_run_naive)},
    {.name = "private",
        .what =
            "blocks of points against four centroids at a time; per-thread sums, merged once an iteration",
        .why = "points are read once, four chains of additions overlap, no thread reads all labels",
        .run = TYPED(kmeans_run_private)},
    {.name = "fused",
        .what =
            "points in vector lanes, centroids broadcast, best and second best in registers, update at once",
        .why = "FMAs on full vectors in the element's own type; f64 only where a rounding bound asks for it",
        .run = TYPED(kmeans_run_fused),
        .is_default = true},
};

/* ---- memory: one table for what it takes, reserving and releasing ---- */

enum { REGIONS = 9, SLAB_PARTS = 7, SLAB_ALIGNMENT = 128 };

struct region {
    void *where; /* the address of the pointer to it, of any type: copied, never dereferenced */
    double bytes;
};

static void set_pointer(const struct region *region, void *value)
{
    memcpy(region->where, &value, sizeof value);
}

static void *get_pointer(const struct region *region)
{
    void *value;
    memcpy(&value, region->where, sizeof value);
    return value;
}

static void list_regions(struct kmeans *p, struct region region[REGIONS])
{
    double n = (double)p->n, d = (double)p->d, k = (double)p->k, iterations = (double)p->iterations;
    double draws = p->init == KMEANS_INIT_PLUSPLUS ? n + n / KMEANS_DRAW_BLOCK + 1 : 0;
    const struct region regions[REGIONS] = {
        {&p->points, n * d * (double)sizeof(element)},
        {&p->start, k * d * 8},
        {&p->start_point, k * 8},
        {&p->labels, iterations * n * 4},
        {&p->counts, iterations * k * 8},
        {&p->centroids, (iterations + 1) * k * d * 8},
        {&p->draw, draws * 8},
        {&p->blobs, k * d * 8},
        {&p->reference, TYPED(kmeans_reference_bytes)(k, d)},
    };
    memcpy(region, regions, sizeof regions);
}

/* The parts of one slab, each rounded up to whole cache lines. */
static void list_slab(struct kmeans *p, struct kmeans_slab *slab, struct region part[SLAB_PARTS])
{
    double kd = (double)p->k * (double)p->d, k = (double)p->k;
    const struct region parts[SLAB_PARTS] = {
        {&slab->sums, kd * 8},
        {&slab->counts, k * 8},
        {&slab->packed, TYPED(kmeans_packed_bytes)(k, (double)p->d)},
        {&slab->tile, TYPED(kmeans_tile_bytes)((double)p->d)},
        {&slab->centre, (double)p->d * (double)sizeof(element)},
        {&slab->tally, kd * 8},
        {&slab->members, k * 8},
    };
    for (int i = 0; i < SLAB_PARTS; i++) {
        part[i] = parts[i];
        part[i].bytes = (floor(part[i].bytes / SLAB_ALIGNMENT) + 1) * SLAB_ALIGNMENT;
    }
}

static double count_slab_bytes(struct kmeans *p)
{
    struct kmeans_slab slab;
    struct region part[SLAB_PARTS];
    list_slab(p, &slab, part);
    double bytes = 0;
    for (int i = 0; i < SLAB_PARTS; i++)
        bytes += part[i].bytes;
    return bytes;
}

static double count_bytes(struct kmeans *p)
{
    struct region region[REGIONS];
    list_regions(p, region);
    double bytes = (double)p->threads * (count_slab_bytes(p) + (double)sizeof(struct kmeans_slab));
    for (int i = 0; i < REGIONS; i++)
        bytes += region[i].bytes;
    return bytes;
}

static struct kmeans describe_problem(const struct kernel_config *config)
{
    return (struct kmeans){.n = config->shape[KMEANS_N],
        .d = config->shape[KMEANS_D],
        .k = config->shape[KMEANS_K],
        .iterations = config->shape[KMEANS_ITERATIONS],
        .threads = config->threads,
        .init = config->choice[KMEANS_INIT],
        .seed = config->seed};
}

const char *TYPED(kmeans_reject)(const struct kernel_config *config)
{
    const double limit_bytes = 0x1p46;
    for (int i = 0; i < KMEANS_DIMENSIONS; i++) {
        if (config->shape[i] < 1)
            return "n, d, k and iterations must be at least 1";
        if (config->shape[i] > (int64_t)1 << 44)
            return "n, d, k and iterations must not exceed 2^44";
    }
    if (config->shape[KMEANS_K] > config->shape[KMEANS_N])
        return "k must not exceed n: there cannot be more clusters than points";
    if (config->shape[KMEANS_K] > (int64_t)1 << 30)
        return "k must not exceed 2^30, which is what a label can hold";
    struct kmeans problem = describe_problem(config);
    if (count_bytes(&problem) > limit_bytes)
        return "the points, labels and sums together exceed 2^46 bytes";
    return NULL;
}

/* Work: a multiplication and an addition for each point, centroid and coordinate; an addition for each point
 * and coordinate. Traffic: each iteration reads the points and writes a label for each; centroids are few.
 * The memory holds the labels of all iterations, and the check's own sums. */
void TYPED(kmeans_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    (void)variant;
    struct kmeans problem = describe_problem(config);
    double n = (double)problem.n, d = (double)problem.d, k = (double)problem.k;
    cost->flop = (double)problem.iterations * (2 * n * k * d + n * d);
    cost->bytes = (double)problem.iterations * n * ((double)sizeof(element) * d + 4);
    cost->memory_bytes = count_bytes(&problem);
}

/* ---- life ---- */

void TYPED(kmeans_destroy)(void *state)
{
    struct kmeans *p = state;
    struct region region[REGIONS];
    list_regions(p, region);
    for (int i = 0; i < REGIONS; i++)
        memory_release(get_pointer(&region[i]), (size_t)region[i].bytes);
    for (int rank = 0; rank < p->threads && p->slab_memory != NULL; rank++)
        memory_release(p->slab_memory[rank], p->slab_bytes);
    free(p->slab_memory);
    free(p->slabs);
    free(p);
}

/* Each slab has pages of its own: they belong where its thread runs. */
static bool reserve_slabs(struct kmeans *p)
{
    p->slab_bytes = (size_t)count_slab_bytes(p);
    p->slab_memory = calloc((size_t)p->threads, sizeof *p->slab_memory);
    p->slabs = aligned_alloc(SLAB_ALIGNMENT, (size_t)p->threads * sizeof *p->slabs);
    if (p->slab_memory == NULL || p->slabs == NULL)
        return false;
    for (int rank = 0; rank < p->threads; rank++) {
        char *at = p->slab_memory[rank] = memory_reserve(p->slab_bytes);
        if (at == NULL)
            return false;
        struct region part[SLAB_PARTS];
        list_slab(p, &p->slabs[rank], part);
        for (int i = 0; i < SLAB_PARTS; i++) {
            set_pointer(&part[i], at);
            at += (size_t)part[i].bytes;
        }
    }
    return true;
}

void *TYPED(kmeans_create)(const struct kernel_config *config, const struct kernel_variant *variant)
{
    (void)variant;
    struct kmeans *p = malloc(sizeof *p);
    if (p == NULL)
        return NULL;
    *p = describe_problem(config);
    struct region region[REGIONS];
    list_regions(p, region);
    bool complete = reserve_slabs(p);
    for (int i = 0; i < REGIONS && complete; i++) {
        if (region[i].bytes == 0)
            continue;
        set_pointer(&region[i], memory_reserve((size_t)region[i].bytes));
        complete = get_pointer(&region[i]) != NULL;
    }
    if (!complete) {
        TYPED(kmeans_destroy)(p);
        return NULL;
    }
    return p;
}

static void spoil_whole(struct kmeans *p)
{
#pragma omp parallel num_threads(p->threads)
    {
        int64_t begin, end;
        team_share(p->n, team_rank(), team_size(), &begin, &end);
        for (int64_t t = 0; t < p->iterations; t++)
            memset(p->labels + t * p->n + begin, 0xff, (size_t)(end - begin) * sizeof *p->labels);
    }
    /* All bits set: −1 for labels and counts, NaN for centroids. */
    memset(p->counts, 0xff, (size_t)(p->iterations * p->k) * sizeof *p->counts);
    memset(p->centroids, 0xff, (size_t)((p->iterations + 1) * p->k * p->d) * sizeof *p->centroids);
}

void TYPED(kmeans_fill)(void *state)
{
    struct kmeans *p = state;
    TYPED(kmeans_make_blobs)(p, p->blobs);
#pragma omp parallel num_threads(p->threads)
    {
        int64_t begin, end;
        memset(p->slab_memory[team_rank()], 0, p->slab_bytes);
        team_share(p->n, team_rank(), team_size(), &begin, &end);
        for (int64_t i = begin; i < end; i++)
            TYPED(kmeans_make_point)(p, p->blobs, i, p->points + i * p->d);
    }
    TYPED(kmeans_choose_start)(p);
    spoil_whole(p);
}

void TYPED(kmeans_spoil)(void *state, bool whole)
{
    enum { STREAM_SPOIL = 6, SCATTERED = 16 };
    struct kmeans *p = state;
    if (whole) {
        spoil_whole(p);
        return;
    }
    uint64_t stream = random_stream(p->seed, STREAM_SPOIL + (p->spoiled++ << 8));
    for (uint64_t i = 0; i < SCATTERED; i++) {
        uint64_t drawn = random_bits(stream, i) >> 1;
        p->labels[drawn % (uint64_t)(p->iterations * p->n)] = -1;
        p->labels[(p->iterations - 1) * p->n + (int64_t)(drawn % (uint64_t)p->n)] = -1;
        p->counts[drawn % (uint64_t)(p->iterations * p->k)] = -1;
        p->centroids[drawn % (uint64_t)((p->iterations + 1) * p->k * p->d)] = (double)NAN;
    }
}

/* Edges of tiles (1 to 64 points in lanes, 4 or 6 centroids at once) and of squares (2 or 4 coordinates); k =
 * n brings repeated points as centroids, with ties and empty clusters. */
static const int64_t test_shapes[][KMEANS_DIMENSIONS] = {
    {1, 1, 1, 1},
    {33, 1, 33, 3},
    {200, 3, 7, 4},
    {129, 4, 4, 3},
    {65, 9, 65, 2},
    {500, 16, 13, 5},
    {2000, 8, 8, 10},
};

const struct kernel TYPED(kernel_kmeans) = {
    .name = "kmeans",
    .element = ELEMENT_NAME,
    .summary = "Lloyd's k-means, exact, a fixed number of iterations",
    .rate = KERNEL_RATE_FLOP,
    .dimensions = TYPED(kmeans_dimensions),
    .dimension_count = KMEANS_DIMENSIONS,
    .options = TYPED(kmeans_options),
    .option_count = KMEANS_OPTIONS,
    .variants = variants,
    .variant_count = sizeof variants / sizeof *variants,
    .reject = TYPED(kmeans_reject),
    .cost = TYPED(kmeans_cost),
    .create = TYPED(kmeans_create),
    .fill = TYPED(kmeans_fill),
    .spoil = TYPED(kmeans_spoil),
    .check = TYPED(kmeans_check),
    .destroy = TYPED(kmeans_destroy),
    .self_test = TYPED(kmeans_self_test),
    .test_shapes = test_shapes[0],
    .test_shape_count = sizeof test_shapes / sizeof *test_shapes,
};
