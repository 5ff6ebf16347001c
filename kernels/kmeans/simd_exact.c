/* Vectors without a single other bit: one point in each lane of f64 vectors, centroids broadcast. Every lane
 * does for its point exactly what kmeans_dist64 does, in the same order, and without contraction to FMA (this
 * file is compiled so); hence the labels are the truth as they stand, and rounding leaves nothing open. What
 * that costs, half the lanes of f32 and no FMA, is what the next rungs win. */
#include "kernels/kmeans/kmeans.h"
#include "kernels/kmeans/lanes.h"
#include "kernels/wide.h"

#include <math.h>

/* VECTORS·TOGETHER chains of additions: enough to cover the latency of one, and 2 + 2 + 8 registers. The tile
 * is VECTORS·VECTOR_BYTES for each coordinate, which is never more than what slab->tile has. */
enum { VECTORS = 2, POINTS = VECTORS * WIDE_LANES, TOGETHER = 4 };
_Static_assert((int)VECTORS <= (int)PART_VECTORS, "the tile must fit slab->tile");
typedef int64_t wide_integer __attribute__((vector_size(VECTOR_BYTES)));

/* The nearest centroid so far of the point in each lane. */
struct nearest {
    wide distance[VECTORS];
    wide_integer label[VECTORS];
};

/* Points, coordinate by coordinate; lanes past the last point repeat it. */
static void fill_tile(const element *points, int64_t count, int64_t d, double *restrict tile)
{
    for (int64_t i = 0; i < POINTS; i++) {
        const element *x = points + (i < count ? i : count - 1) * d;
        for (int64_t j = 0; j < d; j++)
            tile[j * POINTS + i] = (double)x[j];
    }
}

/* Centroids c … c+3. Past the last one it is repeated: an equal distance is no nearer, so no label shows it.
 */
static inline void see_centroids(const double *restrict tile, const double *centroids, int64_t c, int64_t k,
    int64_t d, struct nearest *best)
{
    const double *centroid[TOGETHER];
    wide sum[VECTORS][TOGETHER] = {{{0}}};
    UNROLL for (int i = 0; i < TOGETHER; i++) centroid[i] = centroids + (c + i < k ? c + i : k - 1) * d;
    for (int64_t j = 0; j < d; j++) {
        UNROLL for (int v = 0; v < VECTORS; v++)
        {
            wide x = *(const wide_unaligned *)(tile + j * POINTS + v * WIDE_LANES);
            UNROLL for (int i = 0; i < TOGETHER; i++)
            {
                wide difference = x - centroid[i][j];
                sum[v][i] += difference * difference;
            }
        }
    }
    UNROLL for (int v = 0; v < VECTORS; v++) UNROLL for (int i = 0; i < TOGETHER; i++)
    {
        wide_integer nearer = sum[v][i] < best->distance[v], label = (wide_integer){0} + (c + i);
        best->distance[v] =
            (wide)((nearer & (wide_integer)sum[v][i]) | (~nearer & (wide_integer)best->distance[v]));
        best->label[v] = (nearer & label) | (~nearer & best->label[v]);
    }
}

static void assign(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    struct kmeans_slab *slab = &p->slabs[rank];
    int64_t d = p->d;
    double *tile = (double *)(void *)slab->tile;
    TYPED(kmeans_clear_sums)(p, rank);
    for (int64_t first = begin; first < end; first += POINTS) {
        int64_t count = end - first < POINTS ? end - first : POINTS;
        const element *points = p->points + first * d;
        struct nearest best = {{{0}}, {{0}}};
        for (int v = 0; v < VECTORS; v++)
            best.distance[v] += INFINITY;
        fill_tile(points, count, d, tile);
        for (int64_t c = 0; c < p->k; c += TOGETHER)
            see_centroids(tile, p->centroids + t * p->k * d, c, p->k, d, &best);
        for (int64_t i = 0; i < count; i++) {
            int32_t label = (int32_t)best.label[i / WIDE_LANES][i % WIDE_LANES];
            p->labels[t * p->n + first + i] = label;
            slab->counts[label]++;
            kmeans_add_point(slab->sums + label * d, points + i * d, d, slab->anchor);
        }
    }
}

void TYPED(kmeans_run_simd)(void *state, struct kernel_lane *lanes)
{
    TYPED(kmeans_run_lloyd)(state, lanes, assign, TYPED(kmeans_merge_sums));
}
