/* Block sizes from cache sizes, and the team's grid from the shape. Pure arithmetic; allocates nothing. */
#include "kernels/matmul/blocks.h"
#include "kernels/matmul/micro_kernel.h"

/* Caches that are on almost every machine, for when nobody knows. */
enum { L1D_BYTES = 32 << 10, L2_BYTES = 512 << 10, L3_BYTES = 8 << 20, LARGEST_CACHE = 1 << 30 };

static int64_t cache_or(size_t bytes, int64_t otherwise)
{
    if (bytes == 0)
        return otherwise;
    return bytes < LARGEST_CACHE ? (int64_t)bytes : LARGEST_CACHE;
}

/* `total` in equal parts of at most `most`, rounded up to whole units: no thin rest at the end. */
static int64_t equal_part(int64_t total, int64_t most, int64_t unit)
{
    if (most < unit)
        most = unit;
    most = most / unit * unit;
    int64_t parts = (total + most - 1) / most;
    int64_t part = (total + parts - 1) / parts;
    return (part + unit - 1) / unit * unit;
}

struct matmul_blocks TYPED(matmul_choose_blocks)(const struct kernel_config *config)
{
    int64_t m = config->shape[0], n = config->shape[1], k = config->shape[2];
    int64_t size = (int64_t)sizeof(element);
    int64_t l1 = cache_or(config->l1d_bytes, L1D_BYTES);
    int64_t l2 = cache_or(config->l2_bytes, L2_BYTES);
    int64_t l3 = cache_or(config->l3_bytes, L3_BYTES);
    struct matmul_blocks blocks;

    /* The sliver of B may fill L1: it is read in order, which the prefetchers hide, and a deeper panel reads
     * and writes C less often. */
    blocks.kc = equal_part(k, l1 / (MATMUL_TILE_COLUMNS * size), MATMUL_GROUP);
    blocks.mc = equal_part(m, l2 / 2 / (blocks.kc * size), MATMUL_TILE_ROWS);
    blocks.nc = equal_part(n, l3 / 2 / (blocks.kc * size), MATMUL_TILE_COLUMNS);
    return blocks;
}

struct matmul_grid TYPED(matmul_choose_grid)(int64_t m, int64_t n, int threads)
{
    int64_t tile_rows = (m + MATMUL_TILE_ROWS - 1) / MATMUL_TILE_ROWS;
    int64_t tile_columns = (n + MATMUL_TILE_COLUMNS - 1) / MATMUL_TILE_COLUMNS;
    struct matmul_grid best = {threads, 1};
    double best_tiles = -1;
    for (int columns = 1; columns <= threads; columns++) {
        if (threads % columns != 0)
            continue;
        int rows = threads / columns;
        /* Tiles of the busiest thread. Each thread packs the A of its rows: columns must earn their keep. */
        int64_t tiles_high = (tile_rows + rows - 1) / rows,
                tiles_wide = (tile_columns + columns - 1) / columns;
        double tiles = (double)tiles_high * (double)tiles_wide;
        if (best_tiles < 0 || tiles < 0.95 * best_tiles) {
            best_tiles = tiles;
            best = (struct matmul_grid){rows, columns};
        }
    }
    return best;
}
