/* The initial centroids: part of the problem, chosen once in fill(), outside the timer. Compiled without
 * contraction, so that every build draws the same points. Not a variant's business.
 *
 *   first     the first k points that differ from each other in at least one coordinate
 *   random    k different indexes, all sets equally likely (Bentley & Floyd, "Programming pearls: a sample of
 *             brilliance", CACM 30(9), 1987, algorithm F2)
 *   kmeans++  each next point with probability ∝ its squared distance to the nearest one chosen (Arthur &
 *             Vassilvitskii, "k-means++: the advantages of careful seeding", SODA 2007, sec. 2.2)
 *
 * Where the data have too few different points, the lowest indexes not yet chosen fill the rest.
 */
#include "kernels/digest.h"
#include "kernels/kmeans/kmeans.h"
#include "kernels/random.h"

#include <math.h>

enum { STREAM_START = 4 };

static bool contains(const int64_t *indexes, int64_t count, int64_t index)
{
    bool found = false; /* no early exit: this way it is a vector loop */
    for (int64_t c = 0; c < count; c++)
        found |= indexes[c] == index;
    return found;
}

static bool equal_points(const element *a, const element *b, int64_t d)
{
    for (int64_t j = 0; j < d; j++)
        if (a[j] != b[j])
            return false;
    return true;
}

/* At most as much work as one iteration of k-means. */
static void choose_first(struct kmeans *p)
{
    int64_t chosen = 0;
    for (int64_t i = 0; i < p->n && chosen < p->k; i++) {
        bool seen = false;
        for (int64_t c = 0; c < chosen && !seen; c++)
            seen = equal_points(p->points + i * p->d, p->points + p->start_point[c] * p->d, p->d);
        if (!seen)
            p->start_point[chosen++] = i;
    }
    for (int64_t i = 0; chosen < p->k; i++)
        if (!contains(p->start_point, chosen, i))
            p->start_point[chosen++] = i;
}

static void choose_random(struct kmeans *p)
{
    uint64_t stream = random_stream(p->seed, STREAM_START);
    for (int64_t c = 0; c < p->k; c++) {
        int64_t last = p->n - p->k + c;
        int64_t drawn = (int64_t)(random_unit(stream, (uint64_t)c) * (double)(last + 1));
        p->start_point[c] = contains(p->start_point, c, drawn) ? last : drawn;
    }
}

/* Lowers every point's squared distance to the nearest chosen point, and adds them up block by block; −1
 * marks a chosen point, which is never drawn again. */
static void measure_from(struct kmeans *p, int64_t chosen, double *block_sum, int64_t blocks)
{
    const double *centre = p->start + chosen * p->d;
    p->draw[p->start_point[chosen]] = -1;
#pragma omp parallel for num_threads(p->threads) schedule(static)
    for (int64_t b = 0; b < blocks; b++) {
        int64_t end = (b + 1) * KMEANS_DRAW_BLOCK < p->n ? (b + 1) * KMEANS_DRAW_BLOCK : p->n;
        double sum = 0;
        for (int64_t i = b * KMEANS_DRAW_BLOCK; i < end; i++) {
            double distance = TYPED(kmeans_dist64)(p->points + i * p->d, centre, p->d);
            if (distance < p->draw[i])
                p->draw[i] = distance;
            if (p->draw[i] > 0)
                sum += p->draw[i];
        }
        block_sum[b] = sum;
    }
}

/* The point at which the running sum of squared distances passes `unit` of the total. */
static int64_t draw_point(const struct kmeans *p, const double *block_sum, int64_t blocks, double unit)
{
    double total = 0;
    for (int64_t b = 0; b < blocks; b++)
        total += block_sum[b];
    double left = unit * total;
    int64_t b = 0;
    for (; b < blocks - 1 && left >= block_sum[b]; b++)
        left -= block_sum[b];
    int64_t last_possible = -1; /* where rounding lets the sum run out, the last point that may be drawn */
    for (int64_t i = b * KMEANS_DRAW_BLOCK; i < p->n; i++) {
        if (!(p->draw[i] > 0))
            continue;
        last_possible = i;
        left -= p->draw[i];
        if (left < 0)
            break;
    }
    for (int64_t i = 0; last_possible < 0; i++) /* only copies of chosen points are left */
        if (p->draw[i] >= 0)
            last_possible = i;
    return last_possible;
}

static void set_start(struct kmeans *p, int64_t c)
{
    for (int64_t j = 0; j < p->d; j++)
        p->start[c * p->d + j] = (double)p->points[p->start_point[c] * p->d + j];
}

static void choose_plusplus(struct kmeans *p)
{
    uint64_t stream = random_stream(p->seed, STREAM_START);
    int64_t blocks = (p->n + KMEANS_DRAW_BLOCK - 1) / KMEANS_DRAW_BLOCK;
    double *block_sum = p->draw + p->n;
    for (int64_t i = 0; i < p->n; i++)
        p->draw[i] = INFINITY;
    p->start_point[0] = (int64_t)(random_unit(stream, 0) * (double)p->n);
    for (int64_t c = 1; c < p->k; c++) {
        set_start(p, c - 1);
        measure_from(p, c - 1, block_sum, blocks);
        p->start_point[c] = draw_point(p, block_sum, blocks, random_unit(stream, (uint64_t)c));
    }
}

void TYPED(kmeans_choose_start)(struct kmeans *p)
{
    if (p->init == KMEANS_INIT_RANDOM)
        choose_random(p);
    else if (p->init == KMEANS_INIT_PLUSPLUS)
        choose_plusplus(p);
    else
        choose_first(p);
    for (int64_t c = 0; c < p->k; c++)
        set_start(p, c);
    p->start_digest = digest_bytes(0, p->start_point, (size_t)p->k * sizeof *p->start_point);
}
