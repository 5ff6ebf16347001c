/* The gallery for programs: the columns of a machine, JSON with schema "acelera/gallery/1", and CSV of
 * machines or of all their rows. Words for people are elsewhere. */
#include "harness/report/column_writers.h"
#include "harness/report/gallery.h"

#include <math.h>
#include <stdlib.h>

static double known_or_nan(double value)
{
    return value >= 0 ? value : NAN;
}

/* Texts of a run pass through here, so that one without names has none in any column. */
static void visit_words(const struct gallery *gallery, int machine, const struct column_visitor *visitor,
    const char *name, const char *value)
{
    char *words = gallery_words(gallery, machine, value);
    visitor->text(visitor->context, name, words[0] != '\0' ? words : NULL);
    free(words);
}

void gallery_columns_visit_machine(
    const struct gallery *gallery, int machine, const struct column_visitor *visitor)
{
    const struct gallery_machine *from = gallery->machine[machine];
    const struct run_record *record = &from->record;
    visitor->text(visitor->context, "machine", from->label);
    visit_words(gallery, machine, visitor, "cpu_model", record->cpu_model);
    visitor->count(visitor->context, "packages", record->packages);
    visitor->count(visitor->context, "numa_nodes", record->numa_nodes);
    visitor->count(visitor->context, "usable_cores", record->usable_cores);
    visitor->count(visitor->context, "usable_pus", record->usable_pus);
    visitor->number(visitor->context, "cpu_quota", known_or_nan(record->cpu_quota));
    visitor->number(visitor->context, "memory_available_bytes", known_or_nan(record->memory_available_bytes));
    visitor->number(visitor->context, "highest_clock_ghz", from->clock_ghz);
    visitor->text(visitor->context, "hypervisor", from->hypervisor);
    visit_words(gallery, machine, visitor, "version", record->version);
    visitor->text(visitor->context, "run", gallery->anonymous ? NULL : record->id);
    visitor->text(visitor->context, "started", record->started);
    visitor->truth(visitor->context, "interrupted", record->interrupted);
    visitor->text(visitor->context, "data_digest", from->data_digest);
    visitor->words(visitor->context, "machine_warnings", from->warnings);
}

/* ---- every row ---- */

struct cleaning {
    const struct gallery *gallery;
    int machine;
    const struct column_visitor *inner;
};

static void clean_text(void *context, const char *name, const char *value)
{
    const struct cleaning *cleaning = context;
    if (value == NULL)
        cleaning->inner->text(cleaning->inner->context, name, NULL);
    else if (value[0] == '\0')
        cleaning->inner->text(cleaning->inner->context, name, "");
    else
        visit_words(cleaning->gallery, cleaning->machine, cleaning->inner, name, value);
}

static void pass_number(void *context, const char *name, double value)
{
    const struct column_visitor *inner = ((const struct cleaning *)context)->inner;
    inner->number(inner->context, name, value);
}

static void pass_count(void *context, const char *name, long long value)
{
    const struct column_visitor *inner = ((const struct cleaning *)context)->inner;
    inner->count(inner->context, name, value);
}

static void pass_truth(void *context, const char *name, bool value)
{
    const struct column_visitor *inner = ((const struct cleaning *)context)->inner;
    inner->truth(inner->context, name, value);
}

static void pass_indexes(void *context, const char *name, const int *values, int count)
{
    const struct column_visitor *inner = ((const struct cleaning *)context)->inner;
    inner->indexes(inner->context, name, values, count);
}

static void pass_words(void *context, const char *name, char *const *values)
{
    const struct column_visitor *inner = ((const struct cleaning *)context)->inner;
    inner->words(inner->context, name, values);
}

static void put_row(
    FILE *stream, const struct gallery *gallery, int machine, const struct summary_row *row, bool header)
{
    struct csv_line line = {stream, false, header};
    const struct column_visitor csv = csv_columns(&line);
    struct cleaning cleaning = {gallery, machine, &csv};
    const struct column_visitor cleaner = {
        clean_text, pass_number, pass_count, pass_truth, pass_indexes, pass_words, &cleaning};
    gallery_columns_visit_machine(gallery, machine, &csv);
    columns_visit_row(row, &cleaner);
    columns_visit_parts(row, &cleaner);
    fputs("\n", stream);
}

bool gallery_rows_write(FILE *stream, const struct gallery *gallery)
{
    static const struct cell nothing;
    for (int i = 0; i < gallery->machine_count; i++) {
        const struct summary *summary = &gallery->machine[i]->summary;
        if (i == 0)
            put_row(stream, gallery, i, &(struct summary_row){.cell = &nothing}, true);
        for (int r = 0; r < summary->row_count; r++)
            put_row(stream, gallery, i, &summary->row[r], false);
    }
    return ferror(stream) == 0;
}

/* ---- machines ---- */

bool gallery_csv_write(FILE *stream, const struct gallery *gallery)
{
    for (int i = -1; i < gallery->machine_count; i++) {
        struct csv_line line = {stream, false, i < 0};
        const struct column_visitor visitor = csv_columns(&line);
        gallery_columns_visit_machine(gallery, i < 0 ? 0 : i, &visitor);
        fputs("\n", stream);
    }
    return ferror(stream) == 0;
}

static void put_curve(
    struct json_builder *json, const struct gallery *gallery, const struct gallery_curve *curve)
{
    const struct summary_row *largest = curve->largest;
    const struct column_visitor visitor = json_columns(json);
    json_build_open(json, NULL, '{', false);
    json_build_string(json, "machine", gallery->machine[curve->machine]->label);
    json_build_string(json, "worker", curve->worker);
    json_build_string(json, "side", curve->side[0] != '\0' ? curve->side : NULL);
    visitor.count(json, "threads", largest != NULL ? largest->cell->threads : -1);
    json_build_number(json, "median_s", largest != NULL ? largest->estimate.median_s : NAN);
    json_build_number(json, "speedup", largest != NULL ? largest->estimate.speedup : NAN);
    json_build_number(json, "speedup_ci_low", largest != NULL ? largest->estimate.speedup_interval.low : NAN);
    json_build_number(
        json, "speedup_ci_high", largest != NULL ? largest->estimate.speedup_interval.high : NAN);
    json_build_number(json, "efficiency", largest != NULL ? largest->estimate.efficiency : NAN);
    json_build_number(
        json, "efficiency_all_cores", curve->cores != NULL ? curve->cores->estimate.efficiency : NAN);
    json_build_number(json, "rate", largest != NULL ? largest->estimate.rate / 1e9 : NAN);
    json_build_string(json, "limit", largest != NULL ? limit_name(largest->diagnosis.limit) : NULL);
    json_build_close(json);
}

static void put_panels(struct json_builder *json, const struct gallery *gallery)
{
    json_build_open(json, "panels", '[', true);
    for (int p = 0; p < gallery->panel_count; p++) {
        const struct gallery_panel *panel = &gallery->panel[p];
        json_build_open(json, NULL, '{', true);
        json_build_string(json, "name", panel->name);
        json_build_string(json, "details", panel->details);
        json_build_string(json, "rate_unit", cell_rate_unit(panel->rate));
        json_build_bool(json, "shown", panel->shown);
        json_build_open(json, "curves", '[', true);
        for (int c = 0; c < panel->curve_count; c++)
            put_curve(json, gallery, &panel->curve[c]);
        json_build_close(json);
        json_build_close(json);
    }
    json_build_close(json);
}

bool gallery_json_write(FILE *stream, const struct gallery *gallery)
{
    struct json_builder json = {0};
    const struct column_visitor visitor = json_columns(&json);
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "schema", "acelera/gallery/1");
    json_build_bool(&json, "anonymous", gallery->anonymous);
    json_build_integer(&json, "repeated", gallery->repeated);
    json_build_open(&json, "machines", '[', true);
    for (int i = 0; i < gallery->machine_count; i++) {
        json_build_open(&json, NULL, '{', false);
        gallery_columns_visit_machine(gallery, i, &visitor);
        json_build_close(&json);
    }
    json_build_close(&json);
    put_panels(&json, gallery);
    json_build_open(&json, "left_out", '[', true);
    for (int i = 0; i < gallery->left_out_count && !gallery->anonymous; i++) {
        json_build_open(&json, NULL, '{', false);
        json_build_string(&json, "path", gallery->left_out[i].path);
        json_build_string(&json, "reason", gallery->left_out[i].reason);
        json_build_close(&json);
    }
    json_build_close(&json);
    json_build_integer(&json, "left_out_count", gallery->left_out_count);
    json_build_close(&json);
    fwrite(json.text.data, 1, json.text.length, stream);
    text_free(&json.text);
    return ferror(stream) == 0;
}
