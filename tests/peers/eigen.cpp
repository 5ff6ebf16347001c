/* Eigen's product behind a CBLAS interface, so that matmul:blas can run it. Refuses to be a CBLAS: it knows
 * C = A·B of dense row-major matrices, and computes nothing else. */
#include <Eigen/Core>

namespace
{
template <typename Number>
void multiply(int order, int transpose_a, int transpose_b, int m, int n, int k, const Number *a,
    const Number *b, Number *c)
{
    using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    constexpr int row_major = 101, no_transposition = 111;
    if (order != row_major || transpose_a != no_transposition || transpose_b != no_transposition)
        return;
    Eigen::Map<Matrix>(c, m, n).noalias() =
        Eigen::Map<const Matrix>(a, m, k) * Eigen::Map<const Matrix>(b, k, n);
}
} // namespace

extern "C" void cblas_sgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, float,
    const float *a, int, const float *b, int, float, float *c, int)
{
    multiply(order, transpose_a, transpose_b, m, n, k, a, b, c);
}

extern "C" void cblas_dgemm(int order, int transpose_a, int transpose_b, int m, int n, int k, double,
    const double *a, int, const double *b, int, double, double *c, int)
{
    multiply(order, transpose_a, transpose_b, m, n, k, a, b, c);
}
