/* The contract between a kernel and whoever times it.
 *
 * A kernel is a workload: it describes itself (data), makes its inputs, computes, and checks its own result
 * against an independent reference. It knows nothing of statistics, processes, files or placement, and uses
 * no stdio. A kernel exports exactly one symbol per element type: `const struct kernel TYPED(kernel_NAME)`.
 *
 * The life of a problem inside one worker process, called by the initial thread in this order:
 *
 *     reject → cost → create → fill → spoil → run → check → { spoil → run }… → check → destroy
 *
 * `run` is the only timed call. It opens its own parallel regions with exactly `config.threads` threads, and
 * each thread marks its busy work with lane_begin() / lane_end(). The result must be the same bits for every
 * number of threads, and for the serial build of the same level.
 */
#ifndef ACELERA_KERNEL_H
#define ACELERA_KERNEL_H

#include "kernels/element.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

enum {
    KERNEL_DIMENSIONS_MAX = 6,
    KERNEL_OPTIONS_MAX = 8,
    KERNEL_CEILINGS_MAX = 4,
    KERNEL_RESULTS_MAX = 4,
    KERNEL_SPANS_MAX = 64, /* busy spans kept per thread and iteration; busy_ns counts all of them */
    KERNEL_SIZES = 5,      /* tiny small medium large huge */
};

/* ---- what a kernel says of itself: constant data only, readable on a CPU that cannot run the kernel ---- */

/* One extent of the problem. `by_size` holds the fixed classes; they never change once published. */
struct kernel_dimension {
    const char *key; /* as in --shape KEY=N; the literature's letter */
    const char *meaning;
    int64_t by_size[KERNEL_SIZES];
    const char *same_as; /* not NULL: takes the value of that key where only that key is given */
    bool weak;           /* multiplied by the thread count under --scaling weak */
    bool grows;          /* enlarged by --size auto */
};

/* One row of `--set KERNEL.KEY=VALUE`. The first choice is the default. */
struct kernel_option {
    const char *key;
    const char *meaning;
    const char *const *choices; /* NULL-terminated; NULL: free text, default empty */
};

/* A workload is what people want done; a ceiling measures a limit of the machine that workloads run into. */
enum kernel_role { KERNEL_WORKLOAD, KERNEL_CEILING };

/* Which work the `rate` column counts: GFLOP/s, GB/s, GHz, or nothing (a construct that has only a time). The
 * work belongs to the problem, not to the variant. */
enum kernel_rate { KERNEL_RATE_FLOP, KERNEL_RATE_BYTES, KERNEL_RATE_CYCLES, KERNEL_RATE_NONE };

/* A person's own table, in the place of the made-up data: rows × columns as config.shape has them. Read-only,
 * not aligned beyond its elements, and not owned: kernels copy it in fill(), and may read it again in
 * check(). */
struct kernel_table {
    const void *data;
    int bits;          /* 32: float, 64: double; a kernel of the other type converts */
    bool column_major; /* Fortran order */
};

/* Which extents a table gives. */
struct kernel_table_use {
    int rows, columns; /* indexes into dimensions */
    bool finite;       /* NaN and infinities are refused before the kernel sees them, */
    double largest;    /* and numbers beyond this, by magnitude; 0: none */
};

/* A problem, fully specified. Filled in by the caller; a kernel never changes it. */
struct kernel_config {
    int64_t shape[KERNEL_DIMENSIONS_MAX]; /* in the order of kernel.dimensions, each ≥ 1 */
    int choice[KERNEL_OPTIONS_MAX];       /* index into option.choices; 0 for free text */
    const char *text[KERNEL_OPTIONS_MAX]; /* the option's value as given */
    uint64_t seed;                        /* inputs are a function of (seed, index) alone */
    int threads;                          /* ≥ 1: the team that run() opens */
    size_t l1d_bytes, l2_bytes, l3_bytes; /* per core / per core / per cluster; 0 unknown */
    const struct kernel_table *table;     /* NULL: the data are made from the seed */
};

/* What solving the problem once takes. `memory_bytes` is everything that create() will reserve,
 * but for some pages of rounding and what is small beside them. */
struct kernel_cost {
    double flop;         /* operations that any variant is credited with */
    double bytes;        /* compulsory traffic: each operand once, no write-allocate */
    double memory_bytes; /* resident memory of the whole problem with this variant, checks included */
    double cycles;       /* dependent additions of each thread; 0 but for the clock */
    double regions;      /* parallel regions that run() opens with a team */
    double barriers;     /* barriers inside them, the ends of the regions not counted */
};

/* A ceiling that bounds a problem, to be measured at the same threads and places as the problem. */
struct kernel_ceiling {
    const char *kernel, *variant; /* "stream", "triad-nt" */
    int64_t extent;               /* of its first dimension; 0: as its own size class has it */
    const char *element;          /* "f32" where it is not the problem's own type; else NULL */
};

/* The verdict of check(): where it failed, the first offending element. `digest` hashes the result's bits. */
struct kernel_check {
    bool passed;
    const char *what; /* static text: what was compared, "C·x against A·(B·x)" */
    int64_t index;    /* flat index of the first wrong element, −1 if none applies */
    double got, expected, tolerance;
    uint64_t digest;
};

/* One array of a result, for --save. Points into the state; valid until the next run() or destroy(). */
enum kernel_number { KERNEL_F32, KERNEL_F64, KERNEL_I32, KERNEL_I64 };
struct kernel_result {
    const char *name; /* "labels" */
    const void *data; /* row-major */
    enum kernel_number number;
    int64_t rows, columns; /* columns 0: one-dimensional */
};

/* ---- busy stamps ---- */

struct kernel_span {
    int64_t begin_ns, end_ns; /* CLOCK_MONOTONIC */
};

/* One thread's busy time in one call of run(). 128-byte aligned: neighbours never share a line. */
struct kernel_lane {
    int64_t busy_ns;
    int64_t open_ns;
    int32_t spans; /* spans seen; only the first KERNEL_SPANS_MAX are kept */
    struct kernel_span span[KERNEL_SPANS_MAX];
} __attribute__((aligned(128)));

static inline int64_t kernel_now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static inline void lane_begin(struct kernel_lane *lane)
{
    lane->open_ns = kernel_now_ns();
}

static inline void lane_end(struct kernel_lane *lane)
{
    int64_t end_ns = kernel_now_ns();
    lane->busy_ns += end_ns - lane->open_ns;
    if (lane->spans < KERNEL_SPANS_MAX)
        lane->span[lane->spans] = (struct kernel_span){lane->open_ns, end_ns};
    lane->spans++;
}

/* ---- the functions ---- */

/* lanes: one per thread of the team, indexed by its number there (kernels/team.h), cleared by the caller. */
typedef void kernel_run_function(void *state, struct kernel_lane *lanes);

struct kernel_variant {
    const char *name;
    const char *what; /* one line: what it does */
    const char *why;  /* one line: why it is faster than the rung before */
    kernel_run_function *run;
    bool is_default; /* exactly one per kernel */
    /* Computes with a library, on threads that are not the team's and leave no stamps: lanes stay empty, and
     * its bits may depend on the number of threads. */
    bool own_threads;
};

struct kernel {
    const char *name;    /* "matmul" */
    const char *element; /* "f32" or "f64" */
    const char *summary; /* one line */
    enum kernel_role role;
    enum kernel_rate rate;
    const struct kernel_table_use *table; /* NULL: takes no table of a person's own */

    const struct kernel_dimension *dimensions;
    int dimension_count;
    const struct kernel_option *options;
    int option_count;
    const struct kernel_variant *variants; /* the ladder, slowest first */
    int variant_count;

    /* NULL if the problem can be solved, else a static sentence that says why not ("k must not exceed n").
     * Refuses every shape whose sizes overflow; allocates nothing. */
    const char *(*reject)(const struct kernel_config *config);

    /* Work, traffic and memory of a problem that reject() accepts. Allocates nothing. */
    void (*cost)(
        const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost);

    /* The ceilings that bound this problem, at most KERNEL_CEILINGS_MAX; returns how many. In the time of
     * each one's work the problem's work cannot be done faster: flop against flop, bytes against bytes. None
     * for a variant that may skip work. Ceilings without a rate (fork-join) price the regions and barriers.
     * May be NULL: none. Allocates nothing. */
    int (*ceilings)(const struct kernel_config *config, const struct kernel_variant *variant,
        struct kernel_ceiling *ceiling);

    /* NULL, or a static sentence that says why this variant cannot run here though its problem is fine ("no
     * CBLAS library was found; …"). Such a cell is skipped, with the reason. May be NULL: always available.
     */
    const char *(*unavailable)(const struct kernel_config *config, const struct kernel_variant *variant);

    /* Reserves memory without touching it, and opens what it needs (a library: before threads are bound).
     * NULL if there is none. The config is copied; the table's data stay where they are. */
    void *(*create)(const struct kernel_config *config, const struct kernel_variant *variant);

    /* Inputs from (seed, index), in parallel: every page is first written by the thread that will use it. */
    void (*fill)(void *state);

    /* Makes the old result unmistakably wrong, so that a run that computes nothing cannot pass for right.
     * whole: every element of the result (before the first run); else a few dozen scattered ones (before
     * every timed run: cheap, and the caches stay as they are). Outside the timer. */
    void (*spoil)(void *state, bool whole);

    /* Compares the result with an independent reference: never another run of the same code. May use the
     * team. Outside the timer. */
    void (*check)(void *state, struct kernel_check *check);

    void (*destroy)(void *state);

    /* Optional, may be NULL. What the record should say of this process ("OpenBLAS 0.3.21, core Zen"); valid
     * until destroy(). Called after create(). */
    const char *(*note)(void *state);
    /* Optional, may be NULL. The arrays of the result, after run(); returns how many. */
    int (*results)(void *state, struct kernel_result *result);

    /* Optional, may be NULL: general inputs and edge shapes that check() cannot cover. Called once per
     * thread count by --self-test. Returns NULL, or a static sentence naming what is wrong. */
    const char *(*self_test)(int threads);
    /* Small shapes for --self-test, dimension_count values each: edges of tiles and blocks. The self-test
     * runs every variant × option choice × shape × 1…threads, and wants one digest for all thread counts. */
    const int64_t *test_shapes;
    int test_shape_count;
};

#endif
