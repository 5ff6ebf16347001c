/* The last rung: points whose nearest centroid cannot have changed are not looked at. After Hamerly, "Making
 * k-means even faster", SDM 2010, sec. 3, with his upper and lower bound made one: for each point a lower
 * bound of the gap between the distances to its second nearest and to its nearest centroid. Never another
 * label than the other rungs': a bound that rounding could have broken counts as broken.
 *
 * When centroids move by m(c), the gap of a point of cluster a shrinks by m(a) + max m(c), c ≠ a, at most.
 * Drifts of each cluster add up over the iterations; a point keeps the drift at which its gap is used up,
 * which is written when the point is looked at, and only read while it is not. Then "its label holds" is one
 * comparison: drift[a] < bound. Real distances, not squares.
 *
 * Rounding. With E the threshold of tile.h, squared distances are within E of 2·score + |ŷ|², which is more
 * than twice what the analysis there needs. Square roots, differences and the order of kmeans_dist64
 * (relative error (d+4)v of each distance, while both are at most twice as large as when the bound was made:
 * the drift is smaller than the gap) cost less than 4(d+6)u of the sum of the distances, which is taken off
 * the gap. Drifts are f64, rounded up by more than their error; comparisons are made with elements rounded
 * the safe way.
 *
 * Equal centroids share their points' distances, and the scores do not show it (kmeans_pack_centroids): while
 * there are any, no bounds are kept.
 *
 * Whether bounds pay is a question of counts, never of clocks: so every run of a problem does the same.
 */
#include "kernels/kmeans/pass.h"

#include <math.h>
#include <string.h>

/* Prices for one point, the unit being one multiplication of a full tile. Looking at it: k·(d + LABEL_PRICE).
 * Testing and keeping its bound: BOUND_PRICE. Fetching it alone: ROW_PRICE and COORDINATE_PRICE for each
 * coordinate. Measured with AVX-512; elsewhere arithmetic is dearer, which only makes bounds pay more. */
static const double LABEL_PRICE = 5, BOUND_PRICE = 180, ROW_PRICE = 640, COORDINATE_PRICE = 16;

/* What looking at a point costs. In f32 a point of f64 takes half of a multiplication, all else as before. */
static double price_look(const struct kmeans *p)
{
    return (double)p->k * ((double)p->d + LABEL_PRICE) * (kmeans_scores_are_narrow(p) ? 0.5 : 1);
}

/* Points to be looked at, waiting until they are a tile. */
struct survivors {
    int64_t count;
    int64_t point[TILE];
};

/* ---- drifts ---- */

static double measure_move(const struct kmeans *p, int64_t t, int64_t c)
{
    const double *now = p->centroids + (t * p->k + c) * p->d, *before = now - p->k * p->d;
    double squared = 0;
    for (int64_t j = 0; j < p->d; j++)
        squared += (now[j] - before[j]) * (now[j] - before[j]);
    return sqrt(squared) * (1 + (double)(p->d + 8) * 0x1p-52) + 0x1p-500; /* underflow of the squares */
}

/* What the centroids of iteration t have moved since those before, added to the clusters' drifts. */
static void add_drift(const struct kmeans *p, int64_t t, struct kmeans_slab *slab)
{
    double most = 0, next = 0;
    int64_t farthest = -1;
    for (int64_t c = 0; c < p->k && t > 0; c++) {
        double move = measure_move(p, t, c);
        slab->drift[c] += move;
        if (!(move <= most)) { /* so that NaN is the most */
            next = most;
            most = move;
            farthest = c;
        } else if (move > next) {
            next = move;
        }
    }
    for (int64_t c = 0; c < p->k; c++) {
        slab->drift[c] = t == 0 ? 0 : (slab->drift[c] + (c == farthest ? next : most)) * (1 + 0x1p-50);
        slab->allowance[c] = (element)(slab->drift[c] * (1 + 4 * ELEMENT_EPSILON));
    }
}

/* ---- bounds ---- */

/* The points of a tile whose bound does not hold. */
static uint64_t find_broken(const struct kmeans_slab *slab, const int32_t *labels, const element *bounds)
{
    uint64_t broken = 0;
    UNROLL for (int v = 0; v < TILE_VECTORS; v++)
    {
        label_vector label = *(const label_vector_unaligned *)(labels + v * VECTOR_LANES);
        vector bound = *(const vector_unaligned *)(bounds + v * VECTOR_LANES);
        vector drift = lanes_look_up(slab->allowance, __builtin_convertvector(label, vector_integer));
        broken |= lanes_bits(~(drift < bound)) << v * VECTOR_LANES; /* NaN is broken */
    }
    return broken;
}

/* New bounds of the points of a tile, from their scores; −1 where the scores have not settled the label. */
static void make_bounds(
    const struct kmeans_pass *pass, const struct kmeans_verdict *verdict, uint64_t open, element bounds[TILE])
{
    const element slack = (element)(4 * (double)(pass->p->d + 6) * ELEMENT_EPSILON);
    UNROLL for (int v = 0; v < TILE_VECTORS; v++)
    {
        vector best = *(const vector *)(verdict->best + v * VECTOR_LANES);
        vector second = *(const vector *)(verdict->second + v * VECTOR_LANES);
        label_vector label = *(const label_vector_unaligned *)(verdict->label + v * VECTOR_LANES);
        vector squared = *(const vector *)(verdict->squared + v * VECTOR_LANES);
        vector error = *(const vector *)(verdict->threshold + v * VECTOR_LANES);
        vector upper = lanes_sqrt(lanes_max((vector){0}, 2 * best + squared + error));
        vector lower = lanes_sqrt(lanes_max((vector){0}, 2 * second + squared - error));
        vector gap = lower - upper - slack * (lower + upper);
        vector drift = lanes_look_up(pass->slab->allowance, __builtin_convertvector(label, vector_integer)) *
                       (element)(1 - 8 * ELEMENT_EPSILON);
        *(vector_unaligned *)(bounds + v * VECTOR_LANES) = (drift + gap) * (element)(1 - 4 * ELEMENT_EPSILON);
    }
    for (; open != 0; open &= open - 1)
        bounds[__builtin_ctzll(open)] = -1;
}

/* ---- points ---- */

/* The waiting points as a tile of their own. */
static void label_survivors(struct kmeans_pass *pass, struct survivors *survivors)
{
    const struct kmeans *p = pass->p;
    struct kmeans_slab *slab = pass->slab;
    const element *row[TILE];
    struct kmeans_verdict verdict;
    element bounds[TILE] __attribute__((aligned(VECTOR_BYTES))), limit[TILE];
    for (int i = 0; i < TILE; i++)
        row[i] = p->points + survivors->point[i < survivors->count ? i : 0] * p->d;
    TYPED(kmeans_judge_rows)(pass, row, slab->survivors, KEPT_NOT, &verdict, NULL);
    uint64_t open = kmeans_open_points(&verdict);
    make_bounds(pass, &verdict, open, bounds);
    kmeans_find_limits(&verdict, limit);
    for (int64_t i = 0; i < survivors->count; i++) {
        int64_t point = survivors->point[i];
        int32_t *label = p->labels + pass->t * p->n + point;
        p->bounds[point] = bounds[i];
        *label = (int32_t)verdict.label[i];
        if (open >> i & 1)
            TYPED(kmeans_settle_later)(pass, point, limit[i]);
        else if (*label != label[-p->n])
            TYPED(kmeans_move_point)(pass, point);
    }
    survivors->count = 0;
}

/* Labels a whole tile as `fused` does; keeps bounds if they are wanted. */
static void label_whole_tile(struct kmeans_pass *pass, int64_t index, bool keep)
{
    const struct kmeans *p = pass->p;
    struct kmeans_verdict verdict;
    uint64_t open = TYPED(kmeans_label_tile)(pass, index, &verdict);
    if (!keep)
        return;
    make_bounds(pass, &verdict, open, p->bounds + index * TILE);
}

/* Looks only at the points of a tile whose bound is broken; at all of them where that is cheaper. */
static void label_tile(struct kmeans_pass *pass, int64_t index, struct survivors *survivors)
{
    const struct kmeans *p = pass->p;
    const int64_t first = index * TILE;
    int32_t *labels = p->labels + pass->t * p->n + first;
    uint64_t broken = ~(uint64_t)0 >> (64 - TILE);
    if (first + TILE <= p->n) /* the last tile, if it is not whole, is not worth code of its own */
        broken = find_broken(pass->slab, labels - p->n, p->bounds + first);
    const int count = __builtin_popcountll(broken);
    pass->slab->survived[pass->t % 2] += count;
    const double d = (double)p->d, work = price_look(p);
    if ((work + ROW_PRICE + COORDINATE_PRICE * d) * count >= work * TILE) {
        label_whole_tile(pass, index, true);
        return;
    }
    memcpy(labels, labels - p->n, TILE * sizeof *labels);
    for (; broken != 0; broken &= broken - 1) {
        survivors->point[survivors->count] = first + __builtin_ctzll(broken);
        kmeans_fetch_point(p, survivors->point[survivors->count]);
        if (++survivors->count == TILE)
            label_survivors(pass, survivors);
    }
}

/* ---- whether bounds pay ---- */

/* Whether this iteration keeps bounds. The share of points that will have to be looked at in the next one is
 * taken to be that of the iteration before; without bounds, to be six times the share that changed its
 * cluster. Once bounds have not paid, they are tried again when only half as many points move. */
static bool decide_keep(const struct kmeans *p, int64_t t, struct kmeans_slab *slab)
{
    if (t == 0) {
        slab->retry_below = p->n;
        return false;
    }
    int64_t moved = 0, survived = 0;
    for (int other = 0; other < team_size(); other++) {
        moved += p->slabs[other].moved[(t - 1) % 2];
        survived += p->slabs[other].survived[(t - 1) % 2];
    }
    const double work = price_look(p), n = (double)p->n;
    bool was_tested = survived > 0, pays;
    if (was_tested)
        pays = work * (1 - (double)survived / n) > BOUND_PRICE;
    else
        pays = slab->bounds_kept ||
               (moved < slab->retry_below && work * (1 - 6 * (double)moved / n) > 2 * BOUND_PRICE);
    if (was_tested && !pays)
        slab->retry_below = moved / 2;
    return pays;
}

static void assign(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    (void)begin, (void)end; /* points go by chunks here */
    struct kmeans_pass pass;
    struct kmeans_slab *slab = &p->slabs[rank];
    struct survivors survivors = {0};
    struct kmeans_chunk chunk = {0};
    TYPED(kmeans_begin_pass)(&pass, p, t, rank);
    add_drift(p, t, slab);
    bool test = t > 0 && slab->bounds_kept, keep = decide_keep(p, t, slab) && !pass.threshold.any_twin;
    slab->bounds_kept = keep;
    slab->survived[t % 2] = 0;
    while (TYPED(kmeans_next_chunk)(p, t, rank, &chunk))
        for (int64_t index = chunk.begin; index < chunk.end; index++) {
            if (test && keep)
                label_tile(&pass, index, &survivors);
            else
                label_whole_tile(&pass, index, keep);
        }
    if (survivors.count > 0)
        label_survivors(&pass, &survivors);
    TYPED(kmeans_end_pass)(&pass);
}

void TYPED(kmeans_run_bounded)(void *state, struct kernel_lane *lanes)
{
    TYPED(kmeans_release_chunks)(state);
    TYPED(kmeans_run_lloyd)(state, lanes, assign, TYPED(kmeans_merge_changes));
}
