/* k-means inside: the problem's memory, and what the files of this folder give each other.
 * Nothing outside the folder includes it but the deliberately wrong kernels of the tests.
 *
 * n points of d coordinates, k clusters. Lloyd, "Least squares quantization in PCM", IEEE Trans. Inf.
 * Theory 28(2), 1982, sec. II. One iteration t, defined to the bit, so that there is one right answer:
 *
 *   labels     labels[t][i] is the c with the least kmeans_dist64(point i, centroids[t][c]), ties to
 *              the lowest c
 *   counts     counts[t][c] is how many of labels[t] are c
 *   centroids  centroids[t+1][c] is the sum of round(x) over those points, divided by counts[t][c],
 *              in f64; round() goes to the nearest quantum, ties to even, of which each coordinate has its
 *              own: see grid_anchor(), lloyd.c
 *   empty      the empty clusters of iteration t, lowest first, take as their next centroid the point
 *              that is farthest (kmeans_dist64) from the centroid of its own label, then the second
 *              farthest, and so on, ties to the lowest point. As scikit-learn relocates them, but
 *              here the point also stays with the cluster of its label.
 *
 * On a grid of quanta all sums of n addends are exact in f64: sums of points do not depend on the
 * order of the additions, hence not on the team, the vector width or the variant.
 */
#ifndef ACELERA_KMEANS_H
#define ACELERA_KMEANS_H

#include "kernels/kernel.h"
#include "kernels/team.h"

#include <float.h>

/* Indexes into kernel_config.shape and .choice. */
enum { KMEANS_N, KMEANS_D, KMEANS_K, KMEANS_ITERATIONS, KMEANS_DIMENSIONS };
enum { KMEANS_INIT, KMEANS_OPTIONS };
enum { KMEANS_INIT_FIRST, KMEANS_INIT_RANDOM, KMEANS_INIT_PLUSPLUS };

/* Coordinates beyond it have squared distances, or are, beyond the largest number. */
#define KMEANS_LARGEST (ELEMENT_BITS == 32 ? (double)FLT_MAX : 0x1p500)

/* Points whose squared distances k-means++ adds up in one go; part of the definition of its draws. */
enum { KMEANS_DRAW_BLOCK = 4096 };

/* Points that the check labels at a time. */
enum { KMEANS_REFERENCE_POINTS = 4 * VECTOR_BYTES / (int)sizeof(double) };

/* One thread's own memory: never written by another thread. 128-byte aligned: neighbours share no line. */
struct kmeans_slab {
    double *largest;      /* d: |x| over this thread's points */
    double *anchor;       /* d, of the grid: see kmeans_round() */
    double *sums;         /* k×d */
    int64_t *counts;      /* k */
    element *packed;      /* the centroids, as the hot loop reads them: tile.h */
    element *tile;        /* the points of one tile */
    float *narrow;        /* fused, bounded: the centroids in f32, where that is not the element */
    element *survivors;   /* bounded: the points of one tile */
    uint64_t *candidates; /* fused, bounded: k and some, kmeans_find_candidates() */
    element *centre;      /* d, subtracted from points and centroids */
    double *drift;        /* bounded: k, see bounded.c */
    element *allowance;   /* bounded: k */
    int64_t *tally;       /* check: k×d sums in quanta */
    int64_t *members;     /* check: k counts */
    double *reference;    /* check: points, as kmeans_reference_labels() takes them */
    /* Counts of this iteration and of the one before, by t % 2. */
    int64_t moved[2];    /* fused, bounded: points that changed their cluster */
    int64_t survived[2]; /* bounded: points whose bound did not hold */
    bool bounds_kept;    /* bounded: they are up to date; the same for all threads */
    int64_t retry_below; /* bounded: so few points must move before bounds are tried again */
    /* Chunks of this thread's tiles that have been taken, by whomever: see kmeans_next_chunk(). */
    int64_t taken __attribute__((aligned(128)));
} __attribute__((aligned(128)));

struct kmeans {
    int64_t n, d, k, iterations;
    int threads, init;
    bool has_tiles, has_bounds; /* what the variant keeps */
    uint64_t seed;
    uint64_t spoiled; /* calls of spoil(), so that each takes other elements */

    const struct kernel_table *table; /* NULL: the points are a function of the seed */
    element *points;                  /* n×d, row-major */
    double *start;                    /* k×d, the initial centroids: points[start_point[c]] */
    int64_t *start_point;
    uint64_t start_digest, points_digest; /* of start_point and points, as fill() left them */

    int32_t *labels;   /* the trail, iteration by iteration: iterations×n */
    int64_t *counts;   /* iterations×k */
    double *centroids; /* (iterations+1)×k×d; the first entry is the start, the last the result */

    element *tiles;           /* fused, bounded: all points as the hot loop reads them: tile.h */
    unsigned char *tile_kept; /* fused, bounded: by tile, in which type: pass.h */
    double *totals;           /* fused, bounded: k×d, the sums of this iteration */
    element *bounds;          /* bounded: n, see bounded.c */

    double *draw;    /* k-means++ only: n squared distances, then the sums of their blocks */
    double *blobs;   /* k×d, the middles of the blobs that the points are drawn from */
    double *quantum; /* check: d, of the grid */
    struct kmeans_slab *slabs;
    void **slab_memory;
    size_t slab_bytes;
};

/* The two halves of an iteration t, which are what makes a variant; every thread of the team calls them with
 * its own share. `assign` labels the points [begin, end). `update`, after a barrier, makes counts and next
 * centroids of the clusters [begin, end); what it leaves in an empty cluster is overwritten by the rule for
 * these. */
typedef void kmeans_step_function(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end);

/* lloyd.c */
void TYPED(kmeans_run_lloyd)(
    struct kmeans *p, struct kernel_lane *lanes, kmeans_step_function *assign, kmeans_step_function *update);
void TYPED(kmeans_clear_sums)(struct kmeans *p, int rank);
/* An `update` from the slabs' sums and counts; and one where these hold only what changed since the iteration
 * before. */
kmeans_step_function TYPED(kmeans_merge_sums), TYPED(kmeans_merge_changes);

/* distance_exact.c: the truth, in f64, coordinates in index order, every operation rounded by itself. */
double TYPED(kmeans_dist64)(const element *x, const double *centroid, int64_t d);
/* The same bits for four centroids that follow each other in memory: four chains instead of one. */
void TYPED(kmeans_dist64_four)(const element *x, const double *centroids, int64_t d, double distance[4]);
int32_t TYPED(kmeans_nearest64)(const element *x, const double *centroids, int64_t k, int64_t d);

/* data_exact.c, start_exact.c: functions of (seed, index) alone. */
void TYPED(kmeans_make_blobs)(const struct kmeans *p, double *blobs);
void TYPED(kmeans_make_point)(const struct kmeans *p, const double *blobs, int64_t i, element *x);
void TYPED(kmeans_choose_start)(struct kmeans *p);

/* The variants. */
kernel_run_function TYPED(kmeans_run_naive), TYPED(kmeans_run_critical), TYPED(kmeans_run_atomic),
    TYPED(kmeans_run_private), TYPED(kmeans_run_simd), TYPED(kmeans_run_gemm), TYPED(kmeans_run_fused),
    TYPED(kmeans_run_bounded);
kmeans_step_function TYPED(kmeans_assign_private);
/* tile.c: the packed centroids in a slab, and one tile of points. */
double TYPED(kmeans_packed_bytes)(double k, double d);
double TYPED(kmeans_tile_bytes)(double d);
/* pass.c: what is kept from one iteration to the next, by tile. */
double TYPED(kmeans_all_tiles_bytes)(double n, double d);
double TYPED(kmeans_all_kept_bytes)(double n);
void TYPED(kmeans_touch_tiles)(struct kmeans *p, int rank); /* writes this thread's part first */

/* check.c, check_exact.c, self_test.c */
void TYPED(kmeans_check)(void *state, struct kernel_check *check);
/* The part of the check that knows nothing of where the points came from. */
void TYPED(kmeans_check_trail)(struct kmeans *p, bool every_point, struct kernel_check *check);
/* block: coordinate j of point i at j·KMEANS_REFERENCE_POINTS + i, kmeans_reference_bytes() of them. */
void TYPED(kmeans_reference_labels)(const double *block, const double *centroids, int64_t k, int64_t d,
    int64_t label[KMEANS_REFERENCE_POINTS]);
double TYPED(kmeans_reference_bytes)(double d);
const char *TYPED(kmeans_self_test)(int threads);

/* kernel.c: the pieces of the description, for the wrong kernels of the tests. */
extern const struct kernel TYPED(kernel_kmeans);
extern const struct kernel_dimension TYPED(kmeans_dimensions)[KMEANS_DIMENSIONS];
extern const struct kernel_option TYPED(kmeans_options)[KMEANS_OPTIONS];
const char *TYPED(kmeans_reject)(const struct kernel_config *config);
void TYPED(kmeans_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost);

/* state.c */
struct kmeans TYPED(kmeans_describe_problem)(
    const struct kernel_config *config, const struct kernel_variant *variant);
double TYPED(kmeans_count_bytes)(struct kmeans *p);
void *TYPED(kmeans_create)(const struct kernel_config *config, const struct kernel_variant *variant);
void TYPED(kmeans_fill)(void *state);
uint64_t TYPED(kmeans_digest_points)(const struct kmeans *p);
void TYPED(kmeans_spoil)(void *state, bool whole);
void TYPED(kmeans_destroy)(void *state);
int TYPED(kmeans_results)(void *state, struct kernel_result *result);

/* Whether a problem's tiles are scored in f32 first (judge.c): not where the products are so few that what is
 * done once for a point weighs more, and only by variants that keep tiles. */
static inline bool kmeans_scores_are_narrow(const struct kmeans *p)
{
    enum { LEAST = 32 };
    return sizeof(element) > sizeof(float) && p->has_tiles && p->k * p->d >= LEAST;
}

/* Rounds to the grid: x + anchor lies where doubles are one quantum apart. |x| ≤ quantum · 2^51. */
static inline double kmeans_round(double x, double anchor)
{
    return (x + anchor) - anchor;
}

/* One point into a sum: exact, so the order of such calls does not show. */
static inline void kmeans_add_point(
    double *restrict sum, const element *restrict x, int64_t d, const double *restrict anchor)
{
    for (int64_t j = 0; j < d; j++)
        sum[j] += kmeans_round((double)x[j], anchor[j]);
}

#endif
