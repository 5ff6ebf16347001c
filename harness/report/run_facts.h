/* What a summary says of the whole run: how much of it was timed, how the clock went, which laws fit.
 * Private to the making of a summary. */
#ifndef ACELERA_RUN_FACTS_H
#define ACELERA_RUN_FACTS_H

#include "harness/report/row_verdict.h"

/* timed_share and block_clock; the rows' clocks must be there. */
void facts_make(struct summary *summary, const struct counted_processes *counted);

/* laws; rows must stand in order, with their bases. */
void laws_make(struct summary *summary, const struct counted_processes *counted);

#endif
