#include "lessons/engine/capacity.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const double window_s = 0.015;

void condition_spin(struct condition *condition, const char *name, const int *pu, int pus, double seconds)
{
    *condition = (struct condition){
        .name = name, .label = name, .experiment = "spin", .processes = 1, .threads = pus, .pus = pus};
    memcpy(condition->pu, pu, (size_t)pus * sizeof *pu);
    snprintf(condition->words, sizeof condition->words, "window=%.4f stamps=0", seconds);
}

static void add_pu(int *pu, int *pus, int added)
{
    for (int i = 0; i < *pus; i++)
        if (pu[i] == added)
            return;
    if (*pus < CONDITION_PUS_MAX)
        pu[(*pus)++] = added;
}

void capacity_plan(const struct classroom *room, const struct lesson_plan *plan,
    struct condition condition[CAPACITY_CONDITIONS])
{
    int pu[CONDITION_PUS_MAX], pus = 0;
    bool anywhere = false;
    for (int c = 0; c < plan->conditions; c++) {
        const struct condition *planned = &plan->condition[c];
        int used = planned->processes * planned->threads;
        anywhere = anywhere || planned->pus == 0;
        for (int i = 0; i < planned->pus && i < used; i++)
            add_pu(pu, &pus, planned->pu[i]);
    }
    for (int i = 0; anywhere && i < room->cpus; i++)
        add_pu(pu, &pus, room->machine->topology.spread[i]);
    if (pus == 0)
        add_pu(pu, &pus, room->machine->topology.spread[0]);
    condition_spin(&condition[CAPACITY_ALONE], "capacity_alone", pu, 1, window_s);
    condition_spin(&condition[CAPACITY_TOGETHER], "capacity_together", pu, pus, window_s);
}

double capacity_of(const struct observation *alone, const struct observation *together)
{
    if (!alone->valid || !together->valid)
        return NAN;
    double chunk_s = observation_value(alone, "chunk_s", 0);
    double chunks = observation_value(together, "chunks", 0);
    return chunk_s > 0 && together->wall_s > 0 ? chunks * chunk_s / together->wall_s : NAN;
}

struct capacity capacity_over_rounds(const double *value, int rounds)
{
    static const struct lesson_rule none = {.name = "capacity", .supported = 0, .contradicted = 0};
    struct statistic statistic = {.rounds = rounds < ROUNDS_MAX ? rounds : ROUNDS_MAX};
    memcpy(statistic.value, value, (size_t)statistic.rounds * sizeof *value);
    statistic_judge(&none, &statistic);
    return (struct capacity){statistic.median, statistic.low, statistic.high};
}
