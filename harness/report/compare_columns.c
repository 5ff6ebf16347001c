/* Names and order of the columns; results/README.md says what they mean. Refuses to format anything. */
#include "harness/report/compare_columns.h"

#include "harness/base/cell_keys.h"

#include <stddef.h>

static void visit_count(const struct column_visitor *visitor, const char *name, size_t count)
{
    visitor->count(visitor->context, name, (long long)count);
}

void compare_columns_visit_row(
    const struct comparison *comparison, const struct compared_row *row, const struct column_visitor *visitor)
{
    static const struct {
        enum cell_key key;
        const char *name;
    } of_b[] = {{KEY_VARIANT, "b_variant"}, {KEY_TYPE, "b_type"}, {KEY_OPTIONS, "b_options"},
        {KEY_PLACEMENT, "b_placement"}, {KEY_WORKER, "b_worker"}};
    const struct verdict_row *verdict = &row->verdict;
    columns_visit_cell(row->cell[SIDE_A], visitor);
    for (size_t i = 0; i < sizeof of_b / sizeof *of_b; i++) {
        bool differs = (comparison->ignored & 1u << of_b[i].key) != 0;
        visitor->text(
            visitor->context, of_b[i].name, differs ? cell_key_text(row->cell[SIDE_B], of_b[i].key) : NULL);
    }
    visitor->number(visitor->context, "a_median_s", row->median_s[SIDE_A]);
    visitor->number(visitor->context, "b_median_s", row->median_s[SIDE_B]);
    visit_count(visitor, "a_count", row->count[SIDE_A]);
    visit_count(visitor, "b_count", row->count[SIDE_B]);
    visitor->number(visitor->context, "ratio", verdict->point);
    visitor->number(visitor->context, "ratio_ci_low", verdict->interval.low);
    visitor->number(visitor->context, "ratio_ci_high", verdict->interval.high);
    visitor->number(visitor->context, "ci_level", verdict->interval.level);
    visitor->text(visitor->context, "verdict", verdict_name(verdict->verdict));
    visitor->text(visitor->context, "why", verdict->why);
}

void compare_columns_visit_refused(const struct refused_row *refused, const struct column_visitor *visitor)
{
    const char side[2] = {refused->side, '\0'};
    columns_visit_cell(refused->cell, visitor);
    visitor->text(visitor->context, "side", side[0] != '\0' ? side : NULL);
    visitor->text(visitor->context, "reason", refused->reason);
}
