#include "harness/measure/child_environment.h"
#include "harness/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

static bool begins_with_one_of(const char *variable, const char *const *prefixes, size_t count)
{
    for (size_t p = 0; p < count; p++)
        if (strncmp(variable, prefixes[p], strlen(prefixes[p])) == 0)
            return true;
    return false;
}

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

bool environment_is_openmp(const char *variable)
{
    static const char *const prefixes[] = {"OMP_", "GOMP_", "KMP_", "LIBOMP_", "ACC_", "GOACC_"};
    return begins_with_one_of(variable, prefixes, COUNT(prefixes));
}

bool environment_is_blas(const char *variable)
{
    static const char *const prefixes[] = {"OPENBLAS_", "GOTO_", "GOTOBLAS_", "BLIS_", "BLI_", "AOCL_",
        "MKL_", "ARMPL_", "NVPL_", "DNNL_", "ONEDNN_"};
    return begins_with_one_of(variable, prefixes, COUNT(prefixes));
}

/* NAME_NUM_THREADS and the like, and BLIS's ways of its single loops (BLIS_JC_NT). */
static bool sets_blas_threads(const char *variable)
{
    size_t length = strcspn(variable, "=");
    const char *end = variable + length;
    return environment_is_blas(variable) &&
           ((length > 11 && strncmp(end - 11, "NUM_THREADS", 11) == 0) ||
               (length > 3 && strncmp(end - 3, "_NT", 3) == 0) || strncmp(variable, "MKL_DYNAMIC=", 12) == 0);
}

char **environment_for_team(int threads, enum environment_waiting waiting)
{
    /* The worker binds its threads itself and reads back: the runtimes are told to keep their hands off. No
     * OMP_PROC_BIND: unset, libgomp does not bind, and beside KMP_AFFINITY libomp complains about it. */
    static const char *const always[] = {
        "OMP_DYNAMIC=false", "OMP_MAX_ACTIVE_LEVELS=1", "KMP_AFFINITY=disabled", "MKL_DYNAMIC=FALSE"};
    static const char *const counts[] = {
        "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "BLIS_NUM_THREADS", "MKL_NUM_THREADS"};
    static const char *const ways[][2] = {
        [ENVIRONMENT_ACTIVE] = {"OMP_WAIT_POLICY=active", "KMP_BLOCKTIME=infinite"},
        [ENVIRONMENT_PASSIVE] = {"OMP_WAIT_POLICY=passive", "KMP_BLOCKTIME=0"},
        /* libgomp's way without a policy; it knows no word for it. */
        [ENVIRONMENT_BRIEF] = {"GOMP_SPINCOUNT=300000", "KMP_BLOCKTIME=1"}};
    size_t inherited = 0, n = 0;
    while (environ[inherited] != NULL)
        inherited++;
    char **environment =
        memory_new(inherited + COUNT(always) + COUNT(counts) + COUNT(ways[waiting]) + 1, sizeof *environment);
    for (size_t i = 0; i < inherited; i++)
        if (!environment_is_openmp(environ[i]) && !sets_blas_threads(environ[i]))
            environment[n++] = text_copy(environ[i]);
    for (size_t i = 0; i < COUNT(always); i++)
        environment[n++] = text_copy(always[i]);
    for (size_t i = 0; i < COUNT(counts); i++) {
        char count[64];
        snprintf(count, sizeof count, "%s=%d", counts[i], threads);
        environment[n++] = text_copy(count);
    }
    for (size_t i = 0; i < COUNT(ways[waiting]); i++)
        environment[n++] = text_copy(ways[waiting][i]);
    return environment;
}

void environment_free(char **environment)
{
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
        free(environment[i]);
    free(environment);
}
