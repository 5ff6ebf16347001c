/* The columns of a comparison, for every machine-readable format. */
#ifndef ACELERA_COMPARE_COLUMNS_H
#define ACELERA_COMPARE_COLUMNS_H

#include "harness/report/compare.h"
#include "harness/report/row_columns.h"

void compare_columns_visit_row(const struct comparison *comparison, const struct compared_row *row,
    const struct column_visitor *visitor);
void compare_columns_visit_refused(const struct refused_row *refused, const struct column_visitor *visitor);

#endif
