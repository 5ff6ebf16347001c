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

/* Scores of one block of centroids, TILE_CENTROIDS rows of PART: its ½|ê|² plus the product with a tile. */
static inline void multiply_block(
    const element *restrict part, const element *restrict packed, int64_t d, vector *restrict score)
{
    vector sum[TILE_CENTROIDS][PART_VECTORS];
    UNROLL for (int i = 0; i < TILE_CENTROIDS; i++) UNROLL for (int v = 0; v < PART_VECTORS; v++) sum[i][v] =
        packed[i] - (vector){0};
    for (int64_t j = 0; j < d; j++) {
        vector y[PART_VECTORS];
        packed += TILE_CENTROIDS;
        UNROLL for (int v = 0; v < PART_VECTORS; v++) y[v] =
            *(const vector_unaligned *)(part + j * PART + v * VECTOR_LANES);
        UNROLL for (int i = 0; i < TILE_CENTROIDS; i++)
        {
            vector e = packed[i] - (vector){0};
            UNROLL for (int v = 0; v < PART_VECTORS; v++) sum[i][v] += y[v] * e;
        }
    }
    UNROLL for (int i = 0; i < TILE_CENTROIDS; i++) UNROLL for (int v = 0; v < PART_VECTORS; v++)
        score[i * PART_VECTORS + v] = sum[i][v];
}

/* Scores of the best and second best centroid of each point of a part, and the label of the best. */
struct scores {
    vector best[PART_VECTORS], second[PART_VECTORS];
    vector_integer label[PART_VECTORS];
};

/* The pass over the buffer: centroids c … c + many − 1. */
static void see_scores(const vector *score, int64_t c, int64_t many, struct scores *so_far)
{
    for (int v = 0; v < PART_VECTORS; v++) {
        vector b = so_far->best[v], s = so_far->second[v];
        vector_integer l = so_far->label[v];
        for (int64_t i = 0; i < many; i++) {
            vector now = score[i * PART_VECTORS + v];
            s = lanes_min(s, lanes_max(b, now));
            l = lanes_if_less(now, b, (vector_integer){0} + (lane_integer)(c + i), l);
            b = lanes_min(now, b);
        }
        so_far->best[v] = b;
        so_far->second[v] = s;
        so_far->label[v] = l;
    }
}

static void score_part(
    const element *part, const element *packed, int64_t k, int64_t d, struct scores *so_far)
{
    vector buffer[BUFFER_CENTROIDS * PART_VECTORS];
    for (int v = 0; v < PART_VECTORS; v++) {
        so_far->best[v] = so_far->second[v] = (vector){0} + (element)INFINITY;
        so_far->label[v] = (vector_integer){0};
    }
    for (int64_t c = 0; c < k; c += BUFFER_CENTROIDS) {
        int64_t many = k - c < BUFFER_CENTROIDS ? k - c : BUFFER_CENTROIDS;
        for (int64_t i = 0; i < many; i += TILE_CENTROIDS)
            multiply_block(part, packed + (c + i) * (d + 1), d, buffer + i * PART_VECTORS);
        see_scores(buffer, c, many, so_far);
    }
}

/* Labels of the part's points; those that rounding leaves open from the truth. */
static void label_part(struct kmeans *p, int64_t t, const struct kmeans_slab *slab,
    struct kmeans_threshold threshold, int number, int64_t first, int64_t count)
{
    const element *part = slab->tile + kmeans_part_at(p->d, number);
    struct scores scores;
    score_part(part, slab->packed, p->k, p->d, &scores);
    for (int v = 0; v < PART_VECTORS; v++) {
        vector squared = *(const vector_unaligned *)(part + p->d * PART + v * VECTOR_LANES);
        uint64_t open =
            kmeans_open_lanes(scores.best[v], scores.second[v], kmeans_threshold_at(squared, threshold));
        for (int lane = 0; lane < VECTOR_LANES && v * VECTOR_LANES + lane < count; lane++) {
            int64_t i = first + v * VECTOR_LANES + lane;
            int32_t label = (int32_t)scores.label[v][lane];
            if (open >> lane & 1)
                label =
                    TYPED(kmeans_nearest64)(p->points + i * p->d, p->centroids + t * p->k * p->d, p->k, p->d);
            p->labels[t * p->n + i] = label;
        }
    }
}

static void assign(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    struct kmeans_slab *slab = &p->slabs[rank];
    int64_t d = p->d;
    TYPED(kmeans_find_centre)(p, slab->centre);
    struct kmeans_threshold threshold =
        TYPED(kmeans_pack_centroids)(p, t, slab->centre, slab->packed, NULL, NULL);
    TYPED(kmeans_clear_sums)(p, rank);
    for (int64_t first = begin; first < end; first += TILE) {
        const element *row[TILE];
        int64_t count = end - first < TILE ? end - first : TILE;
        for (int64_t i = 0; i < TILE; i++) /* lanes past the last point repeat it */
            row[i] = p->points + (first + (i < count ? i : count - 1)) * d;
        TYPED(kmeans_fill_tile)(row, d, slab->centre, slab->tile);
        for (int part = 0; part < PARTS; part++)
            label_part(p, t, slab, threshold, part, first + part * PART, count - part * PART);
        for (int64_t i = 0; i < count; i++) {
            int32_t label = p->labels[t * p->n + first + i];
            slab->counts[label]++;
            kmeans_add_point(slab->sums + label * d, row[i], d, slab->anchor);
        }
    }
}

void TYPED(kmeans_run_gemm)(void *state, struct kernel_lane *lanes)
{
    TYPED(kmeans_run_lloyd)(state, lanes, assign, TYPED(kmeans_merge_sums));
}
