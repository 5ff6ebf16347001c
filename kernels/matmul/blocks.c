/* Block sizes from cache sizes, tasks from the shape. Pure arithmetic; allocates nothing. */
#include "kernels/matmul/blocks.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/narrow.h"

/* Caches that are on almost every machine, for when nobody knows. */
enum { L1D_BYTES = 32 << 10, L2_BYTES = 512 << 10, LARGEST_CACHE = 1 << 30 };

/* Units of work that let a team of some size go round, and the least depth of a part of them. */
enum { UNITS_WANTED = 64, SPLIT_DEPTH_LEAST = 1024 };

/* Past KC_MOST the start of a tile and its C are under 1 % of the time. A panel of B of PANEL_SLIVERS, kc
 * deep, is four times L2 at most; a task of TASK_TILES reads it so often that packing it is little work. */
enum { KC_MOST = 1024, PANEL_SLIVERS = 32, TASK_TILES = 64, BAND_TILES = 4, LINE_BYTES = 64 };

/* Where the narrow paths begin to pay, measured. The columns of dots are packed for at least so many rows,
 * and the lanes of its sums added after at least so many vectors of depth. */
enum { DOTS_MOST_COLUMNS = 60, DOTS_LEAST_ROWS = 200, DOTS_LEAST_VECTORS = 32 };
enum { ROWS_LEAST_VECTORS = 16, ROWS_SPLIT_DEPTH_LEAST = 128, STRIP_BYTES = 4096 };

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
    return rows <= MATMUL_ROWS_OF_4 ? 4 : 2;
}

enum matmul_path TYPED(matmul_choose_path)(const int64_t *shape)
{
    int64_t m = shape[MATMUL_M], n = shape[MATMUL_N], k = shape[MATMUL_K];
    if (n == 1 || (n <= DOTS_MOST_COLUMNS && m >= DOTS_LEAST_ROWS && k >= DOTS_LEAST_VECTORS * VECTOR_LANES))
        return MATMUL_PATH_DOTS;
    return m <= ROWS_MOST && n >= ROWS_LEAST_VECTORS * VECTOR_LANES ? MATMUL_PATH_ROWS : MATMUL_PATH_TILES;
}

/* The depth in enough parts, each of whole kc, that there are some units for every thread. */
static void split_depth(struct matmul_blocks *b, int64_t k, int64_t units, int64_t least_depth)
{
    int64_t splits = clamp(UNITS_WANTED / 4 / units, 1, clamp(k / least_depth, 1, INT64_MAX));
    b->split_depth = equal_part(k, divide_up(k, splits), b->kc);
    b->splits = divide_up(k, b->split_depth);
}

/* A block of A's rows stays in L1 while every group of columns passes by; with one group only, B does. */
static struct matmul_blocks choose_dots(int64_t m, int64_t n, int64_t k, int64_t l1)
{
    struct matmul_blocks b = {.path = MATMUL_PATH_DOTS, .slivers = divide_up(n, DOTS_COLUMNS)};
    const int64_t size = (int64_t)sizeof(element),
                  rows = TYPED(matmul_dots_rows)((int)divide_up(n, b.slivers));
    b.row_tiles = divide_up(m, rows);
    b.kc = equal_part(k, l1 / 2 / size / (b.slivers > 1 ? rows : n), VECTOR_LANES);
    b.band_tiles = clamp(b.row_tiles / (UNITS_WANTED / 2), 1, INT64_MAX);
    b.bands = divide_up(b.row_tiles, b.band_tiles);
    split_depth(&b, k, b.bands, SPLIT_DEPTH_LEAST);
    b.shared_elements = n > 1 ? n * divide_up(k, VECTOR_LANES) * VECTOR_LANES : 0;
    return b;
}

/* A page of each row of B at a time. */
static struct matmul_blocks choose_rows(int64_t m, int64_t n, int64_t k)
{
    struct matmul_blocks b = {.path = MATMUL_PATH_ROWS, .vectors = STRIP_BYTES / VECTOR_BYTES};
    b.slivers = divide_up(n, b.vectors * VECTOR_LANES);
    b.kc = TYPED(matmul_rows_depth)((int)m);
    b.packed_slivers = divide_up(m, b.kc); /* as much as the strip of C */
    split_depth(&b, k, b.slivers, ROWS_SPLIT_DEPTH_LEAST * m);
    return b;
}

/* The most that kc may be. L2 in eighths: four for a block of A, two for the sliver of B in use and the next
 * one, two for C and what is passing through. Neither sliver is meant to stay in L1: a step of k takes some
 * tens of bytes a cycle, which L2 can give, and depth saves what each tile costs besides.
 *
 * Half of that, measured to be better, where B is read where it lies, and where C is read again with rows
 * that do not begin on cache lines. */
static int64_t deepest(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    const int64_t size = (int64_t)sizeof(element);
    int64_t most = clamp(l2 / 8 / (MATMUL_TILE_COLUMNS * size), MATMUL_GROUP, KC_MOST);
    bool halve = m <= MATMUL_TILE_ROWS || (k > most && n * size % LINE_BYTES != 0);
    return halve ? clamp(most / 2, MATMUL_GROUP, most) : most;
}

struct matmul_blocks TYPED(matmul_choose_blocks)(const struct kernel_config *config)
{
    int64_t m = config->shape[MATMUL_M], n = config->shape[MATMUL_N], k = config->shape[MATMUL_K];
    int64_t size = (int64_t)sizeof(element);
    int64_t l1 = cache_or(config->l1d_bytes, L1D_BYTES);
    int64_t l2 = cache_or(config->l2_bytes, L2_BYTES);
    enum matmul_path path = TYPED(matmul_choose_path)(config->shape);
    if (path == MATMUL_PATH_DOTS)
        return choose_dots(m, n, k, l1);
    if (path == MATMUL_PATH_ROWS)
        return choose_rows(m, n, k);
    struct matmul_blocks b = {.path = path, .splits = 1, .split_depth = k};

    b.row_tiles = divide_up(m, MATMUL_TILE_ROWS);
    b.vectors = sliver_vectors(divide_up(m, b.row_tiles));
    b.slivers = divide_up(n, b.vectors * VECTOR_LANES);
    b.kc = equal_part(k, deepest(m, n, k, l2), MATMUL_GROUP);
    int64_t a_depth = clamp(b.kc, KC_MOST / 2, KC_MOST);
    b.block_tiles = clamp(l2 / 2 / (a_depth * size) / MATMUL_TILE_ROWS, 1, b.row_tiles);
    b.block_slivers = equal_part(b.slivers, PANEL_SLIVERS * 2 / b.vectors, 1);
    b.band_tiles = clamp(BAND_TILES, 1, b.block_tiles);
    b.block_tiles = b.block_tiles / b.band_tiles * b.band_tiles;
    b.task_tiles = clamp(TASK_TILES / b.block_tiles, 1, b.row_tiles) * b.block_tiles;
    b.bands = divide_up(b.row_tiles, b.band_tiles);
    int64_t units = b.bands * b.slivers;
    if (units < UNITS_WANTED && k >= 2 * SPLIT_DEPTH_LEAST) {
        int64_t splits = clamp(UNITS_WANTED / units, 1, k / SPLIT_DEPTH_LEAST);
        b.split_depth = equal_part(k, divide_up(k, splits), b.kc);
        b.splits = divide_up(k, b.split_depth);
    }
    b.shallow = b.splits == 1 && k <= b.kc && k * b.block_slivers * b.vectors * VECTOR_LANES * size <= l2 / 4;
    b.packed_slivers = b.shallow || b.row_tiles > b.block_tiles ? b.block_slivers + 1 : 2;
    return b;
}
