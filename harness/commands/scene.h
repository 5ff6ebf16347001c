/* What `run` and `compare --live` find before they plan: the words of the person, a table of their own, the
 * machine, the workers, the environment. Plans and measures nothing. */
#ifndef ACELERA_SCENE_H
#define ACELERA_SCENE_H

#include "harness/commands/options.h"
#include "harness/data/table.h"
#include "harness/machine/machine.h"
#include "harness/measure/plan.h"
#include "harness/store/run_directory.h"

struct scene {
    struct plan_request request;
    struct data_table table;
    struct machine machine;
    struct worker_list workers;
    char *command, **cleared, **kept;
};

/* `topology` is for machine_discover(); NULL this machine. On failure there is nothing to free. */
enum status scene_set(
    const struct arguments *arguments, const char *topology, struct scene *scene, struct error *error);
void scene_free(struct scene *scene);

/* What may spoil the run goes into its record before it begins: watches the machine for a moment. */
void scene_examine(struct scene *scene, const struct plan *plan);

/* The facts of a run of that plan; they point into both. */
struct run_facts scene_facts(const struct scene *scene, const struct plan *plan);

#endif
