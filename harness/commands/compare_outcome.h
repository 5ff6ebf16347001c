/* Reads runs back, compares them and prints the comparison. Knows nothing of how they were measured. */
#ifndef ACELERA_COMPARE_OUTCOME_H
#define ACELERA_COMPARE_OUTCOME_H

#include "harness/commands/compare_runs.h"
#include "harness/commands/output.h"

struct compare_wish {
    struct output output;
    double delta; /* 0: as the live run was measured for, else COMPARE_DELTA_… */
};

#define COMPARE_DELTA_LIVE    0.01
#define COMPARE_DELTA_OF_RUNS 0.02

/* Exit code 4 as a status where a row is slower; see compare.h. A live run also gets compare.json. */
enum status compare_outcome(
    const struct compare_runs *runs, const struct compare_wish *wish, struct error *error);

#endif
