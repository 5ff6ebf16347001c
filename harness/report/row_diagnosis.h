/* From the ceilings that were measured beside a row to what limits it. Private to the making of a summary. */
#ifndef ACELERA_ROW_DIAGNOSIS_H
#define ACELERA_ROW_DIAGNOSIS_H

#include "harness/report/row_verdict.h"

/* Fills the diagnosis of all rows and ceilings; their estimates, roofs, bases and scatter must be there. */
void rows_diagnose(struct summary *summary, const struct counted_processes *counted);

#endif
