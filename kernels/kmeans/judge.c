/* A tile's verdict, in the narrowest type that settles it: points of f64 are scored in f32, at twice the rate
 * and half the traffic, as long as that leaves few labels of a tile open; from then on in f64. Which type it
 * was shows in no label. Not the hot loop, and nothing that is done with a verdict. */
#include "kernels/kmeans/pass.h"

#include <math.h>
#include <string.h>

static inline __attribute__((always_inline)) void set_thresholds(
    struct kmeans_verdict *verdict, int v, vector squared, struct kmeans_threshold threshold)
{
    *(vector *)(verdict->squared + v * VECTOR_LANES) = squared;
    *(vector *)(verdict->threshold + v * VECTOR_LANES) = kmeans_threshold_at(squared, threshold);
}

/* `next` is where the next tile lies. */
static void judge_own(const struct kmeans_pass *pass, const element *tile, struct kmeans_verdict *verdict,
    const void *next, int64_t next_bytes)
{
    const int64_t k = pass->p->k, d = pass->p->d;
    for (int number = 0; number < PARTS; number++) {
        const element *part = tile + kmeans_part_at(d, number);
        const int first = number * PART;
        lane_integer label[PART] __attribute__((aligned(VECTOR_BYTES)));
        TYPED(kmeans_score_part)
        (part, pass->slab->packed, k, d, verdict->best + first, verdict->second + first, label,
            (const char *)next + number * (next_bytes / PARTS), next_bytes / PARTS);
        UNROLL for (int v = 0; v < PART_VECTORS; v++)
        {
            vector squared = *(const vector_unaligned *)(part + d * PART + v * VECTOR_LANES);
            set_thresholds(verdict, number * PART_VECTORS + v, squared, pass->threshold);
            *(label_vector_unaligned *)(verdict->label + first + v * VECTOR_LANES) =
                __builtin_convertvector(*(const vector_integer *)(label + v * VECTOR_LANES), label_vector);
        }
    }
}

/* Whether f32 leaves so few points open that it is the cheaper type. An open point costs its part of one more
 * product in f64, and truths as dear as some SETTLING_PRICE centroids; f64 for all points half a product. */
static bool is_settled(const struct kmeans_pass *pass, const struct kmeans_verdict *verdict)
{
    enum { SETTLING_PRICE = 64 };
    const int64_t k = pass->p->k, open = __builtin_popcountll(kmeans_open_points(verdict));
    return open * (k + SETTLING_PRICE) <= TILE / 2 * k;
}

static inline vector widen(const float *from)
{
    return __builtin_convertvector(*(const narrow_vector_unaligned *)from, vector);
}

static void judge_narrow(const struct kmeans_pass *pass, const float *tile, struct kmeans_verdict *verdict,
    const void *next, int64_t next_bytes)
{
    const int64_t k = pass->p->k, d = pass->p->d;
    float best[TILE] __attribute__((aligned(VECTOR_BYTES))),
        second[TILE] __attribute__((aligned(VECTOR_BYTES)));
    kmeans_score_part_f32(tile, pass->slab->narrow, k, d, best, second, verdict->label, next, next_bytes);
    UNROLL for (int v = 0; v < TILE_VECTORS; v++)
    {
        *(vector *)(verdict->best + v * VECTOR_LANES) = widen(best + v * VECTOR_LANES);
        *(vector *)(verdict->second + v * VECTOR_LANES) = widen(second + v * VECTOR_LANES);
        set_thresholds(verdict, v, widen(tile + d * TILE + v * VECTOR_LANES), pass->narrow_threshold);
    }
}

bool TYPED(kmeans_judge_kept)(const struct kmeans_pass *pass, const element *tile, enum kmeans_kept kept,
    struct kmeans_verdict *verdict)
{
    const int64_t elements = kmeans_tile_elements(pass->p->d);
    const int64_t next_bytes = elements * (int64_t)sizeof(element);
    const element *next = tile + elements;
    if (kept == KEPT_OWN)
        judge_own(pass, tile, verdict, next, next_bytes);
    else if (kept == KEPT_NARROW)
        judge_narrow(pass, (const float *)(const void *)tile, verdict, next, next_bytes / PARTS);
    return kept == KEPT_OWN || (kept == KEPT_NARROW && is_settled(pass, verdict));
}

enum kmeans_kept TYPED(kmeans_judge_rows)(const struct kmeans_pass *pass, const element *const row[TILE],
    element *tile, enum kmeans_kept before, struct kmeans_verdict *verdict, const void *next)
{
    const int64_t d = pass->p->d, next_bytes = next == NULL ? 0 : d * TILE * (int64_t)sizeof(element);
    const bool narrow = before != KEPT_NARROW && isfinite(pass->narrow_threshold.floor);
    element *own = narrow ? pass->slab->tile : tile;
    TYPED(kmeans_fill_tile)(row, d, pass->slab->centre, own);
    if (narrow) {
        TYPED(kmeans_narrow_tile)(own, d, (float *)(void *)tile);
        judge_narrow(pass, (const float *)(const void *)tile, verdict, next, next_bytes);
        if (is_settled(pass, verdict))
            return KEPT_NARROW;
        memcpy(tile, own, (size_t)kmeans_tile_elements(d) * sizeof *tile);
    }
    judge_own(pass, tile, verdict, next, next_bytes);
    return KEPT_OWN;
}
