/* The memory of a k-means problem, its inputs and its results: what is made before the timer starts and read
 * after it stops. No arithmetic that is timed or checked. */
#include "kernels/digest.h"
#include "kernels/kmeans/kmeans.h"
#include "kernels/memory.h"
#include "kernels/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct kmeans TYPED(kmeans_describe_problem)(
    const struct kernel_config *config, const struct kernel_variant *variant)
{
    bool is_bounded = variant != NULL && variant->run == TYPED(kmeans_run_bounded);
    bool is_fused = variant != NULL && variant->run == TYPED(kmeans_run_fused);
    return (struct kmeans){.n = config->shape[KMEANS_N],
        .d = config->shape[KMEANS_D],
        .k = config->shape[KMEANS_K],
        .iterations = config->shape[KMEANS_ITERATIONS],
        .threads = config->threads,
        .init = config->choice[KMEANS_INIT],
        .seed = config->seed,
        .has_tiles = is_fused || is_bounded,
        .has_bounds = is_bounded,
        .table = config->table};
}

enum { REGIONS = 13, SLAB_PARTS = 15, SLAB_ALIGNMENT = 128 };

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
    double tiles = p->has_tiles ? TYPED(kmeans_all_tiles_bytes)(n, d) : 0;
    double draws = p->init == KMEANS_INIT_PLUSPLUS ? n + n / KMEANS_DRAW_BLOCK + 1 : 0;
    const struct region regions[REGIONS] = {
        {&p->points, n * d * (double)sizeof(element)},
        {&p->start, k * d * 8},
        {&p->start_point, k * 8},
        {&p->labels, iterations * n * 4},
        {&p->counts, iterations * k * 8},
        {&p->centroids, (iterations + 1) * k * d * 8},
        {&p->tiles, tiles},
        {&p->tile_kept, p->has_tiles ? TYPED(kmeans_all_kept_bytes)(n) : 0},
        {&p->totals, p->has_tiles ? k * d * 8 : 0},
        {&p->bounds, p->has_bounds ? (n + 64) * (double)sizeof(element) : 0},
        {&p->draw, draws * 8},
        {&p->blobs, k * d * 8},
        {&p->quantum, d * 8},
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
        {&slab->narrow, kmeans_scores_are_narrow(p) ? TYPED(kmeans_packed_bytes)(k, (double)p->d) / 2 : 0},
        {&slab->survivors, p->has_bounds ? TYPED(kmeans_tile_bytes)((double)p->d) : 0},
        {&slab->candidates, p->has_tiles ? (k + 64) * 8 : 0},
        {&slab->centre, (double)p->d * (double)sizeof(element)},
        {&slab->drift, p->has_bounds ? k * 8 : 0},
        {&slab->allowance, p->has_bounds ? k * (double)sizeof(element) : 0},
        {&slab->largest, (double)p->d * 8},
        {&slab->anchor, (double)p->d * 8},
        {&slab->tally, kd * 8},
        {&slab->members, k * 8},
        {&slab->reference, TYPED(kmeans_reference_bytes)((double)p->d)},
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

double TYPED(kmeans_count_bytes)(struct kmeans *p)
{
    struct region region[REGIONS];
    list_regions(p, region);
    double bytes = (double)p->threads * (count_slab_bytes(p) + (double)sizeof(struct kmeans_slab));
    for (int i = 0; i < REGIONS; i++)
        bytes += region[i].bytes;
    return bytes;
}

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
    struct kmeans *p = malloc(sizeof *p);
    if (p == NULL)
        return NULL;
    *p = TYPED(kmeans_describe_problem)(config, variant);
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

/* Points [begin, end) from a person's own table; a value too large for the element becomes an infinity, which
 * the check names. */
static void load_points(struct kmeans *p, int64_t begin, int64_t end)
{
    const float *narrow = p->table->data;
    const double *wide = p->table->data;
    int64_t row = p->table->column_major ? 1 : p->d, column = p->table->column_major ? p->n : 1;
    for (int64_t i = begin; i < end; i++)
        for (int64_t j = 0; j < p->d; j++) {
            int64_t at = i * row + j * column;
            p->points[i * p->d + j] = p->table->bits == 32 ? (element)narrow[at] : (element)wide[at];
        }
}

static void fill_share(struct kmeans *p, int rank)
{
    int64_t begin, end;
    memset(p->slab_memory[rank], 0, p->slab_bytes);
    team_share(p->n, rank, team_size(), &begin, &end);
    if (p->table != NULL)
        load_points(p, begin, end);
    for (int64_t i = begin; i < end && p->table == NULL; i++)
        TYPED(kmeans_make_point)(p, p->blobs, i, p->points + i * p->d);
    if (p->has_tiles)
        TYPED(kmeans_touch_tiles)(p, rank);
    if (p->has_bounds)
        memset(p->bounds + begin, 0, (size_t)(end - begin) * sizeof *p->bounds);
}

/* A sum over blocks of points, so that the team does not show. */
uint64_t TYPED(kmeans_digest_points)(const struct kmeans *p)
{
    enum { BLOCK = 4096 };
    uint64_t digest = 0;
#pragma omp parallel for num_threads(p->threads) reduction(+ : digest) schedule(static)
    for (int64_t block = 0; block <= (p->n - 1) / BLOCK; block++) {
        int64_t first = block * BLOCK, count = p->n - first < BLOCK ? p->n - first : BLOCK;
        digest += digest_bytes(
            (uint64_t)block, p->points + first * p->d, (size_t)(count * p->d) * sizeof *p->points);
    }
    return digest;
}

void TYPED(kmeans_fill)(void *state)
{
    struct kmeans *p = state;
    if (p->table == NULL)
        TYPED(kmeans_make_blobs)(p, p->blobs);
#pragma omp parallel num_threads(p->threads)
    fill_share(p, team_rank());
    p->points_digest = TYPED(kmeans_digest_points)(p);
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

int TYPED(kmeans_results)(void *state, struct kernel_result *result)
{
    const struct kmeans *p = state;
    result[0] = (struct kernel_result){
        .name = "labels", .data = p->labels + (p->iterations - 1) * p->n, .number = KERNEL_I32, .rows = p->n};
    result[1] = (struct kernel_result){.name = "centroids",
        .data = p->centroids + p->iterations * p->k * p->d,
        .number = KERNEL_F64,
        .rows = p->k,
        .columns = p->d};
    return 2;
}
