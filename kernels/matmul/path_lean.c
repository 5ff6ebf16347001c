/* The way through a product where loops must be lean (kernels/lean.h): a B in L2 is read in place; a farther
 * one too, by few rows in panels that are asked for, or packed for many. Rows that share sets of the caches
 * are in each other's way wherever they are not packed. Each limit is a size that most shapes on one side of
 * it agree with: of 1700 shapes measured on a Zen 3 the way that is chosen is .98 of the best one. */
#include "kernels/lean.h"

#if LEAN

#    include "kernels/matmul/blocks.h"
#    include "kernels/matmul/narrow.h"
#    include "kernels/matmul/small.h"

/* Rows: the least vectors of columns, and the least depth. */
enum { ROWS_LEAST_VECTORS = 16, ROWS_LEAST_DEPTH = 64 };

/* The least B, in sizes of L2, that so few rows ask for. */
static int64_t one_tile_asks(int64_t m)
{
    return m <= SMALL_ROWS / 2 ? 16 : 12;
}

/* With little depth a panel is over before the next one has come from afar. One tile of rows asks for it; of
 * more the first does, where C is far too, or there are two. */
bool TYPED(matmul_small_asks_b)(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum {
        DEEPEST_ONE = ELEMENT_BITS == 32 ? 48 : 24,
        DEEPEST = ELEMENT_BITS == 32 ? 64 : 32,
        DEEPEST_MANY = 64
    };
    const bool far = m * n > matmul_sizes_of_l2(1, l2);
    if (m <= SMALL_ROWS)
        return k <= DEEPEST_ONE && k * n > matmul_sizes_of_l2(one_tile_asks(m), l2);
    if (matmul_b_is_near(n, k, l2))
        return false;
    if (k <= DEEPEST)
        return far || m <= 2 * SMALL_ROWS;
    return far && k <= DEEPEST_MANY && m > 4 * SMALL_ROWS;
}

/* Does a single row, or do some of a B that memory itself must bring, want to read it in long runs? */
static bool rows_pay(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { FAR = 8, VERY_FAR = 30, LONG_BYTES = 8192 };
    if (n < ROWS_LEAST_VECTORS * VECTOR_LANES || k <= ROWS_LEAST_DEPTH)
        return false;
    if (m <= 2)
        return !matmul_b_is_near(n, k, l2);
    if (m == 3 && n * (int64_t)sizeof(element) >= LONG_BYTES)
        return k * n > matmul_sizes_of_l2(FAR, l2);
    return m <= ROWS_MOST && k * n > matmul_sizes_of_l2(VERY_FAR, l2);
}

/* Rows that are 4096 bytes or a multiple apart use few sets: only one tile, or a B in L2, is left in place.
 */
static enum matmul_path choose_shared(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { NEAR_MOST_ROWS = 18, FAR = 8 };
    if (m <= NEAR_MOST_ROWS && k * n <= matmul_sizes_of_l2(1, l2))
        return MATMUL_PATH_SMALL;
    if (m > SMALL_ROWS)
        return MATMUL_PATH_TILES;
    return k * n > matmul_sizes_of_l2(FAR, l2) ? MATMUL_PATH_FEW : MATMUL_PATH_SMALL;
}

/* Is a B in L2 read so often that it is better packed? Not a narrow one, whose panels L1 holds. */
static bool near_is_packed(int64_t m, int64_t n, int64_t k)
{
    enum { ROWS = 160, DEPTH = ELEMENT_BITS == 32 ? 256 : 128 };
    enum { ROWS_MANY = ELEMENT_BITS == 32 ? 250 : 200, DEPTH_MANY = ELEMENT_BITS == 32 ? 96 : 60 };
    enum { NARROW_VECTORS = 5 };
    return n > NARROW_VECTORS * VECTOR_LANES &&
           ((m >= ROWS && k >= DEPTH) || (m >= ROWS_MANY && k >= DEPTH_MANY));
}

/* Do rows of B that a page has some of, or that share some sets, come fast enough by themselves? */
static bool far_comes_by_itself(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { SHORT_BYTES = 1024, ONE_OR_TWO_TILES = 2 * SMALL_ROWS, ROWS = 60 };
    if (matmul_spread_of_rows(n) >= 2048)
        return m <= 4 * SMALL_ROWS ? k * n <= matmul_sizes_of_l2(6, l2)
                                   : m <= 8 * SMALL_ROWS && k * n <= matmul_sizes_of_l2(3, l2);
    return n * (int64_t)sizeof(element) <= SHORT_BYTES && k * n <= matmul_sizes_of_l2(2, l2) &&
           (m <= ONE_OR_TWO_TILES || (n % VECTOR_LANES == 0 && m <= ROWS));
}

enum matmul_path TYPED(matmul_choose_tiles)(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { WRITES = 24, WRITES_FAR = 40, SHARED = 4096 };
    enum { FEW_ROWS_NEARER = 48, FEW_ROWS_MOST = 96, FEW_ROWS_SHARED = 24 };
    const bool near = k * n <= matmul_sizes_of_l2(1, l2), shared = matmul_spread_of_rows(n) >= SHARED;
    if (rows_pay(m, n, k, l2))
        return MATMUL_PATH_ROWS;
    /* Writing C is the work. */
    if (k <= (near || shared ? WRITES : WRITES_FAR))
        return MATMUL_PATH_SMALL;
    if (shared)
        return choose_shared(m, n, k, l2);
    if (near)
        return near_is_packed(m, n, k) ? MATMUL_PATH_TILES : MATMUL_PATH_SMALL;
    if (far_comes_by_itself(m, n, k, l2))
        return MATMUL_PATH_SMALL;
    const int64_t most = matmul_spread_of_rows(n) >= SHARED / 2 ? FEW_ROWS_SHARED
                         : k * n <= matmul_sizes_of_l2(2, l2)   ? FEW_ROWS_NEARER
                                                                : FEW_ROWS_MOST;
    return m <= most ? MATMUL_PATH_FEW : MATMUL_PATH_TILES;
}
#endif
