/* What `fused` and `bounded` do with one tile, and how tiles are given out. No bounds, no iterations. */
#include "kernels/kmeans/pass.h"

#include <math.h>
#include <string.h>

void TYPED(kmeans_begin_pass)(struct kmeans_pass *pass, struct kmeans *p, int64_t t, int rank)
{
    struct kmeans_slab *slab = &p->slabs[rank];
    if (t == 0)
        TYPED(kmeans_find_centre)(p, slab->centre);
    TYPED(kmeans_clear_sums)(p, rank);
    pass->p = p;
    pass->slab = slab;
    pass->t = t;
    pass->centroids = p->centroids + t * p->k * p->d;
    pass->threshold = TYPED(kmeans_pack_centroids)(p, t, slab->centre, slab->packed,
        kmeans_scores_are_narrow(p) ? slab->narrow : NULL, &pass->narrow_threshold);
    pass->pending[0].look = pass->pending[1].look = 0;
    pass->tiles = 0;
    pass->batch.count = 0;
    memset(pass->batch.limit, 0, sizeof pass->batch.limit);
    slab->moved[t % 2] = 0;
}

/* Scores the tile as it is kept, or makes it first. Lanes past the last point repeat it. */
static void judge_tile(const struct kmeans_pass *pass, int64_t index, struct kmeans_verdict *verdict)
{
    const struct kmeans *p = pass->p;
    const int64_t first = index * TILE;
    element *tile = p->tiles + index * kmeans_tile_elements(p->d);
    const element *row[TILE];
    enum kmeans_kept kept = pass->t == 0 ? KEPT_NOT : (enum kmeans_kept)p->tile_kept[index];
    if (TYPED(kmeans_judge_kept)(pass, tile, kept, verdict))
        return;
    for (int64_t i = 0; i < TILE; i++)
        row[i] = p->points + (first + i < p->n ? first + i : p->n - 1) * p->d;
    p->tile_kept[index] = (unsigned char)TYPED(kmeans_judge_rows)(
        pass, row, tile, kept, verdict, p->points + (first + TILE) * p->d);
}

/* Stores the verdict's labels; returns the points that had others. */
static inline uint64_t store_labels(const struct kmeans_verdict *verdict, const int32_t *old, int32_t *labels)
{
    uint64_t changed = 0;
    UNROLL for (int v = 0; v < TILE_VECTORS; v++)
    {
        label_vector label = *(const label_vector_unaligned *)(verdict->label + v * VECTOR_LANES);
        label_vector before = *(const label_vector_unaligned *)(old + v * VECTOR_LANES);
        changed |= lanes_bits(__builtin_convertvector(label != before, vector_integer)) << v * VECTOR_LANES;
        *(label_vector_unaligned *)(labels + v * VECTOR_LANES) = label;
    }
    return changed;
}

static void move_if_changed(const struct kmeans_pass *pass, int64_t i)
{
    const struct kmeans *p = pass->p;
    const int32_t *label = p->labels + pass->t * p->n + i;
    if (pass->t == 0 || *label != label[-p->n])
        TYPED(kmeans_move_point)(pass, i);
}

/* The truth for all open points of the batch, among the centroids that rounding could have put in their
 * order: one more product finds these. */
static void settle_batch(struct kmeans_pass *pass)
{
    const struct kmeans *p = pass->p;
    const struct kmeans_slab *slab = pass->slab;
    struct kmeans_batch *batch = &pass->batch;
    const element *row[TILE];
    double best[TILE];
    int32_t label[TILE] = {0};
    for (int i = 0; i < TILE; i++) {
        row[i] = p->points + batch->point[i < batch->count ? i : 0] * p->d;
        best[i] = INFINITY;
    }
    TYPED(kmeans_fill_tile)(row, p->d, slab->centre, slab->tile);
    TYPED(kmeans_find_candidates)(slab->tile, slab->packed, p->k, p->d, batch->limit, slab->candidates);
    const uint64_t all = ~(uint64_t)0 >> (64 - batch->count);
    for (int64_t c = 0; c < p->k; c++)
        for (uint64_t left = slab->candidates[c] & all; left != 0; left &= left - 1) {
            int i = __builtin_ctzll(left);
            double distance = TYPED(kmeans_dist64)(row[i], pass->centroids + c * p->d, p->d);
            if (distance < best[i]) {
                best[i] = distance;
                label[i] = (int32_t)c;
            }
        }
    for (int64_t i = 0; i < batch->count; i++) {
        p->labels[pass->t * p->n + batch->point[i]] = label[i];
        move_if_changed(pass, batch->point[i]);
    }
    batch->count = 0;
}

void TYPED(kmeans_settle_later)(struct kmeans_pass *pass, int64_t i, element limit)
{
    struct kmeans_batch *batch = &pass->batch;
    batch->point[batch->count] = i;
    batch->limit[batch->count++] = limit;
    if (batch->count == TILE)
        settle_batch(pass);
}

static void settle_pending(struct kmeans_pass *pass, const struct kmeans_pending *pending)
{
    for (uint64_t look = pending->look; look != 0; look &= look - 1) {
        int i = __builtin_ctzll(look);
        if (pending->open >> i & 1)
            TYPED(kmeans_settle_later)(pass, pending->first + i, pending->limit[i]);
        else
            TYPED(kmeans_move_point)(pass, pending->first + i);
    }
}

void TYPED(kmeans_end_pass)(struct kmeans_pass *pass)
{
    settle_pending(pass, &pass->pending[0]);
    settle_pending(pass, &pass->pending[1]);
    if (pass->batch.count > 0)
        settle_batch(pass);
}

/* What is to be done with single points is put off by two tiles. After the first their coordinates are sent
 * for: they are far apart, and waiting for each would cost more than all of its arithmetic. And which points
 * they are has been known for a tile's time by then, so a wrong guess of the processor is found out at once,
 * while it still has multiplications to go on with. */
static void settle_older(struct kmeans_pass *pass)
{
    const struct kmeans_pending *newer = &pass->pending[1 - pass->tiles % 2];
    settle_pending(pass, &pass->pending[pass->tiles % 2]);
    for (uint64_t left = pass->t == 0 ? 0 : newer->look; left != 0; left &= left - 1)
        kmeans_fetch_point(pass->p, newer->first + __builtin_ctzll(left));
}

uint64_t TYPED(kmeans_label_tile)(struct kmeans_pass *pass, int64_t index, struct kmeans_verdict *verdict)
{
    const struct kmeans *p = pass->p;
    int64_t first = index * TILE, count = p->n - first < TILE ? p->n - first : TILE;
    int32_t *labels = p->labels + pass->t * p->n + first;
    int32_t edge_old[TILE] = {0}, edge[TILE]; /* the last tile may reach past the end of the trail */
    bool whole = count == TILE, is_first = pass->t == 0;
    if (!is_first && !whole)
        memcpy(edge_old, labels - p->n, (size_t)count * sizeof *labels);
    judge_tile(pass, index, verdict);

    settle_older(pass);

    const uint64_t all = whole ? ~(uint64_t)0 >> (64 - TILE) : ((uint64_t)1 << count) - 1;
    struct kmeans_pending *pending = &pass->pending[pass->tiles++ % 2];
    pending->first = first;
    pending->open = all & kmeans_open_points(verdict);
    kmeans_find_limits(verdict, pending->limit);
    uint64_t changed =
        store_labels(verdict, whole && !is_first ? labels - p->n : edge_old, whole ? labels : edge);
    if (!whole)
        memcpy(labels, edge, (size_t)count * sizeof *labels);
    pending->look = is_first ? all : (pending->open | changed) & all;
    return pending->open;
}

/* ---- chunks ---- */

double TYPED(kmeans_all_tiles_bytes)(double n, double d)
{
    return (n + TILE) * (d + 1) * (double)sizeof(element);
}

double TYPED(kmeans_all_kept_bytes)(double n)
{
    return n / TILE + 1;
}

void TYPED(kmeans_touch_tiles)(struct kmeans *p, int rank)
{
    int64_t begin, end, elements = kmeans_tile_elements(p->d);
    team_share(kmeans_tiles_of(p->n), rank, team_size(), &begin, &end);
    memset(p->tiles + begin * elements, 0, (size_t)((end - begin) * elements) * sizeof *p->tiles);
    memset(p->tile_kept + begin, KEPT_NOT, (size_t)(end - begin));
    team_share(p->k, rank, team_size(), &begin, &end);
    memset(p->totals + begin * p->d, 0, (size_t)((end - begin) * p->d) * sizeof *p->totals);
}

/* Multiplications in a chunk: some ten to a hundred microseconds, many chunks for each thread. */
static const double CHUNK_WORK = 1 << 21;

static int64_t tiles_of_chunk(const struct kmeans *p)
{
    double tiles = CHUNK_WORK / ((double)(p->k + 8) * (double)p->d * TILE);
    return tiles < 1 ? 1 : tiles > 64 ? 64 : (int64_t)tiles;
}

void TYPED(kmeans_release_chunks)(struct kmeans *p)
{
    for (int rank = 0; rank < p->threads; rank++)
        p->slabs[rank].taken = 0;
}

/* In every iteration the team asks each owner for all chunks, and each thread once more: so the counters say
 * where the next iteration begins, and nobody has to reset them between two barriers. */
bool TYPED(kmeans_next_chunk)(struct kmeans *p, int64_t t, int rank, struct kmeans_chunk *chunk)
{
    const int64_t size = tiles_of_chunk(p);
    for (int team = team_size(); chunk->visited < team; chunk->visited++) {
        int owner = (rank + chunk->visited) % team;
        int64_t begin, end;
        team_share(kmeans_tiles_of(p->n), owner, team, &begin, &end);
        int64_t chunks = (end - begin + size - 1) / size;
        int64_t taken = __atomic_fetch_add(&p->slabs[owner].taken, 1, __ATOMIC_RELAXED);
        int64_t mine = taken - t * (chunks + team);
        if (mine < chunks) {
            chunk->begin = begin + mine * size;
            chunk->end = chunk->begin + size < end ? chunk->begin + size : end;
            return true;
        }
    }
    return false;
}
