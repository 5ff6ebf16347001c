/* The way through a product where loops must be lean (kernels/lean.h): a B in L2 is read in place; a farther
 * one too, by few rows in panels that are asked for, or packed for many. Rows that share sets of the caches
 * are in each other's way wherever they are not packed. Each limit is a size that most shapes on one side of
 * it agree with: of 2400 shapes measured on a Zen 3, and on no other CPU, the way that is chosen is .97 to
 * .99 as fast as the best one; so are the limits for up to six rows, of 600 more.
 *
 * Refuses to know caches in use or clocks: the same shape always goes the same way. */
#include "kernels/lean.h"

#if LEAN

#    include "kernels/matmul/blocks.h"
#    include "kernels/matmul/narrow.h"
#    include "kernels/matmul/small.h"

/* Rows: the least vectors of columns, and the least depth. */
enum { ROWS_LEAST_VECTORS = 16, ROWS_LEAST_DEPTH = 64 };

/* From how many bytes on rows of B that are so far apart, or a multiple, share some sets of the caches, and
 * few sets. */
enum { SPREAD_SOME = 2048, SPREAD_FEW = 4096 };

static bool in_l2(int64_t n, int64_t k, int64_t l2)
{
    return k * n <= matmul_sizes_of_l2(1, l2);
}

/* With little depth a panel is over before the next one has come, even from L3, and so the first tile of rows
 * asks for it, and the others find it. What it asks for waits in L1, or else in L2. A single row is read too
 * fast for that. */
bool TYPED(matmul_small_asks_b)(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { DEEPEST = 128, DEEPEST_FAR = ELEMENT_BITS == 32 ? 64 : 32, DEEPEST_MANY = 64 };
    enum { SOME_TILES = 8, MANY_TILES = 4, NEAR = 5, NEAR_CROSSING = 3 };
    if (m == 1 || matmul_b_is_near(n, k, l2))
        return false;
    if (m <= SMALL_ROWS)
        return k <= DEEPEST;
    if (k <= DEEPEST && m <= SOME_TILES * SMALL_ROWS &&
        k * n <= matmul_sizes_of_l2(n % VECTOR_LANES == 0 ? NEAR : NEAR_CROSSING, l2))
        return true;
    const bool far = m * n > matmul_sizes_of_l2(1, l2);
    if (k <= DEEPEST_FAR)
        return far || m <= 2 * SMALL_ROWS;
    return far && k <= DEEPEST_MANY && m > MANY_TILES * SMALL_ROWS;
}

/* The largest B that up to three rows read where it lies, in sizes of L2: of aligned rows, of others. */
static int64_t flat_in_place(int64_t m, int64_t n)
{
    static const int64_t aligned[] = {0, 3, 8, 8}, crossing[] = {0, 1, 3, 1};
    return (n % VECTOR_LANES == 0 ? aligned : crossing)[m];
}

/* Do some rows of a B that memory itself must bring, more if its own are in each other's way, or one or two
 * of a nearer one, want to read it in long runs? */
static bool rows_pay(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { SOME_ROWS = 4, FAR = 18, FAR_FROM_MORE = 26, MORE_ROWS = 6, MORE_CROSSING = 8, LONG = 256 };
    if (n < ROWS_LEAST_VECTORS * VECTOR_LANES || k <= ROWS_LEAST_DEPTH || m > MANY_ROWS)
        return false;
    if (m > ROWS_MOST) {
        const bool apart = matmul_spread_of_rows(n) >= SPREAD_FEW;
        const int64_t rows = apart ? MANY_ROWS : n % VECTOR_LANES != 0 ? MORE_CROSSING : MORE_ROWS;
        return m <= rows && n >= LONG && k * n > matmul_sizes_of_l2(m <= SOME_ROWS ? FAR : FAR_FROM_MORE, l2);
    }
    if (matmul_spread_of_rows(n) >= SPREAD_SOME)
        return !matmul_b_is_near(n, k, l2);
    return k * n > matmul_sizes_of_l2(flat_in_place(m, n), l2);
}

/* Rows that are 4096 bytes or a multiple apart use few sets: only one tile, or a B in L2, is left in place.
 */
static enum matmul_path choose_shared(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { NEAR_MOST_ROWS = 18, FAR = 8 };
    if (m <= NEAR_MOST_ROWS && in_l2(n, k, l2))
        return MATMUL_PATH_SMALL;
    if (m > SMALL_ROWS)
        return MATMUL_PATH_TILES;
    return k * n > matmul_sizes_of_l2(FAR, l2) ? MATMUL_PATH_FEW : MATMUL_PATH_SMALL;
}

/* Is B read so often that it is better packed before? Of a near one, not if it is narrow: L1 holds its rows.
 */
static bool is_packed(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { ROWS = 180, ROWS_SHARED = 120, ROWS_SHALLOW = 400, SHALLOW = 256 };
    enum { ROWS_NEAR = ELEMENT_BITS == 32 ? 250 : 200, DEPTH_NEAR = ELEMENT_BITS == 32 ? 144 : 120 };
    enum { DEPTH_NEAR_CROSSING = ELEMENT_BITS == 32 ? 96 : 60 };
    enum { NARROW_VECTORS = 5, ROWS_CROSSING = 700, DEPTH_CROSSING = 40 };
    if (!in_l2(n, k, l2) && k <= SHALLOW)
        return m > ROWS_SHALLOW;
    if (!in_l2(n, k, l2))
        return m > (matmul_spread_of_rows(n) >= SPREAD_SOME ? ROWS_SHARED : ROWS);
    /* Rows that lie in two lines, and do not stay in L1 beside A. */
    const bool aligned = n % VECTOR_LANES == 0, crosses = !aligned && k * n > matmul_sizes_of_l2(1, l2) / 4;
    if (crosses && m >= (k >= DEPTH_CROSSING ? ROWS_NEAR : ROWS_CROSSING))
        return true;
    return m >= ROWS_NEAR && k >= (aligned ? DEPTH_NEAR : DEPTH_NEAR_CROSSING) &&
           n > NARROW_VECTORS * VECTOR_LANES;
}

/* The largest B that tiles read where it lies, in quarters of L2. Rows that are not aligned lie in two lines,
 * and are sooner copied; of those that share some sets few are missed at a time. */
static int64_t most_in_place(int64_t m, int64_t n)
{
    enum { SOME = 4 * SMALL_ROWS, MANY = 10 * SMALL_ROWS };
    if (m <= 3)
        return 4 * flat_in_place(m, n);
    if (n % VECTOR_LANES != 0)
        return m < SOME ? 4 : m < MANY ? 2 : 1;
    if (matmul_spread_of_rows(n) >= SPREAD_SOME)
        return m <= SOME ? 24 : m <= 2 * SOME ? 12 : 4;
    return m < MANY ? 16 : 8;
}

enum matmul_path TYPED(matmul_choose_tiles)(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { WRITES_SHARED = 24, WRITES_NEAR = 30, WRITES_MOST = 40 };
    const bool shared = matmul_spread_of_rows(n) >= SPREAD_FEW;
    if (rows_pay(m, n, k, l2))
        return MATMUL_PATH_ROWS;
    /* Writing C is the work. */
    if (k <= (shared ? WRITES_SHARED : in_l2(n, k, l2) ? WRITES_NEAR : WRITES_MOST))
        return MATMUL_PATH_SMALL;
    if (shared)
        return choose_shared(m, n, k, l2);
    if (is_packed(m, n, k, l2))
        return MATMUL_PATH_TILES;
    if (k <= WRITES_MOST || TYPED(matmul_small_asks_b)(m, n, k, l2))
        return MATMUL_PATH_SMALL;
    return k * n <= matmul_sizes_of_l2(most_in_place(m, n), l2) / 4 ? MATMUL_PATH_SMALL : MATMUL_PATH_FEW;
}
#endif
