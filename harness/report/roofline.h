/* The roofline (Williams, Waterman & Patterson, CACM 52(4), 2009) of a run: one point for each curve, where
 * its name can stand on which axes, and the roofs that were measured. */
#ifndef ACELERA_ROOFLINE_H
#define ACELERA_ROOFLINE_H

#include "harness/report/summary.h"

enum { ROOFLINE_SPOTS = 24 };

struct roof_spot {
    const struct summary_row *row; /* the largest team */
    int panel;                     /* from 1; an element type has roofs of its own */
    double intensity, gflops;      /* FLOP/byte of compulsory traffic, GFLOP/s */
    double label_at;               /* GFLOP/s: the height of its name */
    int side;                      /* of the point where its name stands: 1 right, −1 left */
};

struct roofline {
    struct roof_spot spot[ROOFLINE_SPOTS]; /* by panel, then rate */
    int count, left_out;
    double left, right, low, high;  /* of the axes, both logarithmic: FLOP/byte, GFLOP/s */
    const struct summary_row *best; /* the nearest to its roof; NULL none has one */
};

void roofline_find(const struct summary *summary, struct roofline *roofline);

/* The row whose ceilings are the roofs over these spots: of one thread, or of the most. NULL none. */
const struct summary_row *roofline_roof(const struct summary *summary, const char *type, bool most);
/* Rates of a roof in units a second, NaN unknown. */
double roof_peak(const struct summary_row *roof);
double roof_bandwidth(const struct summary_row *roof);
/* "2 threads, 179.1 GFLOP/s, 20.3 GB/s": what of it is known; and its type where that is not the row's. */
void roof_describe(const struct summary_row *roof, struct text *text);

#endif
