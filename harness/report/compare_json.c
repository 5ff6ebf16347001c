/* The comparison for programs: JSON, schema "acelera/compare/1", and CSV with the compared rows alone. */
#include "harness/base/cell_keys.h"
#include "harness/report/column_writers.h"
#include "harness/report/compare_columns.h"
#include "harness/store/anonymous.h"
#include "harness/store/file_write.h"

#include <stdlib.h>

static void put_run(struct json_builder *json, const struct compared_run *run)
{
    json_build_open(json, NULL, '{', false);
    json_build_string(json, "id", run->record.id);
    json_build_string(json, "directory", anonymous_place(&run->record));
    json_build_string(json, "started", run->record.started);
    json_build_string(json, "version", run->record.version);
    json_build_bool(json, "interrupted", run->record.interrupted);
    json_build_close(json);
}

static void put_sides(struct json_builder *json, const struct comparison *comparison)
{
    json_build_open(json, "sides", '[', true);
    for (enum cell_side side = SIDE_A; side < CELL_SIDES; side++) {
        struct text is = {0};
        comparison_add_side(&is, comparison, side);
        json_build_open(json, NULL, '{', true);
        json_build_string(json, "side", side == SIDE_A ? "A" : "B");
        json_build_string(json, "is", is.data);
        json_build_open(json, "runs", '[', true);
        for (int r = 0; r < comparison->run_count; r++)
            if (comparison->live || comparison->run[r].side == side)
                put_run(json, &comparison->run[r]);
        json_build_close(json);
        json_build_close(json);
        text_free(&is);
    }
    json_build_close(json);
}

static void put_rows(struct json_builder *json, const struct comparison *comparison)
{
    const struct column_visitor visitor = json_columns(json);
    json_build_open(json, "rows", '[', true);
    for (int i = 0; i < comparison->row_count; i++) {
        json_build_open(json, NULL, '{', false);
        compare_columns_visit_row(comparison, &comparison->row[i], &visitor);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_open(json, "refused", '[', true);
    for (int i = 0; i < comparison->refused_count; i++) {
        json_build_open(json, NULL, '{', false);
        compare_columns_visit_refused(&comparison->refused[i], &visitor);
        json_build_close(json);
    }
    json_build_close(json);
}

bool compare_json_write(FILE *stream, const struct comparison *comparison)
{
    struct json_builder json = {0};
    struct text sentence = {0};
    comparison_add_sentence(&sentence, comparison);
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "schema", "acelera/compare/1");
    json_build_bool(&json, "live", comparison->live);
    json_build_number(&json, "delta", comparison->delta);
    json_build_string(&json, "outcome", sentence.data);
    put_sides(&json, comparison);
    json_build_number(&json, "machine_low", comparison->machine_low);
    json_build_number(&json, "machine_high", comparison->machine_high);
    put_rows(&json, comparison);
    json_build_open(&json, "warnings", '[', true);
    for (int i = 0; i < comparison->warning_count; i++)
        json_build_string(&json, NULL, comparison->warning[i]);
    json_build_close(&json);
    json_build_close(&json);
    fwrite(json.text.data, 1, json.text.length, stream);
    text_free(&json.text);
    text_free(&sentence);
    return ferror(stream) == 0;
}

bool compare_csv_write(FILE *stream, const struct comparison *comparison)
{
    static const struct cell nothing;
    const struct compared_row header = {.cell = {&nothing, &nothing}};
    for (int i = -1; i < comparison->row_count; i++) {
        struct csv_line line = {stream, false, i < 0};
        const struct column_visitor visitor = csv_columns(&line);
        compare_columns_visit_row(comparison, i < 0 ? &header : &comparison->row[i], &visitor);
        fputs("\n", stream);
    }
    return ferror(stream) == 0;
}

enum status compare_write_file(
    const struct comparison *comparison, const char *directory, struct error *error)
{
    struct text path = {0};
    char *data = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&data, &length);
    bool written = memory != NULL && compare_json_write(memory, comparison);
    written = memory != NULL && fclose(memory) == 0 && written;
    text_add(&path, "%s/compare.json", directory);
    enum status status = written ? file_write_whole(path.data, data, length, error)
                                 : error_set(error, STATUS_FAILED, "%s: out of memory", path.data);
    free(data);
    text_free(&path);
    return status;
}
