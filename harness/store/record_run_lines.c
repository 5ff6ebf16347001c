/* Reads the lines of samples.jsonl that are about the run and not about one process: how it was scheduled,
 * where it was carried on, and how it ended. */
#include "harness/store/record_parts.h"

#include "harness/base/text.h"

#include <stdlib.h>

static const double seconds_max = 1e9;

void record_forget_end(struct run_record *record)
{
    free(record->end_reason);
    record->end_reason = text_copy("");
    record->elapsed_s = -1;
}

/* Whether each is a number that a schedule can have, is for those to judge who go by it. */
static void take_iterations(struct sample_reader *reader, const json_t *iterations)
{
    size_t count = (size_t)reader->record->cell_count;
    if (json_array_size(iterations) != count)
        return;
    reader->iterations = memory_new(count + 1, sizeof *reader->iterations);
    for (size_t c = 0; c < count; c++)
        reader->iterations[c] = json_number_value(json_array_get(iterations, c));
}

void record_read_schedule(struct sample_reader *reader, const json_t *line)
{
    struct json_fields *fields = &reader->fields;
    struct run_record *record = reader->record;
    if (reader->iterations != NULL)
        fields_fail(fields, "a schedule was there before");
    else
        take_iterations(reader, json_object_get(line, "iterations"));
    record->over_budget = fields_bool(fields, line, "over_budget");
    const json_t *skipped = fields_array(fields, line, "skipped");
    for (size_t i = 0; i < json_array_size(skipped) && !fields->failed; i++) {
        const json_t *entry = json_array_get(skipped, i);
        long long cell = fields_integer(fields, entry, "cell", 0, record->cell_count - 1);
        const char *reason = fields_string(fields, entry, "reason");
        if (fields->failed || record->dropped[cell])
            continue;
        record->dropped[cell] = true;
        record_add_skipped(record, &record->cell[cell], reason);
    }
}

void record_read_end_run(struct sample_reader *reader, const json_t *line)
{
    struct run_record *record = reader->record;
    const char *reason = fields_word(&reader->fields, line, "reason");
    double seconds = fields_number(&reader->fields, line, "seconds", 0, seconds_max);
    if (record->end_reason[0] != '\0')
        fields_fail(&reader->fields, "the run has ended before");
    if (reader->fields.failed)
        return;
    free(record->end_reason);
    record->end_reason = text_copy(reason);
    record->elapsed_s = seconds;
}

/* The machine was kept busy before a measurement: nothing of that counts. */
void record_read_warm(struct sample_reader *reader, const json_t *line)
{
    fields_number(&reader->fields, line, "seconds", 0, seconds_max);
}

void record_read_resume(struct sample_reader *reader, const json_t *line)
{
    fields_number(&reader->fields, line, "seconds_before", 0, seconds_max);
    record_forget_end(reader->record); /* a run that goes on has not ended */
}
