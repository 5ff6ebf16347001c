/* The element type of a kernel source: each is compiled twice, with ELEMENT_BITS 32 and 64.
 *
 * TYPED(name) gives name_f32 or name_f64: use it on every external symbol of a kernel.
 */
#ifndef ACELERA_ELEMENT_H
#define ACELERA_ELEMENT_H

#ifdef __FAST_MATH__
#    error "-ffast-math deletes NaN tests, and once linked it flushes denormals for the whole process"
#endif

#ifndef ELEMENT_BITS /* read outside a kernel (the worker's main): any element type will do */
#    define ELEMENT_BITS 32
#endif

#if ELEMENT_BITS == 32
typedef float element;
#    define TYPED(name)         name##_f32
#    define ELEMENT_NAME        "f32"
#    define ELEMENT_EPSILON     0x1p-24    /* unit roundoff u, half the spacing of 1.0 */
#    define ELEMENT_EXACT_LIMIT 16777216.0 /* 2^24: integers up to here are exact */
#elif ELEMENT_BITS == 64
typedef double element;
#    define TYPED(name)         name##_f64
#    define ELEMENT_NAME        "f64"
#    define ELEMENT_EPSILON     0x1p-53
#    define ELEMENT_EXACT_LIMIT 9007199254740992.0 /* 2^53 */
#else
#    error "ELEMENT_BITS must be 32 or 64"
#endif

/* The widest vector that this build's instruction set holds in one register, in bytes. */
#if defined(__AVX512F__)
#    define VECTOR_BYTES 64
#elif defined(__AVX__)
#    define VECTOR_BYTES 32
#elif defined(__ARM_FEATURE_SVE_BITS) && __ARM_FEATURE_SVE_BITS > 0 /* -msve-vector-bits=N */
#    define VECTOR_BYTES (__ARM_FEATURE_SVE_BITS / 8)
#else
#    define VECTOR_BYTES 16
#endif
#define VECTOR_LANES (VECTOR_BYTES / (int)sizeof(element))

/* A full register, and the same memory at any address (an unaligned load or store). */
typedef element vector __attribute__((vector_size(VECTOR_BYTES)));
typedef element vector_unaligned
    __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(element)), may_alias));

#endif
