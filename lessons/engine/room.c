/* What a lesson may know of the machine before anything is measured. */
#include "harness/base/text.h"
#include "harness/measure/worker_list.h"
#include "lessons/engine/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

/* The first python3 of PATH that may be executed; NULL none. */
static const char *find_python(void)
{
    static char path[4096];
    const char *folders = getenv("PATH");
    size_t count;
    bool found = false;
    if (folders == NULL)
        return NULL;
    char **folder = text_split(folders, ':', &count);
    for (size_t i = 0; i < count && !found; i++) {
        int n = snprintf(path, sizeof path, "%s/python3", folder[i]);
        found = folder[i][0] == '/' && n > 0 && (size_t)n < sizeof path && access(path, X_OK) == 0;
    }
    text_split_free(folder);
    return found ? path : NULL;
}

static bool has_fact(const struct machine *machine, const char *name)
{
    for (int i = 0; i < machine->fact_count; i++)
        if (strcmp(machine->fact[i].name, name) == 0)
            return true;
    return false;
}

struct classroom classroom_of(const struct machine *machine, double seconds)
{
    return (struct classroom){.machine = machine,
        .cpus = machine->topology.usable_pus,
        .cores = machine->topology.usable_cores,
        .virtual_cpus = has_fact(machine, "hypervisor"),
        .capacity = {NAN, NAN, NAN},
        .seconds = seconds,
        .python = find_python()};
}

enum status lesson_worker_find(char **path, struct error *error)
{
    return worker_program_find("acelera-worker-lessons", path, error);
}
