/* How the product is cut: into tiles for the registers, blocks for the caches, and tasks for the team.
 *
 * Everything here follows from the shape and the cache sizes alone. Only kc and the splits decide in which
 * order an element of C is summed, so the result has the same bits at every team size.
 *
 * Refuses to look at elements, and at clocks: a size is a formula with measured limits. */
#ifndef ACELERA_MATMUL_BLOCKS_H
#define ACELERA_MATMUL_BLOCKS_H

#include "kernels/element.h"
#include "kernels/integers.h"
#include "kernels/kernel.h"
#include "kernels/lean.h"

/* How a shape is computed by the rung `packed`: by tiles of packed blocks (packed.c), where it is narrow as
 * narrow.h says, where its rows are few as few.h says, and where it is small as small.h says. */
enum matmul_path {
    MATMUL_PATH_TILES,
    MATMUL_PATH_DOTS,
    MATMUL_PATH_ROWS,
    MATMUL_PATH_FEW,
    MATMUL_PATH_SMALL
};

/* Something in parts whose sizes differ by one at most, the larger ones first. Divided once, since a tile may
 * be computed in the time of some divisions. */
struct matmul_parts {
    int64_t size, larger; /* of the smaller parts; how many are larger */
};

static inline struct matmul_parts matmul_parts_of(int64_t total, int64_t count)
{
    return (struct matmul_parts){total / count, total % count};
}

/* Where a part begins; of the part past the last one: the total. */
static inline int64_t matmul_part_begin(const struct matmul_parts *parts, int64_t part)
{
    return part * parts->size + least(part, parts->larger);
}

/* From how many slivers on a thread packs A for them; never, where B is packed beside the arithmetic. */
#if LEAN
enum { MATMUL_PACK_A_SLIVERS = 12 };
#else
enum { MATMUL_PACK_A_SLIVERS = INT32_MAX };
#endif

/* Goto & van de Geijn 2008, section 4, for a row-major C. On the other paths: dots has groups of columns for
 * slivers, rows has strips of columns; neither has a block of tiles or slivers. Small has panels of columns
 * for slivers, as many in a block as stay in L1; few has panels, as many in a unit at most as their sums have
 * room. */
struct matmul_blocks {
    enum matmul_path path;
    int64_t row_tiles; /* C's rows in as few tiles as there can be, their heights differing by one at most */
    int vectors;       /* width of the first slivers of B; the others may be narrower by one */
    int64_t slivers;
    struct matmul_parts tile_rows, sliver_vectors; /* C's rows in tiles, its vectors in slivers */
    int64_t kc;          /* depth of a block: A and a sliver of B stream from L2, C is touched seldom */
    int64_t block_tiles; /* most tiles of rows in a block: its A, kc deep, takes half of L2, packed a third */
    int64_t task_tiles;  /* most tiles in a task, whole blocks: they share a packed panel of B */
    int64_t block_slivers; /* most slivers in a task: A stays in L2 while they pass by; a panel fits in L3 */
    int64_t splits;      /* parts of the depth that are summed apart, where C has too few tiles for a team */
    int64_t split_depth; /* whole kc but for the last */
    int64_t band_tiles;  /* tiles of rows in a band, the least height of a task */
    int64_t bands;
    bool shallow;            /* so little depth that a thread packs all of B that a task reads */
    bool asks_a;             /* small, dots: A is asked for ahead, tile after tile */
    bool a_comes;            /* dots: the fetch units bring A without being asked */
    bool asks_c;             /* small: C is asked for ahead */
    bool streams_c;          /* small: C is written past the caches instead */
    bool ends_half;          /* small: of the last sliver's last vector only half is computed */
    bool asks_b;             /* small: the first tile of a unit asks for B ahead along its rows */
    int64_t packed_slivers;  /* that a thread has room for */
    int64_t packed_rows;     /* of A, kc deep; 0: A is read where it lies */
    int64_t shared_elements; /* of one packed copy for all of the team: B by columns, for dots */
};

/* path.c: which way is the fastest for a shape, where L2 has so many bytes. Of those but dots: path_lean.c,
 * or path_general.c. */
enum matmul_path TYPED(matmul_choose_path)(int64_t m, int64_t n, int64_t k, int64_t l2);
enum matmul_path TYPED(matmul_choose_tiles)(int64_t m, int64_t n, int64_t k, int64_t l2);

/* Products that are read in place (small.h): does a tile ask for B ahead? The depth of a part. */
bool TYPED(matmul_small_asks_b)(int64_t m, int64_t n, int64_t k, int64_t l2);
int64_t TYPED(matmul_small_split_depth)(int64_t m, int64_t n, int64_t k);

/* Rows a power of two apart share the sets of a cache: how many bytes lie between the sets that they use. */
static inline int64_t matmul_spread_of_rows(int64_t n)
{
    const int64_t stride = n * (int64_t)sizeof(element);
    return stride & -stride;
}

/* Of how many rows of B can L2 hold the same columns? At the worst, one set has them all, in as many WAYS as
 * most machines have. */
static inline int64_t matmul_rows_that_fit(int64_t n, int64_t l2)
{
    enum { WAYS = 16 };
    return greatest(l2 / matmul_spread_of_rows(n), WAYS);
}

/* Elements in so many sizes of L2. */
static inline int64_t matmul_sizes_of_l2(int64_t times, int64_t l2)
{
    return l2 / (int64_t)sizeof(element) * times;
}

/* Is all of B in L2, and some of it left? */
static inline bool matmul_b_is_near(int64_t n, int64_t k, int64_t l2)
{
    return k * n <= matmul_sizes_of_l2(1, l2) / 4 * 3;
}

/* Is A too large to be found where the run before left it? */
static inline bool matmul_a_is_far(int64_t m, int64_t k, int64_t l2)
{
    return m * k > matmul_sizes_of_l2(2, l2);
}

/* How far ahead tiles of so many whole rows ask for A: whole tiles, and what memory needs to answer. */
static inline int64_t matmul_ahead_of_tile(int64_t rows, int64_t k)
{
    enum { LEAST_BYTES = 4096 };
    const int64_t tile = rows * k;
    return tile * divide_up(LEAST_BYTES / (int64_t)sizeof(element), tile);
}

/* Is C so large that the fetch units, left alone, bring it too late to be written? Measured. */
static inline bool matmul_c_is_far(int64_t m, int64_t n, int64_t l2)
{
    return m * n > matmul_sizes_of_l2(16, l2);
}

/* Is a far C better written past the caches? Where it is so large that none of it is still in the last one (0
 * bytes: unknown) when the product is run again, its rows are whole registers that can be aligned, and short
 * enough beside their number that few are written at a time. Measured: from 70 MB on 1.2 to 1.4 times as
 * fast, with more depth than 24 1.1 to .8 times; of 20 to 60 MB .6 to 1.3 times, as the host's other guests
 * leave room; rows of one register, or 8 to 16 long ones, are slower. */
static inline bool matmul_c_streams(int64_t m, int64_t n, int64_t k, int64_t l2, int64_t l3)
{
    enum { DEEPEST = 24, ROWS_LEAST = 64, VECTORS_LEAST = 2, SIZES_OF_L3 = 2, UNKNOWN_BYTES = 64 << 20 };
    const int64_t most = (l3 > 0 ? SIZES_OF_L3 * l3 : UNKNOWN_BYTES) / (int64_t)sizeof(element);
    return matmul_c_is_far(m, n, l2) && m * n > most && k <= DEEPEST && n % VECTOR_LANES == 0 &&
           n >= VECTORS_LEAST * VECTOR_LANES && m >= ROWS_LEAST;
}

struct matmul_blocks TYPED(matmul_choose_blocks)(const struct kernel_config *config);

#endif
