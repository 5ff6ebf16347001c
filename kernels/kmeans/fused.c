/* The third rung: points in the lanes of vectors, centroids broadcast, several centroids at once in
 * registers with the best and the second best score, and the update from the points while they are
 * still in the first cache; no n×k buffer. It computes in the element's own precision: a rounding
 * bound says which labels that cannot settle, and those are settled by the truth. Not a different
 * result: the same labels as the first rung, always.
 *
 * The score of centroid c for point x is ½|e|² − y·e, with y = x − m, e = c − m and any fixed m; it
 * orders the centroids as the distances do, and takes d FMAs.
 *
 * The bound. u is the element's unit roundoff, v that of f64; hats mark what is computed;
 * γ(n) = nu/(1−nu) (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., sec. 3.1);
 * r = |ŷ| + |ê|.
 *
 *   centring   |ŷ−y| ≤ u|y| and |ê−e| ≤ (u+v)|e| in each coordinate (c is f64, rounded twice): half
 *              the squared distance of ŷ and ê is within 2u·r² of that of x and c, to first order
 *   ½|ê|²      summed in f64, rounded to the element: relative error u + (d+1)v of at most ½r²
 *   the chain  ½|ê|² and d products, each through at most d+1 roundings:
 *              γ(d+1)·(½|ê|² + |ŷ||ê|) ≤ γ(d+1)·½r²
 *   the truth  kmeans_dist64: a subtraction (twice, by the square), a product and d additions:
 *              (d+2)v·½r² for half of it
 *
 * Together, to first order, at most ½κr² with κ = (d+6)u + (2d+4)v. Two scores further apart than κr²
 * (½κr² each) have distances in the same order. As r² ≤ 2(|ŷ|² + max|ê|²), the threshold would be
 * 2κ(|ŷ|² + max|ê|²). The code takes 4κ: the factor 2 is far more than the second-order terms and the
 * rounding of the threshold itself, as long as κ ≤ 1/16. For larger κ the threshold is infinite, and
 * the truth settles everything. Underflow adds less than the smallest normal number for each
 * coordinate; overflow makes an infinity or NaN, which no comparison calls settled.
 */
#include "kernels/kmeans/kmeans.h"
#include "kernels/kmeans/lanes.h"

#include <float.h>
#include <math.h>

#if ELEMENT_BITS == 32
#    define ELEMENT_MIN FLT_MIN
#    define ELEMENT_MAX FLT_MAX
#else
#    define ELEMENT_MIN DBL_MIN
#    define ELEMENT_MAX DBL_MAX
#endif

/* A gap between best and second best over slope·|ŷ|² + floor is settled. */
struct threshold {
    element slope, floor;
};

/* What the hot loop leaves of a tile: scores of the best and second best centroid of each point, and its
 * label. */
struct verdict {
    element best[TILE] __attribute__((aligned(VECTOR_BYTES)));
    element second[TILE] __attribute__((aligned(VECTOR_BYTES)));
    lane_integer label[TILE] __attribute__((aligned(VECTOR_BYTES)));
};

static int64_t blocks_of(int64_t k)
{
    return (k + TILE_CENTROIDS - 1) / TILE_CENTROIDS;
}

double TYPED(kmeans_packed_bytes)(double k, double d)
{
    return (k + TILE_CENTROIDS) * (d + 1) * (double)sizeof(element);
}

double TYPED(kmeans_tile_bytes)(double d)
{
    return d * TILE * (double)sizeof(element);
}

/* Any centre is right; the middle of the initial centroids is a good one, and costs nothing. */
static void find_centre(const struct kmeans *p, element *centre)
{
    for (int64_t j = 0; j < p->d; j++) {
        double sum = 0;
        for (int64_t c = 0; c < p->k; c++)
            sum += p->start[c * p->d + j];
        centre[j] = (element)(sum / (double)p->k);
    }
}

/* Centroids as the hot loop reads them: for each block of TILE_CENTROIDS, a row of ½|ê|², then d rows of −ê.
 * Rows are filled up with centroids at the origin whose score is never the best. */
static struct threshold pack_centroids(const struct kmeans *p, int64_t t, const struct kmeans_slab *slab)
{
    double largest = 0;
    for (int64_t c = 0; c < blocks_of(p->k) * TILE_CENTROIDS; c++) {
        element *row = slab->packed + c / TILE_CENTROIDS * (p->d + 1) * TILE_CENTROIDS + c % TILE_CENTROIDS;
        const double *centroid = p->centroids + (t * p->k + (c < p->k ? c : 0)) * p->d;
        double squared = 0;
        for (int64_t j = 0; j < p->d; j++) {
            element e = c < p->k ? (element)(centroid[j] - (double)slab->centre[j]) : 0;
            row[(j + 1) * TILE_CENTROIDS] = -e;
            squared += (double)e * (double)e;
        }
        row[0] = c < p->k ? (element)(0.5 * squared) : ELEMENT_MAX;
        largest = fmax(largest, squared);
    }
    double d = (double)p->d, kappa = (d + 6) * ELEMENT_EPSILON + (2 * d + 4) * 0x1p-53;
    if (kappa > 1.0 / 16)
        return (struct threshold){0, INFINITY};
    return (struct threshold){
        (element)(4 * kappa), (element)(4 * kappa * largest + (d + 1) * (double)ELEMENT_MIN)};
}

/* ŷ of `count` points into the tile, coordinate by coordinate; lanes past the last point repeat it. */
static void fill_tile(
    const element *points, int64_t count, int64_t d, const element *restrict centre, element *restrict tile)
{
    for (int64_t i = 0; i < TILE; i += SQUARE) {
        const element *row[SQUARE];
        for (int g = 0; g < SQUARE; g++)
            row[g] = points + (i + g < count ? i + g : count - 1) * d;
        int64_t j = 0;
        for (; j + SQUARE <= d; j += SQUARE) {
            square_row square[SQUARE], middle = *(const square_row_unaligned *)(centre + j);
            UNROLL for (int g = 0; g < SQUARE; g++) square[g] =
                *(const square_row_unaligned *)(row[g] + j) - middle;
            lanes_transpose(square);
            UNROLL for (int g = 0; g < SQUARE; g++) * (square_row_unaligned *)(tile + (j + g) * TILE + i) =
                square[g];
        }
        for (; j < d; j++)
            for (int g = 0; g < SQUARE; g++)
                tile[j * TILE + i + g] = row[g][j] - centre[j];
    }
}

/* The hot loop: one tile of points against one block of centroids. */
static inline void score_block(const element *restrict tile, const element *restrict packed, int64_t d,
    int64_t c, struct verdict *verdict)
{
    vector score[TILE_VECTORS][TILE_CENTROIDS];
    UNROLL for (int v = 0; v < TILE_VECTORS; v++) UNROLL for (int i = 0; i < TILE_CENTROIDS; i++)
        score[v][i] = packed[i] - (vector){0};
    for (int64_t j = 0; j < d; j++) {
        vector y[TILE_VECTORS];
        packed += TILE_CENTROIDS;
        UNROLL for (int v = 0; v < TILE_VECTORS; v++) y[v] =
            *(const vector_unaligned *)(tile + v * VECTOR_LANES);
        UNROLL for (int i = 0; i < TILE_CENTROIDS; i++)
        {
            vector e = packed[i] - (vector){0};
            UNROLL for (int v = 0; v < TILE_VECTORS; v++) score[v][i] += y[v] * e;
        }
        tile += TILE;
    }
    UNROLL for (int v = 0; v < TILE_VECTORS; v++)
    {
        vector_unaligned *best = (vector_unaligned *)(verdict->best + v * VECTOR_LANES);
        vector_unaligned *second = (vector_unaligned *)(verdict->second + v * VECTOR_LANES);
        vector_integer_unaligned *label = (vector_integer_unaligned *)(verdict->label + v * VECTOR_LANES);
        vector b = *best, s = *second;
        vector_integer l = *label;
        UNROLL for (int i = 0; i < TILE_CENTROIDS; i++)
        {
            s = lanes_min(s, lanes_max(b, score[v][i]));
            l = lanes_if_less(score[v][i], b, (vector_integer){0} + (lane_integer)(c + i), l);
            b = lanes_min(score[v][i], b);
        }
        *best = b;
        *second = s;
        *label = l;
    }
}

static void score_tile(
    const element *tile, const element *packed, int64_t k, int64_t d, struct verdict *verdict)
{
    for (int i = 0; i < TILE; i++) {
        verdict->best[i] = verdict->second[i] = INFINITY;
        verdict->label[i] = 0;
    }
    for (int64_t c = 0; c < k; c += TILE_CENTROIDS)
        score_block(tile, packed + c * (d + 1), d, c, verdict);
}

/* How far beyond the threshold the gap of each point is: settled where positive. */
static void measure_slack(const element *restrict tile, int64_t d, struct threshold threshold,
    const struct verdict *verdict, element slack[TILE])
{
    vector squared[TILE_VECTORS] = {{0}};
    for (int64_t j = 0; j < d; j++) {
        UNROLL for (int v = 0; v < TILE_VECTORS; v++)
        {
            vector y = *(const vector_unaligned *)(tile + j * TILE + v * VECTOR_LANES);
            squared[v] += y * y;
        }
    }
    UNROLL for (int v = 0; v < TILE_VECTORS; v++)
    {
        vector best = *(const vector_unaligned *)(verdict->best + v * VECTOR_LANES);
        vector second = *(const vector_unaligned *)(verdict->second + v * VECTOR_LANES);
        *(vector_unaligned *)(slack + v * VECTOR_LANES) =
            second - best - (squared[v] * threshold.slope + threshold.floor);
    }
}

void TYPED(kmeans_assign_fused)(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    struct kmeans_slab *slab = &p->slabs[rank];
    int64_t k = p->k, d = p->d;
    if (t == 0)
        find_centre(p, slab->centre);
    struct threshold threshold = pack_centroids(p, t, slab);
    TYPED(kmeans_clear_sums)(p, rank);
    for (int64_t first = begin; first < end; first += TILE) {
        int64_t count = end - first < TILE ? end - first : TILE;
        const element *points = p->points + first * d;
        int32_t *labels = p->labels + t * p->n + first;
        struct verdict verdict;
        element slack[TILE] __attribute__((aligned(VECTOR_BYTES)));
        fill_tile(points, count, d, slab->centre, slab->tile);
        score_tile(slab->tile, slab->packed, k, d, &verdict);
        measure_slack(slab->tile, d, threshold, &verdict, slack);
        for (int64_t i = 0; i < count; i++) {
            const element *x = points + i * d;
            int32_t label = (int32_t)verdict.label[i];
            if (!(slack[i] > 0)) /* so that NaN is not settled */
                label = TYPED(kmeans_nearest64)(x, p->centroids + t * k * d, k, d);
            labels[i] = label;
            slab->counts[label]++;
            kmeans_add_point(slab->sums + label * d, x, d, slab->anchor);
        }
    }
}

void TYPED(kmeans_run_fused)(void *state, struct kernel_lane *lanes)
{
    TYPED(kmeans_run_lloyd)(state, lanes, TYPED(kmeans_assign_fused), TYPED(kmeans_merge_sums));
}
