/* A CBLAS that computes rightly, but says, as OpenBLAS does, that its integers have 64 bits. */
#include "tests/kernel/cblas/right.c"

const char *openblas_get_config(void);
const char *openblas_get_config(void)
{
    return "OpenBLAS 0.0.0 USE64BITINT";
}
