/* Weighs the losses of a row, in seconds, and names the largest. Refuses to name what was not measured. */
#include "harness/analysis/limit.h"

#include <math.h>
#include <stddef.h>

static const double counts_from = 0.05; /* of the row's time; less is within what times scatter */
static const double near_roof = 0.5;
static const double at_roof_from = 0.9;
static const double beyond_roof_from = 1.1;
static const double unexplained_from = 0.1; /* of the time */
static const double ideal_differs = 0.95;   /* of the threads: below, the PUs of the team are no equals */
static const double domains_keep_from = 0.8;

const char *limit_name(enum limit limit)
{
    static const char *const names[] = {"unknown", "compute", "bandwidth", "overhead", "imbalance", "smt",
        "kind", "numa", "clock", "quota", "interference"};
    return names[limit];
}

/* Unknown and negative losses are none. */
static double known_loss(double seconds)
{
    return seconds > 0 && isfinite(seconds) ? seconds : 0;
}

/* A thread that the quota holds back has no CPU either: what the quota explains is not another program's.
 * Where the reading of the quota is missing, a team beyond it is waiting for it. */
static void weigh_disturbance(const struct limit_input *input, double loss[LIMITS])
{
    double off_cpu = known_loss(input->off_cpu_s), throttled = known_loss(input->throttled_s);
    throttled = fmin(throttled, isnan(input->off_cpu_s) ? input->seconds : off_cpu);
    if (isnan(input->throttled_s) && input->beyond_quota)
        throttled = off_cpu;
    loss[LIMIT_QUOTA] = throttled;
    loss[LIMIT_INTERFERENCE] = input->oversubscribed ? 0 : fmax(0, off_cpu - throttled);
}

/* What the machine's ideal falls short of the linear one belongs to its cores, and so do its signs in the
 * waterfall: slower clocks of another kind, and threads that wait for those on slower PUs. */
static void weigh_scaling(const struct limit_input *input, double loss[LIMITS])
{
    const double *part = input->waterfall->seconds;
    double imbalance = known_loss(part[PART_IMBALANCE]), clock = known_loss(part[PART_CLOCK]);
    loss[LIMIT_BANDWIDTH] = known_loss(part[PART_BANDWIDTH]);
    if ((input->shares_cores || input->mixes_kinds) && input->ideal > 0 &&
        input->ideal < ideal_differs * input->threads) {
        double cores = known_loss(part[PART_LINEAR] * (input->threads / input->ideal - 1));
        if (input->uneven) {
            cores = fmax(cores, imbalance);
            imbalance = 0;
        }
        if (input->mixes_kinds)
            clock = 0;
        loss[input->shares_cores ? LIMIT_SMT : LIMIT_KIND] = cores;
    }
    loss[LIMIT_IMBALANCE] = imbalance;
    loss[LIMIT_CLOCK] = clock;
}

/* What is lost beyond every part that was measured, and beyond what these PUs fall short of the linear ideal
 * in the arithmetic ceiling, too. */
static double unexplained(const struct limit_input *input)
{
    if (input->waterfall == NULL || input->oversubscribed)
        return 0;
    const double *part = input->waterfall->seconds;
    return part[PART_REST] - known_loss(part[PART_LINEAR] * (input->threads / input->ideal - 1));
}

bool limit_passes_roof(const struct limit_input *input)
{
    return input->roof == ROOF_COMPUTE &&
           fmin(input->roof_fraction, input->roof_fraction_at_clock) > beyond_roof_from;
}

/* A row that falls well short of its roof, and loses time that nothing explains, is not kept by the roof. */
static enum limit at_roof(const struct limit_input *input)
{
    if (!(input->roof_fraction >= near_roof) || input->roof == ROOF_NONE || limit_passes_roof(input))
        return LIMIT_UNKNOWN;
    if (input->roof_fraction < at_roof_from && unexplained(input) >= unexplained_from * input->seconds)
        return LIMIT_UNKNOWN;
    return input->roof == ROOF_COMPUTE ? LIMIT_COMPUTE : LIMIT_BANDWIDTH;
}

enum limit limit_of(const struct limit_input *input)
{
    double loss[LIMITS] = {0};
    enum limit largest = LIMIT_UNKNOWN;
    if (!(input->seconds > 0))
        return LIMIT_UNKNOWN;
    weigh_disturbance(input, loss);
    loss[LIMIT_OVERHEAD] = known_loss(input->overhead_s);
    if (input->waterfall != NULL)
        weigh_scaling(input, loss);
    for (enum limit i = 0; i < LIMITS; i++)
        if (loss[i] > loss[largest])
            largest = i;
    if (loss[largest] < counts_from * input->seconds)
        largest = at_roof(input);
    bool domains_lose = input->spans_domains && input->bandwidth_per_domain_kept < domains_keep_from;
    return largest == LIMIT_BANDWIDTH && domains_lose ? LIMIT_NUMA : largest;
}
