/* A vector taken apart and put together lane by lane.
 * Refused: the stack is used */
#include "kernels/element.h"

#include <stdint.h>

enum { SUMS = 6 };

union lanes {
    vector whole;
    element lane[VECTOR_LANES];
};

void TYPED(bad_lanes)(int64_t n, const element *a, const int *order, union lanes *c)
{
    union lanes sum[SUMS] = {0};
    for (int64_t k = 0; k < n; k++)
#pragma GCC unroll 8
        for (int i = 0; i < SUMS; i++) {
            sum[i].whole += a[k * SUMS + i] * sum[i].whole;
            sum[i].lane[order[k] & (VECTOR_LANES - 1)] += a[k];
        }
    for (int i = 0; i < SUMS; i++)
        c[i] = sum[i];
}
