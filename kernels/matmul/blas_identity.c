/* Who a CBLAS library is, asked of the library itself: each of the known ones has calls of its own for its
 * version, its choice of code for this CPU, and its threads. Refuses to guess: one that has none of them is
 * an unknown one. The file is said of each: two builds of one version are not the same library. */
#include "kernels/matmul/blas.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

bool TYPED(matmul_blas_symbol)(void *library, const char *name, void *function)
{
    /* ISO C has no conversion from an object pointer to a function pointer; POSIX gives them one
     * representation. */
    void *address = dlsym(library, name);
    memcpy(function, &address, sizeof address);
    return address != NULL;
}

#define FIND(name, function) TYPED(matmul_blas_symbol)(library, name, &(function))

/* ---- text without stdio ---- */

struct note {
    char *text;
    size_t length;
};

static void add_bytes(struct note *note, const char *text, size_t bytes)
{
    size_t room = MATMUL_BLAS_NOTE_BYTES - 1 - note->length;
    bytes = bytes < room ? bytes : room;
    memcpy(note->text + note->length, text, bytes);
    note->length += bytes;
    note->text[note->length] = '\0';
}

static void add(struct note *note, const char *text)
{
    add_bytes(note, text, strlen(text));
}

static void add_count(struct note *note, int64_t count)
{
    char digits[24];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    uint64_t rest = count < 0 ? 0 : (uint64_t)count;
    do
        digits[--at] = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    add(note, digits + at);
}

static void add_threads(struct note *note, int64_t threads)
{
    add(note, ", ");
    add_count(note, threads);
    add(note, threads == 1 ? " thread" : " threads");
}

/* ---- each library in its own words; false: it is not this one ---- */

static bool identify_openblas(void *library, struct note *note)
{
    char *(*get_config)(void), *(*get_core)(void);
    int (*get_threads)(void), (*get_parallel)(void);
    if (!FIND("openblas_get_config", get_config))
        return false;
    const char *config = get_config(), *version = strstr(config, "OpenBLAS ");
    if (version != NULL)
        add_bytes(note, version, strcspn(version + strlen("OpenBLAS "), " ") + strlen("OpenBLAS "));
    else
        add(note, "OpenBLAS");
    if (FIND("openblas_get_corename", get_core)) {
        add(note, ", core ");
        add(note, get_core());
    }
    if (FIND("openblas_get_num_threads", get_threads))
        add_threads(note, get_threads());
    if (FIND("openblas_get_parallel", get_parallel)) {
        int kind = get_parallel();
        add(note, kind == 0 ? " (sequential)" : kind == 1 ? " (pthreads)" : " (OpenMP)");
    }
    return true;
}

/* AMD's AOCL is a BLIS too, and says so in its version. */
static bool identify_blis(void *library, struct note *note)
{
    char *(*get_version)(void), *(*name_core)(int);
    int (*query_core)(void);
    int64_t (*get_threads)(void), (*has_openmp)(void), (*has_pthreads)(void);
    if (!FIND("bli_info_get_version_str", get_version))
        return false;
    const char *version = get_version();
    add(note, strstr(version, "BLIS") != NULL ? "" : "BLIS ");
    add(note, version);
    if (FIND("bli_arch_query_id", query_core) && FIND("bli_arch_string", name_core)) {
        add(note, ", core ");
        add(note, name_core(query_core()));
    }
    if (FIND("bli_thread_get_num_threads", get_threads))
        add_threads(note, get_threads());
    if (FIND("bli_info_get_enable_openmp", has_openmp) && FIND("bli_info_get_enable_pthreads", has_pthreads))
        add(note, has_openmp() != 0 ? " (OpenMP)" : has_pthreads() != 0 ? " (pthreads)" : " (sequential)");
    return true;
}

/* Fixed-width text: without the spaces at its end. */
static bool identify_mkl(void *library, struct note *note)
{
    char version[256] = "";
    void (*get_version)(char *, int);
    int (*get_threads)(void);
    if (!FIND("MKL_Get_Version_String", get_version))
        return false;
    get_version(version, sizeof version - 1);
    for (size_t end = strlen(version); end > 0 && version[end - 1] == ' '; end--)
        version[end - 1] = '\0';
    add(note, version);
    if (FIND("MKL_Get_Max_Threads", get_threads))
        add_threads(note, get_threads());
    return true;
}

static bool identify_nvpl(void *library, struct note *note)
{
    int (*get_version)(void), (*get_threads)(void);
    if (!FIND("nvpl_blas_get_version", get_version))
        return false;
    int version = get_version();
    add(note, "NVPL BLAS ");
    add_count(note, version / 10000);
    add(note, ".");
    add_count(note, version / 100 % 100);
    add(note, ".");
    add_count(note, version % 100);
    if (FIND("nvpl_blas_get_max_threads", get_threads))
        add_threads(note, get_threads());
    return true;
}

static bool identify_armpl(void *library, struct note *note)
{
    int major = 0, minor = 0, patch = 0;
    const char *tag = NULL;
    void (*get_version)(int *, int *, int *, const char **);
    if (!FIND("armplversion", get_version))
        return false;
    get_version(&major, &minor, &patch, &tag);
    add(note, "Arm Performance Libraries ");
    add_count(note, major);
    add(note, ".");
    add_count(note, minor);
    add(note, ".");
    add_count(note, patch);
    return true;
}

void TYPED(matmul_blas_identify)(void *library, const char *file, char *text)
{
    struct note note = {.text = text};
    if (!identify_openblas(library, &note) && !identify_blis(library, &note) &&
        !identify_mkl(library, &note) && !identify_nvpl(library, &note) && !identify_armpl(library, &note))
        add(&note, "unknown CBLAS");
    char *resolved = realpath(file, NULL); /* past the links by which distributions choose one */
    add(&note, ", ");
    add(&note, resolved != NULL ? resolved : file);
    free(resolved);
}

/* ---- what it can be told ---- */

void TYPED(matmul_blas_set_threads)(void *library, int threads)
{
    /* MKL's small-letter twin takes a pointer: it is the Fortran one. */
    static const char *const setters[] = {
        "openblas_set_num_threads", "MKL_Set_Num_Threads", "nvpl_blas_set_num_threads"};
    void (*set)(int);
    void (*set_wide)(int64_t);
    if (FIND("bli_thread_set_num_threads", set_wide))
        set_wide(threads);
    for (size_t i = 0; i < sizeof setters / sizeof setters[0]; i++)
        if (FIND(setters[i], set))
            set(threads);
}

bool TYPED(matmul_blas_is_ilp64)(void *library, const char *file)
{
    char *(*get_config)(void);
    int64_t (*integer_bits)(void);
    int (*set_interface)(int);
    if (strstr(file, "ilp64") != NULL)
        return true;
    if (FIND("openblas_get_config", get_config) && strstr(get_config(), "USE64BITINT") != NULL)
        return true;
    if (FIND("bli_info_get_blas_int_type_size", integer_bits) && integer_bits() == 64)
        return true;
    /* MKL's single library is asked for LP64 (0); the environment may have decided already. */
    return FIND("MKL_Set_Interface_Layer", set_interface) && (set_interface(0) & 1) != 0;
}
