/* The columns of the contract, once: every machine-readable format walks over them in this order. */
#ifndef ACELERA_ROW_COLUMNS_H
#define ACELERA_ROW_COLUMNS_H

#include "harness/report/summary.h"

/* What a format does with a value of each kind. Unknown: NaN for a number, −1 for a count, NULL for a text or
 * a list. */
struct column_visitor {
    void (*text)(void *context, const char *name, const char *value);
    void (*number)(void *context, const char *name, double value);
    void (*count)(void *context, const char *name, long long value);
    void (*truth)(void *context, const char *name, bool value);
    void (*indexes)(void *context, const char *name, const int *values, int count);
    void (*words)(void *context, const char *name, char *const *values);
    void *context;
};

/* The columns that say which cell it is: kernel … threads_requested. */
void columns_visit_cell(const struct cell *cell, const struct column_visitor *visitor);

/* All columns of a row. */
void columns_visit_row(const struct summary_row *row, const struct column_visitor *visitor);

/* What formats with nested values keep in those, as columns: waterfall, unmarked, variance, drift, steady. */
void columns_visit_parts(const struct summary_row *row, const struct column_visitor *visitor);

#endif
