/* Lloyd's iteration as every variant runs it: only how points are labelled and how sums are made is theirs.
 * Two barriers an iteration, three if a cluster is empty. Not the place for anything that depends on a
 * variant.
 *
 * Work: iterations · (2nkd + nd) FLOP. Traffic: each iteration reads the points once and writes a label for
 * each, s·n·d + 4n bytes; one pass more over the points, before the first iteration, finds their magnitude.
 */
#include "kernels/kmeans/kmeans.h"

#include <math.h>
#include <string.h>

#if ELEMENT_BITS == 32
#    define MAGNITUDE_MASK 0x7fffffffu
#else
#    define MAGNITUDE_MASK 0x7fffffffffffffffu
#endif
typedef __typeof__(MAGNITUDE_MASK) magnitude_bits __attribute__((may_alias));

/* The largest |x| of each coordinate. Without its sign a float orders like the integer of its bits, and
 * integers have a vector maximum that needs no licence to reorder. Of few coordinates some points go
 * together, so that vectors are full; `room` is that of a tile. */
static void largest_magnitudes(const element *x, int64_t count, int64_t d, element *room, double *largest)
{
    enum { RUN = 32 };
    const int64_t points = d < RUN ? RUN / d : 1, width = points * d;
    const magnitude_bits *from = (const magnitude_bits *)x, *const end = from + count * d;
    magnitude_bits *most = (magnitude_bits *)room;
    memset(most, 0, (size_t)width * sizeof *most);
    for (; from < end; from += width) {
        const int64_t left = end - from < width ? end - from : width;
        for (int64_t j = 0; j < left; j++) {
            const magnitude_bits bits = from[j] & MAGNITUDE_MASK;
            most[j] = bits > most[j] ? bits : most[j];
        }
    }
    for (int64_t j = 0; j < d; j++) {
        for (int64_t i = 1; i < points; i++)
            most[j] = most[i * d + j] > most[j] ? most[i * d + j] : most[j];
        largest[j] = (double)room[j];
    }
}

/* The anchor of a coordinate's grid: 1.5 · 2^52 quanta, so that x + anchor has the quantum as its last bit
 * for either sign of x. 2^52 quanta are n times the largest |x| of this coordinate, each rounded up to a
 * power of two: so every sum of points is a whole number of quanta under 2^53, and exact. Rounding each up
 * may double it: a quantum is at most n · 2^-50 · the largest |x|. No mean moves by more than half of that,
 * which is four times the bound for n plain f64 additions in any order (n · 2^-53 · the largest |x|). Points
 * smaller than 2^-900 are treated as if they were that large, so that quanta stay normal numbers. */
static double grid_anchor(int points_exponent, double largest)
{
    int value_exponent;
    frexp(fmax(largest, 0x1p-900), &value_exponent);
    return ldexp(1.5, points_exponent + value_exponent);
}

void TYPED(kmeans_clear_sums)(struct kmeans *p, int rank)
{
    memset(p->slabs[rank].sums, 0, (size_t)(p->k * p->d) * sizeof(double));
    memset(p->slabs[rank].counts, 0, (size_t)p->k * sizeof(int64_t));
}

/* Adds the slabs' sums and counts of cluster c to what is there. */
static void add_slabs(const struct kmeans *p, int64_t c, double *sum, int64_t *count)
{
    for (int other = 0; other < team_size(); other++) {
        const double *part = p->slabs[other].sums + c * p->d;
        *count += p->slabs[other].counts[c];
        for (int64_t j = 0; j < p->d; j++)
            sum[j] += part[j];
    }
}

void TYPED(kmeans_merge_sums)(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    (void)rank;
    int64_t d = p->d, *counts = p->counts + t * p->k;
    double *next = p->centroids + (t + 1) * p->k * d;
    for (int64_t c = begin; c < end; c++) {
        double *sum = next + c * d;
        counts[c] = 0;
        memset(sum, 0, (size_t)d * sizeof *sum);
        add_slabs(p, c, sum, &counts[c]);
        for (int64_t j = 0; j < d && counts[c] > 0; j++)
            sum[j] /= (double)counts[c];
    }
}

void TYPED(kmeans_merge_changes)(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    (void)rank;
    int64_t d = p->d, *counts = p->counts + t * p->k;
    double *next = p->centroids + (t + 1) * p->k * d;
    for (int64_t c = begin; c < end; c++) {
        double *sum = p->totals + c * d;
        counts[c] = t == 0 ? 0 : counts[c - p->k];
        if (t == 0)
            memset(sum, 0, (size_t)d * sizeof *sum);
        add_slabs(p, c, sum, &counts[c]);
        for (int64_t j = 0; j < d && counts[c] > 0; j++)
            next[c * d + j] = sum[j] / (double)counts[c];
    }
}

static bool any_empty(const struct kmeans *p, int64_t t)
{
    bool empty = false;
    for (int64_t c = 0; c < p->k; c++)
        empty |= p->counts[t * p->k + c] == 0;
    return empty;
}

/* The `wanted` points that are farthest from the centroid of their own label, farthest first, ties by rising
 * index; wanted ≤ k. */
static void find_farthest(
    const struct kmeans *p, int64_t t, int64_t wanted, double *restrict distance, int64_t *restrict point)
{
    const double *centroids = p->centroids + t * p->k * p->d;
    int64_t found = 0;
    for (int64_t i = 0; i < p->n; i++) {
        const double *own = centroids + p->labels[t * p->n + i] * p->d;
        double to_own = TYPED(kmeans_dist64)(p->points + i * p->d, own, p->d);
        if (found == wanted && !(to_own > distance[found - 1]))
            continue;
        int64_t at = found < wanted ? found++ : found - 1;
        for (; at > 0 && distance[at - 1] < to_own; at--) {
            distance[at] = distance[at - 1];
            point[at] = point[at - 1];
        }
        distance[at] = to_own;
        point[at] = i;
    }
}

/* The rule for empty clusters, by one thread: rare enough not to deserve more. Its slab is free at this time,
 * and has room for k distances and k points. */
static void relocate_empty(struct kmeans *p, int64_t t)
{
    const int64_t *counts = p->counts + t * p->k;
    double *next = p->centroids + (t + 1) * p->k * p->d;
    int64_t empty = 0, taken = 0, *point = p->slabs[0].counts;
    for (int64_t c = 0; c < p->k; c++)
        empty += counts[c] == 0;
    find_farthest(p, t, empty, p->slabs[0].sums, point);
    for (int64_t c = 0; c < p->k; c++) {
        if (counts[c] > 0)
            continue;
        const element *x = p->points + point[taken++] * p->d;
        for (int64_t j = 0; j < p->d; j++)
            next[c * p->d + j] = (double)x[j];
    }
}

/* A barrier; waiting at it is not busy time. */
static void meet(struct kernel_lane *lane)
{
    lane_end(lane);
#pragma omp barrier
    lane_begin(lane);
}

static void prepare(struct kmeans *p, struct kernel_lane *lane, int rank, const int64_t points[2])
{
    struct kmeans_slab *slab = &p->slabs[rank];
    largest_magnitudes(p->points + points[0] * p->d, points[1] - points[0], p->d, slab->tile, slab->largest);
    if (rank == 0)
        memcpy(p->centroids, p->start, (size_t)(p->k * p->d) * sizeof(double));
    meet(lane);
    int points_exponent = 1; /* n is at most this power of two */
    while (((int64_t)1 << points_exponent) < p->n)
        points_exponent++;
    for (int64_t j = 0; j < p->d; j++) {
        double largest = 0;
        for (int other = 0; other < team_size(); other++)
            largest = fmax(largest, p->slabs[other].largest[j]);
        slab->anchor[j] = grid_anchor(points_exponent, largest);
    }
}

void TYPED(kmeans_run_lloyd)(
    struct kmeans *p, struct kernel_lane *lanes, kmeans_step_function *assign, kmeans_step_function *update)
{
#pragma omp parallel num_threads(p->threads)
    {
        int rank = team_rank();
        struct kernel_lane *lane = &lanes[rank];
        int64_t points[2], clusters[2];
        team_share(p->n, rank, team_size(), &points[0], &points[1]);
        team_share(p->k, rank, team_size(), &clusters[0], &clusters[1]);
        lane_begin(lane);
        prepare(p, lane, rank, points);
        for (int64_t t = 0; t < p->iterations; t++) {
            assign(p, t, rank, points[0], points[1]);
            meet(lane);
            update(p, t, rank, clusters[0], clusters[1]);
            meet(lane);
            if (any_empty(p, t)) {
                if (rank == 0)
                    relocate_empty(p, t);
                meet(lane);
            }
        }
        lane_end(lane);
    }
}
