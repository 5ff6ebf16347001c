/* Block sizes from cache sizes, tasks from the shape. Pure arithmetic; allocates nothing. */
#include "kernels/matmul/blocks.h"
#include "kernels/matmul/few.h"
#include "kernels/matmul/matmul.h"
#include "kernels/matmul/micro_kernel.h"
#include "kernels/matmul/narrow.h"
#include "kernels/matmul/small.h"

/* Caches that are on almost every machine, for when nobody knows. */
enum { L1D_BYTES = 32 << 10, L2_BYTES = 512 << 10, LARGEST_CACHE = 1 << 30 };

/* Units of work that let a team of some size go round, and the least depth of a part of them. */
enum { UNITS_WANTED = 64, SPLIT_DEPTH_LEAST = 1024 };

/* So few slivers of B, or tiles of rows, that most of A, or of B, is read from far away: deepest(). And the
 * least run of slivers of C along its rows that is worth packing all of B before. */
enum { PAGE_BYTES = 4096, FEW_SLIVERS = 4, FEW_TILES = 16, SHALLOW_SLIVERS = 8 };
/* Where packing before takes as long as the few tiles that read it: less deep, and so in longer runs (1.0 to
 * 1.35 times as fast on a Zen 3, f64 .95 to 1.1). A is packed if so many slivers read it: it takes as long as
 * one or two of them; how deep makes little difference. */
enum { KC_FEW_TILES = 256, KC_PACKED_A = 512 };
/* Past KC_MOST the start of a tile and its C are some 1 % of the time; a task of TASK_TILES reads a panel of
 * B so often that packing it is little work, and so does a band of BAND_TILES_LEAST, if it is packed beside
 * the arithmetic. */
enum { BAND_TILES_LEAST = 12, BAND_TILES_MOST = 24 };
#if MATMUL_PACKS_BESIDE
enum { KC_MOST = 1024, TASK_TILES = 150 };
#else
enum { KC_MOST = PAGE_BYTES / (int)sizeof(element), TASK_TILES = 1500 };
#endif

/* A panel of B, kc deep. Packed beside the arithmetic: four times L2 at most. Packed before, of any depth:
 * for a thread alone as much, since the wider it is, the less often A is read; of a team each has half of
 * that.
 */
static int64_t panel_slivers(int64_t kc, int64_t l2, int threads)
{
    enum { SLIVERS = 16, SLIVERS_LEAST = 4, ALONE = 4, OF_TEAM = 2 };
    if (MATMUL_PACKS_BESIDE)
        return SLIVERS;
    const int64_t slivers = l2 / (kc * MATMUL_TILE_VECTORS * VECTOR_BYTES);
    return threads == 1 ? greatest(ALONE * slivers, SLIVERS) : greatest(OF_TEAM * slivers, SLIVERS_LEAST);
}

/* Rows: of a part of the depth, for each row of A; a page of each row of B, or two (measured on a Zen 3: 1.0
 * to 1.1 times as fast). */
enum { ROWS_SPLIT_DEPTH_LEAST = 128, STRIP_BYTES = LEAN ? 8192 : 4096 };

/* Small: the units of each thread of a team, and what a unit reads of B, once for each tile. The LEAST is
 * some half a microsecond's work; beside an ENOUGH it is little to begin. */
enum { SMALL_UNITS_LEAST = 16, SMALL_UNITS_MOST = 64 };
enum { SMALL_UNIT_LEAST_BYTES = 16 << 10, SMALL_UNIT_ENOUGH_BYTES = 64 << 10 };

/* A C of so many sizes of L2, times the depth, is asked for ahead: else tiles of some depth wait for what
 * they write, one of little depth has better things to do. Measured with lean loops: 1.0 to 1.4 times as
 * fast. */
enum { C_ASKED_DEPTHS = 250 };

static int64_t cache_or(size_t bytes, int64_t otherwise)
{
    if (bytes == 0)
        return otherwise;
    return bytes < LARGEST_CACHE ? (int64_t)bytes : LARGEST_CACHE;
}

/* `total` in equal parts of at most `most`, rounded up to whole units: no thin rest at the end. */
static int64_t equal_part(int64_t total, int64_t most, int64_t unit)
{
    int64_t parts = divide_up(total, greatest(most / unit * unit, unit));
    return divide_up(divide_up(total, parts), unit) * unit;
}

/* The depth in enough parts, each of whole kc, that there are some units for every thread. */
static void split_depth(struct matmul_blocks *b, int64_t k, int64_t units, int64_t least_depth)
{
    int64_t splits = clamp(UNITS_WANTED / 4 / units, 1, greatest(k / least_depth, 1));
    b->split_depth = equal_part(k, divide_up(k, splits), b->kc);
    b->splits = divide_up(k, b->split_depth);
}

/* Of a lean loop with two columns all but what memory itself must bring comes in time: measured. */
enum { A_COMES_TIMES_L2 = 16 };

/* A block of A's rows stays in L1 while every group of columns passes by; with one group only, B does. A
 * single column is read so seldom that it may be in L2. A thread alone takes all rows at a time. */
static struct matmul_blocks choose_dots(int64_t m, int64_t n, int64_t k, int threads, int64_t l1, int64_t l2)
{
    struct matmul_blocks b = {.path = MATMUL_PATH_DOTS, .slivers = divide_up(n, DOTS_COLUMNS)};
    const int64_t size = (int64_t)sizeof(element),
                  rows = TYPED(matmul_dots_rows)((int)divide_up(n, b.slivers));
    b.row_tiles = divide_up(m, rows);
    b.asks_a = matmul_a_is_far(m, k, l2);
    b.a_comes = LEAN && n <= 2 && m * k <= matmul_sizes_of_l2(A_COMES_TIMES_L2, l2);
    const int64_t room = n == 1 ? l2 / 4 : l1 / 2;
    b.kc = equal_part(k, room / size / (b.slivers > 1 ? rows : n), VECTOR_LANES);
    b.band_tiles = greatest(b.row_tiles / (UNITS_WANTED / 2), 1);
    b.bands = divide_up(b.row_tiles, b.band_tiles);
    split_depth(&b, k, b.bands, SPLIT_DEPTH_LEAST);
    if (threads == 1) {
        b.band_tiles = b.row_tiles;
        b.bands = 1;
    }
    b.shared_elements = n > 1 ? n * divide_up(k, VECTOR_LANES) * VECTOR_LANES : 0;
    return b;
}

/* Some pages of each row of B at a time; of many rows, so much that their strip of C stays in a quarter of
 * L2.
 */
static struct matmul_blocks choose_rows(int64_t m, int64_t n, int64_t k, int64_t l2)
{
    enum { MANY_LONGEST = 2048, MANY_SPLIT_LEAST = 64 };
    const int64_t size = (int64_t)sizeof(element);
    const bool many = m > ROWS_MOST;
    const int64_t most = many ? least(l2 / 4 / m / size, MANY_LONGEST) : STRIP_BYTES / size,
                  unit = (many ? MANY_VECTORS : 1) * VECTOR_LANES,
                  strip = LEAN ? equal_part(n, most, unit) : most;
    struct matmul_blocks b = {.path = MATMUL_PATH_ROWS, .vectors = (int)(strip / VECTOR_LANES)};
    b.slivers = divide_up(n, b.vectors * VECTOR_LANES);
    b.kc = TYPED(matmul_rows_depth)((int)m);
    b.packed_slivers =
        divide_up(m, b.kc) + many; /* as much as the strip of C, and what lies between its rows */
    split_depth(&b, k, b.slivers, (many ? MANY_SPLIT_LEAST : ROWS_SPLIT_DEPTH_LEAST) * m);
    return b;
}

/* What a panel reads of B stays in an eighth of L2, or for a lean loop in half of L1, as long as no set of L2
 * has too much of it, and the sums of a unit in a quarter of L2. */
static struct matmul_blocks choose_few(int64_t m, int64_t n, int64_t k, int64_t l1, int64_t l2)
{
    const int vectors = flat_vectors(m);
    struct matmul_blocks b = {.path = MATMUL_PATH_FEW, .vectors = vectors};
    b.row_tiles = divide_up(m, FEW_ROWS);
    b.slivers = divide_up(divide_up(n, VECTOR_LANES), vectors);
    const int64_t room = LEAN ? l1 / 2 : l2 / 8;
    b.kc =
        equal_part(k, least(clamp(room / (vectors * VECTOR_BYTES), 1, KC_MOST), matmul_rows_that_fit(n, l2)),
            LEAN ? LEAN_TURN : 1);
    b.block_slivers = b.slivers;
    if (k > b.kc) {
        b.block_slivers = clamp(l2 / 4 / (vectors * VECTOR_BYTES * m), 1, b.slivers);
        b.packed_slivers = divide_up(b.block_slivers * m, b.kc);
    }
    b.packed_slivers += few_copies_panels(b.row_tiles);
    split_depth(&b, k, b.slivers, SPLIT_DEPTH_LEAST);
    return b;
}

/* Of a long product many units, so that nobody waits long for the last; of a short one fewer, since each
 * takes time to begin. */
static int64_t small_unit_bytes(int64_t total, int threads)
{
    if (threads == 1)
        return total;
    return greatest(total / SMALL_UNITS_MOST / threads,
        clamp(total / SMALL_UNITS_LEAST / threads, SMALL_UNIT_LEAST_BYTES, SMALL_UNIT_ENOUGH_BYTES));
}

/* Is half of the last panel's last vector enough, and is there a function for it? */
static bool ends_half(int64_t tile_rows, int64_t n, int64_t panels)
{
    return SMALL_HALVES && (n - 1) % VECTOR_LANES < VECTOR_LANES / 2 && n <= SMALL_HALVES_MOST_COLUMNS &&
           tile_rows >= SMALL_HALVES_ROWS_LEAST && divide_up(n, VECTOR_LANES) / panels <= SMALL_VECTORS;
}

/* Tiles, panels and splits, by the shape alone. Of a single panel an even number of tiles, so that two
 * threads have the same work. */
static struct matmul_blocks cut_small(int64_t m, int64_t n, int64_t k)
{
    const int64_t tiles = divide_up(m, SMALL_ROWS);
    struct matmul_blocks b = {.path = MATMUL_PATH_SMALL, .kc = 1};
    b.slivers = divide_up(divide_up(n, VECTOR_LANES), flat_vectors(m));
    b.row_tiles = tiles > 1 && b.slivers == 1 ? (tiles + 1) / 2 * 2 : tiles;
    b.ends_half = ends_half(m / b.row_tiles, n, b.slivers);
    split_depth(&b, k, b.row_tiles * b.slivers, SPLIT_DEPTH_LEAST);
    return b;
}

int64_t TYPED(matmul_small_split_depth)(int64_t m, int64_t n, int64_t k)
{
    return cut_small(m, n, k).split_depth;
}

/* A chunk of panels stays in half of L1 while a band of tiles passes by, and the band's A in a quarter of L2
 * while all chunks do. A far C wants to be written in long runs: there a chunk of a near B has half of
 * L2. A thread alone takes as much at a time as that allows; a team shares units. */
static struct matmul_blocks choose_small(
    int64_t m, int64_t n, int64_t k, int threads, int64_t l1, int64_t l2, int64_t l3)
{
    struct matmul_blocks b = cut_small(m, n, k);
    const int64_t panel_bytes =
                      divide_up(divide_up(n, VECTOR_LANES), b.slivers) * VECTOR_BYTES * b.split_depth,
                  tile_bytes = SMALL_ROWS * b.split_depth * (int64_t)sizeof(element);
    const int64_t unit_bytes = small_unit_bytes(b.splits * b.row_tiles * b.slivers * panel_bytes, threads),
                  unit = greatest(1, unit_bytes / panel_bytes);
    b.asks_a =
        matmul_a_is_far(m, k, l2) && b.splits == 1 && n <= SMALL_ASKING_COLUMNS && k >= SMALL_ASKING_DEPTH;
    const bool far_c = matmul_c_is_far(m, n, l2);
    b.asks_c = far_c || (LEAN && m * n * k > matmul_sizes_of_l2(C_ASKED_DEPTHS, l2));
    b.streams_c = matmul_c_streams(m, n, k, l2, l3);
    b.asks_b = TYPED(matmul_small_asks_b)(m, n, k, l2);
    const int64_t chunk_bytes =
        b.asks_b && m > SMALL_ROWS ? l2 / 4 : (far_c && matmul_b_is_near(n, k, l2) ? l2 : l1) / 2;
    b.block_slivers = equal_part(b.slivers, clamp(chunk_bytes / panel_bytes, 1, unit), 1);
    const int64_t band = least(unit / b.block_slivers, l2 / 4 / tile_bytes);
    b.band_tiles = equal_part(b.row_tiles, clamp(band, 1, b.row_tiles), 1);
    b.bands = divide_up(b.row_tiles, b.band_tiles);
    return b;
}

/* The most that kc may be. L2 in quarters: two for a block of A, one for the sliver of B in use, one for the
 * next one. The sliver is not meant to stay in L1: a step of k takes some tens of bytes a cycle, which L2 can
 * give, and depth saves what each tile costs besides. With few slivers or tiles of rows most of A or B comes
 * from far away, and the fetch units, which lose their track at the end of each page, decide. Where A is
 * packed a block of it has a third, since B packed before passes through L2 besides. */
static int64_t deepest(int64_t row_tiles, int64_t slivers, int64_t l2)
{
    const int64_t size = (int64_t)sizeof(element), step_bytes = MATMUL_TILE_COLUMNS * size;
    const bool few_tiles = row_tiles <= FEW_TILES, few = slivers <= FEW_SLIVERS || few_tiles;
    int64_t most = few ? PAGE_BYTES / size : KC_MOST;
    if (!MATMUL_PACKS_BESIDE && few_tiles)
        most = KC_FEW_TILES;
    else if (slivers >= MATMUL_PACK_A_SLIVERS)
        most = KC_PACKED_A;
    return clamp(l2 / 4 / step_bytes, MATMUL_GROUP, most);
}

static struct matmul_blocks choose(const struct kernel_config *config)
{
    int64_t m = config->shape[MATMUL_M], n = config->shape[MATMUL_N], k = config->shape[MATMUL_K];
    int64_t size = (int64_t)sizeof(element);
    int64_t l1 = cache_or(config->l1d_bytes, L1D_BYTES);
    int64_t l2 = cache_or(config->l2_bytes, L2_BYTES);
    enum matmul_path path = TYPED(matmul_choose_path)(m, n, k, l2);
    if (path == MATMUL_PATH_DOTS)
        return choose_dots(m, n, k, config->threads, l1, l2);
    if (path == MATMUL_PATH_ROWS)
        return choose_rows(m, n, k, l2);
    if (path == MATMUL_PATH_FEW)
        return choose_few(m, n, k, l1, l2);
    if (path == MATMUL_PATH_SMALL)
        return choose_small(m, n, k, config->threads, l1, l2, cache_or(config->l3_bytes, 0));
    struct matmul_blocks b = {.path = path, .splits = 1, .split_depth = k};

    const bool tall = m > MATMUL_TILE_ROWS && m <= MATMUL_TALL_ROWS;
    const int64_t vectors = divide_up(n, VECTOR_LANES);
    b.row_tiles = tall ? 1 : divide_up(m, MATMUL_TILE_ROWS);
    b.slivers = divide_up(vectors, tall ? 2 : MATMUL_TILE_VECTORS);
    b.vectors = (int)divide_up(vectors, b.slivers);
    b.kc = equal_part(k, deepest(b.row_tiles, b.slivers, l2), MATMUL_GROUP);
    const int64_t whole_bytes = k * b.vectors * VECTOR_BYTES; /* of a sliver of all of the depth */
    b.shallow = k <= b.kc && whole_bytes * SHALLOW_SLIVERS <= l2 / 4;
    b.block_slivers =
        equal_part(b.slivers, b.shallow ? l2 / 4 / whole_bytes : panel_slivers(b.kc, l2, config->threads), 1);

    const bool packs_a = b.slivers >= MATMUL_PACK_A_SLIVERS;
    const int64_t a_bytes = packs_a ? b.kc * size : clamp(b.kc * size, PAGE_BYTES / 2, KC_MOST * size);
    b.block_tiles = clamp(l2 / (packs_a ? 3 : 2) / a_bytes / MATMUL_TILE_ROWS, 1, b.row_tiles);
    b.band_tiles = clamp(b.row_tiles * b.slivers / (UNITS_WANTED / 2), BAND_TILES_LEAST, BAND_TILES_MOST);
    b.band_tiles = clamp(equal_part(b.row_tiles, b.band_tiles, 1), 1, b.block_tiles);
    b.block_tiles = b.block_tiles / b.band_tiles * b.band_tiles;
    b.task_tiles = clamp(TASK_TILES / b.block_tiles, 1, b.row_tiles) * b.block_tiles;
    b.bands = divide_up(b.row_tiles, b.band_tiles);
    int64_t units = b.bands * b.slivers;
    if (units < UNITS_WANTED && k >= 2 * SPLIT_DEPTH_LEAST) {
        int64_t splits = clamp(UNITS_WANTED / units, 1, k / SPLIT_DEPTH_LEAST);
        b.split_depth = equal_part(k, divide_up(k, splits), b.kc);
        b.splits = divide_up(k, b.split_depth);
    }
    b.packed_slivers = b.block_slivers;
    b.packed_rows = packs_a ? b.block_tiles * MATMUL_TILE_ROWS : 0;
    if (MATMUL_PACKS_BESIDE) /* and a sliver of the next panel, or two where there is one block */
        b.packed_slivers = b.shallow || b.row_tiles > b.block_tiles ? b.block_slivers + 1 : 2;
    return b;
}

struct matmul_blocks TYPED(matmul_choose_blocks)(const struct kernel_config *config)
{
    struct matmul_blocks b = choose(config);
    if (b.path != MATMUL_PATH_ROWS) {
        b.tile_rows = matmul_parts_of(config->shape[MATMUL_M], b.row_tiles);
        b.sliver_vectors = matmul_parts_of(divide_up(config->shape[MATMUL_N], VECTOR_LANES), b.slivers);
    }
    return b;
}
