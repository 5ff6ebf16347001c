/* UNROLL: before a loop over registers, at most 16 turns, that must vanish, or they go to memory. */
#ifndef ACELERA_UNROLL_H
#define ACELERA_UNROLL_H

#if defined(__clang__)
#    define UNROLL _Pragma("clang loop unroll(full)")
#else
#    define UNROLL _Pragma("GCC unroll 16")
#endif

#endif
