/* Names and order of the columns; units are in results/README.md. Refuses to format anything. */
#include "harness/report/row_columns.h"

#include <math.h>
#include <stddef.h>

static void visit_text(const struct column_visitor *visitor, const char *name, const char *value)
{
    visitor->text(visitor->context, name, value);
}

static void visit_number(const struct column_visitor *visitor, const char *name, double value)
{
    visitor->number(visitor->context, name, value);
}

static void visit_count(const struct column_visitor *visitor, const char *name, long long value)
{
    visitor->count(visitor->context, name, value);
}

static const char *known(const char *word)
{
    return word != NULL && word[0] != '\0' ? word : NULL;
}

void columns_visit_cell(const struct cell *cell, const struct column_visitor *visitor)
{
    visit_text(visitor, "kernel", known(cell->kernel));
    visit_text(visitor, "variant", known(cell->variant));
    visit_text(visitor, "type", known(cell->type));
    visit_text(visitor, "size", known(cell->size));
    visit_text(visitor, "shape", known(cell->shape));
    visit_text(visitor, "options", cell->options); /* none is "": known, and empty */
    visit_text(visitor, "placement", known(cell->placement));
    visit_text(visitor, "scaling", known(cell->scaling));
    visit_text(visitor, "worker", known(cell->worker));
    visit_count(visitor, "threads_requested", cell->threads > 0 ? cell->threads : -1);
}

static void visit_speedups(const struct row_estimate *estimate, const struct column_visitor *visitor)
{
    visit_number(visitor, "speedup", estimate->speedup);
    visit_number(visitor, "speedup_ci_low", estimate->speedup_interval.low);
    visit_number(visitor, "speedup_ci_high", estimate->speedup_interval.high);
    visit_number(visitor, "speedup_vs_serial", estimate->speedup_vs_serial);
    visit_number(visitor, "speedup_vs_serial_ci_low", estimate->speedup_vs_serial_interval.low);
    visit_number(visitor, "speedup_vs_serial_ci_high", estimate->speedup_vs_serial_interval.high);
    visit_number(visitor, "efficiency", estimate->efficiency);
    visit_number(visitor, "efficiency_ci_low", estimate->efficiency_low);
    visit_number(visitor, "efficiency_ci_high", estimate->efficiency_high);
    visit_number(visitor, "karp_flatt", estimate->karp_flatt);
}

static void visit_scatter(const struct summary_row *row, const struct column_visitor *visitor)
{
    const struct row_scatter *scatter = &row->scatter;
    visit_number(visitor, "rate_total", row->rate_total / 1e9);
    visit_number(visitor, "min_s", scatter->min_s);
    visit_number(visitor, "q1_s", scatter->lower_s);
    visit_number(visitor, "q3_s", scatter->upper_s);
    visit_number(visitor, "max_s", scatter->max_s);
    visit_count(visitor, "far_out", row->verified ? (long long)scatter->far_out : -1);
    visit_number(visitor, "quantile_s", scatter->quantile_s);
    visit_number(visitor, "quantile_ci_low_s", scatter->quantile.low);
    visit_number(visitor, "quantile_ci_high_s", scatter->quantile.high);
    visit_number(visitor, "quantile_ci_level", scatter->quantile.level);
    visit_count(visitor, "marked", row->marks.known > 0 ? (long long)row->marks.marked : -1);
    visit_number(visitor, "lost_share", row->marks.known > 0 ? row->marks.lost_share : NAN);
}

void columns_visit_row(const struct summary_row *row, const struct column_visitor *visitor)
{
    const struct row_estimate *estimate = &row->estimate;
    columns_visit_cell(row->cell, visitor);
    visit_count(visitor, "threads_delivered", row->threads_delivered > 0 ? row->threads_delivered : -1);
    visitor->indexes(visitor->context, "pus", row->pus, row->pu_count);
    visit_count(visitor, "samples", (long long)row->samples);
    visit_count(visitor, "processes", (long long)estimate->processes);
    visit_number(visitor, "median_s", estimate->median_s);
    visit_number(visitor, "ci_low_s", estimate->time.low);
    visit_number(visitor, "ci_high_s", estimate->time.high);
    visit_number(visitor, "ci_level", estimate->level);
    visit_speedups(estimate, visitor);
    visit_number(visitor, "rate", estimate->rate / 1e9);
    visit_text(visitor, "rate_unit", cell_rate_unit(row->cell->rate));
    visit_number(visitor, "ceiling", row->ceiling / 1e9);
    visit_number(visitor, "ceiling_fraction", estimate->rate / row->ceiling);
    visit_text(visitor, "limit", limit_name(row->diagnosis.limit));
    visitor->truth(visitor->context, "verified", row->verified);
    visit_text(visitor, "error", row->error);
    visitor->words(visitor->context, "flags", row->flags);
    visit_number(visitor, "gain", row->gain);
    visit_number(visitor, "gain_ci_low", row->gain_interval.low);
    visit_number(visitor, "gain_ci_high", row->gain_interval.high);
    visit_text(visitor, "ceiling_of", row->roof != NULL ? row->roof->cell->kernel : NULL);
    visit_text(visitor, "ceiling_variant", row->roof != NULL ? row->roof->cell->variant : NULL);
    visit_number(visitor, "clock_ghz", row->clock_ghz);
    visit_number(visitor, "ceiling_fraction_at_clock", estimate->rate / row->ceiling_at_clock);
    visit_text(visitor, "note", row->note);
    visit_scatter(row, visitor);
    visit_number(
        visitor, "efficiency_per_core", row->cell->cores > 0 ? estimate->speedup / row->cell->cores : NAN);
    visit_number(visitor, "ideal_speedup", row->diagnosis.ideal);
    visit_text(visitor, "why", row->why);
    visit_text(visitor, "side", known(row->cell->side));
}

void columns_visit_parts(const struct summary_row *row, const struct column_visitor *visitor)
{
    static const char *const part[WATERFALL_PARTS] = {
        "linear_s", "clock_s", "bandwidth_s", "fork_join_s", "imbalance_s", "off_cpu_s", "rest_s"};
    const struct row_diagnosis *diagnosis = &row->diagnosis;
    const struct row_scatter *scatter = &row->scatter;
    for (int i = 0; i < WATERFALL_PARTS; i++) {
        bool known = diagnosis->has_waterfall && diagnosis->waterfall.status[i] != PART_UNAVAILABLE;
        visit_number(visitor, part[i], known ? diagnosis->waterfall.seconds[i] : NAN);
    }
    visit_number(visitor, "unmarked_s", row->marks.unmarked_s);
    visit_number(visitor, "unmarked_ci_low_s", row->marks.unmarked.low);
    visit_number(visitor, "unmarked_ci_high_s", row->marks.unmarked.high);
    visit_number(visitor, "between_processes", scatter->variance.between);
    visit_number(visitor, "within_processes", scatter->variance.within);
    visit_number(visitor, "drift", scatter->over_blocks.change);
    visit_number(visitor, "drift_p", scatter->over_blocks.p_value);
    visit_number(visitor, "position_effect", scatter->over_positions.change);
    visit_number(visitor, "position_p", scatter->over_positions.p_value);
    visit_count(visitor, "steady_from", scatter->steady.known ? (long long)scatter->steady.from : -1);
    visit_number(visitor, "creep", scatter->steady.creep);
}
