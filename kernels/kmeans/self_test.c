/* What the data of a timed problem cannot show: points made to be hard. Every variant must agree with the
 * textbook on every label of every iteration, and with each other in every bit. Not a measurement, and not a
 * place for large problems. */
#include "kernels/kmeans/kmeans.h"
#include "kernels/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct hard_case {
    const char *failure; /* what --self-test prints */
    int64_t shape[KMEANS_DIMENSIONS];
    /* Coordinate j of point i, from a random number in [−1, 1]. The first k points are the start. */
    element (*make)(int64_t i, int64_t j, double random);
};

/* Centroids a few roundings apart, points around the bisectors. */
static element make_near_ties(int64_t i, int64_t j, double random)
{
    double corner = (double)((i * 7 + j) % 3) * 8 * ELEMENT_EPSILON;
    return (element)(i < 40 ? 1 + corner : 1 + 20 * ELEMENT_EPSILON * random);
}

/* Integers: exact ties everywhere, between different centroids too. */
static element make_exact_ties(int64_t i, int64_t j, double random)
{
    (void)i, (void)j;
    return (element)rint(1.4 * random);
}

static element make_copies(int64_t i, int64_t j, double random)
{
    (void)random;
    return (element)((i / 5 * 3 + j) % 7);
}

static element make_constant(int64_t i, int64_t j, double random)
{
    (void)i, (void)j, (void)random;
    return (element)0.1;
}

static element make_far_away(int64_t i, int64_t j, double random)
{
    (void)i, (void)j;
    return (element)(1e6 + random);
}

static element make_wide_range(int64_t i, int64_t j, double random)
{
    return (element)ldexp(random, (int)((i * 5 + j * 3) % 120) - 60);
}

/* Squares leave the range of f32 at both ends. */
static element make_extremes(int64_t i, int64_t j, double random)
{
    (void)j;
    return (element)ldexp(random, i % 2 == 0 ? 100 : -130);
}

static element make_noise(int64_t i, int64_t j, double random)
{
    (void)i, (void)j;
    return (element)random;
}

static const struct hard_case hard_cases[] = {
    {"near-equal centroids", {500, 5, 40, 3}, make_near_ties},
    {"exact ties", {300, 3, 20, 4}, make_exact_ties},
    {"repeated points", {101, 4, 30, 3}, make_copies},
    {"as many clusters as repeated points", {40, 3, 40, 3}, make_copies},
    {"constant data", {70, 3, 5, 3}, make_constant},
    {"points far from the origin", {400, 6, 9, 4}, make_far_away},
    {"coordinates of very different size", {300, 7, 11, 3}, make_wide_range},
    {"squares out of range", {90, 3, 6, 3}, make_extremes},
    {"one cluster", {150, 5, 1, 2}, make_noise},
    {"one coordinate", {300, 1, 17, 5}, make_noise},
    {"one point", {1, 3, 1, 2}, make_noise},
    {"many coordinates", {70, 131, 5, 2}, make_noise},
};

static void load_case(struct kmeans *p, const struct hard_case *hard)
{
    for (int64_t i = 0; i < p->n; i++)
        for (int64_t j = 0; j < p->d; j++) {
            double random = 2 * random_unit(p->seed, (uint64_t)(i * p->d + j)) - 1;
            p->points[i * p->d + j] = hard->make(i, j, random);
        }
    for (int64_t i = 0; i < p->k * p->d; i++)
        p->start[i] = (double)p->points[i];
}

/* The labels of the whole trail by the plain loop: it holds the check's own brute force to the truth. */
static bool labels_are_plain(const struct kmeans *p)
{
    for (int64_t t = 0; t < p->iterations; t++)
        for (int64_t i = 0; i < p->n; i++) {
            const double *centroids = p->centroids + t * p->k * p->d;
            const element *x = p->points + i * p->d;
            int32_t label = 0;
            for (int64_t c = 1; c < p->k; c++)
                if (TYPED(kmeans_dist64)(x, centroids + c * p->d, p->d) <
                    TYPED(kmeans_dist64)(x, centroids + label * p->d, p->d))
                    label = (int32_t)c;
            if (p->labels[t * p->n + i] != label)
                return false;
        }
    return true;
}

static long double find_largest(const struct kmeans *p)
{
    long double largest = 0;
    for (int64_t i = 0; i < p->n * p->d; i++)
        largest = fmaxl(largest, fabsl((long double)p->points[i]));
    return largest;
}

/* The grid must cost no more than plain addition would: means of the last iteration in long double. */
static bool means_are_close(const struct kmeans *p)
{
    const int64_t t = p->iterations - 1, d = p->d;
    const long double tolerance = (long double)(p->n + 1) * 0x1p-52L * find_largest(p);
    for (int64_t c = 0; c < p->k; c++)
        for (int64_t j = 0; j < d && p->counts[t * p->k + c] > 0; j++) {
            long double sum = 0;
            for (int64_t i = 0; i < p->n; i++)
                if (p->labels[t * p->n + i] == c)
                    sum += (long double)p->points[i * d + j];
            long double mean = sum / (long double)p->counts[t * p->k + c];
            if (!(fabsl((long double)p->centroids[((t + 1) * p->k + c) * d + j] - mean) <= tolerance))
                return false;
        }
    return true;
}

/* Whether one variant solves one hard case; its digest goes to *digest. */
static bool solves_case(struct kmeans *p, const struct hard_case *hard, const struct kernel_variant *variant,
    struct kernel_lane *lanes, uint64_t *digest)
{
    struct kernel_check check = {.passed = true};
    TYPED(kmeans_fill)(p);
    load_case(p, hard);
    TYPED(kmeans_spoil)(p, true);
    variant->run(p, lanes);
    TYPED(kmeans_check_trail)(p, true, &check);
    *digest = check.digest;
    return check.passed && labels_are_plain(p) && means_are_close(p);
}

static const char *test_hard_case(const struct hard_case *hard, int threads, struct kernel_lane *lanes)
{
    const struct kernel *kernel = &TYPED(kernel_kmeans);
    struct kernel_config config = {.seed = 5, .threads = threads};
    memcpy(config.shape, hard->shape, sizeof hard->shape);
    uint64_t first = 0;
    for (int v = 0; v < kernel->variant_count; v++) {
        struct kmeans *p = TYPED(kmeans_create)(&config, &kernel->variants[v]);
        if (p == NULL)
            return "no memory for the self-test";
        uint64_t digest;
        bool right = solves_case(p, hard, &kernel->variants[v], lanes, &digest);
        TYPED(kmeans_destroy)(p);
        first = v == 0 ? digest : first;
        if (!right || digest != first)
            return hard->failure;
    }
    return NULL;
}

static bool are_equal(const struct kmeans *p, int64_t a, int64_t b)
{
    for (int64_t j = 0; j < p->d; j++)
        if (p->points[a * p->d + j] != p->points[b * p->d + j])
            return false;
    return true;
}

/* Initial centroids are different indexes and, unless random, different points while there are any. */
static const char *test_start(int init, int threads, int64_t n, int64_t k)
{
    const char *failure = NULL;
    struct kernel_config config = {.shape = {n, 2, k, 1}, .choice = {init}, .seed = 7, .threads = threads};
    struct kmeans *p = TYPED(kmeans_create)(&config, NULL);
    if (p == NULL)
        return "no memory for the self-test";
    TYPED(kmeans_fill)(p);
    for (int64_t a = 0; a < p->k; a++) {
        if (p->start_point[a] < 0 || p->start_point[a] >= p->n)
            failure = "an initial centroid that is no point";
        for (int64_t b = 0; b < a && failure == NULL; b++)
            if (p->start_point[a] == p->start_point[b] ||
                (init != KMEANS_INIT_RANDOM && k < n && are_equal(p, p->start_point[a], p->start_point[b])))
                failure = "the same point twice among the initial centroids";
    }
    TYPED(kmeans_destroy)(p);
    return failure;
}

const char *TYPED(kmeans_self_test)(int threads)
{
    struct kernel_lane *lanes = aligned_alloc(128, (size_t)threads * sizeof *lanes);
    if (lanes == NULL)
        return "no memory for the self-test";
    memset(lanes, 0, (size_t)threads * sizeof *lanes);
    const char *failure = NULL;
    for (size_t i = 0; i < sizeof hard_cases / sizeof *hard_cases && failure == NULL; i++)
        failure = test_hard_case(&hard_cases[i], threads, lanes);
    for (int init = KMEANS_INIT_FIRST; init <= KMEANS_INIT_PLUSPLUS && failure == NULL; init++) {
        failure = test_start(init, threads, 200, 150);
        if (failure == NULL)
            failure = test_start(init, threads, 70, 70);
    }
    free(lanes);
    return failure;
}
