/* Where the time of p threads goes: from T₁/p to the measured time in a fixed order, in parts that sum
 * exactly. Pure numbers.
 *
 *   T₁/p → clock → bandwidth → fork-join and barriers → imbalance → off-CPU → rest
 *
 * Each part is measured, estimated from measurements, or unavailable here (then it is 0, and what it would
 * have explained stands in the rest). A negative part is a gain. */
#ifndef ACELERA_WATERFALL_H
#define ACELERA_WATERFALL_H

#include <stdbool.h>

enum waterfall_part {
    PART_LINEAR,    /* T₁/p; under weak scaling T₁ */
    PART_CLOCK,     /* × f₁/f̄ₚ */
    PART_BANDWIDTH, /* up to bytes / B(p), where that is longer */
    PART_FORKJOIN,  /* regions and barriers, at their price with this team, less what one thread pays */
    PART_IMBALANCE, /* the longest less the mean on-CPU busy time */
    PART_OFF_CPU,   /* the longest that a thread had no CPU */
    PART_REST,      /* what is left, signed */
    WATERFALL_PARTS
};

enum part_status { PART_MEASURED, PART_ESTIMATED, PART_UNAVAILABLE };

/* Unknown is NaN. A value that cannot be (negative, infinite, a clock sixteen times another's) is taken as
 * unknown; a part longer than the measured time counts as that time. */
struct waterfall_input {
    int threads;
    bool weak;                            /* fixed work per thread */
    double base_s, seconds;               /* time of one thread, of this row */
    double base_ghz, ghz;                 /* clock of one thread alone; mean over this team */
    double bytes, bandwidth;              /* compulsory traffic; bytes a second that this team can have */
    double regions, barriers;             /* in one run */
    double region_s, barrier_s;           /* price of one with this team */
    double base_region_s, base_barrier_s; /* with a team of one */
    double imbalance_s, off_cpu_s;
};

struct waterfall {
    double
        seconds[WATERFALL_PARTS]; /* added up from the first to the last: the measured time, to the last bit;
                                     to one rounding where the first of them alone is longer than it */
    enum part_status status[WATERFALL_PARTS];
};

/* "linear" "clock" "bandwidth" "fork-join" "imbalance" "off-CPU" "rest"; "measured" "estimated" "unavailable"
 */
const char *waterfall_part_name(enum waterfall_part part);
const char *waterfall_status_name(enum part_status status);

/* False, with nothing made, unless there is a team and both times are such as a run can have. */
bool waterfall_make(const struct waterfall_input *input, struct waterfall *waterfall);

#endif
