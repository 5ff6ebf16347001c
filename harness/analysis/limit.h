/* What keeps a row from being faster, in one word, and never more than was measured. Pure numbers; the
 * sentences are report's. */
#ifndef ACELERA_LIMIT_H
#define ACELERA_LIMIT_H

#include "harness/analysis/waterfall.h"

#include <stdbool.h>

enum limit {
    LIMIT_UNKNOWN,
    LIMIT_COMPUTE,
    LIMIT_BANDWIDTH,
    LIMIT_OVERHEAD,
    LIMIT_IMBALANCE,
    LIMIT_SMT,
    LIMIT_KIND,
    LIMIT_NUMA,
    LIMIT_CLOCK,
    LIMIT_QUOTA,
    LIMIT_INTERFERENCE,
    LIMITS
};

/* "unknown" "compute" … as the contract has them. */
const char *limit_name(enum limit limit);

enum roof_kind { ROOF_NONE, ROOF_COMPUTE, ROOF_BANDWIDTH };

/* Unknown is NaN. */
struct limit_input {
    const struct waterfall
        *waterfall; /* NULL: no base (one thread, serial): only roofs and disturbance speak */
    double seconds;
    enum roof_kind roof;
    double roof_fraction;          /* of the lowest measured roof at this team and placement */
    double roof_fraction_at_clock; /* had the roof been measured at the row's clock */
    double overhead_s;             /* regions and barriers of this row, in all */
    double off_cpu_s;              /* the longest that one thread had no CPU */
    double throttled_s;            /* of all threads together, so it may be more */
    double ideal; /* machine's ideal speedup: the sum of the measured rates of the team's PUs over one
                     thread's */
    int threads;
    bool shares_cores, mixes_kinds, spans_domains; /* the placement */
    bool uneven; /* its PUs cannot be equally fast: kinds mixed, or some threads alone on a core and some not
                  */
    double bandwidth_per_domain_kept; /* bandwidth of these PUs / (domains × what one domain alone gives) */
    bool oversubscribed;              /* more threads than PUs: they wait for each other */
    bool beyond_quota;                /* more threads than the CPU quota lets run at once */
};

/* The loss that takes most of the time, if it takes 5 % of it or more; else the roof, if the row reaches half
 * of it, and nine tenths where a tenth of its time or more is lost and nothing explains it; else unknown. */
enum limit limit_of(const struct limit_input *input);

/* Whether the row does more arithmetic than any clock makes of what its ceiling did: then that was none.
 * (More than the bandwidth of memory is what caches are for.) */
bool limit_passes_roof(const struct limit_input *input);

#endif
