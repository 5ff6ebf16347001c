/* What the measured ceilings allow: the roofline (Williams, Waterman & Patterson, "Roofline: An Insightful
 * Visual Performance Model for Multicore Architectures", CACM 52(4), 2009) with measured roofs. Pure numbers.
 */
#ifndef ACELERA_ROOFLINE_H
#define ACELERA_ROOFLINE_H

/* One ceiling of a problem: `rate` units a second can be had here, and the problem needs `need` of these
 * units (FLOP of a FLOP ceiling, bytes of a bandwidth ceiling). A ceiling with an unknown rate (NaN) bounds
 * nothing.
 */
struct roof {
    double need, rate;
};

/* The highest rate, in units of `work` a second, at which the problem can be solved under these roofs: none
 * of its needs can be met faster. NaN where nothing bounds it. `binding` (may be NULL): the roof that does,
 * −1. */
double roofline_rate(double work, const struct roof *roof, int count, int *binding);

#endif
