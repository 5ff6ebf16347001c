/* Writes nested values as JSON. Every key is always there; unknown is null. */
#include "harness/report/json_parts.h"

#include <math.h>

static void put_interval(struct json_builder *json, const struct interval *interval)
{
    json_build_number(json, "ci_low", interval->low);
    json_build_number(json, "ci_high", interval->high);
    json_build_number(json, "ci_level", interval->level);
}

static void put_waterfall(struct json_builder *json, const struct row_diagnosis *diagnosis)
{
    if (!diagnosis->has_waterfall) {
        json_build_null(json, "waterfall");
        return;
    }
    json_build_open(json, "waterfall", '[', false);
    for (int i = 0; i < WATERFALL_PARTS; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "part", waterfall_part_name((enum waterfall_part)i));
        json_build_number(json, "seconds", diagnosis->waterfall.seconds[i]);
        json_build_string(json, "status", waterfall_status_name(diagnosis->waterfall.status[i]));
        json_build_close(json);
    }
    json_build_close(json);
}

static void put_unmarked(struct json_builder *json, const struct row_marks *marks)
{
    json_build_open(json, "unmarked", '{', false);
    json_build_number(json, "median_s", marks->unmarked_s);
    json_build_number(json, "ci_low_s", marks->unmarked.low);
    json_build_number(json, "ci_high_s", marks->unmarked.high);
    json_build_number(json, "ci_level", marks->unmarked.level);
    json_build_integer(json, "samples", (long long)(marks->known - marks->marked));
    json_build_integer(json, "processes", (long long)marks->unmarked_processes);
    json_build_close(json);
}

static void put_trend(struct json_builder *json, const char *key, const struct trend *trend)
{
    json_build_open(json, key, '{', false);
    json_build_number(json, "change", trend->change);
    json_build_number(json, "p_value", trend->p_value);
    json_build_close(json);
}

static void put_steady(struct json_builder *json, const struct steady_state *steady)
{
    if (!steady->known) {
        json_build_null(json, "steady");
        return;
    }
    json_build_open(json, "steady", '{', false);
    json_build_integer(json, "from", (long long)steady->from);
    json_build_number(json, "excess", steady->excess);
    json_build_number(json, "creep", steady->creep);
    json_build_close(json);
}

void json_add_parts(struct json_builder *json, const struct summary_row *row)
{
    const struct variance_split *variance = &row->scatter.variance;
    put_waterfall(json, &row->diagnosis);
    if (row->marks.known > 0)
        put_unmarked(json, &row->marks);
    else
        json_build_null(json, "unmarked");
    json_build_open(json, "variance", '{', false);
    json_build_number(json, "between", variance->between);
    json_build_number(json, "within", variance->within);
    json_build_number(json, "share_between", variance->share_between);
    json_build_number(json, "share_ci_low", variance->share_interval.low);
    json_build_number(json, "share_ci_high", variance->share_interval.high);
    json_build_number(json, "share_ci_level", variance->share_interval.level);
    json_build_close(json);
    put_steady(json, &row->scatter.steady);
    put_trend(json, "drift", &row->scatter.over_blocks);
    put_trend(json, "position", &row->scatter.over_positions);
}

/* ---- the run ---- */

static void put_fit(struct json_builder *json, enum law law, bool adjusted, const struct law_fit *fit)
{
    json_build_open(json, NULL, '{', false);
    json_build_string(json, "law", law_name(law));
    json_build_bool(json, "clock_adjusted", adjusted);
    json_build_bool(json, "fitted", fit->fitted);
    json_build_string(json, "why_not", fit->fitted ? NULL : fit->why_not);
    if (fit->fitted) {
        json_build_number(json, "serial", fit->serial);
        put_interval(json, &fit->serial_interval);
        json_build_number(json, "coherency", fit->coherency);
        json_build_number(json, "coherency_ci_low", fit->coherency_interval.low);
        json_build_number(json, "coherency_ci_high", fit->coherency_interval.high);
        json_build_number(json, "peak_threads", fit->peak_threads);
        json_build_number(json, "worst_residual", fit->worst_residual);
    }
    json_build_close(json);
}

static void put_laws(struct json_builder *json, const struct row_laws *laws)
{
    const struct cell *cell = laws->first->cell;
    json_build_open(json, NULL, '{', true);
    json_build_string(json, "kernel", cell->kernel);
    json_build_string(json, "variant", cell->variant);
    json_build_string(json, "type", cell->type);
    json_build_string(json, "size", cell->size);
    json_build_string(json, "options", cell->options);
    json_build_string(json, "placement", cell->placement);
    json_build_string(json, "scaling", cell->scaling);
    json_build_string(json, "worker", cell->worker);
    json_build_integer(json, "points", laws->points);
    json_build_string(json, "why_none", laws->why_none);
    json_build_open(json, "fits", '[', true);
    for (enum law law = LAW_AMDAHL; laws->why_none == NULL && law <= LAW_USL; law++)
        for (int adjusted = 0; adjusted <= 1; adjusted++)
            put_fit(json, law, adjusted == 1, &laws->fit[law][adjusted]);
    json_build_close(json);
    json_build_close(json);
}

void json_add_run_parts(struct json_builder *json, const struct summary *summary)
{
    struct rule rule[RULES];
    json_build_open(json, "clock_by_block", '[', false);
    for (int i = 0; i < summary->block_clock_count; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_integer(json, "block", summary->block_clock[i].block);
        json_build_number(json, "relative", summary->block_clock[i].relative);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_open(json, "laws", '[', true);
    for (int i = 0; i < summary->laws_count; i++)
        put_laws(json, &summary->laws[i]);
    json_build_close(json);
    rules_make(summary, rule);
    json_build_open(json, "rules", '[', true);
    for (int i = 0; i < RULES; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_integer(json, "number", i + 1);
        json_build_string(json, "rule", rule[i].rule);
        json_build_string(json, "kept", rule_kept_name(rule[i].kept));
        json_build_string(json, "how", rule[i].how);
        json_build_string(json, "evidence", rule[i].evidence);
        json_build_close(json);
    }
    json_build_close(json);
    rules_free(rule);
}
