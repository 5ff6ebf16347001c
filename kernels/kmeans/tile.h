/* A tile: TILE points, one in each lane of TILE_VECTORS vectors, and how near the centroids are to them, in
 * the element's own precision or in f32, with a bound that says which of these answers rounding leaves open.
 * What variants are built from; it labels no point, and knows neither sums nor iterations.
 *
 * The score of centroid c for point x is ½|e|² − y·e, with y = x − m, e = c − m and any fixed m: it orders
 * the centroids as the distances do, and takes d FMAs.
 *
 * The bound. u is the unit roundoff of the scores' type, v that of f64; hats mark what is computed;
 * γ(n) = nu/(1−nu) (Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., sec. 3.1);
 * r = |ŷ| + |ê|.
 *
 *   centring   |ŷ−y| and |ê−e| ≤ (u+v)|y| and (u+v)|e| in each coordinate (f64, rounded twice): half
 *              the squared distance of ŷ and ê is within 2(u+v)·r² of that of x and c, to first order
 *   ½|ê|²      summed in f64, rounded to the element: relative error u + (d+1)v of at most ½r²
 *   the chain  ½|ê|² and d products, each through at most d+1 roundings, in any order of addition:
 *              γ(d+1)·(½|ê|² + |ŷ||ê|) ≤ γ(d+1)·½r²
 *   the truth  kmeans_dist64: a subtraction (twice, by the square), a product and d additions:
 *              (d+2)v·½r² for half of it
 *
 * Together, to first order, at most ½κr² with κ = (d+6)u + (2d+8)v. Two scores further apart than κr²
 * (½κr² each) have distances in the same order. As r² ≤ 2(|ŷ|² + max|ê|²), the threshold would be
 * 2κ(|ŷ|² + max|ê|²). The code takes 4κ: the factor 2 is far more than the second-order terms and the
 * rounding of |ŷ|² and of the threshold itself, as long as κ ≤ 1/16. For larger κ the threshold is infinite,
 * and the truth settles everything. So it does where |ê|² could overflow or come near it, and for the points
 * whose |ŷ|² is infinite: all other sums stay in range, as |ŷ||ê| ≤ √(1/8) of the largest number. Underflow
 * adds less than the smallest normal number for each coordinate.
 */
#ifndef ACELERA_KMEANS_TILE_H
#define ACELERA_KMEANS_TILE_H

#include "kernels/kmeans/kmeans.h"
#include "kernels/kmeans/lanes.h"

/* A gap between best and second best over slope·|ŷ|² + floor is settled. */
struct kmeans_threshold {
    element slope, floor;
    bool any_twin; /* some centroid was left out, as it is equal to one before it */
};

/* Of each point of a tile: the scores of the best and second best centroid, the label of the best, |ŷ|², and
 * the gap between the two scores from which on the label is settled. */
struct kmeans_verdict {
    element best[TILE] __attribute__((aligned(VECTOR_BYTES)));
    element second[TILE] __attribute__((aligned(VECTOR_BYTES)));
    element squared[TILE] __attribute__((aligned(VECTOR_BYTES)));
    element threshold[TILE] __attribute__((aligned(VECTOR_BYTES)));
    int32_t label[TILE] __attribute__((aligned(VECTOR_BYTES)));
};

/* Elements of a tile in memory, of each part in turn: d rows of ŷ, coordinate by coordinate, then one of
 * |ŷ|². The same points in f32 are a single part, and take no more bytes than one. */
static inline int64_t kmeans_tile_elements(int64_t d)
{
    return (d + 1) * TILE;
}

/* Where part `part` begins. */
static inline int64_t kmeans_part_at(int64_t d, int part)
{
    return part * (d + 1) * PART;
}

/* Any centre is right; the middle of the initial centroids is a good one, and costs nothing. centre: d. */
void TYPED(kmeans_find_centre)(const struct kmeans *p, element *centre);

/* The centroids of iteration t as kmeans_score_part() reads them, kmeans_packed_bytes() of them: for each
 * block of TILE_CENTROIDS, a row of ½|ê|², then d rows of −ê. The last block is filled up with centroids at
 * the origin whose score is never the best; so are centroids that are equal to one before them. Unless
 * `narrow` is NULL also in f32. The threshold for scores in that type is infinite where it will not do. */
struct kmeans_threshold TYPED(kmeans_pack_centroids)(const struct kmeans *p, int64_t t, const element *centre,
    element *packed, float *narrow, struct kmeans_threshold *narrow_threshold);

/* The points that rows point to, into a tile. */
void TYPED(kmeans_fill_tile)(
    const element *const row[TILE], int64_t d, const element *restrict centre, element *restrict tile);

/* The same tile in f32. */
void TYPED(kmeans_narrow_tile)(const element *tile, int64_t d, float *restrict narrow);

/* micro_kernel.c: the hot loop, all centroids against one part of a tile. best, second, label: PART each.
 * Meanwhile next_bytes of memory at `next` are fetched; any address will do. */
void TYPED(kmeans_score_part)(const element *part, const element *packed, int64_t k, int64_t d, element *best,
    element *second, lane_integer *label, const void *next, int64_t next_bytes);
#if ELEMENT_BITS == 64
void kmeans_score_part_f32(const float *part, const float *packed, int64_t k, int64_t d, float *best,
    float *second, int32_t *label, const void *next, int64_t next_bytes);
#endif

/* The same against limit[i] for point i: candidates[c] says for which points centroid c is not above it, or
 * not a number. candidates: k and TILE_CENTROIDS more. */
void TYPED(kmeans_find_candidates)(const element *tile, const element *packed, int64_t k, int64_t d,
    const element limit[TILE], uint64_t *candidates);

/* The gap that settles a label, of points with these |ŷ|². */
static inline vector kmeans_threshold_at(vector squared, struct kmeans_threshold threshold)
{
    return squared * threshold.slope + threshold.floor;
}

/* The lanes whose gap does not settle the label; NaN is open. */
static inline uint64_t kmeans_open_lanes(vector best, vector second, vector threshold)
{
    vector_integer settled = second - best > threshold;
    return lanes_bits(~settled);
}

/* The points of a tile that the scores leave open, lane 0 of vector 0 lowest. */
static inline uint64_t kmeans_open_points(const struct kmeans_verdict *verdict)
{
    uint64_t open = 0;
    UNROLL for (int v = 0; v < TILE_VECTORS; v++) open |=
        kmeans_open_lanes(*(const vector *)(verdict->best + v * VECTOR_LANES),
            *(const vector *)(verdict->second + v * VECTOR_LANES),
            *(const vector *)(verdict->threshold + v * VECTOR_LANES))
        << v * VECTOR_LANES;
    return open;
}

/* The scores above which a centroid is not the nearest one, whatever rounding did. */
static inline void kmeans_find_limits(const struct kmeans_verdict *verdict, element limit[TILE])
{
    UNROLL for (int v = 0; v < TILE_VECTORS; v++) * (vector_unaligned *)(limit + v * VECTOR_LANES) =
        *(const vector *)(verdict->best + v * VECTOR_LANES) +
        *(const vector *)(verdict->threshold + v * VECTOR_LANES);
}

#endif
