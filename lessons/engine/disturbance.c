#include "lessons/engine/disturbance.h"

#include <math.h>
#include <stddef.h>

static const double off_cpu_most = 0.05, filled_least = 0.95;

bool observation_undisturbed(const struct observation *observation)
{
    if (observation == NULL || !observation->valid || !(observation->wall_s > 0))
        return false;
    return isnan(observation->off_cpu_s) || observation->off_cpu_s <= off_cpu_most * observation->wall_s;
}

bool observation_filled(const struct observation *observation, int cpus)
{
    if (observation == NULL || !observation->valid || !(observation->wall_s > 0))
        return false;
    double used = observation_cpus_used(observation);
    return isnan(used) || used >= filled_least * cpus;
}
