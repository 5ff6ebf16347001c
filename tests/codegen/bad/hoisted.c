/* One multiplication for all the sums: half of the work is gone. Compiled without contraction.
 * Refused: at least 6 and a third are wanted */
#include "kernels/element.h"

#include <stdint.h>

enum { SUMS = 6 };

void TYPED(bad_hoisted)(int64_t n, const vector *a, const vector *b, vector *c)
{
    vector sum[SUMS];
    for (int i = 0; i < SUMS; i++)
        sum[i] = c[i];
    for (int64_t k = 0; k < n; k++) {
        vector product = a[k] * b[k];
#pragma GCC unroll 8
        for (int i = 0; i < SUMS; i++)
            sum[i] += product;
    }
    for (int i = 0; i < SUMS; i++)
        c[i] = sum[i];
}
