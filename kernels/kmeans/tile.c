/* Points and centroids as the hot loop reads them: centred, transposed, packed, with the rounding bound that
 * tile.h derives. Linear in the data, so not the hot loop itself. */
#include "kernels/kmeans/tile.h"

#include <float.h>
#include <math.h>

#if ELEMENT_BITS == 32
#    define ELEMENT_MIN FLT_MIN
#    define ELEMENT_MAX FLT_MAX
#else
#    define ELEMENT_MIN DBL_MIN
#    define ELEMENT_MAX DBL_MAX
#endif

double TYPED(kmeans_packed_bytes)(double k, double d)
{
    return (k + TILE_CENTROIDS) * (d + 1) * (double)sizeof(element);
}

double TYPED(kmeans_tile_bytes)(double d)
{
    return (d + 1) * TILE * (double)sizeof(element);
}

void TYPED(kmeans_find_centre)(const struct kmeans *p, element *centre)
{
    for (int64_t j = 0; j < p->d; j++) {
        double sum = 0;
        for (int64_t c = 0; c < p->k; c++)
            sum += p->start[c * p->d + j];
        centre[j] = (element)(sum / (double)p->k);
    }
}

/* Whether an earlier centroid is the same point: then, ties going to the lowest, c is nobody's nearest.
 * Looked for where it costs little beside the products. */
static bool is_twin(const struct kmeans *p, const double *centroids, int64_t c)
{
    if (p->n < 8 * p->k)
        return false;
    for (int64_t other = 0; other < c; other++) {
        int64_t j = 0;
        while (j < p->d && centroids[other * p->d + j] == centroids[c * p->d + j])
            j++;
        if (j == p->d)
            return true;
    }
    return false;
}

struct kmeans_threshold TYPED(kmeans_pack_centroids)(
    const struct kmeans *p, int64_t t, const element *centre, element *packed)
{
    double largest = 0;
    bool any_twin = false;
    const double *centroids = p->centroids + t * p->k * p->d;
    int64_t padded = (p->k + TILE_CENTROIDS - 1) / TILE_CENTROIDS * TILE_CENTROIDS;
    for (int64_t c = 0; c < padded; c++) {
        element *row = packed + c / TILE_CENTROIDS * (p->d + 1) * TILE_CENTROIDS + c % TILE_CENTROIDS;
        const bool twin = c < p->k && is_twin(p, centroids, c), in_use = c < p->k && !twin;
        double squared = 0;
        any_twin |= twin;
        for (int64_t j = 0; j < p->d; j++) {
            element e = in_use ? (element)(centroids[c * p->d + j] - (double)centre[j]) : 0;
            row[(j + 1) * TILE_CENTROIDS] = -e;
            squared += (double)e * (double)e;
        }
        row[0] = in_use ? (element)(0.5 * squared) : ELEMENT_MAX;
        largest = fmax(largest, squared);
    }
    double d = (double)p->d, kappa = (d + 6) * ELEMENT_EPSILON + (2 * d + 4) * 0x1p-53;
    if (kappa > 1.0 / 16 || largest > (double)ELEMENT_MAX / 8)
        return (struct kmeans_threshold){0, INFINITY, any_twin};
    return (struct kmeans_threshold){
        (element)(4 * kappa), (element)(4 * kappa * largest + (d + 1) * (double)ELEMENT_MIN), any_twin};
}

/* One strip of points: squares of coordinates at a time, then what is left of them one by one. */
static void fill_strip(
    const element *const row[STRIP_LANES], int64_t d, const element *restrict centre, element *restrict tile)
{
    int64_t j = 0;
    for (; j + SQUARE <= d; j += SQUARE) {
        strip square[SQUARE];
        UNROLL for (int g = 0; g < SQUARE; g++)
        {
            const element *part[SQUARES];
            UNROLL for (int s = 0; s < SQUARES; s++) part[s] = row[s * SQUARE + g];
            square[g] = lanes_gather_rows(part, j);
        }
        lanes_transpose(square);
        UNROLL for (int g = 0; g < SQUARE; g++) * (strip_unaligned *)(tile + (j + g) * TILE) =
            square[g] - centre[j + g];
    }
    for (; j < d; j++)
        for (int i = 0; i < STRIP_LANES; i++)
            tile[j * TILE + i] = row[i][j] - centre[j];
    strip squared = {0};
    for (j = 0; j < d; j++) {
        strip y = *(const strip_unaligned *)(tile + j * TILE);
        squared += y * y;
    }
    *(strip_unaligned *)(tile + d * TILE) = squared;
}

void TYPED(kmeans_fill_tile)(
    const element *const row[TILE], int64_t d, const element *restrict centre, element *restrict tile)
{
    for (int first = 0; first < TILE; first += STRIP_LANES)
        fill_strip(row + first, d, centre, tile + first);
}
