/* Elements into a register of f64. */
#ifndef ACELERA_WIDEN_H
#define ACELERA_WIDEN_H

#include "kernels/wide.h"

#if defined(__AVX__)
#    include <immintrin.h>
#endif

/* A register of f64 from as many elements at any address. GCC splits the conversion of half a register in
 * two, so where it is one instruction it is named. */
static inline wide wide_load(const element *from)
{
#if ELEMENT_BITS == 32 && defined(__AVX512F__)
    return (wide)_mm512_cvtps_pd(_mm256_loadu_ps(from));
#elif ELEMENT_BITS == 32 && defined(__AVX__)
    return (wide)_mm256_cvtps_pd(_mm_loadu_ps(from));
#else
    return __builtin_convertvector(*(const narrow_unaligned *)from, wide);
#endif
}

#endif
