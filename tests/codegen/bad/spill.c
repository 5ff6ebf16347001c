/* More sums than there are registers.
 * Refused: the stack is used */
#include "kernels/element.h"

#include <stdint.h>

enum { SUMS = 40 };

void TYPED(bad_spill)(int64_t n, const element *a, const element *b, vector *c)
{
    vector sum[SUMS] = {0};
    for (int64_t k = 0; k < n; k++) {
        vector row = *(const vector_unaligned *)(b + k * VECTOR_LANES);
#pragma GCC unroll 64
        for (int i = 0; i < SUMS; i++)
            sum[i] += a[k * SUMS + i] * row;
    }
    for (int i = 0; i < SUMS; i++)
        c[i] = sum[i];
}
