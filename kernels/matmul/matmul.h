/* matmul, inside: the state of one problem and what the files of this folder give each other.
 *
 * C = A·B, row-major and dense: A is m × k, B is k × n, C is m × n.
 * Refuses to be an interface for others: the harness sees only kernel_matmul.
 */
#ifndef ACELERA_MATMUL_H
#define ACELERA_MATMUL_H

#include "kernels/kernel.h"
#include "kernels/matmul/blocks.h"
#include "kernels/matmul/input.h"

enum { MATMUL_M, MATMUL_N, MATMUL_K, MATMUL_DIMENSIONS };
enum { MATMUL_OPTION_DATA, MATMUL_OPTION_BLAS, MATMUL_OPTIONS };
enum { MATMUL_DATA_INTEGER, MATMUL_DATA_REAL };
enum { MATMUL_SAMPLE_ROWS = 8 }; /* rows of C that check() recomputes when the data are real */

/* What check() computes once and keeps; where each array begins in `memory`. Made by check.c. */
struct matmul_reference {
    bool ready;
    void *memory;
    size_t memory_bytes;
    int32_t *x;                 /* n, the random vector of Freivalds' check */
    uint64_t *y, *ax;           /* k, m: B·x and A·(B·x), modulo 2^64 */
    double *yr, *y_size;        /* k: B·x and |B|·|x|, when the data are real */
    double *axr, *slack;        /* m: A·(B·x) and how far C·x may be from it, when the data are real */
    uint64_t *digest;           /* m: a digest of each row of C */
    double *high, *low, *bound; /* SAMPLE_ROWS × n: sampled rows of C as high + low ± bound */
    int64_t sample[MATMUL_SAMPLE_ROWS]; /* the rows, ascending */
    int samples;
};

/* The units of a thread that nobody has taken yet: next … end − 1. In a line of its own. */
struct matmul_share {
    int64_t next, end;
} __attribute__((aligned(128)));

struct matmul {
    struct kernel_config config;
    int64_t m, n, k;
    struct matmul_input a_input, b_input;
    element *a, *b,
        *c; /* behind A and B there is room to read a vector, or the widest tile's row, too many */
    struct matmul_blocks blocks;
    element
        *packed; /* each thread's packed tiles of A and slivers of B; on the path dots B by columns, for all;
                  * on the path rows each thread's strip of C, on few the sums of its unit; NULL: none */
    size_t packed_stride; /* elements from one thread's part to the next one's */
    element *partial;     /* splits × m × n, where the depth is split; else NULL */
    size_t a_bytes, b_bytes, c_bytes, packed_bytes, partial_bytes;
    struct matmul_blas *blas;    /* of the variant blas; else NULL */
    struct matmul_share *shares; /* of the work, one for each thread (work.h) */
    uint64_t spoiled;            /* calls of spoil(), so that each takes other elements */
    struct matmul_reference reference;
};

/* First row of a tile; of the tile past the last one: m. */
static inline int64_t matmul_tile_row(const struct matmul *s, int64_t tile)
{
    return matmul_part_begin(&s->blocks.tile_rows, tile);
}

/* The rungs: naive.c, reordered.c, tiled.c, simd_micro_kernel.c, packed.c; and blas.h. */
kernel_run_function TYPED(matmul_run_naive), TYPED(matmul_run_reordered), TYPED(matmul_run_tiled),
    TYPED(matmul_run_simd), TYPED(matmul_run_packed);

/* packed.c's other paths, for narrow and for small shapes (dots.c, rows.c, few.c, small.c). */
kernel_run_function TYPED(matmul_run_dots), TYPED(matmul_run_rows), TYPED(matmul_run_few),
    TYPED(matmul_run_small);

/* packed.c: how every path that splits the depth ends, by each thread of the team: after all are done, its
 * part of C as the sum of the splits, in their order. Nothing where there is one split. */
void TYPED(matmul_add_splits)(const struct matmul *state, struct kernel_lane *lane);

/* kernel.c: the description and the life of a problem, also for the broken twin in tests/. */
extern const struct kernel TYPED(kernel_matmul);
extern const struct kernel_dimension TYPED(matmul_dimensions)[MATMUL_DIMENSIONS];
extern const struct kernel_option TYPED(matmul_options)[MATMUL_OPTIONS];
const char *TYPED(matmul_reject)(const struct kernel_config *config);
void TYPED(matmul_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost);
void *TYPED(matmul_create)(const struct kernel_config *config, const struct kernel_variant *variant);
void TYPED(matmul_fill)(void *state);
void TYPED(matmul_spoil)(void *state, bool whole);
void TYPED(matmul_destroy)(void *state);

/* check.c (exact, integers) and check_real.c (bounds, real numbers). */
size_t TYPED(matmul_reference_bytes)(const struct kernel_config *config);
void TYPED(matmul_check)(void *state, struct kernel_check *check);
void TYPED(matmul_check_real)(struct matmul *state, struct kernel_check *check);

/* Rows of C from the definition, in twice the working precision, with the bound that any order of summation
 * keeps: |C − AB| ≤ γ(k+2)·|A||B|, γ(q) = qu/(1 − qu) (Higham, "Accuracy and Stability of Numerical
 * Algorithms", 2nd ed., 2002, section 3.5; +2 covers an unfused product and the reference itself).
 * `rows` are at most SAMPLE_ROWS; high, low and bound hold count × n. Made from the seed, never from A and B
 * in memory. */
void TYPED(matmul_reference_rows)(
    const struct matmul *state, const int64_t *rows, int count, double *high, double *low, double *bound);

/* Whether `value` is within `bound` of high + low; false for NaN. (reference_exact.c) */
bool TYPED(matmul_within)(element value, double high, double low, double bound);

/* self_test.c */
const char *TYPED(matmul_self_test)(int threads);

#endif
