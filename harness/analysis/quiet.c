/* Marks disturbed samples by their off-CPU share. Refuses to drop any: who reads the marks decides. */
#include "harness/analysis/quiet.h"

#include <math.h>
#include <stdlib.h>

static const double least_share = 0.01;

/* Reading the clocks of a team at both ends, and a kernel thread that looks in: far below the turn that the
 * scheduler gives to another program (a millisecond and more). */
static const double reading_s = 50e-6;

static double tolerance_of(double seconds)
{
    return fmax(least_share * seconds, reading_s);
}

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

double quiet_level(const struct quiet_sample *pilot, size_t n)
{
    size_t known = 0;
    double level = 0;
    double *off = malloc((n > 0 ? n : 1) * sizeof *off);
    if (off == NULL)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (pilot[i].off_cpu_s >= 0 && pilot[i].seconds > 0)
            off[known++] = fmin(pilot[i].off_cpu_s, tolerance_of(pilot[i].seconds));
    qsort(off, known, sizeof *off, by_value);
    if (known > 0)
        level = off[(known - 1) / 2];
    free(off);
    return level;
}

bool quiet_marks(struct quiet_sample sample, double quiet_level_s)
{
    return sample.seconds > 0 && sample.off_cpu_s - quiet_level_s > tolerance_of(sample.seconds);
}
