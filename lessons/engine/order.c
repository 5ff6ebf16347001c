#include "lessons/engine/order.h"
#include "harness/base/text.h"
#include "lessons/engine/capacity.h"
#include "lessons/engine/trial.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LOOKS = 3 };

static const double look_s = 0.012, patience_s = 5;
static const double most_of_its_time = 0.8;

/* How many of the looks found something else on each PU of `condition`. */
static enum status look_for_others(const struct classroom *room, const char *worker,
    const struct condition *condition, int *seen, struct error *error)
{
    enum status status = STATUS_OK;
    bool good = true;
    for (int look = 0; look < LOOKS && status == STATUS_OK && good; look++) {
        struct observation observation;
        struct trial_order trial = {.worker = worker,
            .condition = condition,
            .cpus = room->cpus,
            .seconds = look_s,
            .timeout_s = patience_s};
        status = trial_run(&trial, &observation, error);
        good = observation.valid;
        for (int l = 0; good && l < observation.lanes; l++)
            seen[l] += observation.lane[l].cpu_s < most_of_its_time * observation.wall_s;
        observation_clear(&observation);
    }
    return status;
}

enum status order_pus(const struct classroom *room, const char *worker, int *order, struct error *error)
{
    const int *spread = room->machine->topology.spread;
    int pus = room->cpus < CONDITION_PUS_MAX ? room->cpus : CONDITION_PUS_MAX, n = 0;
    memcpy(order, spread, (size_t)room->cpus * sizeof *order);
    if (pus < 2)
        return STATUS_OK;
    int *seen = memory_new((size_t)pus, sizeof *seen);
    struct condition all;
    condition_spin(&all, "order", spread, pus, look_s);
    enum status status = look_for_others(room, worker, &all, seen, error);
    for (int busy = 0; busy < 2; busy++)
        for (int i = 0; i < pus; i++)
            if ((2 * seen[i] > LOOKS) == busy)
                order[n++] = spread[i];
    free(seen);
    return status;
}
