/* Opening a CBLAS library, and calling it. Every path is a stranger's: what is no library for this machine is
 * refused in words before the loader sees it. */
#include "kernels/matmul/blas.h"
#include "kernels/matmul/matmul.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

#define GEMM_NAME (ELEMENT_BITS == 32 ? "cblas_sgemm" : "cblas_dgemm")

/* Values of the CBLAS enumerations. */
enum { CBLAS_ROW_MAJOR = 101, CBLAS_NO_TRANSPOSITION = 111 };

typedef void gemm_function(int order, int transpose_a, int transpose_b, int m, int n, int k, element alpha,
    const element *a, int lda, const element *b, int ldb, element beta, element *c, int ldc);

struct matmul_blas {
    gemm_function *gemm;
    char note[MATMUL_BLAS_NOTE_BYTES];
};

/* Where there is no path: the first of these that the loader finds and that can be used. The distribution's
 * own choice comes last, because it may be the unoptimized reference. */
static const char *const well_known[] = {"libopenblas.so.0", "libblis.so.4", "libmkl_rt.so.2",
    "libarmpl_lp64_mp.so", "libnvpl_blas_lp64_gomp.so.0", "libblis-mt.so.4", "libblis-mt.so.5",
    "libmkl_rt.so.1", "libcblas.so.3", "libblas.so.3"};

/* The header of an ELF file; false: it is none. */
static bool read_header(int fd, ElfW(Ehdr) * header)
{
    return pread(fd, header, sizeof *header, 0) == (ssize_t)sizeof *header &&
           memcmp(header->e_ident, ELFMAG, SELFMAG) == 0;
}

/* Class, byte order and machine are those of this very process. */
static bool is_for_this_machine(const ElfW(Ehdr) * header)
{
    ElfW(Ehdr) own;
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    bool known = fd >= 0 && read_header(fd, &own);
    if (fd >= 0)
        close(fd);
    return !known ||
           (memcmp(header->e_ident, own.e_ident, EI_VERSION) == 0 && header->e_machine == own.e_machine);
}

/* Does the file hold all that is to be mapped? The loader does not ask, and dies where it is cut short. */
static bool is_whole(int fd, const ElfW(Ehdr) * header, uint64_t file_bytes)
{
    for (unsigned i = 0; i < header->e_phnum; i++) {
        ElfW(Phdr) part;
        uint64_t at = header->e_phoff + (uint64_t)i * sizeof part;
        if (header->e_phentsize != sizeof part || at > file_bytes ||
            pread(fd, &part, sizeof part, (off_t)at) != (ssize_t)sizeof part)
            return false;
        if (part.p_type == PT_LOAD &&
            (part.p_offset > file_bytes || part.p_filesz > file_bytes - part.p_offset))
            return false;
    }
    return header->e_phnum > 0;
}

/* Why the file cannot be a library; NULL if it may be one. */
static const char *refuse_file(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? "there is no such CBLAS library; give the path of a shared library, or none"
                   : "the CBLAS library cannot be looked at; check the rights to its path";
    if (S_ISDIR(about.st_mode))
        return "the path of the CBLAS library is a folder; name the shared library in it";
    if (!S_ISREG(about.st_mode))
        return "the path of the CBLAS library is no regular file; name a shared library";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return "the CBLAS library cannot be opened for reading; check its permissions";
    ElfW(Ehdr) header;
    const char *why = NULL;
    if (!read_header(fd, &header))
        why = "the file is no shared library (it has no ELF header); name the library itself";
    else if (!is_for_this_machine(&header))
        why = "the library is for another kind of CPU; name one built for this machine";
    else if (!is_whole(fd, &header, (uint64_t)about.st_size))
        why = "the library is cut short or damaged; install it again";
    close(fd);
    return why;
}

/* The file that holds the function; "" if the loader does not know. */
static const char *file_of(gemm_function *gemm)
{
    Dl_info about;
    void *address;
    memcpy(&address, &gemm, sizeof address);
    return dladdr(address, &about) != 0 && about.dli_fname != NULL ? about.dli_fname : "";
}

/* Loads one library, for ever, and looks for what is needed. NULL and a sentence in *why if it will not do.
 */
static void *load(const char *path, gemm_function **gemm, const char **why)
{
    bool is_path = strchr(path, '/') != NULL;
    *why = is_path ? refuse_file(path) : NULL;
    if (*why != NULL)
        return NULL;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (library == NULL) {
        *why = is_path ? "the loader refuses the CBLAS library: it is damaged, or lacks a library that it "
                         "needs; ask ldd about it"
                       : "the loader finds no CBLAS library of that name; give its path, with a / in it";
        return NULL;
    }
    gemm_function *other; /* the other type's: a library with one of the two is no CBLAS */
    if (!TYPED(matmul_blas_symbol)(library, GEMM_NAME, gemm) ||
        !TYPED(matmul_blas_symbol)(library, ELEMENT_BITS == 32 ? "cblas_dgemm" : "cblas_sgemm", &other)) {
        *why = TYPED(matmul_blas_symbol)(library, "cblas_sgemm64_", &other) ||
                       TYPED(matmul_blas_symbol)(library, "cblas_sgemm_64", &other)
                   ? "the CBLAS library has 64-bit integers (ILP64); name one with 32-bit integers (LP64)"
                   : "the library has no cblas_sgemm and cblas_dgemm; name one with a CBLAS interface";
    } else if (TYPED(matmul_blas_is_ilp64)(library, file_of(*gemm))) {
        *why = "the CBLAS library has 64-bit integers (ILP64); name one with 32-bit integers (LP64)";
    }
    if (*why == NULL)
        return library;
    dlclose(library);
    return NULL;
}

static void *load_any(const char *path, gemm_function **gemm, const char **why)
{
    if (path[0] != '\0')
        return load(path, gemm, why);
    for (size_t i = 0; i < sizeof well_known / sizeof well_known[0]; i++) {
        void *library = load(well_known[i], gemm, why);
        if (library != NULL)
            return library;
    }
    *why = "no CBLAS library was found; install OpenBLAS or BLIS, or set matmul.blas to the path of one";
    return NULL;
}

const char *TYPED(matmul_blas_unavailable)(const char *path, const int64_t *shape)
{
    gemm_function *gemm;
    const char *why;
    for (int d = 0; d < MATMUL_DIMENSIONS; d++)
        if (shape[d] > INT32_MAX)
            return "a CBLAS library counts in 32 bits; m, n and k must not exceed 2^31 - 1 = 2147483647";
    void *library = load_any(path, &gemm, &why);
    if (library != NULL)
        dlclose(library);
    return why;
}

struct matmul_blas *TYPED(matmul_blas_open)(const char *path, int threads)
{
    struct matmul_blas *blas = calloc(1, sizeof *blas);
    const char *why;
    void *library = blas != NULL ? load_any(path, &blas->gemm, &why) : NULL;
    if (library == NULL) {
        free(blas);
        return NULL;
    }
    TYPED(matmul_blas_set_threads)(library, threads);
    TYPED(matmul_blas_identify)(library, file_of(blas->gemm), blas->note);
    dlclose(library); /* one reference less; it stays loaded */
    return blas;
}

void TYPED(matmul_blas_close)(struct matmul_blas *blas)
{
    free(blas);
}

const char *TYPED(matmul_blas_note)(const struct matmul_blas *blas)
{
    return blas->note;
}

void TYPED(matmul_run_blas)(void *state, struct kernel_lane *lanes)
{
    const struct matmul *s = state;
    (void)lanes; /* by the contract of own_threads */
    s->blas->gemm(CBLAS_ROW_MAJOR, CBLAS_NO_TRANSPOSITION, CBLAS_NO_TRANSPOSITION, (int)s->m, (int)s->n,
        (int)s->k, 1, s->a, (int)s->k, s->b, (int)s->n, 0, s->c, (int)s->n);
}
