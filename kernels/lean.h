/* What a compiler is told where it would make more instructions than a loop needs.
 *
 * A broadcast and a multiply-add of vectors are one instruction each, for loops with nothing in them but
 * loads and multiply-adds, several steps a turn, on instruction sets of 16 registers of 32 bytes. Written as
 * expressions, GCC 12 needs a third more instructions there: it keeps addresses on the stack, and moves sums
 * about between forms of the multiply-add. Elsewhere they are expressions. */
#ifndef ACELERA_LEAN_H
#define ACELERA_LEAN_H

#include "kernels/element.h"

#include <stdint.h>

/* A vector that is in a register from here on, and of which the compiler knows no more than that. */
#if defined(__AVX512F__)
#    define IN_REGISTER(value) __asm__("" : "+v"(value))
#elif defined(__x86_64__)
#    define IN_REGISTER(value) __asm__("" : "+x"(value))
#elif defined(__aarch64__)
#    define IN_REGISTER(value) __asm__("" : "+w"(value))
#else
#    define IN_REGISTER(value) ((void)(value))
#endif

/* Is it one of these instruction sets? */
#if defined(__FMA__) && !defined(__AVX512F__)
#    define LEAN 1
#else
#    define LEAN 0
#endif

#if ELEMENT_BITS == 32
#    define LEAN_BROADCAST "vbroadcastss"
#    define LEAN_FMA       "vfmadd231ps"
#else
#    define LEAN_BROADCAST "vbroadcastsd"
#    define LEAN_FMA       "vfmadd231pd"
#endif

/* The element at `base` + `times` strides + `offset`, in all lanes; both counted in bytes. `times` is 0, 1 or
 * 2. */
static inline __attribute__((always_inline)) vector lean_broadcast(
    const element *base, int64_t stride, int times, int offset)
{
#if LEAN && defined(__OPTIMIZE__)
    if (__builtin_constant_p(offset) && __builtin_constant_p(times)) {
        vector x;
        if (times == 0)
            __asm__(LEAN_BROADCAST " %c2(%1), %0"
                    : "=x"(x)
                    : "r"(base), "i"(offset), "m"(*(const element(*)[])base));
        else if (times == 1)
            __asm__(LEAN_BROADCAST " %c3(%1,%2), %0"
                    : "=x"(x)
                    : "r"(base), "r"(stride), "i"(offset), "m"(*(const element(*)[])base));
        else
            __asm__(LEAN_BROADCAST " %c3(%1,%2,2), %0"
                    : "=x"(x)
                    : "r"(base), "r"(stride), "i"(offset), "m"(*(const element(*)[])base));
        return x;
    }
#endif
    /* Subtracting zero changes nothing; adding it would change −0. */
    return *(const element *)((const char *)base + times * stride + offset) - (vector){0};
}

/* sum + x·y */
static inline __attribute__((always_inline)) vector lean_add_product(vector sum, vector x, vector y)
{
#if LEAN
    __asm__(LEAN_FMA " %2, %1, %0" : "+x"(sum) : "x"(x), "x"(y));
    return sum;
#else
    return sum + x * y;
#endif
}

/* Three sums: each + its own of three x, times one y from memory; in one statement, so that y's register is
 * free at once. Where these are all the registers, GCC would keep two y at a time, and sums on the stack. */
static inline __attribute__((always_inline)) void lean_add_vector(
    vector *sum0, vector *sum1, vector *sum2, const vector x[3], const element *y)
{
    const vector_unaligned *const from = (const vector_unaligned *)y;
#if LEAN
    vector row;
    __asm__("vmovups %4, %3\n\t" LEAN_FMA " %3, %5, %0\n\t" LEAN_FMA " %3, %6, %1\n\t" LEAN_FMA " %3, %7, %2"
            : "+&x"(*sum0), "+&x"(*sum1), "+&x"(*sum2), "=&x"(row)
            : "m"(*from), "x"(x[0]), "x"(x[1]), "x"(x[2]));
#else
    *sum0 += x[0] * *from;
    *sum1 += x[1] * *from;
    *sum2 += x[2] * *from;
#endif
}

/* The same with three y, and one x that is broadcast from memory, as lean_broadcast() does. */
static inline __attribute__((always_inline)) void lean_add_broadcast(vector *sum0, vector *sum1, vector *sum2,
    const vector y[3], const element *base, int64_t stride, int times, int offset)
{
#if LEAN && defined(__OPTIMIZE__)
#    define ADD_BROADCAST(ADDRESS)                                                                           \
        __asm__(LEAN_BROADCAST " " ADDRESS ", %[x]\n\t" LEAN_FMA " %[x], %[y0], %[sum0]\n\t" LEAN_FMA        \
                               " %[x], %[y1], %[sum1]\n\t" LEAN_FMA " %[x], %[y2], %[sum2]"                  \
                : [sum0] "+&x"(*sum0), [sum1] "+&x"(*sum1), [sum2] "+&x"(*sum2), [x] "=&x"(x)                \
                : [y0] "x"(y[0]), [y1] "x"(y[1]), [y2] "x"(y[2]), [base] "r"(base), [stride] "r"(stride),    \
                [offset] "i"(offset), "m"(*(const element(*)[])base))
    if (__builtin_constant_p(offset) && __builtin_constant_p(times)) {
        vector x;
        if (times == 0)
            ADD_BROADCAST("%c[offset](%[base])");
        else if (times == 1)
            ADD_BROADCAST("%c[offset](%[base],%[stride])");
        else
            ADD_BROADCAST("%c[offset](%[base],%[stride],2)");
        return;
    }
#    undef ADD_BROADCAST
#endif
    const vector x = lean_broadcast(base, stride, times, offset);
    *sum0 = lean_add_product(*sum0, x, y[0]);
    *sum1 = lean_add_product(*sum1, x, y[1]);
    *sum2 = lean_add_product(*sum2, x, y[2]);
}

#endif
