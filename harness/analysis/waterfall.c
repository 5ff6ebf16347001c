/* Builds the waterfall part by part. Refuses to explain what it has no number for: that stays in the rest. */
#include "harness/analysis/waterfall.h"

#include <math.h>

static const double clock_ratio_most = 16;

const char *waterfall_part_name(enum waterfall_part part)
{
    static const char *const names[] = {
        "linear", "clock", "bandwidth", "fork-join", "imbalance", "off-CPU", "rest"};
    return names[part];
}

const char *waterfall_status_name(enum part_status status)
{
    static const char *const names[] = {"measured", "estimated", "unavailable"};
    return names[status];
}

static bool positive(double value)
{
    return value > 0 && isfinite(value);
}

/* Between a femtosecond and thirty million years. */
static bool is_time(double seconds)
{
    return seconds >= 1e-15 && seconds <= 1e15;
}

/* A waterfall in the making. Parts are whole multiples of `grain`, two units in the last place of the
 * measured time: so every sum of them up to twice that time is exact, and so is the rest. */
struct making {
    struct waterfall *waterfall;
    double grain, sum, most;
};

/* NaN: unavailable. The sum stays between 0 and `most`. */
static void add_part(struct making *making, enum waterfall_part part, double seconds, enum part_status status)
{
    bool known = isfinite(seconds);
    double kept = known ? fmax(-making->sum, fmin(seconds, making->most - making->sum)) : 0;
    kept = nearbyint(kept / making->grain) * making->grain;
    making->waterfall->seconds[part] = kept;
    making->waterfall->status[part] = known ? status : PART_UNAVAILABLE;
    making->sum += kept;
}

static double clock_part(const struct waterfall_input *input, double linear)
{
    double ratio = input->base_ghz / input->ghz;
    bool believable = positive(input->base_ghz) && positive(input->ghz) && ratio <= clock_ratio_most &&
                      ratio >= 1 / clock_ratio_most;
    return believable ? linear * (ratio - 1) : NAN;
}

/* The floor that the memory sets is the measured time at most: the row did what it did. */
static double bandwidth_part(const struct waterfall_input *input, double before)
{
    if (!(input->bytes >= 0) || !positive(input->bandwidth))
        return NAN;
    double floor_s = fmin(input->bytes / input->bandwidth, input->seconds);
    return fmax(0, floor_s - before);
}

/* The price of `count` events, less what a team of one pays for them; NaN if a price that is needed is not
 * known. */
static double added_price(double count, double price_s, double base_price_s)
{
    if (count == 0)
        return 0;
    return count > 0 && price_s >= 0 && base_price_s >= 0 ? count * (price_s - base_price_s) : NAN;
}

/* What was measured in the region itself is no longer than the region. */
static double inside(double seconds, double most)
{
    return seconds >= 0 && isfinite(seconds) ? fmin(seconds, most) : NAN;
}

bool waterfall_make(const struct waterfall_input *input, struct waterfall *waterfall)
{
    double linear = input->base_s / (input->weak ? 1 : input->threads), measured = input->seconds;
    int exponent;
    if (input->threads < 1 || !is_time(input->base_s) || !is_time(measured))
        return false;
    frexp(measured, &exponent);
    struct making making = {waterfall, ldexp(1, exponent - 52), 0, fmax(2 * measured, linear + measured)};
    double forkjoin = added_price(input->regions, input->region_s, input->base_region_s) +
                      added_price(input->barriers, input->barrier_s, input->base_barrier_s);
    add_part(&making, PART_LINEAR, linear, PART_MEASURED);
    add_part(&making, PART_CLOCK, clock_part(input, linear), PART_ESTIMATED);
    add_part(&making, PART_BANDWIDTH, bandwidth_part(input, making.sum), PART_ESTIMATED);
    add_part(&making, PART_FORKJOIN, forkjoin > measured ? measured : forkjoin, PART_ESTIMATED);
    add_part(&making, PART_IMBALANCE, inside(input->imbalance_s, measured), PART_MEASURED);
    add_part(&making, PART_OFF_CPU, inside(input->off_cpu_s, measured), PART_MEASURED);
    waterfall->seconds[PART_REST] = measured - making.sum;
    waterfall->status[PART_REST] = PART_ESTIMATED;
    return true;
}
