/* Which of the ways through a product is the fastest, by the shape alone. Its numbers, and those of
 * path_lean.c and path_general.c, are measured, on shapes either side of each; nothing but speed depends on
 * them. Refuses to know how a way cuts the product: blocks.c does. */
#include "kernels/lean.h"
#include "kernels/matmul/blocks.h"
#include "kernels/matmul/narrow.h"
#include "kernels/matmul/small.h"

/* Do dot products take less time than tiles that lack columns? What each takes for a row and a step of k,
 * measured, in sixths of a vector of the tile. A tile: its vectors and TILE beside. Dots: their vectors OWN
 * each, of an A of NEAR sizes of L2 at most, else OWN_FAR; packing an element of B; adding the lanes of a sum
 * 70. And once, where B is packed, the team's wait for it. Of more columns than MOST they never do. A tile of
 * half a vector takes HALF, all in all. */
#if defined(__AVX512F__)
enum { DOTS_MOST_COLUMNS = ELEMENT_BITS == 32 ? 20 : 8 };
enum { DOTS_OWN = ELEMENT_BITS == 32 ? 12 : 13, DOTS_OWN_FAR = ELEMENT_BITS == 32 ? 18 : 14, DOTS_PACK = 40 };
#else
enum { DOTS_MOST_COLUMNS = 60, DOTS_OWN = 12, DOTS_OWN_FAR = 12, DOTS_PACK = 20 };
#endif
enum { DOTS_NEAR = 12, DOTS_TEAM = 60000, DOTS_TILE = LEAN ? 3 : 5, DOTS_HALF = 8 };

static bool dots_pay(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { LARGE = 4096 }; /* nothing changes beyond, and no product overflows */
    if (n > DOTS_MOST_COLUMNS)
        return false;
    const bool near = m * k <= matmul_sizes_of_l2(DOTS_NEAR, l2);
    m = clamp(m, 1, LARGE);
    k = clamp(k, 1, LARGE);
    const int64_t vectors = divide_up(n, VECTOR_LANES),
                  whole = 6 * vectors + DOTS_TILE * divide_up(vectors, SMALL_VECTORS),
                  tile = SMALL_HALVES && n <= VECTOR_LANES / 2 ? DOTS_HALF : whole;
    const int64_t packing = n > 1 ? DOTS_PACK * k : 0; /* a single column lies right already */
    const int64_t team = n > 1 ? DOTS_TEAM : 0;
    return n * ((near ? DOTS_OWN : DOTS_OWN_FAR) * m * k / VECTOR_LANES + packing + 70 * m) + team <
           tile * m * k;
}

enum matmul_path TYPED(matmul_choose_path)(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    return dots_pay(m, n, k, l2) ? MATMUL_PATH_DOTS : TYPED(matmul_choose_tiles)(m, n, k, l2);
}
