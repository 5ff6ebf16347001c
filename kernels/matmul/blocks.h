/* How the product is cut: into blocks that stay in a cache, and into shares of the team.
 *
 * The blocks follow from the shape and the cache sizes alone. Only kc decides in which order an element of C
 * is summed, so the result has the same bits at every team size.
 */
#ifndef ACELERA_MATMUL_BLOCKS_H
#define ACELERA_MATMUL_BLOCKS_H

#include "kernels/kernel.h"

/* Goto & van de Geijn 2008, section 4, for a row-major C: */
struct matmul_blocks {
    int64_t kc; /* depth of a panel, a multiple of MATMUL_GROUP: a sliver of B, kc × tile, stays in L1 */
    int64_t mc; /* rows of a block of A, whole tiles: mc × kc stays in L2 */
    int64_t nc; /* columns of a panel of B, whole tiles: kc × nc stays in L3 */
};

struct matmul_blocks TYPED(matmul_choose_blocks)(const struct kernel_config *config);

/* The team as rows × columns of threads over the tiles of C; thread `rank` is at (rank / columns, rank %
 * columns). More than one column only where the rows of tiles do not go round. */
struct matmul_grid {
    int rows, columns;
};

struct matmul_grid TYPED(matmul_choose_grid)(int64_t m, int64_t n, int threads);

#endif
