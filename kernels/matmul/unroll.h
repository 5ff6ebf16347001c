/* How the micro-kernels tell a compiler what to do with their loops. Refuses to be a list of all pragmas. */
#ifndef ACELERA_MATMUL_UNROLL_H
#define ACELERA_MATMUL_UNROLL_H

#include "kernels/lean.h"
#include "kernels/unroll.h"

/* KEEP_ROLLED: GCC would interleave the turns and run out of registers. WIDE_VECTORS: before a function; else
 * clang splits the 64-byte vectors of x86-64-v4 into halves, and spills. Takes VECTOR_BYTES from
 * kernels/element.h. */
#if defined(__clang__)
#    define KEEP_ROLLED  _Pragma("clang loop unroll(disable)")
#    define WIDE_VECTORS __attribute__((min_vector_width(8 * VECTOR_BYTES)))
#else
#    define KEEP_ROLLED _Pragma("GCC unroll 1")
#    define WIDE_VECTORS
#endif

/* A vector of B that so many rows use. GCC reads it from memory again for each of two or three uses, and a
 * read across two lines counts twice; of more uses it finds out by itself. */
#define READ_ONCE_FOR(ROWS, value)                                                                           \
    do {                                                                                                     \
        if ((ROWS) == 2 || (ROWS) == 3)                                                                      \
            IN_REGISTER(value);                                                                              \
    } while (0)

#endif
