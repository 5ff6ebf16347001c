/* Block sizes from cache sizes, tasks from the shape. Pure arithmetic; allocates nothing. */
#include "kernels/matmul/blocks.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"

/* Caches that are on almost every machine, for when nobody knows. */
enum { L1D_BYTES = 32 << 10, L2_BYTES = 512 << 10, L3_BYTES = 8 << 20, LARGEST_CACHE = 1 << 30 };

/* Units of work that let a team of some size go round, and the least depth of a part of them. */
enum { UNITS_WANTED = 64, SPLIT_DEPTH_LEAST = 1024, BAND_TILES = 4, CHUNK_COLUMNS = 1024 };

static int64_t cache_or(size_t bytes, int64_t otherwise)
{
    if (bytes == 0)
        return otherwise;
    return bytes < LARGEST_CACHE ? (int64_t)bytes : LARGEST_CACHE;
}

static int64_t divide_up(int64_t total, int64_t part)
{
    return (total + part - 1) / part;
}

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

/* `total` in equal parts of at most `most`, rounded up to whole units: no thin rest at the end. */
static int64_t equal_part(int64_t total, int64_t most, int64_t unit)
{
    int64_t parts = divide_up(total, clamp(most / unit * unit, unit, INT64_MAX));
    return divide_up(divide_up(total, parts), unit) * unit;
}

static int sliver_vectors(int64_t rows)
{
    if (rows <= MATMUL_ROWS_OF_8)
        return 8;
    return rows <= MATMUL_ROWS_OF_4 ? 4 : 2;
}

struct matmul_blocks TYPED(matmul_choose_blocks)(const struct kernel_config *config)
{
    int64_t m = config->shape[MATMUL_M], n = config->shape[MATMUL_N], k = config->shape[MATMUL_K];
    int64_t size = (int64_t)sizeof(element);
    int64_t l1 = cache_or(config->l1d_bytes, L1D_BYTES);
    int64_t l2 = cache_or(config->l2_bytes, L2_BYTES);
    struct matmul_blocks b = {.splits = 1, .split_depth = k};

    b.row_tiles = divide_up(m, MATMUL_TILE_ROWS);
    b.vectors = sliver_vectors(divide_up(m, b.row_tiles));
    b.slivers = divide_up(n, b.vectors * VECTOR_LANES);
    /* The sliver of B may be larger than L1: it is read in order and asked for ahead, and a deeper block
     * reads and writes C less often. A third more is what measured best. */
    int64_t kc_most = clamp(l1 / 3 * 4 / (MATMUL_TILE_COLUMNS * size), MATMUL_GROUP, INT64_MAX);
    b.kc = equal_part(k, kc_most, MATMUL_GROUP);
    b.block_tiles = clamp(l2 / 2 / (kc_most * size) / MATMUL_TILE_ROWS, 1, b.row_tiles);
    b.block_slivers = equal_part(b.slivers, CHUNK_COLUMNS / (b.vectors * VECTOR_LANES), 1);
    b.band_tiles = clamp(BAND_TILES, 1, b.block_tiles);
    b.block_tiles = b.block_tiles / b.band_tiles * b.band_tiles;
    b.bands = divide_up(b.row_tiles, b.band_tiles);
    int64_t units = b.bands * b.slivers;
    if (units < UNITS_WANTED && k >= 2 * SPLIT_DEPTH_LEAST) {
        int64_t splits = clamp(UNITS_WANTED / units, 1, k / SPLIT_DEPTH_LEAST);
        b.split_depth = equal_part(k, divide_up(k, splits), b.kc);
        b.splits = divide_up(k, b.split_depth);
    }
    b.shallow = b.splits == 1 && k <= b.kc && k * b.block_slivers * b.vectors * VECTOR_LANES * size <= l2 / 4;
    b.packed_slivers = b.shallow && b.block_slivers > 2 ? b.block_slivers : 2;
    return b;
}
