/* Rows of C by the definition, summed in twice the working precision. Compiled without contraction: the error
 * terms below are exact only if every operation is rounded by itself.
 *
 * Ogita, Rump & Oishi, "Accurate Sum and Dot Product", SIAM J. Sci. Comput. 26(6), 2005, algorithm 5.3
 * (Dot2): the result is as if computed with unit roundoff 2^-106, then rounded. Refuses to be fast; callers
 * ask for few rows.
 */
#include "kernels/matmul/matmul.h"

#include <math.h>

enum { STRIP = 64 };

struct strip_sums {
    double high[MATMUL_SAMPLE_ROWS][STRIP], low[MATMUL_SAMPLE_ROWS][STRIP], size[MATMUL_SAMPLE_ROWS][STRIP];
};

/* What rounding took from a·b. The product of two floats is exact in double. */
static inline double product_error(double a, double b, double product)
{
#if ELEMENT_BITS == 64
    return fma(a, b, -product);
#else
    (void)a, (void)b, (void)product;
    return 0;
#endif
}

/* high + low += a·b, for each column of the strip. */
static void add_products(double a, const double *b, double *high, double *low, double *size)
{
    for (int j = 0; j < STRIP; j++) {
        double product = a * b[j];
        double sum = high[j] + product, added = sum - high[j];
        double lost = (high[j] - (sum - added)) + (product - added);
        low[j] += lost + product_error(a, b[j], product);
        high[j] = sum;
        size[j] += fabs(product);
    }
}

/* Columns [begin, begin + width) of the given rows. */
static void sum_strip(const struct matmul *s, const int64_t *rows, int count, int64_t begin, int64_t width,
    struct strip_sums *sums)
{
    *sums = (struct strip_sums){0};
    for (int64_t p = 0; p < s->k; p++) {
        double b[STRIP] = {0};
        for (int64_t j = 0; j < width; j++)
            b[j] = (double)matmul_input_at(&s->b_input, (uint64_t)(p * s->n + begin + j));
        for (int r = 0; r < count; r++) {
            double a = (double)matmul_input_at(&s->a_input, (uint64_t)(rows[r] * s->k + p));
            add_products(a, b, sums->high[r], sums->low[r], sums->size[r]);
        }
    }
}

void TYPED(matmul_reference_rows)(
    const struct matmul *s, const int64_t *rows, int count, double *high, double *low, double *bound)
{
    double q = ((double)s->k + 2) * ELEMENT_EPSILON, gamma = q / (1 - q);
#pragma omp parallel for num_threads(s->config.threads) schedule(static)
    for (int64_t begin = 0; begin < s->n; begin += STRIP) {
        int64_t width = s->n - begin < STRIP ? s->n - begin : STRIP;
        struct strip_sums sums;
        sum_strip(s, rows, count, begin, width, &sums);
        for (int r = 0; r < count; r++)
            for (int64_t j = 0; j < width; j++) {
                high[r * s->n + begin + j] = sums.high[r][j];
                low[r * s->n + begin + j] = sums.low[r][j];
                bound[r * s->n + begin + j] = gamma * sums.size[r][j];
            }
    }
}

bool TYPED(matmul_within)(element value, double high, double low, double bound)
{
    return fabs(((double)value - high) - low) <= bound;
}
