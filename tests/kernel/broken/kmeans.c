/* k-means gone wrong, in ways that look right: proof that the check catches them. Never timed, never
 * installed. Each variant is the real one but for one fault, made as consistent with itself as the fault
 * allows. */
#include "kernels/kmeans/kmeans.h"

#include <math.h>
#include <sched.h>
#include <string.h>

/* ---- faults in the labels: counts and centroids follow from the wrong labels, without a flaw ---- */

/* Counts and sums anew from this thread's labels. */
static void sum_labels(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    struct kmeans_slab *slab = &p->slabs[rank];
    TYPED(kmeans_clear_sums)(p, rank);
    for (int64_t i = begin; i < end; i++) {
        int32_t label = p->labels[t * p->n + i];
        slab->counts[label]++;
        kmeans_add_point(slab->sums + label * p->d, p->points + i * p->d, p->d, slab->anchor);
    }
}

static void assign_everything_to_first(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    memset(p->labels + t * p->n + begin, 0, (size_t)(end - begin) * sizeof *p->labels);
    sum_labels(p, t, rank, begin, end);
}

/* A tile of 32 points in the middle of the problem takes the next cluster's label. */
static void mislabel_tile(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    int64_t first = p->n / 2;
    for (int64_t i = first > begin ? first : begin; i < end && i < first + 32; i++)
        p->labels[t * p->n + i] = (p->labels[t * p->n + i] + 1) % (int32_t)p->k;
    sum_labels(p, t, rank, begin, end);
}

static void assign_tile_wrong_last(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    TYPED(kmeans_assign_private)(p, t, rank, begin, end);
    if (t == p->iterations - 1)
        mislabel_tile(p, t, rank, begin, end);
}

static void assign_tile_wrong_early(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    TYPED(kmeans_assign_private)(p, t, rank, begin, end);
    if (t == 0)
        mislabel_tile(p, t, rank, begin, end);
}

static void assign_one_wrong(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    TYPED(kmeans_assign_private)(p, t, rank, begin, end);
    if (t < p->iterations - 1 || p->n / 3 < begin || p->n / 3 >= end)
        return;
    int32_t *label = p->labels + t * p->n + p->n / 3;
    *label = (*label + 1) % (int32_t)p->k;
    sum_labels(p, t, rank, begin, end);
}

/* What a bound does that is too generous: in the last iteration no point is looked at. */
static void assign_labels_kept(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    TYPED(kmeans_assign_private)(p, t, rank, begin, end);
    if (t == 0 || t < p->iterations - 1)
        return;
    memcpy(p->labels + t * p->n + begin, p->labels + (t - 1) * p->n + begin,
        (size_t)(end - begin) * sizeof *p->labels);
    sum_labels(p, t, rank, begin, end);
}

static void assign_ties_to_highest(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    const double *centroids = p->centroids + t * p->k * p->d;
    for (int64_t i = begin; i < end; i++) {
        double best = INFINITY;
        for (int64_t c = 0; c < p->k; c++) {
            double distance = TYPED(kmeans_dist64)(p->points + i * p->d, centroids + c * p->d, p->d);
            if (distance <= best) {
                best = distance;
                p->labels[t * p->n + i] = (int32_t)c;
            }
        }
    }
    sum_labels(p, t, rank, begin, end);
}

/* ---- faults in the sums ---- */

/* The last point of the first thread goes missing from its cluster's sum, not from its count. */
static void lose_update(struct kmeans *p, int64_t t, int rank, int64_t end)
{
    if (rank != 0)
        return;
    struct kmeans_slab *slab = &p->slabs[0];
    const element *x = p->points + (end - 1) * p->d;
    double *sum = slab->sums + p->labels[t * p->n + end - 1] * p->d;
    for (int64_t j = 0; j < p->d; j++)
        sum[j] -= kmeans_round((double)x[j], slab->anchor[j]);
}

static void assign_update_lost_last(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    TYPED(kmeans_assign_private)(p, t, rank, begin, end);
    if (t == p->iterations - 1)
        lose_update(p, t, rank, end);
}

static void assign_update_lost_early(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    TYPED(kmeans_assign_private)(p, t, rank, begin, end);
    if (t == 0)
        lose_update(p, t, rank, end);
}

/* Sums by difference, from one point that is taken out twice on its way: what a chunk that two threads take
 * would do. */
static void assign_left_twice(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    TYPED(kmeans_assign_private)(p, t, rank, begin, end);
    if (t != 1 || rank != 0)
        return;
    for (int64_t i = begin; i < end; i++) {
        int32_t old = p->labels[i];
        if (old == p->labels[p->n + i])
            continue;
        for (int64_t j = 0; j < p->d; j++)
            p->slabs[0].sums[old * p->d + j] -=
                kmeans_round((double)p->points[i * p->d + j], p->slabs[0].anchor[j]);
        return;
    }
}

/* The last bit of one coordinate of one mean. */
static void merge_last_bit(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    TYPED(kmeans_merge_sums)(p, t, rank, begin, end);
    double *value = p->centroids + ((t + 1) * p->k + begin) * p->d;
    if (t == p->iterations - 1 && begin == 0)
        *value = nextafter(*value, INFINITY);
}

/* All threads add to the sums of the first one. Every eighth point gives way between reading and writing, so
 * that updates are lost even where the whole team shares one processor. */
static void assign_racy(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    volatile double *shared = p->slabs[0].sums;
    volatile int64_t *counts = p->slabs[0].counts;
    TYPED(kmeans_assign_private)(p, t, rank, begin, end);
    if (rank > 0)
        TYPED(kmeans_clear_sums)(p, rank);
#pragma omp barrier
    if (rank == 0)
        TYPED(kmeans_clear_sums)(p, 0);
#pragma omp barrier
    for (int64_t i = begin; i < end; i++) {
        int32_t label = p->labels[t * p->n + i];
        for (int64_t j = 0; j < p->d; j++) {
            double sum = shared[label * p->d + j];
            if (j == 0 && i % 8 == 0)
                sched_yield();
            shared[label * p->d + j] =
                sum + kmeans_round((double)p->points[i * p->d + j], p->slabs[rank].anchor[j]);
        }
        counts[label] = counts[label] + 1;
    }
}

/* ---- faults in the whole ---- */

static void run_steps(
    void *state, struct kernel_lane *lanes, kmeans_step_function *assign, kmeans_step_function *update)
{
    TYPED(kmeans_run_lloyd)(state, lanes, assign, update);
}

#define BROKEN_RUN(name, assign, update)                                                                     \
    static void run_##name(void *state, struct kernel_lane *lanes)                                           \
    {                                                                                                        \
        run_steps(state, lanes, assign, update);                                                             \
    }

BROKEN_RUN(everything_to_first, assign_everything_to_first, TYPED(kmeans_merge_sums))
BROKEN_RUN(tile_wrong_last, assign_tile_wrong_last, TYPED(kmeans_merge_sums))
BROKEN_RUN(tile_wrong_early, assign_tile_wrong_early, TYPED(kmeans_merge_sums))
BROKEN_RUN(one_wrong, assign_one_wrong, TYPED(kmeans_merge_sums))
BROKEN_RUN(labels_kept, assign_labels_kept, TYPED(kmeans_merge_sums))
BROKEN_RUN(ties_to_highest, assign_ties_to_highest, TYPED(kmeans_merge_sums))
BROKEN_RUN(update_lost_last, assign_update_lost_last, TYPED(kmeans_merge_sums))
BROKEN_RUN(update_lost_early, assign_update_lost_early, TYPED(kmeans_merge_sums))
BROKEN_RUN(left_twice, assign_left_twice, TYPED(kmeans_merge_sums))
BROKEN_RUN(last_bit, TYPED(kmeans_assign_private), merge_last_bit)
BROKEN_RUN(racy, assign_racy, TYPED(kmeans_merge_sums))

static void run_nothing(void *state, struct kernel_lane *lanes)
{
    (void)state, (void)lanes;
}

/* Stops after the first iteration and claims that nothing moved any more. */
static void run_skips_iterations(void *state, struct kernel_lane *lanes)
{
    struct kmeans *p = state;
    int64_t iterations = p->iterations;
    p->iterations = 1;
    TYPED(kmeans_run_private)(p, lanes);
    p->iterations = iterations;
    for (int64_t t = 1; t < iterations; t++) {
        memcpy(p->labels + t * p->n, p->labels, (size_t)p->n * sizeof *p->labels);
        memcpy(p->counts + t * p->k, p->counts, (size_t)p->k * sizeof *p->counts);
        memcpy(p->centroids + (t + 1) * p->k * p->d, p->centroids + p->k * p->d,
            (size_t)(p->k * p->d) * sizeof *p->centroids);
    }
}

/* Right in every step, but from initial centroids of its own. */
static void run_other_start(void *state, struct kernel_lane *lanes)
{
    struct kmeans *p = state;
    double kept = p->start[0];
    p->start[0] += 0.25;
    TYPED(kmeans_run_private)(p, lanes);
    p->start[0] = kept;
}

/* The right answer to other points than those it was given. */
static void run_overwrites_inputs(void *state, struct kernel_lane *lanes)
{
    struct kmeans *p = state;
    for (int64_t j = 0; j < p->d; j++)
        p->points[(p->n - 1) * p->d + j] = (element)0.5;
    TYPED(kmeans_run_private)(p, lanes);
}

/* Ties need repeated points among the centroids: k = n. The race needs two threads. */
static const struct kernel_variant variants[] = {
    {.name = "computes-nothing", .what = "returns at once", .why = "wrong", .run = run_nothing},
    {.name = "all-in-one-cluster",
        .what = "label 0 throughout",
        .why = "wrong",
        .run = run_everything_to_first},
    {.name = "tile-mislabelled-last",
        .what = "32 points get the next label in the last iteration",
        .why = "wrong",
        .run = run_tile_wrong_last},
    {.name = "tile-mislabelled-early",
        .what = "32 points get the next label in the first iteration",
        .why = "wrong",
        .run = run_tile_wrong_early},
    {.name = "one-label-wrong",
        .what = "one point gets the next label in the last iteration",
        .why = "wrong",
        .run = run_one_wrong},
    {.name = "labels-kept-last",
        .what = "no point changes its cluster in the last iteration",
        .why = "wrong",
        .run = run_labels_kept},
    {.name = "point-left-twice",
        .what = "one point that changes its cluster is subtracted twice from its old one",
        .why = "wrong",
        .run = run_left_twice},
    {.name = "ties-to-highest",
        .what = "of equally near centroids the last one wins",
        .why = "wrong",
        .run = run_ties_to_highest},
    {.name = "update-lost-last",
        .what = "one point is missing from one sum of the last iteration",
        .why = "wrong",
        .run = run_update_lost_last},
    {.name = "update-lost-early",
        .what = "one point is missing from one sum of the first iteration",
        .why = "wrong",
        .run = run_update_lost_early},
    {.name = "last-bit-of-a-mean", .what = "one mean is one bit off", .why = "wrong", .run = run_last_bit},
    {.name = "skips-iterations",
        .what = "one iteration is done, the others are copies of it",
        .why = "wrong",
        .run = run_skips_iterations},
    {.name = "other-start", .what = "one initial coordinate differs", .why = "wrong", .run = run_other_start},
    {.name = "overwrites-inputs",
        .what = "one point is replaced before the run",
        .why = "wrong",
        .run = run_overwrites_inputs},
    {.name = "racy",
        .what = "all threads add to one set of sums, unsynchronized",
        .why = "wrong",
        .run = run_racy,
        .is_default = true},
};

extern const struct kernel TYPED(kernel_broken_kmeans);
const struct kernel TYPED(kernel_broken_kmeans) = {
    .name = "broken_kmeans",
    .element = ELEMENT_NAME,
    .summary = "k-means with faults, for the tests of its check",
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
    .test_shapes = (const int64_t[]){65, 9, 65, 2, 2000, 8, 8, 10},
    .test_shape_count = 2,
};
