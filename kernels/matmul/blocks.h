/* How the product is cut: into tiles for the registers, blocks for the caches, and tasks for the team.
 *
 * Everything here follows from the shape and the cache sizes alone. Only kc and the splits decide in which
 * order an element of C is summed, so the result has the same bits at every team size.
 */
#ifndef ACELERA_MATMUL_BLOCKS_H
#define ACELERA_MATMUL_BLOCKS_H

#include "kernels/kernel.h"

/* Goto & van de Geijn 2008, section 4, for a row-major C. */
struct matmul_blocks {
    int64_t row_tiles; /* C's rows in as few tiles as there can be, their heights differing by one at most */
    int vectors;       /* width of a sliver of B; the last may be narrower */
    int64_t slivers;
    int64_t kc;          /* depth of a block: a sliver of B, kc deep, stays in L1 */
    int64_t block_tiles; /* most tiles of rows in a task: with kc, its A stays in L2 */
    int64_t
        block_slivers; /* most slivers in a task: enough that packing A is nothing, and a task not too long */
    int64_t splits;    /* parts of the depth that are summed apart, where C has too few tiles for a team */
    int64_t split_depth; /* whole kc but for the last */
    int64_t band_tiles;  /* tiles of rows in a band, the least height of a task */
    int64_t bands;
    bool shallow;           /* so little depth that a thread packs all of B that a task reads */
    int64_t packed_slivers; /* that a thread has room for */
};

struct matmul_blocks TYPED(matmul_choose_blocks)(const struct kernel_config *config);

#endif
