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

/* For scores in a type with unit roundoff u, and these smallest and largest numbers. */
static struct kmeans_threshold find_threshold(
    int64_t coordinates, double largest_squared, double u, double smallest, double greatest)
{
    double d = (double)coordinates, kappa = (d + 6) * u + (2 * d + 8) * 0x1p-53;
    if (kappa > 1.0 / 16 || largest_squared > greatest / 8)
        return (struct kmeans_threshold){.slope = 0, .floor = INFINITY};
    return (struct kmeans_threshold){
        .slope = (element)(4 * kappa), .floor = (element)(4 * kappa * largest_squared + (d + 1) * smallest)};
}

struct kmeans_threshold TYPED(kmeans_pack_centroids)(const struct kmeans *p, int64_t t, const element *centre,
    element *packed, float *narrow, struct kmeans_threshold *narrow_threshold)
{
    double largest = 0, narrow_largest = 0; /* |ê|² */
    bool any_twin = false;
    const double *centroids = p->centroids + t * p->k * p->d;
    int64_t padded = (p->k + TILE_CENTROIDS - 1) / TILE_CENTROIDS * TILE_CENTROIDS;
    for (int64_t c = 0; c < padded; c++) {
        const int64_t row = c / TILE_CENTROIDS * (p->d + 1) * TILE_CENTROIDS + c % TILE_CENTROIDS;
        const bool twin = c < p->k && is_twin(p, centroids, c), in_use = c < p->k && !twin;
        double squared = 0, narrow_squared = 0;
        any_twin |= twin;
        for (int64_t j = 0; j < p->d; j++) {
            double e = in_use ? centroids[c * p->d + j] - (double)centre[j] : 0;
            packed[row + (j + 1) * TILE_CENTROIDS] = -(element)e;
            squared += (double)(element)e * (double)(element)e;
            if (narrow != NULL) {
                narrow[row + (j + 1) * TILE_CENTROIDS] = -(float)e;
                narrow_squared += (double)(float)e * (double)(float)e;
            }
        }
        packed[row] = in_use ? (element)(0.5 * squared) : ELEMENT_MAX;
        if (narrow != NULL)
            narrow[row] = in_use ? (float)(0.5 * narrow_squared) : FLT_MAX;
        largest = fmax(largest, squared);
        narrow_largest = fmax(narrow_largest, narrow_squared);
    }
    if (narrow_threshold != NULL)
        *narrow_threshold = narrow == NULL ? (struct kmeans_threshold){.slope = 0, .floor = INFINITY}
                                           : find_threshold(p->d, narrow_largest, 0x1p-24, FLT_MIN, FLT_MAX);
    struct kmeans_threshold own =
        find_threshold(p->d, largest, ELEMENT_EPSILON, (double)ELEMENT_MIN, (double)ELEMENT_MAX);
    own.any_twin = any_twin;
    return own;
}

/* One strip of points: squares of coordinates at a time, then what is left of them one by one. */
static void fill_strip(
    const element *const row[STRIP_LANES], int64_t d, const element *restrict centre, element *restrict part)
{
    int64_t j = 0;
    for (; j + SQUARE <= d; j += SQUARE) {
        strip square[SQUARE];
        UNROLL for (int g = 0; g < SQUARE; g++)
        {
            const element *piece[SQUARES];
            UNROLL for (int s = 0; s < SQUARES; s++) piece[s] = row[s * SQUARE + g];
            square[g] = lanes_gather_rows(piece, j);
        }
        lanes_transpose(square);
        UNROLL for (int g = 0; g < SQUARE; g++) * (strip_unaligned *)(part + (j + g) * PART) =
            square[g] - centre[j + g];
    }
    for (; j < d; j++)
        for (int i = 0; i < STRIP_LANES; i++)
            part[j * PART + i] = row[i][j] - centre[j];
    strip squared = {0};
    for (j = 0; j < d; j++) {
        strip y = *(const strip_unaligned *)(part + j * PART);
        squared += y * y;
    }
    *(strip_unaligned *)(part + d * PART) = squared;
}

void TYPED(kmeans_fill_tile)(
    const element *const row[TILE], int64_t d, const element *restrict centre, element *restrict tile)
{
    for (int part = 0; part < PARTS; part++)
        for (int first = 0; first < PART; first += STRIP_LANES)
            fill_strip(row + part * PART + first, d, centre, tile + kmeans_part_at(d, part) + first);
}

void TYPED(kmeans_narrow_tile)(const element *tile, int64_t d, float *restrict narrow)
{
    for (int part = 0; part < PARTS; part++)
        for (int64_t j = 0; j <= d; j++)
            UNROLL for (int v = 0; v < PART_VECTORS; v++)
            {
                const element *from = tile + kmeans_part_at(d, part) + j * PART + v * VECTOR_LANES;
                float *to = narrow + j * TILE + part * PART + v * VECTOR_LANES;
                *(narrow_vector_unaligned *)to =
                    __builtin_convertvector(*(const vector_unaligned *)from, narrow_vector);
            }
}
