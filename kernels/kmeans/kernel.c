/* k-means as the harness sees it: the description, which problems can be solved, and what these take. No
 * memory, no arithmetic. */
#include "kernels/kmeans/kmeans.h"

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
    {.name = "critical",
        .what = "four distances at a time; each point is added to one set of sums inside a critical section",
        .why = "four chains of additions overlap, points are read once; but threads take turns at the sums",
        .run = TYPED(kmeans_run_critical)},
    {.name = "atomic",
        .what = "as critical, but each coordinate is added by an atomic operation of its own",
        .why = "threads wait only where they meet; but d + 1 atomics cost more than a lock that is free",
        .run = TYPED(kmeans_run_atomic)},
    {.name = "private",
        .what =
            "a block of points stays in the cache while all centroids pass; each thread has sums of its own",
        .why = "no lock and no atomic: threads share nothing until they merge, once an iteration",
        .run = TYPED(kmeans_run_private)},
    {.name = "simd",
        .what = "one point in each lane of f64 vectors; every lane rounds as one distance at a time would",
        .why = "one instruction works for a vector of points, and not a bit of the result differs",
        .run = TYPED(kmeans_run_simd)},
    {.name = "gemm",
        .what = "a tile of points times all centroids into a buffer, then a pass for the least scores",
        .why = "one FMA for three operations, on the element's lanes; f64 only where rounding leaves it open",
        .run = TYPED(kmeans_run_gemm)},
    {.name = "fused",
        .what = "scores are judged in registers as they come; tiles are kept, and sums follow the labels' "
                "changes",
        .why = "no score goes to memory and back; no point is transposed or summed anew; f64 points are "
               "scored in f32 first",
        .run = TYPED(kmeans_run_fused),
        .is_default = true},
    {.name = "bounded",
        .what = "fused, for the points whose label a bound on the centroids' movement leaves open",
        .why = "once centroids move little, most points cannot change their cluster, and are not looked at",
        .run = TYPED(kmeans_run_bounded)},
};
enum { VARIANT_COUNT = sizeof variants / sizeof *variants };

static const struct kernel_table_use table_use = {
    .rows = KMEANS_N, .columns = KMEANS_D, .finite = true, .largest = KMEANS_LARGEST};

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
    struct kmeans problem = TYPED(kmeans_describe_problem)(config, &variants[VARIANT_COUNT - 1]);
    if (TYPED(kmeans_count_bytes)(&problem) > limit_bytes)
        return "the points, labels and sums together exceed 2^46 bytes";
    return NULL;
}

/* Work: a multiplication and an addition for each point, centroid and coordinate; an addition for each point
 * and coordinate. Traffic: each iteration reads the points and writes a label for each; centroids are few.
 * The memory holds the labels of all iterations, and the check's own sums. An iteration that leaves a cluster
 * empty takes a third barrier: the data decide, so it is not counted. */
void TYPED(kmeans_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    struct kmeans problem = TYPED(kmeans_describe_problem)(config, variant);
    double n = (double)problem.n, d = (double)problem.d, k = (double)problem.k;
    *cost = (struct kernel_cost){
        .flop = (double)problem.iterations * (2 * n * k * d + n * d),
        .bytes = (double)problem.iterations * n * ((double)sizeof(element) * d + 4),
        .memory_bytes = TYPED(kmeans_count_bytes)(&problem),
        .regions = 1,
        .barriers = 1 + 2 * (double)problem.iterations,
    };
}

/* Bounds let a variant skip most of the work: no ceiling of the work bounds it. Where scores of f64 points
 * are in f32, so is the ceiling of the arithmetic, and what is read of the points is half of what they have.
 */
static int list_ceilings(const struct kernel_config *config, const struct kernel_variant *variant,
    struct kernel_ceiling ceiling[KERNEL_CEILINGS_MAX])
{
    if (variant->run == TYPED(kmeans_run_bounded))
        return 0;
    struct kmeans problem = TYPED(kmeans_describe_problem)(config, variant);
    const bool narrow = kmeans_scores_are_narrow(&problem);
    int count = 0;
    ceiling[count++] =
        (struct kernel_ceiling){.kernel = "flops", .variant = "fma", .element = narrow ? "f32" : NULL};
    if (!narrow)
        ceiling[count++] = (struct kernel_ceiling){.kernel = "stream",
            .variant = "read",
            .extent = config->shape[KMEANS_N] * config->shape[KMEANS_D]};
    ceiling[count++] = (struct kernel_ceiling){.kernel = "forkjoin", .variant = "region"};
    ceiling[count++] = (struct kernel_ceiling){.kernel = "forkjoin", .variant = "barrier"};
    return count;
}

/* Edges of tiles (2 to 64 points in lanes, 4 centroids at once) and of squares (2 or 4 coordinates); k =
 * n brings repeated points as centroids, with ties and empty clusters; the last shape is one where bounds
 * pay. */
static const int64_t test_shapes[][KMEANS_DIMENSIONS] = {
    {1, 1, 1, 1},
    {33, 1, 33, 3},
    {200, 3, 7, 4},
    {129, 4, 4, 3},
    {65, 9, 65, 2},
    {500, 16, 13, 5},
    {2000, 8, 8, 10},
    {700, 4, 64, 12},
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
    .variant_count = VARIANT_COUNT,
    .table = &table_use,
    .reject = TYPED(kmeans_reject),
    .cost = TYPED(kmeans_cost),
    .ceilings = list_ceilings,
    .create = TYPED(kmeans_create),
    .fill = TYPED(kmeans_fill),
    .spoil = TYPED(kmeans_spoil),
    .check = TYPED(kmeans_check),
    .destroy = TYPED(kmeans_destroy),
    .results = TYPED(kmeans_results),
    .self_test = TYPED(kmeans_self_test),
    .test_shapes = test_shapes[0],
    .test_shape_count = sizeof test_shapes / sizeof *test_shapes,
};
