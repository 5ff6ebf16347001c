/* What becomes of one row of a comparison. Private to the making of a comparison. */
#ifndef ACELERA_COMPARE_PAIR_H
#define ACELERA_COMPARE_PAIR_H

#include "harness/report/compare_group.h"

/* True: *row holds the times of both sides. False: *refused says why they are not compared. */
bool compare_pair_make(const struct comparison *comparison, const struct compare_group *group,
    struct compared_row *row, struct refused_row *refused);

#endif
