/* Which instruction set this worker's kernels were compiled for: constant data, so that the baseline main
 * can read it on a CPU that could not run a single instruction of the kernels. */
#ifndef ACELERA_ISA_H
#define ACELERA_ISA_H

extern const char *const isa_level;             /* "x86-64-v3" */
extern const char *const isa_flags;             /* the compiler flags of the kernel objects */
extern const char *const isa_compiler;          /* "GCC 12.2.0" */
extern const char *const isa_features_needed[]; /* NULL-terminated, names as in harness/worker/cpu.c */

#endif
