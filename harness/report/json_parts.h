/* The nested values of summary.json: what a row or a run holds that is no single number. */
#ifndef ACELERA_JSON_PARTS_H
#define ACELERA_JSON_PARTS_H

#include "harness/report/summary.h"
#include "harness/store/json_builder.h"

/* waterfall, unmarked, variance, steady, drift, position. */
void json_add_parts(struct json_builder *json, const struct summary_row *row);

/* clock_by_block, laws, rules. */
void json_add_run_parts(struct json_builder *json, const struct summary *summary);

#endif
