/* A placement map as lines of text. */
#ifndef ACELERA_PLACEMENT_DRAWING_H
#define ACELERA_PLACEMENT_DRAWING_H

#include "harness/base/text.h"
#include "harness/report/placement_map.h"

/* Adds what the teams of the thread ladder get in this order of PUs, in lines of at most `columns` (60 at
 * least); by cores if these fit, else by what is coarser. `placement`: "spread" "compact" "packed". */
void placement_draw(struct text *text, const struct topology *topology, const char *placement, int columns);

#endif
