/* The rung `blas`: somebody else's product, from any library with a CBLAS interface, opened at run time. Its
 * two files: blas.c opens and calls a library, blas_identity.c asks it who it is. Refuses to link one, and to
 * know a header of one.
 *
 * Only libraries whose integers have 32 bits (LP64) are used.
 */
#ifndef ACELERA_MATMUL_BLAS_H
#define ACELERA_MATMUL_BLAS_H

#include "kernels/kernel.h"

enum { MATMUL_BLAS_NOTE_BYTES = 512 };

struct matmul_blas;

/* NULL if the library at `path` can compute a product of these extents (shape: m, n, k), else a static
 * sentence that says why not. path: as dlopen() takes it; "": the first library found of the well-known
 * names. Leaves the library loaded: some crash when they are unloaded while their threads sleep. */
const char *TYPED(matmul_blas_unavailable)(const char *path, const int64_t *shape);

/* Opens the library and sets its number of threads, where it has a call for that. Starts its threads, as most
 * libraries do when they are loaded: so call it before the calling thread is bound, or all of them share that
 * thread's PU. NULL if it cannot be. Owned by the caller. */
struct matmul_blas *TYPED(matmul_blas_open)(const char *path, int threads);

/* NULL is accepted. */
void TYPED(matmul_blas_close)(struct matmul_blas *blas);

/* What the library says of itself: "OpenBLAS 0.3.21, core SkylakeX, 2 threads (pthreads)". Valid until
 * close. */
const char *TYPED(matmul_blas_note)(const struct matmul_blas *blas);

/* C = A·B by cblas_sgemm or cblas_dgemm (CBLAS: "Basic Linear Algebra Subprograms Technical Forum Standard",
 * 2001, appendix B). The lanes stay empty: its threads leave no stamps. */
kernel_run_function TYPED(matmul_run_blas);

/* blas_identity.c. `library` is a handle of dlopen(). */

/* The address of a function, written into *function (a pointer to a function pointer); false: there is none.
 */
bool TYPED(matmul_blas_symbol)(void *library, const char *name, void *function);
/* Does the library say that its integers have 64 bits? `file` is the name of its file. */
bool TYPED(matmul_blas_is_ilp64)(void *library, const char *file);
void TYPED(matmul_blas_set_threads)(void *library, int threads);
/* Writes the note, at most NOTE_BYTES with its end. */
void TYPED(matmul_blas_identify)(void *library, const char *file, char *note);

#endif
