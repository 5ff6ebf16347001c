/* The way through a product where a step of the loops has time beside its multiply-adds, or the compiler has
 * registers to spare: everything that path_lean.c does not decide. Refuses to know caches in use or clocks:
 * the same shape always goes the same way. */
#include "kernels/lean.h"

#if !LEAN

#    include "kernels/matmul/blocks.h"
#    include "kernels/matmul/few.h"
#    include "kernels/matmul/micro_kernel.h"
#    include "kernels/matmul/narrow.h"
#    include "kernels/matmul/small.h"

/* Rows: the least vectors of columns, and of a single row the least depth. */
enum { ROWS_LEAST_VECTORS = 16, ROWS_LEAST_DEPTH = 64 };

/* Small: the most tiles of rows, and where few does not pay; how many rows of B L2 must hold, if B itself is
 * not near. Up to so much depth writing C is the work, to which a tile should add little: of a near C; of a
 * far one; if its rows are LONG_BYTES or more; and if they share sets. The most depth with which tiles of
 * rows ask for a far B along its rows: a single one; two or more; many; and the C, in sizes of L2, from which
 * more than two do. The least depth with which several panels ask for a far A. Of a narrow, deep B the most
 * vectors and rows, how far it may be to be read in place by more than one tile of rows, in sizes of L2, and
 * in parts of the depth, in quarters of them; of many rows the largest B, in sizes of L2.
 *
 * Tall: from which depth on, and up to which B, in sizes of L2, rows had better be one tile than two. */
#    if defined(__AVX512F__)
enum {
    SMALL_MOST_TILES = 8,
    SMALL_WRITES_NEAR = 16,
    SMALL_WRITES_FAR = ELEMENT_BITS == 32 ? 16 : 10,
    SMALL_WRITES_LONG = ELEMENT_BITS == 32 ? 48 : 32,
    SMALL_WRITES_SHARED = 8,
    SMALL_ASKED_TILES_DEEPEST = ELEMENT_BITS == 32 ? 32 : 20,
    SMALL_ASKED_FAR = 10,
    SMALL_NARROW_MOST_ROWS = 40,
    SMALL_MOST_TIMES_L2 = 6,
    TALL_LEAST_DEPTH = 3500
};
#    else
enum {
    SMALL_MOST_TILES = 12,
    SMALL_WRITES_NEAR = 8,
    SMALL_WRITES_FAR = 0,
    SMALL_WRITES_LONG = 0,
    SMALL_WRITES_SHARED = 0,
    SMALL_ASKED_TILES_DEEPEST = ELEMENT_BITS == 32 ? 64 : 32,
    SMALL_ASKED_FAR = 1,
    SMALL_NARROW_MOST_ROWS = SMALL_ROWS,
    SMALL_MOST_TIMES_L2 = 8,
    TALL_LEAST_DEPTH = 2048
};
#    endif
enum { SMALL_MOST_TILES_UNFIT = 12, SMALL_FIT = 2048 };
enum { SMALL_ASKED_DEEPEST = ELEMENT_BITS == 32 ? 48 : 24, SMALL_ASKED_MANY_DEEPEST = 64 };
enum { SMALL_ASKING_PANELS_DEPTH = 48, SMALL_NARROW_VECTORS = 8, SMALL_PARTED = 7 };
enum { SMALL_NARROW_TIMES_L2 = 10 };
enum { SMALL_PARTED_TWO_TILES = ELEMENT_BITS == 32 ? 20 : SMALL_PARTED };
enum { SPREAD_SHARED = 4096, LONG_BYTES = 3072, TALL_MOST_TIMES_L2 = 10 };

/* How many sizes of L2 are not far. Read in place by many rows: A and C in sizes of L2 at the most, beside a
 * near B; the most depth with another one; rows so short that a page of 4096 bytes has two. */
enum { NOT_FAR = 4 };
enum { IN_PLACE_MOST = ELEMENT_BITS == 32 ? 12 : 8, IN_PLACE_DEEPEST = 1024, PAIRED_BYTES = 2048 };

/* Few: the most rows; where L2 holds FIT rows of B or more, a tile reads them as fast as a copy, and it may
 * be more rows; most, if the depth is one block. With fewer columns than LEAST_VECTORS only a B that is DEEP
 * is far. */
#    if defined(__AVX512F__)
enum { FEW_MOST_ROWS = ELEMENT_BITS == 32 ? 80 : 40 };
#    else
enum { FEW_MOST_ROWS = 40 };
#    endif
enum { FEW_FIT = 512, FEW_MOST_ROWS_FIT = 160 };
enum { FEW_MOST_ROWS_SHALLOW = 1000 };
enum { FEW_LEAST_VECTORS = 16, FEW_SHALLOW = 256, FEW_DEEP = 4096 };
/* Panels thinner than this have little of each row that shares sets: they pay where few rows share them. */
enum { FEW_THIN_BYTES = 128, FEW_THIN_MOST_SPREAD = 256 };

/* The largest B, in sizes of L2, of which so many rows ask too little for more than the fetch units bring:
 * measured. */
static int64_t small_most_times_l2(int64_t m)
{
    return m <= 2 ? 12 : m <= 16 ? 8 : SMALL_MOST_TIMES_L2;
}

/* With little depth a panel is over before the next one has come from afar. One tile of rows asks for it; of
 * more the first does, where C is far too, or there are two. */
static bool tiles_ask_b(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    const bool far = m * n > matmul_sizes_of_l2(SMALL_ASKED_FAR, l2);
    if (matmul_b_is_near(n, k, l2))
        return false;
    if (k <= SMALL_ASKED_TILES_DEEPEST)
        return far || m <= 2 * SMALL_ROWS;
    return far && k <= SMALL_ASKED_MANY_DEEPEST && m > 4 * SMALL_ROWS;
}

bool TYPED(matmul_small_asks_b)(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    if (m > SMALL_ROWS)
        return tiles_ask_b(m, n, k, l2);
    return k <= SMALL_ASKED_DEEPEST && k * n > matmul_sizes_of_l2(small_most_times_l2(m), l2);
}

/* Few rows of a long matrix: reading B in long runs is all that counts. */
static bool is_flat(int64_t m, int64_t n, bool fit)
{
    return m <= (fit ? ROWS_MOST_FIT : ROWS_MOST) && n >= ROWS_LEAST_VECTORS * VECTOR_LANES;
}

/* So few columns that a team has few panels, and so deep that the depth can be parted instead. */
static bool is_narrow(int64_t n, int64_t k)
{
    return n <= SMALL_NARROW_VECTORS * VECTOR_LANES && k >= FEW_DEEP;
}

/* The most depth with which a tile that asks for nothing of A or B writes a C of this size the fastest. */
static int64_t small_most_written(int64_t m, int64_t n, int64_t l2)
{
    if (!matmul_c_is_far(m, n, l2))
        return SMALL_WRITES_NEAR;
    if (matmul_spread_of_rows(n) >= SPREAD_SHARED)
        return SMALL_WRITES_SHARED;
    return n * (int64_t)sizeof(element) >= LONG_BYTES ? SMALL_WRITES_LONG : SMALL_WRITES_FAR;
}

/* Do many rows read B from L2, or from little further, faster than it is copied? Not where too many of its
 * rows share sets of the caches; but where a page has two of them, the first brings the second. */
static bool many_rows_read_in_place(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    const int64_t largest = greatest(m * n, greatest(m * k, k * n));
    const bool paired = n * (int64_t)sizeof(element) <= PAIRED_BYTES;
    if (!paired && k > matmul_rows_that_fit(n, l2) * 3 / 8)
        return false;
    if (k * n <= matmul_sizes_of_l2(1, l2) / 2)
        return m * (n + k) <= matmul_sizes_of_l2(IN_PLACE_MOST, l2);
    return k <= IN_PLACE_DEEPEST && largest <= matmul_sizes_of_l2(NOT_FAR, l2);
}

/* Is a panel of B still in L2 when the next tile of rows comes? Or so much of it as a part of the depth has,
 * of a B that is not far from near. */
static bool small_panel_stays(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    const int64_t most_depth = l2 / 8 * 5 / (SMALL_VECTORS * VECTOR_BYTES);
    if (m <= SMALL_ROWS || k <= most_depth)
        return true;
    const int64_t quarters = m <= 2 * SMALL_ROWS ? SMALL_PARTED_TWO_TILES : SMALL_PARTED;
    return TYPED(matmul_small_split_depth)(m, n, k) <= most_depth &&
           k * n <= matmul_sizes_of_l2(quarters, l2) / 4;
}

/* Few rows use a B that is not too far too seldom for a copy to pay; the fetch units bring it, if its rows do
 * not share sets. Of a single panel they read all of each row, one tile of them from anywhere. */
static bool few_rows_read_in_place(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    if (matmul_rows_that_fit(n, l2) < SMALL_FIT)
        return false;
    if (is_narrow(n, k) && m > SMALL_NARROW_MOST_ROWS)
        return false;
    if (is_narrow(n, k) && n <= SMALL_VECTORS * VECTOR_LANES &&
        (m <= SMALL_ROWS || k * n <= matmul_sizes_of_l2(SMALL_NARROW_TIMES_L2, l2)))
        return true;
    if (TYPED(matmul_small_asks_b)(m, n, k, l2))
        return true;
    return m <= SMALL_MOST_TILES * SMALL_ROWS && small_panel_stays(m, n, k, l2) &&
           k * n <= matmul_sizes_of_l2(small_most_times_l2(m), l2);
}

/* Where all is near, or writing C is the work, a tile need not ask for what comes next. */
static bool small_pays(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    const int64_t not_far = matmul_sizes_of_l2(NOT_FAR, l2);
    const bool near = matmul_b_is_near(n, k, l2);
    if (is_flat(m, n, matmul_rows_that_fit(n, l2) >= FEW_FIT))
        return near && (m > 1 || k <= ROWS_LEAST_DEPTH);
    if (near && k <= small_most_written(m, n, l2))
        return true;
    /* A single panel of B reads A once, wherever it is, and so do some panels by asking for it. */
    const bool reads_a_once =
        n <= SMALL_VECTORS * VECTOR_LANES || (n <= SMALL_ASKING_COLUMNS && k >= SMALL_ASKING_PANELS_DEPTH);
    if (near && (reads_a_once || (m * n <= not_far && m * k <= not_far)))
        return true;
    return many_rows_read_in_place(m, n, k, l2) || few_rows_read_in_place(m, n, k, l2);
}

/* Rows that make one tile of the path tiles, but two of the others, which would read a deep B twice. */
static bool tall_pays(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    return m > SMALL_ROWS && m <= MATMUL_TALL_ROWS && k >= TALL_LEAST_DEPTH && !matmul_b_is_near(n, k, l2) &&
           k * n <= matmul_sizes_of_l2(TALL_MOST_TIMES_L2, l2);
}

static bool few_pays(int64_t m, int64_t n, int64_t k, bool fit)
{
    if (FEW_VECTORS * VECTOR_BYTES < FEW_THIN_BYTES && matmul_spread_of_rows(n) > FEW_THIN_MOST_SPREAD)
        return false;
    const int64_t vectors = divide_up(n, VECTOR_LANES);
    if (vectors < FEW_VECTORS - 1)
        return false;
    if (vectors < FEW_LEAST_VECTORS ? k < FEW_DEEP : is_flat(m, n, fit))
        return false;
    if (!fit)
        return m <= FEW_MOST_ROWS;
    return m <= (k > FEW_SHALLOW ? FEW_MOST_ROWS_FIT : FEW_MOST_ROWS_SHALLOW);
}

enum matmul_path TYPED(matmul_choose_tiles)(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    const bool fit = matmul_rows_that_fit(n, l2) >= FEW_FIT;
    const bool small = small_pays(m, n, k, l2);
    if (tall_pays(m, n, k, l2) && !(small && is_narrow(n, k)))
        return MATMUL_PATH_TILES;
    if (small)
        return MATMUL_PATH_SMALL;
    if (few_pays(m, n, k, fit))
        return MATMUL_PATH_FEW;
    /* Few rows use B too seldom for a copy to pay. */
    if (m > MATMUL_TILE_ROWS && m <= SMALL_MOST_TILES_UNFIT * SMALL_ROWS &&
        k * n <= matmul_sizes_of_l2(NOT_FAR, l2))
        return MATMUL_PATH_SMALL;
    return is_flat(m, n, fit) ? MATMUL_PATH_ROWS : MATMUL_PATH_TILES;
}
#endif
