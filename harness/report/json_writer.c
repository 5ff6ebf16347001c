/* The summary as JSON, schema "acelera/summary/1": every key is always there, unknown is null. */
#include "harness/report/column_writers.h"
#include "harness/report/json_parts.h"
#include "harness/store/anonymous.h"
#include "harness/store/json_builder.h"

#include <math.h>

static void put_text(void *context, const char *name, const char *value)
{
    json_build_string(context, name, value);
}

static void put_number(void *context, const char *name, double value)
{
    json_build_number(context, name, value);
}

static void put_count(void *context, const char *name, long long value)
{
    if (value < 0)
        json_build_null(context, name);
    else
        json_build_integer(context, name, value);
}

static void put_truth(void *context, const char *name, bool value)
{
    json_build_bool(context, name, value);
}

static void put_indexes(void *context, const char *name, const int *values, int count)
{
    if (values == NULL) {
        json_build_null(context, name);
        return;
    }
    json_build_open(context, name, '[', false);
    for (int i = 0; i < count; i++)
        json_build_integer(context, NULL, values[i]);
    json_build_close(context);
}

static void put_words(void *context, const char *name, char *const *values)
{
    json_build_open(context, name, '[', false);
    for (; *values != NULL; values++)
        json_build_string(context, NULL, *values);
    json_build_close(context);
}

struct column_visitor json_columns(struct json_builder *json)
{
    return (struct column_visitor){put_text, put_number, put_count, put_truth, put_indexes, put_words, json};
}

static void put_run(struct json_builder *json, const struct summary *summary)
{
    const struct run_record *record = summary->record;
    json_build_open(json, "run", '{', true);
    json_build_string(json, "id", record->id);
    json_build_string(json, "directory", anonymous_place(record));
    json_build_string(json, "started", record->started);
    json_build_string(json, "version", record->version);
    json_build_string(json, "command", record->command);
    json_build_seed(json, "seed", record->seed);
    json_build_seed(json, "order_seed", record->order_seed);
    json_build_integer(json, "blocks", record->block_count);
    json_build_number(json, "precision", record->precision);
    json_build_number(json, "budget_s", record->budget_s);
    json_build_bool(json, "over_budget", record->over_budget);
    json_build_number(json, "elapsed_s", record->elapsed_s >= 0 ? record->elapsed_s : NAN);
    json_build_bool(json, "interrupted", record->interrupted);
    json_build_number(json, "quantile", record->quantile);
    json_build_number(json, "timed_share", summary->timed_share);
    json_build_string(json, "end_reason", record->end_reason[0] != '\0' ? record->end_reason : NULL);
    json_add_run_parts(json, summary);
    json_build_close(json);
}

static void put_findings(struct json_builder *json, const struct run_record *record)
{
    json_build_open(json, "findings", '[', true);
    for (int i = 0; i < record->finding_count; i++) {
        const struct finding_record *finding = &record->finding[i];
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "id", finding->id);
        json_build_string(json, "severity", finding->severity);
        json_build_string(json, "found", finding->found);
        json_build_string(json, "effect", finding->effect[0] != '\0' ? finding->effect : NULL);
        json_build_string(json, "remedy", finding->remedy[0] != '\0' ? finding->remedy : NULL);
        json_build_close(json);
    }
    json_build_close(json);
}

static void put_machine(struct json_builder *json, const struct run_record *record)
{
    json_build_open(json, "machine", '{', true);
    json_build_string(json, "host", record->host);
    json_build_string(json, "cpu_model", record->cpu_model[0] != '\0' ? record->cpu_model : NULL);
    json_build_integer(json, "packages", record->packages);
    json_build_integer(json, "numa_nodes", record->numa_nodes);
    json_build_integer(json, "usable_cores", record->usable_cores);
    json_build_integer(json, "usable_pus", record->usable_pus);
    json_build_number(json, "cpu_quota", record->cpu_quota >= 0 ? record->cpu_quota : NAN);
    json_build_number(json, "memory_available_bytes",
        record->memory_available_bytes >= 0 ? record->memory_available_bytes : NAN);
    json_build_open(json, "environment", '[', true);
    for (int i = 0; i < record->environment_count; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "name", record->environment[i].name);
        json_build_string(json, "value", record->environment[i].value);
        json_build_close(json);
    }
    json_build_close(json);
    put_findings(json, record);
    json_build_close(json);
}

static void put_rows(struct json_builder *json, const char *key, const struct summary_row *row, int count,
    const struct column_visitor *visitor)
{
    json_build_open(json, key, '[', true);
    for (int i = 0; i < count; i++) {
        json_build_open(json, NULL, '{', false);
        columns_visit_row(&row[i], visitor);
        json_add_parts(json, &row[i]);
        json_build_close(json);
    }
    json_build_close(json);
}

static void put_skipped(
    struct json_builder *json, const struct run_record *record, const struct column_visitor *visitor)
{
    json_build_open(json, "skipped", '[', true);
    for (int i = 0; i < record->skipped_count; i++) {
        json_build_open(json, NULL, '{', false);
        columns_visit_cell(&record->skipped[i].cell, visitor);
        json_build_string(json, "reason", record->skipped[i].why);
        json_build_close(json);
    }
    json_build_close(json);
}

static void put_warnings(struct json_builder *json, const struct run_record *record)
{
    json_build_open(json, "warnings", '[', true);
    for (int i = 0; i < record->warning_count; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "id", record->warning[i].id);
        json_build_string(json, "message", record->warning[i].message);
        json_build_string(json, "remedy", record->warning[i].remedy);
        json_build_close(json);
    }
    json_build_close(json);
}

bool json_write(FILE *stream, const struct summary *summary)
{
    struct json_builder json = {0};
    const struct column_visitor visitor = json_columns(&json);
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "schema", "acelera/summary/1");
    put_run(&json, summary);
    put_machine(&json, summary->record);
    put_rows(&json, "rows", summary->row, summary->row_count, &visitor);
    put_rows(&json, "ceilings", summary->ceiling, summary->ceiling_count, &visitor);
    put_skipped(&json, summary->record, &visitor);
    put_warnings(&json, summary->record);
    json_build_close(&json);
    fwrite(json.text.data, 1, json.text.length, stream);
    text_free(&json.text);
    return ferror(stream) == 0;
}
