/* Several steps of k in a turn of a loop, with nothing in them but loads and multiply-adds, for instruction
 * sets of 16 registers of 32 bytes.
 *
 * Written as expressions, GCC 12 needs a third more instructions: it keeps an address for each row and step,
 * on the stack, and moves sums about between forms of the multiply-add. Hence two functions of one
 * instruction each. */
#ifndef ACELERA_MATMUL_LEAN_H
#define ACELERA_MATMUL_LEAN_H

#include "kernels/element.h"

#include <stdint.h>

/* Is it one of these instruction sets? */
#if defined(__FMA__) && !defined(__AVX512F__)
#    define MATMUL_LEAN 1
#else
#    define MATMUL_LEAN 0
#endif

#if MATMUL_LEAN

/* Steps of k in a turn of the loop: what a turn has besides is little then, and more make no difference. */
enum { ABREAST = 4 };

/* The element at `base` + `times` strides + `offset`, in all lanes; both counted in bytes. */
static inline __attribute__((always_inline)) vector broadcast(
    const element *base, int64_t stride, int times, int offset)
{
#    if defined(__OPTIMIZE__)
#        if ELEMENT_BITS == 32
#            define BROADCAST "vbroadcastss"
#        else
#            define BROADCAST "vbroadcastsd"
#        endif
    if (__builtin_constant_p(offset) && __builtin_constant_p(times)) {
        vector x;
        if (times == 0)
            __asm__(BROADCAST " %c2(%1), %0" : "=x"(x) : "r"(base), "i"(offset), "m"(*base));
        else if (times == 1)
            __asm__(BROADCAST " %c3(%1,%2), %0" : "=x"(x) : "r"(base), "r"(stride), "i"(offset), "m"(*base));
        else
            __asm__(BROADCAST " %c3(%1,%2,2), %0"
                    : "=x"(x)
                    : "r"(base), "r"(stride), "i"(offset), "m"(*base));
        return x;
    }
#        undef BROADCAST
#    endif
    /* Subtracting zero changes nothing; adding it would change −0. */
    return *(const element *)((const char *)base + times * stride + offset) - (vector){0};
}

static inline __attribute__((always_inline)) vector add_product(vector sum, vector x, vector y)
{
#    if ELEMENT_BITS == 32
    __asm__("vfmadd231ps %2, %1, %0" : "+x"(sum) : "x"(x), "x"(y));
#    else
    __asm__("vfmadd231pd %2, %1, %0" : "+x"(sum) : "x"(x), "x"(y));
#    endif
    return sum;
}

#endif

#endif
