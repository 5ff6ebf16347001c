/* The hot loop of k-means: a part of a tile of points against all centroids, best and second best kept as the
 * scores come, no n×k buffer; and its second form, for the few points that this leaves open. Nothing else, so
 * that what the compiler made of it can be read and tested. */
#include "kernels/kmeans/tile.h"
#include "kernels/lean.h"

#include <math.h>

/* Coordinates in a turn of the loop. */
#if LEAN
enum { STEPS = 8 };
_Static_assert(PART_VECTORS == 3, "as lean_add_broadcast() has them");
#else
enum { STEPS = 1 };
#endif

/* What one coordinate, `step` after the one where the pointers are, adds to the scores. */
static inline __attribute__((always_inline)) void score_step(
    const element *part, const element *packed, const int step, vector score[PART_VECTORS][TILE_CENTROIDS])
{
    vector y[PART_VECTORS];
    UNROLL for (int v = 0; v < PART_VECTORS; v++) y[v] =
        *(const vector_unaligned *)(part + step * PART + v * VECTOR_LANES);
    UNROLL for (int i = 0; i < TILE_CENTROIDS; i++)
    {
#if LEAN
        const int at = (step * TILE_CENTROIDS + i) * (int)sizeof(element);
        lean_add_broadcast(&score[0][i], &score[1][i], &score[2][i], y, packed, 0, 0, at);
#else
        const element e = packed[step * TILE_CENTROIDS + i];
        UNROLL for (int v = 0; v < PART_VECTORS; v++) score[v][i] += y[v] * (e - (vector){0});
#endif
    }
}

/* The scores of one part of a tile and one block of centroids: d · PART_VECTORS · TILE_CENTROIDS FMAs on
 * vectors. */
static inline __attribute__((always_inline)) void score_block(const element *restrict part,
    const element *restrict packed, int64_t d, vector score[PART_VECTORS][TILE_CENTROIDS])
{
    UNROLL for (int v = 0; v < PART_VECTORS; v++) UNROLL for (int i = 0; i < TILE_CENTROIDS; i++)
        score[v][i] = packed[i] - (vector){0};
    packed += TILE_CENTROIDS;
    for (; d >= STEPS; d -= STEPS) {
        UNROLL for (int step = 0; step < STEPS; step++) score_step(part, packed, step, score);
        packed += STEPS * TILE_CENTROIDS;
        part += STEPS * PART;
    }
    for (; STEPS > 1 && d > 0; d--) {
        score_step(part, packed, 0, score);
        packed += TILE_CENTROIDS;
        part += PART;
    }
}

/* Best and second best so far: five cheap operations for each score, which run beside the next block's FMAs
 * where the processor has other pipes for them. */
static inline __attribute__((always_inline)) void judge_block(const element *restrict part,
    const element *restrict packed, int64_t d, int64_t c, element *best, element *second, lane_integer *label)
{
    vector score[PART_VECTORS][TILE_CENTROIDS];
    score_block(part, packed, d, score);
    vector_integer first = (vector_integer){0} + (lane_integer)c;
    IN_REGISTER(first); /* else each label is made of a number by three instructions */
    UNROLL for (int v = 0; v < PART_VECTORS; v++)
    {
        vector_unaligned *to_best = (vector_unaligned *)(best + v * VECTOR_LANES);
        vector_unaligned *to_second = (vector_unaligned *)(second + v * VECTOR_LANES);
        vector_integer_unaligned *to_label = (vector_integer_unaligned *)(label + v * VECTOR_LANES);
        vector b = *to_best, s = *to_second;
        vector_integer l = *to_label;
        UNROLL for (int i = 0; i < TILE_CENTROIDS; i++)
        {
            s = lanes_min(s, lanes_max(b, score[v][i]));
            l = lanes_if_less(score[v][i], b, first + ((vector_integer){0} + i), l);
            b = lanes_min(score[v][i], b);
        }
        *to_best = b;
        *to_second = s;
        *to_label = l;
    }
}

/* Lines of 64 bytes from `next` on into the second cache: it has the time of a whole tile, while the
 * processor by itself would look ahead no further than this tile's last coordinate. */
static inline void fetch_lines(const char *next, int64_t lines)
{
    for (int64_t line = 0; line < lines; line++)
        __builtin_prefetch(next + 64 * line, 0, 2);
}

void TYPED(kmeans_score_part)(const element *part, const element *packed, int64_t k, int64_t d, element *best,
    element *second, lane_integer *label, const void *next, int64_t next_bytes)
{
    const int64_t share = next_bytes / ((k + TILE_CENTROIDS - 1) / TILE_CENTROIDS);
    const char *fetched = next;
    for (int i = 0; i < PART; i++) {
        best[i] = second[i] = INFINITY;
        label[i] = 0;
    }
    for (int64_t c = 0; c < k; c += TILE_CENTROIDS) {
        fetch_lines(fetched, share / 64 + 1);
        fetched += share;
        judge_block(part, packed + c * (d + 1), d, c, best, second, label);
        __asm__("" ::: "memory"); /* the scores are in memory: registers are the next block's */
    }
}

/* The same scores once more, against a limit: which of them are not above it. */
static void compare_block(const element *restrict part, const element *restrict packed, int64_t d,
    const element limit[PART], int shift, uint64_t candidates[TILE_CENTROIDS])
{
    vector score[PART_VECTORS][TILE_CENTROIDS];
    score_block(part, packed, d, score);
    UNROLL for (int i = 0; i < TILE_CENTROIDS; i++)
    {
        uint64_t found = 0;
        UNROLL for (int v = 0; v < PART_VECTORS; v++)
        {
            vector_integer above = score[v][i] > *(const vector_unaligned *)(limit + v * VECTOR_LANES);
            found |= lanes_bits(~above) << v * VECTOR_LANES;
        }
        candidates[i] |= found << shift;
    }
}

void TYPED(kmeans_find_candidates)(const element *tile, const element *packed, int64_t k, int64_t d,
    const element limit[TILE], uint64_t *candidates)
{
    for (int64_t c = 0; c < k + TILE_CENTROIDS; c++)
        candidates[c] = 0;
    for (int part = 0; part < PARTS; part++)
        for (int64_t c = 0; c < k; c += TILE_CENTROIDS)
            compare_block(tile + kmeans_part_at(d, part), packed + c * (d + 1), d, limit + part * PART,
                part * PART, candidates + c);
}
