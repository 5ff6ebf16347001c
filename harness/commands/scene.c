/* Each part is found by the station that knows it; this file keeps the order, and what is freed. */
#include "harness/commands/scene.h"

#include "harness/commands/measuring.h"
#include "harness/commands/run_options.h"
#include "harness/commands/workers.h"
#include "harness/machine/doctor.h"
#include "harness/measure/child_environment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status scene_set(
    const struct arguments *arguments, const char *topology, struct scene *scene, struct error *error)
{
    const char *data = arguments_text(arguments, "--data");
    struct scene found = {.command = command_line_of(arguments),
        .cleared = inherited_variables(environment_is_openmp),
        .kept = inherited_variables(environment_is_blas)};
    enum status status = request_make(arguments, &found.request, error);
    if (status == STATUS_OK && data != NULL)
        status = data_table_open(data, &found.table, error);
    if (status == STATUS_OK && found.table.header_numbers > 0)
        fprintf(stderr,
            "acelera: --data %.200s: line 1 is taken for a header, though cells of it are numbers (%lld of "
            "%lld)\n",
            data, (long long)found.table.header_numbers, (long long)found.table.layout.columns);
    if (status == STATUS_OK)
        status = machine_discover(topology, &found.machine, error);
    if (status == STATUS_OK)
        status = workers_find(&found.workers, error);
    if (status != STATUS_OK) {
        scene_free(&found);
        return status;
    }
    *scene = found;
    if (data != NULL)
        request_take_table(arguments, &scene->table, &scene->request);
    return STATUS_OK;
}

void scene_free(struct scene *scene)
{
    worker_list_free(&scene->workers);
    machine_free(&scene->machine);
    request_free(&scene->request);
    data_table_free(&scene->table);
    free(scene->cleared);
    free(scene->kept);
    free(scene->command);
    *scene = (struct scene){0};
}

static const double watch_s = 0.5; /* for other programs, before the first cell */

void scene_examine(struct scene *scene, const struct plan *plan)
{
    doctor_watch(watch_s, &scene->machine);
    for (int w = 0; w < scene->workers.count; w++) {
        const struct worker *worker = &scene->workers.worker[w];
        for (int c = 0; c < plan->cell_count; c++)
            if (strcmp(plan->cell[c].worker, worker->name) == 0) {
                doctor_examine_build(worker->name, worker->flags, &scene->machine);
                break;
            }
    }
}

struct run_facts scene_facts(const struct scene *scene, const struct plan *plan)
{
    return (struct run_facts){&scene->request, plan, &scene->machine, &scene->workers, scene->command,
        ACELERA_VERSION, scene->cleared, scene->kept, false};
}
