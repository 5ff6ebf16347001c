/* Axes whose ticks are numbers that people read without thinking. */
#include "harness/report/gallery_axis.h"

#include <math.h>

/* The number `index` of … 0.1, 0.2, 0.5, 1 (index 0), 2, 5, 10 … */
static double decade_value(int index)
{
    static const double step[] = {1, 2, 5};
    int decade = (int)floor(index / 3.0);
    return step[index - 3 * decade] * pow(10, decade);
}

/* The index of the last of them that is not above `value`. */
static int decade_index(double value)
{
    int index = 3 * (int)floor(log10(value)) - 1;
    while (decade_value(index + 1) <= value * (1 + 1e-9))
        index++;
    return index;
}

struct gallery_axis gallery_axis_make(
    double low, double high, enum gallery_scale scale, double from, double to)
{
    struct gallery_axis axis = {low, high > low ? high : low + 1, scale, from, to};
    if (scale == SCALE_DOUBLINGS) {
        axis.low = exp2(floor(log2(low) + 1e-9));
        axis.high = fmax(exp2(ceil(log2(high) - 1e-9)), 2 * axis.low);
    } else if (scale == SCALE_DECADES) {
        axis.low = decade_value(decade_index(low));
        axis.high = decade_value(decade_index(high * (1 - 1e-9)) + 1);
    }
    return axis;
}

double gallery_axis_place(const struct gallery_axis *axis, double value)
{
    bool log = axis->scale != SCALE_LINEAR;
    if (!isfinite(value) || (log && value <= 0))
        return NAN;
    double share = log ? log2(value / axis->low) / log2(axis->high / axis->low)
                       : (value - axis->low) / (axis->high - axis->low);
    /* A hair beyond the end is rounding. */
    return share < -1e-6 || share > 1 + 1e-6 ? NAN : axis->from + share * (axis->to - axis->from);
}

/* 1, 2 or 5 times a power of ten, for about six steps. */
static double round_step(double span)
{
    double raw = span / 6, power = pow(10, floor(log10(raw))), share = raw / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

static int add_ticks_of_decades(const struct gallery_axis *axis, double tick[GALLERY_TICKS_MAX])
{
    int count = 0, first = decade_index(axis->low), last = decade_index(axis->high);
    int decades = (last - first) / 3;
    for (int i = first; i <= last && count < GALLERY_TICKS_MAX; i++) {
        bool ten = i % 3 == 0;
        if (decades < 3 || (ten && i / 3 % (decades / 8 + 1) == 0))
            tick[count++] = decade_value(i);
    }
    return count;
}

int gallery_axis_ticks(const struct gallery_axis *axis, bool whole, double tick[GALLERY_TICKS_MAX])
{
    int count = 0;
    if (axis->scale == SCALE_DECADES)
        return add_ticks_of_decades(axis, tick);
    if (axis->scale == SCALE_DOUBLINGS) {
        int octaves = (int)lround(log2(axis->high / axis->low)), every = octaves / 10 + 1;
        for (int i = 0; i <= octaves && count < GALLERY_TICKS_MAX; i += every)
            tick[count++] = ldexp(axis->low, i);
        return count;
    }
    double step = round_step(axis->high - axis->low);
    step = whole && step < 1 ? 1 : step;
    for (double at = ceil(axis->low / step) * step; at <= axis->high && count < GALLERY_TICKS_MAX; at += step)
        tick[count++] = at;
    return count;
}
