/* A point that changes its cluster, into one sum and out of another: exact on the grid of kmeans.h, so that
 * it does not matter when. Refuses to know why it changes. */
#include "kernels/kmeans/pass.h"
#include "kernels/widen.h"

/* A point's coordinates, and the sums of its new and of its old cluster; NULL: it had none. */
struct move {
    const element *x;
    double *to, *from;
    int64_t d;
    const double *anchor; /* d */
};

/* Coordinates from j on, as many at a time as VECTOR holds; returns the first that is left. */
#define MOVE(NAME, VECTOR, WIDEN)                                                                            \
    static inline __attribute__((always_inline)) int64_t NAME(const struct move *move, int64_t j)            \
    {                                                                                                        \
        enum { LANES = sizeof(VECTOR) / sizeof(double) };                                                    \
        for (; j + LANES <= move->d; j += LANES) {                                                           \
            const VECTOR anchor = *(const VECTOR##_unaligned *)(move->anchor + j);                           \
            const VECTOR rounded = (WIDEN(move->x + j) + anchor) - anchor;                                   \
            *(VECTOR##_unaligned *)(move->to + j) += rounded;                                                \
            if (move->from != NULL)                                                                          \
                *(VECTOR##_unaligned *)(move->from + j) -= rounded;                                          \
        }                                                                                                    \
        return j;                                                                                            \
    }

/* The same narrower, for what is left of the coordinates: a loop over a few single ones takes longer than all
 * of their additions. */
#define MOVE_PART(NAME, LANES)                                                                               \
    typedef double NAME##_sums __attribute__((vector_size(8 * (LANES))));                                    \
    typedef double NAME##_sums_unaligned __attribute__((vector_size(8 * (LANES)), aligned(8), may_alias));   \
    typedef element NAME##_part                                                                              \
        __attribute__((vector_size((LANES) * sizeof(element)), aligned(sizeof(element)), may_alias));        \
    static inline NAME##_sums NAME##_widen(const element *x)                                                 \
    {                                                                                                        \
        return __builtin_convertvector(*(const NAME##_part *)x, NAME##_sums);                                \
    }                                                                                                        \
    MOVE(NAME, NAME##_sums, NAME##_widen)

MOVE(move_wide, wide, wide_load)
#if VECTOR_BYTES > 32
MOVE_PART(move_four, 4)
#endif
#if VECTOR_BYTES > 16
MOVE_PART(move_two, 2)
#endif

static inline __attribute__((always_inline)) void move_all(const struct move *move)
{
    int64_t j = move_wide(move, 0);
#if VECTOR_BYTES > 32
    j = move_four(move, j);
#endif
#if VECTOR_BYTES > 16
    j = move_two(move, j);
#endif
    if (j < move->d) {
        const double rounded = kmeans_round((double)move->x[j], move->anchor[j]);
        move->to[j] += rounded;
        if (move->from != NULL)
            move->from[j] -= rounded;
    }
}

void TYPED(kmeans_move_point)(const struct kmeans_pass *pass, int64_t i)
{
    const struct kmeans *p = pass->p;
    struct kmeans_slab *slab = pass->slab;
    const int32_t *label = p->labels + pass->t * p->n + i;
    struct move move = {
        .x = p->points + i * p->d, .to = slab->sums + *label * p->d, .d = p->d, .anchor = slab->anchor};
    slab->counts[*label]++;
    slab->moved[pass->t % 2]++;
    if (pass->t == 0) {
        move_all(&move);
        return;
    }
    const int32_t old = label[-p->n];
    slab->counts[old]--;
    move.from = slab->sums + old * p->d;
    move_all(&move);
}
