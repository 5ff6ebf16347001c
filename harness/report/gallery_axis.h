/* From values to pixels, linear or logarithmic, with round ticks. Draws nothing. */
#ifndef ACELERA_GALLERY_AXIS_H
#define ACELERA_GALLERY_AXIS_H

#include <stdbool.h>

enum { GALLERY_TICKS_MAX = 24 };

enum gallery_scale {
    SCALE_LINEAR,
    SCALE_DOUBLINGS, /* logarithmic, with ticks at powers of two: how teams grow */
    SCALE_DECADES,   /* logarithmic, with ticks at 1, 2 and 5 times a power of ten */
};

struct gallery_axis {
    double low, high; /* values at the ends; both positive on a logarithmic axis */
    enum gallery_scale scale;
    double from, to; /* pixels of the ends */
};

/* Holds all from `low` to `high`; a logarithmic axis goes on to the next tick. */
struct gallery_axis gallery_axis_make(
    double low, double high, enum gallery_scale scale, double from, double to);
/* NaN for what is not on the axis. */
double gallery_axis_place(const struct gallery_axis *axis, double value);
/* Ascending; at most GALLERY_TICKS_MAX. Whole numbers only, where `whole`. */
int gallery_axis_ticks(const struct gallery_axis *axis, bool whole, double tick[GALLERY_TICKS_MAX]);

#endif
