/* Which row is whose base. Private to the making of a summary. */
#ifndef ACELERA_ROW_BASES_H
#define ACELERA_ROW_BASES_H

#include "harness/report/summary.h"

/* Sets base and serial of all rows; the estimates of the serial ones must be there. */
void rows_find_bases(struct summary *summary);

/* Sets below of all rows. */
void rows_find_rungs(struct summary *summary);

#endif
