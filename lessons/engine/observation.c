#include "lessons/engine/observation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct observation *observation_at(const struct observations *all, int round, int condition)
{
    return &all->observation[round * all->conditions + condition];
}

void observation_clear(struct observation *observation)
{
    for (int l = 0; l < observation->lanes; l++)
        free(observation->lane[l].span);
    free(observation->lane);
    free(observation->value);
    *observation = (struct observation){0};
}

void observations_free(struct observations *all)
{
    for (int i = 0; i < all->rounds * all->conditions; i++)
        observation_clear(&all->observation[i]);
    free(all->observation);
    *all = (struct observations){0};
}

double observation_value(const struct observation *observation, const char *name, int process)
{
    for (int v = 0; v < observation->values; v++)
        if (observation->value[v].process == process && strcmp(observation->value[v].name, name) == 0)
            return observation->value[v].value;
    return NAN;
}

double observation_cpus_used(const struct observation *observation)
{
    return observation->wall_s > 0 ? observation->cpu_s / observation->wall_s : NAN;
}
