/* One thread's pass over the points of an iteration, tile by tile, as the variants `fused` and `bounded`
 * share it. The tiles are made in the first iteration and kept: later ones read nothing else of a point
 * unless its label changes or is open. Sums follow by difference, exact on the grid of kmeans.h: only a point
 * that changes its cluster is subtracted from one sum and added to another. */
#ifndef ACELERA_KMEANS_PASS_H
#define ACELERA_KMEANS_PASS_H

#include "kernels/kmeans/tile.h"

/* Points of a tile that are to be looked at again, because rounding left them open, or because they change
 * their cluster. Put off by two tiles: their coordinates are on the way meanwhile. */
struct kmeans_pending {
    int64_t first;       /* the tile's first point */
    uint64_t look, open; /* one bit for each point; `open` is part of `look` */
    element limit[TILE] __attribute__((aligned(VECTOR_BYTES))); /* scores above it are out of the question */
};

/* Open points, waiting until they are a tile. */
struct kmeans_batch {
    int64_t count;
    int64_t point[TILE];
    element limit[TILE] __attribute__((aligned(VECTOR_BYTES)));
};

struct kmeans_pass {
    struct kmeans *p;
    struct kmeans_slab *slab;
    int64_t t;
    const double *centroids;                             /* k×d, of this iteration */
    struct kmeans_threshold threshold, narrow_threshold; /* of scores in the element's type; in f32 */
    struct kmeans_pending pending[2];                    /* of the last two tiles */
    int64_t tiles;                                       /* labelled in this pass */
    struct kmeans_batch batch;
};

/* Packs the centroids of iteration t and clears the slab's sums; and labels what is still open. */
void TYPED(kmeans_begin_pass)(struct kmeans_pass *pass, struct kmeans *p, int64_t t, int rank);
void TYPED(kmeans_end_pass)(struct kmeans_pass *pass);

/* judge.c: how a tile is kept between iterations. */
enum kmeans_kept { KEPT_NOT, KEPT_OWN, KEPT_NARROW };

/* The verdict on a tile that is kept; false if it is not, or in f32 and that leaves too much open: then
 * kmeans_judge_rows() has to follow. */
bool TYPED(kmeans_judge_kept)(const struct kmeans_pass *pass, const element *tile, enum kmeans_kept kept,
    struct kmeans_verdict *verdict);
/* The same on points anywhere, which are put into `tile`, not the slab's; returns how. `next`: what will be
 * looked at next, NULL if that is not known. */
enum kmeans_kept TYPED(kmeans_judge_rows)(const struct kmeans_pass *pass, const element *const row[TILE],
    element *tile, enum kmeans_kept before, struct kmeans_verdict *verdict, const void *next);

/* Labels the points of tile `index`; leaves their scores in *verdict. Returns the points that rounding left
 * open, whose labels follow before the pass ends. */
uint64_t TYPED(kmeans_label_tile)(struct kmeans_pass *pass, int64_t index, struct kmeans_verdict *verdict);

/* A point that rounding left open: labels it before the pass ends. Scores above the limit are no candidates.
 */
void TYPED(kmeans_settle_later)(struct kmeans_pass *pass, int64_t i, element limit);

/* move.c: point i, whose new label stands in the trail, into its cluster's sum and out of the one it leaves.
 */
void TYPED(kmeans_move_point)(const struct kmeans_pass *pass, int64_t i);

/* Sends for the coordinates of point i. */
static inline void kmeans_fetch_point(const struct kmeans *p, int64_t i)
{
    enum { LINES = 4 }; /* the processor sees by itself how longer rows go on */
    const int64_t bytes = p->d * (int64_t)sizeof(element);
    const char *row = (const char *)(p->points + i * p->d);
    for (int64_t at = 0; at < bytes && at < LINES * 64; at += 64)
        __builtin_prefetch(row + at);
    __builtin_prefetch(row + bytes - 1);
}

/* ---- who does what: tiles in chunks, each thread its own first, then what others have not begun ---- */

struct kmeans_chunk {
    int64_t begin, end; /* tiles */
    int visited;        /* threads whose chunks are all taken, in turn from this one's own */
};

/* The next chunk for thread `rank`; false where all are taken. Begin an iteration with a chunk of zeros. The
 * sums are exact in any order, so it does not show who took what; and where another process takes a processor
 * for a while, the rest of the team does not wait for more than a chunk. */
bool TYPED(kmeans_next_chunk)(struct kmeans *p, int64_t t, int rank, struct kmeans_chunk *chunk);

/* Before the team starts: no chunk is taken. */
void TYPED(kmeans_release_chunks)(struct kmeans *p);

static inline int64_t kmeans_tiles_of(int64_t n)
{
    return (n + TILE - 1) / TILE;
}

#endif
