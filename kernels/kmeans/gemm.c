/* Distances as a matrix product, the way libraries do it: a tile of points times all centroids into a buffer,
 * then a pass over the buffer for the least score of each point. It brings FMA, all lanes of the element's
 * own type, and reuse of what is in registers; the price is certification (tile.h). What is left to the
 * next rung: every score is written and read again, and every point is centred, transposed and added in every
 * iteration.
 *
 * The buffer holds the scores of one tile for BUFFER_CENTROIDS centroids at a time, at most 24 KiB: it stays
 * in the nearest caches, however many centroids there are. */
#include "kernels/kmeans/tile.h"

#include <math.h>

enum { BUFFER_CENTROIDS = 96 };
_Static_assert((int)BUFFER_CENTROIDS % (int)TILE_CENTROIDS == 0, "the buffer holds whole blocks");

/* Scores of one block of centroids, TILE_CENTROIDS rows of TILE: its ½|ê|² plus the product with a tile. */
static inline void multiply_block(
    const element *restrict tile, const element *restrict packed, int64_t d, vector *restrict score)
{
    vector sum[TILE_CENTROIDS][TILE_VECTORS];
    UNROLL for (int i = 0; i < TILE_CENTROIDS; i++) UNROLL for (int v = 0; v < TILE_VECTORS; v++) sum[i][v] =
        packed[i] - (vector){0};
    for (int64_t j = 0; j < d; j++) {
        vector y[TILE_VECTORS];
        packed += TILE_CENTROIDS;
        UNROLL for (int v = 0; v < TILE_VECTORS; v++) y[v] =
            *(const vector_unaligned *)(tile + j * TILE + v * VECTOR_LANES);
        UNROLL for (int i = 0; i < TILE_CENTROIDS; i++)
        {
            vector e = packed[i] - (vector){0};
            UNROLL for (int v = 0; v < TILE_VECTORS; v++) sum[i][v] += y[v] * e;
        }
    }
    UNROLL for (int i = 0; i < TILE_CENTROIDS; i++) UNROLL for (int v = 0; v < TILE_VECTORS; v++)
        score[i * TILE_VECTORS + v] = sum[i][v];
}

/* The pass over the buffer: centroids c … c + many − 1 into the verdict. */
static void see_scores(const vector *score, int64_t c, int64_t many, struct kmeans_verdict *verdict)
{
    for (int v = 0; v < TILE_VECTORS; v++) {
        vector_unaligned *best = (vector_unaligned *)(verdict->best + v * VECTOR_LANES);
        vector_unaligned *second = (vector_unaligned *)(verdict->second + v * VECTOR_LANES);
        vector_integer_unaligned *label = (vector_integer_unaligned *)(verdict->label + v * VECTOR_LANES);
        vector b = *best, s = *second;
        vector_integer l = *label;
        for (int64_t i = 0; i < many; i++) {
            vector now = score[i * TILE_VECTORS + v];
            s = lanes_min(s, lanes_max(b, now));
            l = lanes_if_less(now, b, (vector_integer){0} + (lane_integer)(c + i), l);
            b = lanes_min(now, b);
        }
        *best = b;
        *second = s;
        *label = l;
    }
}

static void score_tile(
    const element *tile, const element *packed, int64_t k, int64_t d, struct kmeans_verdict *verdict)
{
    vector buffer[BUFFER_CENTROIDS * TILE_VECTORS];
    for (int i = 0; i < TILE; i++) {
        verdict->best[i] = verdict->second[i] = INFINITY;
        verdict->label[i] = 0;
    }
    for (int64_t c = 0; c < k; c += BUFFER_CENTROIDS) {
        int64_t many = k - c < BUFFER_CENTROIDS ? k - c : BUFFER_CENTROIDS;
        for (int64_t i = 0; i < many; i += TILE_CENTROIDS)
            multiply_block(tile, packed + (c + i) * (d + 1), d, buffer + i * TILE_VECTORS);
        see_scores(buffer, c, many, verdict);
    }
}

static void assign(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    struct kmeans_slab *slab = &p->slabs[rank];
    int64_t k = p->k, d = p->d;
    struct kmeans_verdict verdict;
    TYPED(kmeans_find_centre)(p, slab->centre);
    struct kmeans_threshold threshold = TYPED(kmeans_pack_centroids)(p, t, slab->centre, slab->packed);
    TYPED(kmeans_clear_sums)(p, rank);
    for (int64_t first = begin; first < end; first += TILE) {
        const element *row[TILE];
        int64_t count = end - first < TILE ? end - first : TILE;
        for (int64_t i = 0; i < TILE; i++) /* lanes past the last point repeat it */
            row[i] = p->points + (first + (i < count ? i : count - 1)) * d;
        TYPED(kmeans_fill_tile)(row, d, slab->centre, slab->tile);
        score_tile(slab->tile, slab->packed, k, d, &verdict);
        uint64_t open = kmeans_open_points(slab->tile, d, threshold, &verdict);
        for (int64_t i = 0; i < count; i++) {
            int32_t label = (int32_t)verdict.label[i];
            if (open >> i & 1)
                label = TYPED(kmeans_nearest64)(row[i], p->centroids + t * k * d, k, d);
            p->labels[t * p->n + first + i] = label;
            slab->counts[label]++;
            kmeans_add_point(slab->sums + label * d, row[i], d, slab->anchor);
        }
    }
}

void TYPED(kmeans_run_gemm)(void *state, struct kernel_lane *lanes)
{
    TYPED(kmeans_run_lloyd)(state, lanes, assign, TYPED(kmeans_merge_sums));
}
