/* The slowest of the needs decides. Knows no units. */
#include "harness/analysis/roofline.h"

#include <math.h>
#include <stddef.h>

double roofline_rate(double work, const struct roof *roof, int count, int *binding)
{
    double least_s = 0;
    int slowest = -1;
    for (int i = 0; i < count; i++) {
        double time_s = roof[i].need / roof[i].rate;
        if (roof[i].rate > 0 && time_s > least_s) {
            least_s = time_s;
            slowest = i;
        }
    }
    if (binding != NULL)
        *binding = slowest;
    return slowest >= 0 && work > 0 ? work / least_s : NAN;
}
