/* oneDNN's product behind a CBLAS interface, so that matmul:blas can run it. Refuses to be a CBLAS: oneDNN
 * has no product of doubles, so cblas_dgemm computes nothing, which no check accepts. */
#include <dnnl.h>

void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
    const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc);
void cblas_dgemm(void);

void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float alpha,
    const float *a, int lda, const float *b, int ldb, float beta, float *c, int ldc)
{
    enum { ROW_MAJOR = 101, NO_TRANSPOSITION = 111 };
    if (order == ROW_MAJOR && transpose_a == NO_TRANSPOSITION && transpose_b == NO_TRANSPOSITION)
        dnnl_sgemm('N', 'N', m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void cblas_dgemm(void)
{
}
