/* What the data of a timed problem cannot show: points made to be hard. The textbook's whole trail must be
 * what a plain loop says, and every other variant must leave the same trail in every bit, twice in a row. Not
 * a measurement, and not a place for large problems. */
#include "kernels/kmeans/kmeans.h"
#include "kernels/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Powers of two: squares of the first two leave the element's range; squares of the last one are near its
 * end, so that some sums of them overflow and others do not. */
#if ELEMENT_BITS == 32
enum { EXPONENT_HUGE = 100, EXPONENT_TINY = -140, EXPONENT_EDGE = 65 };
#else
enum { EXPONENT_HUGE = 500, EXPONENT_TINY = -600, EXPONENT_EDGE = 490 };
#endif

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

/* The same for scores in f32, whatever the element: its own precision tells these apart. */
static element make_narrow_ties(int64_t i, int64_t j, double random)
{
    double corner = (double)((i * 7 + j) % 3) * 8 * 0x1p-24;
    return (element)(i < 40 ? 1 + corner : 1 + 20 * 0x1p-24 * random);
}

/* A few of the points, and so a few of each tile: most labels are settled in f32, some are not. One in
 * sixteen tiles is full of them. */
static element make_some_narrow_ties(int64_t i, int64_t j, double random)
{
    bool close = i % 16 == 5 || i / 64 % 16 == 3;
    double place = (double)((i * 7 + j) % 5);
    return (element)(i < 40  ? place + (double)(i / 20) * 0x1p-22
                     : close ? place + 0x1p-22 * random
                             : 3 * random);
}

/* One centroid so far away that scores in f32 settle nothing. */
static element make_outlier(int64_t i, int64_t j, double random)
{
    return (element)(i == 3 ? 1e7 * (double)(1 + j) : random);
}

/* The first points go in threes, one rounding apart in one coordinate; the others are anywhere. So the best
 * score has several close rivals, and the pair of the best two need not hold the nearest centroid. */
static element make_close_threes(int64_t i, int64_t j, double random)
{
    double shared = (double)((i / 3 * 5 + j * 3) % 11) / 11 + 1;
    bool moved = i < 30 && j == i % 3;
    return (
        element)(i < 30 ? shared + (moved ? 2 * ELEMENT_EPSILON * (double)(1 + i % 2) : 0) : 1.5 + random);
}

/* Integers: exact ties everywhere, between different centroids too. */
static element make_exact_ties(int64_t i, int64_t j, double random)
{
    (void)i, (void)j;
    return (element)rint(1.4 * random);
}

/* Seven different points: with more clusters than that, some are empty in every iteration. */
static element make_copies(int64_t i, int64_t j, double random)
{
    (void)random;
    return (element)((i / 5 * 3 + j) % 7);
}

/* Half of the start is one point; its copies lose every point, are sent far away, and come back. */
static element make_refugees(int64_t i, int64_t j, double random)
{
    double blob = (double)(i * i % 5 * (j + 1));
    return (element)(i < 20 && i % 2 == 0 ? 2 : i % 50 == 49 ? 100 * random : blob + 0.1 * random);
}

static element make_constant(int64_t i, int64_t j, double random)
{
    (void)i, (void)j, (void)random;
    return (element)0.1;
}

/* In f32 the even coordinates keep a few bits, and the odd ones none. */
static element make_far_away(int64_t i, int64_t j, double random)
{
    (void)i;
    return (element)(1e6 + (j % 2 == 0 ? random : 1e-3 * random));
}

static element make_wide_range(int64_t i, int64_t j, double random)
{
    return (element)ldexp(random, (int)((i * 5 + j * 3) % 120) - 60);
}

static element make_extremes(int64_t i, int64_t j, double random)
{
    (void)j;
    return (element)ldexp(random, i % 2 == 0 ? EXPONENT_HUGE : EXPONENT_TINY);
}

static element make_tiny(int64_t i, int64_t j, double random)
{
    (void)i, (void)j;
    return (element)ldexp(random, EXPONENT_TINY);
}

static element make_edge(int64_t i, int64_t j, double random)
{
    (void)i, (void)j;
    return (element)ldexp(random, EXPONENT_EDGE);
}

/* The grid moves most points from one side of the bisector to the other, by half a quantum each. */
static element make_off_grid(int64_t i, int64_t j, double random)
{
    (void)j, (void)random;
    const double quantum = 0x1p-40, most = -61 + 60 * quantum, first[] = {-1, 1, most, 1 - 3.2 * quantum};
    return (element)(i < 4 ? first[i] : -0.6 * quantum);
}

/* Times beside shares: every coordinate of a scale of its own. */
static element make_scales(int64_t i, int64_t j, double random)
{
    (void)i;
    return (element)ldexp(random, (int)(j * 17 % 60) - 10);
}

static element make_noise(int64_t i, int64_t j, double random)
{
    (void)i, (void)j;
    return (element)random;
}

/* Sixty places of a lattice, and nothing between them; most points lie at the first. With 63 clusters, which
 * start at all places and three times more at the first, three clusters are empty after the first iteration.
 * The points that leave the lattice are few, so bounds are kept from the third iteration on. */
static double find_place(int64_t i, int64_t j)
{
    static const int64_t weight[] = {1, 3, 9, 27};
    int64_t place = i < 60 ? i : i % 8 == 0 ? i % 60 : 0;
    return 16.0 * (double)(place / weight[j] % 3);
}

/* The empty clusters go together to the farthest points, which are equal; two of them, still empty, to the
 * next group; the last one to a point whose second nearest centroid was far off, but for its own one's twin.
 */
static element make_twins(int64_t i, int64_t j, double random)
{
    (void)random;
    static const double group[][2] = {{-8, 0}, {-6, 0}, {-6.1, 0.3}};
    if (i < 63 || i > 96)
        return (element)find_place(i, j);
    return j < 2 ? (element)group[i == 96 ? 2 : i >= 93][j] : 0;
}

/* One empty cluster goes to the farthest points; then two to points on either side of the first place, far
 * away from where they were. Now sixteen points are exactly half-way: the truth keeps their labels, the
 * scores may not (1.05 is no short binary fraction, so that they round to either side), and the clusters'
 * drifts differ widely. In the next iteration all sixteen change sides. */
static element make_halfway(int64_t i, int64_t j, double random)
{
    (void)random;
    static const double along[] = {2, 1.5, 1.5, 1.5, 1.5, 1, 1, 1, 1, 1, 1, 1, 1};
    const int64_t odd = i / 16 - 4; /* the points that leave the lattice, three and then pairs */
    if (i < 64 || i % 16 != 15 || odd >= 29)
        return (element)find_place(i, j);
    if (odd < 3)
        return j == 3 ? -6 : 0;
    const int64_t pair = (odd - 3) / 2;
    double aside = pair < 5 ? 0 : (double)((pair * 5 + j * 3) % 11 - 5) / 23;
    return (element)((odd % 2 == 0 ? -1.05 : 1.05) * (j == 0 ? along[pair] : aside));
}

static const struct hard_case hard_cases[] = {
    {"near-equal centroids", {500, 5, 40, 6}, make_near_ties},
    {"centroids near-equal in f32", {500, 5, 40, 6}, make_narrow_ties},
    {"some points between centroids near-equal in f32", {3000, 6, 40, 6}, make_some_narrow_ties},
    {"an outlier among the centroids", {700, 3, 12, 6}, make_outlier},
    {"centroids that go in threes", {700, 6, 30, 4}, make_close_threes},
    {"centroids of many coordinates that go in threes", {300, 129, 30, 3}, make_close_threes},
    {"exact ties", {300, 3, 20, 6}, make_exact_ties},
    {"repeated points", {101, 4, 30, 3}, make_copies},
    {"as many clusters as repeated points", {40, 3, 40, 3}, make_copies},
    {"clusters that lose all points", {600, 2, 20, 8}, make_refugees},
    {"centroids that become equal while bounds are kept", {700, 4, 63, 6}, make_twins},
    {"exact ties while bounds are kept", {700, 4, 63, 6}, make_halfway},
    {"constant data", {70, 3, 5, 3}, make_constant},
    {"points far from the origin", {400, 6, 9, 6}, make_far_away},
    {"coordinates of very different size", {300, 7, 11, 6}, make_wide_range},
    {"every coordinate of a scale of its own", {300, 5, 7, 6}, make_scales},
    {"squares out of range", {90, 3, 6, 3}, make_extremes},
    {"squares at the end of the range", {400, 2, 12, 4}, make_edge},
    {"squares below the range", {200, 3, 9, 3}, make_tiny},
    {"points that the grid moves across a bisector", {64, 1, 2, 4}, make_off_grid},
    {"one cluster", {150, 5, 1, 2}, make_noise},
    {"one coordinate", {300, 1, 17, 5}, make_noise},
    {"one point", {1, 3, 1, 2}, make_noise},
    {"as many clusters as points", {65, 4, 65, 2}, make_noise},
    {"more centroids than a buffer holds", {250, 3, 211, 3}, make_noise},
    {"many coordinates", {70, 129, 5, 2}, make_noise},
    {"many iterations", {3000, 2, 12, 12}, make_noise},
    {"many threads at two sums", {40000, 1, 2, 4}, make_noise},
};

/* A variant's answer to a hard case, as it comes out of the run after next: whatever a run leaves behind must
 * not show in the one after it. NULL if there is no memory. */
static struct kmeans *solve_case(const struct hard_case *hard, const struct kernel_config *config,
    const struct kernel_variant *variant, struct kernel_lane *lanes)
{
    struct kmeans *p = TYPED(kmeans_create)(config, variant);
    if (p == NULL)
        return NULL;
    TYPED(kmeans_fill)(p);
    for (int64_t i = 0; i < p->n; i++)
        for (int64_t j = 0; j < p->d; j++) {
            double random = 2 * random_unit(p->seed, (uint64_t)(i * p->d + j)) - 1;
            p->points[i * p->d + j] = hard->make(i, j, random);
        }
    for (int64_t i = 0; i < p->k * p->d; i++)
        p->start[i] = (double)p->points[i];
    for (int run = 0; run < 2; run++) {
        TYPED(kmeans_spoil)(p, true);
        variant->run(p, lanes);
    }
    return p;
}

/* The labels of the whole trail by the plain loop: it holds the check's own brute force to the truth. */
static bool labels_are_plain(const struct kmeans *p)
{
    for (int64_t t = 0; t < p->iterations; t++)
        for (int64_t i = 0; i < p->n; i++) {
            const double *centroids = p->centroids + t * p->k * p->d;
            double least = TYPED(kmeans_dist64)(p->points + i * p->d, centroids, p->d);
            int32_t label = 0;
            for (int64_t c = 1; c < p->k; c++) {
                double distance = TYPED(kmeans_dist64)(p->points + i * p->d, centroids + c * p->d, p->d);
                label = distance < least ? (int32_t)c : label;
                least = distance < least ? distance : least;
            }
            if (p->labels[t * p->n + i] != label)
                return false;
        }
    return true;
}

static long double find_largest(const struct kmeans *p, int64_t j)
{
    long double largest = 0;
    for (int64_t i = 0; i < p->n; i++)
        largest = fmaxl(largest, fabsl((long double)p->points[i * p->d + j]));
    return largest;
}

/* No mean may be off by more than half a quantum, 2n · 2^-52 of its coordinate's largest at most: means of
 * the last iteration in long double. */
static bool means_are_close(const struct kmeans *p)
{
    const int64_t t = p->iterations - 1, d = p->d;
    for (int64_t j = 0; j < d; j++) {
        const long double tolerance = (long double)(p->n + 1) * 0x1p-51L * find_largest(p, j);
        for (int64_t c = 0; c < p->k; c++) {
            if (p->counts[t * p->k + c] == 0)
                continue;
            long double sum = 0;
            for (int64_t i = 0; i < p->n; i++)
                if (p->labels[t * p->n + i] == c)
                    sum += (long double)p->points[i * d + j];
            long double mean = sum / (long double)p->counts[t * p->k + c];
            if (!(fabsl((long double)p->centroids[((t + 1) * p->k + c) * d + j] - mean) <= tolerance))
                return false;
        }
    }
    return true;
}

/* Whether two trails agree in every label, count and centroid of every iteration, to the bit. */
static bool trails_agree(const struct kmeans *a, const struct kmeans *b)
{
    size_t labels = (size_t)(a->iterations * a->n), counts = (size_t)(a->iterations * a->k);
    size_t coordinates = (size_t)((a->iterations + 1) * a->k * a->d);
    return memcmp(a->labels, b->labels, labels * sizeof *a->labels) == 0 &&
           memcmp(a->counts, b->counts, counts * sizeof *a->counts) == 0 &&
           memcmp(a->centroids, b->centroids, coordinates * sizeof *a->centroids) == 0;
}

/* Whether the textbook's own trail is right. */
static bool is_right(struct kmeans *p)
{
    struct kernel_check check = {.passed = true};
    TYPED(kmeans_check_trail)(p, true, &check);
    return check.passed && labels_are_plain(p) && means_are_close(p);
}

static const char *test_hard_case(const struct hard_case *hard, int threads, struct kernel_lane *lanes)
{
    const struct kernel *kernel = &TYPED(kernel_kmeans);
    struct kernel_config config = {.seed = 5, .threads = threads};
    memcpy(config.shape, hard->shape, sizeof hard->shape);
    struct kmeans *textbook = solve_case(hard, &config, &kernel->variants[0], lanes);
    if (textbook == NULL)
        return "no memory for the self-test";
    const char *failure = is_right(textbook) ? NULL : hard->failure;
    for (int v = 1; v < kernel->variant_count && failure == NULL; v++) {
        struct kmeans *p = solve_case(hard, &config, &kernel->variants[v], lanes);
        if (p == NULL)
            failure = "no memory for the self-test";
        else if (!trails_agree(p, textbook))
            failure = hard->failure;
        if (p != NULL)
            TYPED(kmeans_destroy)(p);
    }
    TYPED(kmeans_destroy)(textbook);
    return failure;
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
