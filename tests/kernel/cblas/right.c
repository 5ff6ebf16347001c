/* The smallest CBLAS there can be: the product of two row-major matrices by its definition, for tests of the
 * variant that opens one. Refuses what that variant never asks for (transposed or column-major matrices) by
 * computing nothing, which no check accepts. */
enum { ROW_MAJOR = 101, NO_TRANSPOSITION = 111 };

#define MULTIPLY(name, number)                                                                               \
    void name(int order, int ta, int tb, int m, int n, int k, number alpha, const number *a, int lda,        \
        const number *b, int ldb, number beta, number *c, int ldc);                                          \
    void name(int order, int ta, int tb, int m, int n, int k, number alpha, const number *a, int lda,        \
        const number *b, int ldb, number beta, number *c, int ldc)                                           \
    {                                                                                                        \
        if (order != ROW_MAJOR || ta != NO_TRANSPOSITION || tb != NO_TRANSPOSITION)                          \
            return;                                                                                          \
        for (long i = 0; i < m; i++)                                                                         \
            for (long j = 0; j < n; j++) {                                                                   \
                number sum = 0;                                                                              \
                for (long p = 0; p < k - SKIPPED; p++)                                                       \
                    sum += a[i * lda + p] * b[p * ldb + j];                                                  \
                c[i * ldc + j] = alpha * sum + (beta == 0 ? 0 : beta * c[i * ldc + j]);                      \
            }                                                                                                \
    }

#ifndef SKIPPED /* products that each sum lacks: wrong.c has one */
#    define SKIPPED 0
#endif

MULTIPLY(cblas_sgemm, float)
MULTIPLY(cblas_dgemm, double)
