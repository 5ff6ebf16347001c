/* A sum in one fixed order, which no compiler may turn into vectors.
 * Refused: at least 6 and a third are wanted */
#include "kernels/element.h"

#include <stdint.h>

element TYPED(bad_scalar)(int64_t n, const element *a, const element *b)
{
    element sum = 0;
    for (int64_t k = 0; k < n; k++)
        sum += a[k] * b[k];
    return sum;
}
