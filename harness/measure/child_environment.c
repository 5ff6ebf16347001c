#include "harness/measure/child_environment.h"
#include "harness/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

bool environment_is_openmp(const char *variable)
{
    static const char *const prefixes[] = {"OMP_", "GOMP_", "KMP_", "LIBOMP_", "ACC_", "GOACC_"};
    for (size_t p = 0; p < sizeof prefixes / sizeof prefixes[0]; p++)
        if (strncmp(variable, prefixes[p], strlen(prefixes[p])) == 0)
            return true;
    return false;
}

char **environment_for_team(int threads, bool crowded)
{
    /* The worker binds its threads itself and reads back: the runtimes are told to keep their hands off. No
     * OMP_PROC_BIND: unset, libgomp does not bind, and beside KMP_AFFINITY libomp complains about it. */
    static const char *const always[] = {
        "OMP_DYNAMIC=false", "OMP_MAX_ACTIVE_LEVELS=1", "KMP_AFFINITY=disabled"};
    enum { ALWAYS = sizeof always / sizeof always[0], MORE = 3 };
    size_t inherited = 0, n = 0;
    while (environ[inherited] != NULL)
        inherited++;
    char **environment = memory_new(inherited + ALWAYS + MORE + 1, sizeof *environment);
    for (size_t i = 0; i < inherited; i++)
        if (!environment_is_openmp(environ[i]))
            environment[n++] = text_copy(environ[i]);
    for (size_t i = 0; i < ALWAYS; i++)
        environment[n++] = text_copy(always[i]);
    char count[64];
    snprintf(count, sizeof count, "OMP_NUM_THREADS=%d", threads);
    environment[n++] = text_copy(count);
    environment[n++] = text_copy(crowded ? "OMP_WAIT_POLICY=passive" : "OMP_WAIT_POLICY=active");
    environment[n++] = text_copy(crowded ? "KMP_BLOCKTIME=0" : "KMP_BLOCKTIME=infinite");
    return environment;
}

void environment_free(char **environment)
{
    for (size_t i = 0; environment != NULL && environment[i] != NULL; i++)
        free(environment[i]);
    free(environment);
}
