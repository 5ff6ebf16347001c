#include "lessons/engine/disturbance.h"

#include <math.h>
#include <stddef.h>

static const double off_cpu_most = 0.05, filled_least = 0.95;

/* CPU time of the other lanes that are bound where this one is. */
static double mates_cpu_s(const struct observation *observation, int lane)
{
    double sum_s = 0;
    for (int other = 0; other < observation->lanes; other++)
        if (other != lane && observation->lane[lane].pu >= 0 &&
            observation->lane[other].pu == observation->lane[lane].pu)
            sum_s += observation->lane[other].cpu_s;
    return sum_s;
}

bool observation_undisturbed(const struct observation *observation)
{
    if (observation == NULL || !observation->valid || !(observation->wall_s > 0))
        return false;
    for (int l = 0; l < observation->lanes; l++) {
        double in_vain_s = observation->lane[l].off_cpu_s - mates_cpu_s(observation, l);
        if (in_vain_s > off_cpu_most * observation->wall_s) /* false for unknown numbers */
            return false;
    }
    return true;
}

bool observation_filled(const struct observation *observation, int cpus)
{
    if (observation == NULL || !observation->valid || !(observation->wall_s > 0))
        return false;
    double used = observation_cpus_used(observation);
    return isnan(used) || used >= filled_least * cpus;
}
