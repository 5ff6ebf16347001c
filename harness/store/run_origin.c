/* Reads what run_record.c leaves out: the request, the workers and the table as they were, and the schedule.
 * The directory was read before, so that its form is known to be right. */
#include "harness/store/run_origin.h"

#include "harness/base/text.h"
#include "harness/store/record_parts.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS_MAX = 1000000, THREADS_MAX = 1 << 20 };
static const double seconds_max = 1e9, iterations_max = 1e9, bytes_max = 1e18;

static void read_points(struct json_fields *fields, const json_t *plan, struct run_origin *origin)
{
    const json_t *points = fields_array(fields, plan, "points");
    size_t count = json_array_size(points);
    origin->comparable = fields_bool(fields, plan, "comparable");
    origin->point = memory_new(count + 1, sizeof *origin->point);
    for (size_t i = 0; i < count && !fields->failed; i++) {
        const json_t *entry = json_array_get(points, i);
        struct ladder_point *point = &origin->point[origin->point_count++];
        point->threads = (int)fields_integer(fields, entry, "threads", 1, THREADS_MAX);
        point->cores_only = fields_bool(fields, entry, "cores_only");
        point->boundary = fields_bool(fields, entry, "boundary");
        snprintf(point->reason, sizeof point->reason, "%s", fields_string(fields, entry, "reason"));
    }
}

static void read_workers(struct json_fields *fields, const json_t *run, struct run_origin *origin)
{
    const json_t *workers = fields_array(fields, run, "workers");
    size_t count = json_array_size(workers);
    origin->worker = memory_new(count + 1, sizeof *origin->worker);
    for (size_t i = 0; i < count && !fields->failed; i++) {
        const json_t *entry = json_array_get(workers, i);
        origin->worker[origin->worker_count++] =
            (struct origin_worker){.name = text_copy(fields_string(fields, entry, "name")),
                .compiler = text_copy(fields_string(fields, entry, "compiler")),
                .flags = text_copy(fields_string(fields, entry, "flags")),
                .openmp = text_copy(fields_string(fields, entry, "openmp")),
                .bytes = (long long)fields_number_or(fields, entry, "bytes", 0, bytes_max, -1),
                .mtime_ns = json_is_integer(json_object_get(entry, "mtime_ns"))
                                ? json_integer_value(json_object_get(entry, "mtime_ns"))
                                : -1};
    }
}

static void read_kept(struct json_fields *fields, const json_t *run, struct run_origin *origin)
{
    const json_t *kept = fields_array(fields, run, "kept");
    size_t count = json_array_size(kept);
    origin->kept = memory_new(count + 1, sizeof *origin->kept);
    for (size_t i = 0; i < count; i++) {
        const char *variable = json_string_value(json_array_get(kept, i));
        origin->kept[i] = text_copy(variable != NULL ? variable : "");
    }
}

static void read_data(struct json_fields *fields, const json_t *run, struct run_origin *origin)
{
    const json_t *data = json_object_get(run, "data");
    if (data == NULL || json_is_null(data))
        return;
    origin->data_path = text_copy(fields_string(fields, data, "path"));
    snprintf(origin->data_digest, sizeof origin->data_digest, "%s", fields_string(fields, data, "digest"));
}

static void read_run(struct json_fields *fields, const json_t *run, struct run_origin *origin)
{
    const json_t *request = fields_object(fields, run, "request");
    const json_t *machine = fields_object(fields, run, "machine");
    origin->timeout_s = fields_number_or(fields, request, "timeout_s", 0, seconds_max, 0);
    origin->warm_s = fields_number_or(fields, request, "warm_s", 0, seconds_max, 0);
    origin->blocks = (int)fields_integer(fields, request, "blocks", 0, BLOCKS_MAX);
    origin->packages = (int)fields_integer(fields, machine, "packages", 0, INT_MAX);
    origin->numa_nodes = (int)fields_integer(fields, machine, "numa_nodes", 0, INT_MAX);
    origin->cpu_quota = fields_number_or(fields, machine, "cpu_quota", 0, 1e9, -1);
    origin->l1d = fields_number_or(fields, machine, "l1d_bytes", 0, bytes_max, 0);
    origin->l2 = fields_number_or(fields, machine, "l2_bytes", 0, bytes_max, 0);
    origin->l3 = fields_number_or(fields, machine, "l3_bytes", 0, bytes_max, 0);
    read_points(fields, fields_object(fields, run, "plan"), origin);
    read_workers(fields, run, origin);
    read_kept(fields, run, origin);
    read_data(fields, run, origin);
}

/* ---- samples.jsonl ---- */

static void read_schedule(
    struct json_fields *fields, const json_t *line, int cell_count, struct run_origin *origin)
{
    const json_t *iterations = fields_array(fields, line, "iterations");
    origin->blocks_planned = (int)fields_integer(fields, line, "blocks_planned", 1, BLOCKS_MAX);
    if (json_array_size(iterations) != (size_t)cell_count)
        fields_fail(
            fields, "\"iterations\" has %zu entries for %d cells", json_array_size(iterations), cell_count);
    if (fields->failed)
        return;
    free(origin->iterations);
    origin->iterations = memory_new((size_t)cell_count + 1, sizeof *origin->iterations);
    for (int c = 0; c < cell_count; c++) {
        const json_t *entry = json_array_get(iterations, (size_t)c);
        double count = json_number_value(entry);
        if (!json_is_integer(entry) || !(count >= 1 && count <= iterations_max))
            fields_fail(fields, "\"iterations\" of cell %d is not a number from 1", c);
        else
            origin->iterations[c] = (long)count;
    }
}

/* Samples are most of the lines, and say nothing that is wanted here: they begin with their kind. */
static bool is_sample(const char *line)
{
    return strncmp(line, "{\"kind\":\"sample\"", 16) == 0;
}

static void read_line(
    struct json_fields *fields, const char *text, size_t length, int cell_count, struct run_origin *origin)
{
    json_t *line = json_loadb(text, length, 0, NULL);
    const char *kind = json_string_value(json_object_get(line, "kind"));
    const json_t *process = json_object_get(line, "process");
    if (kind != NULL && strcmp(kind, "schedule") == 0)
        read_schedule(fields, line, cell_count, origin);
    if (json_is_integer(process) && json_integer_value(process) >= origin->next_process &&
        json_integer_value(process) < LONG_MAX)
        origin->next_process = (long)json_integer_value(process) + 1;
    json_decref(line);
}

static void read_samples(
    struct json_fields *fields, const char *path, int cell_count, struct run_origin *origin)
{
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t room = 0, number = 0;
    ssize_t length = 0;
    if (file == NULL) {
        snprintf(fields->where, sizeof fields->where, "%.550s", path);
        fields_fail(fields, "cannot be read: %s", strerror(errno));
        return;
    }
    while (!fields->failed && (length = getline(&line, &room, file)) > 0 && line[length - 1] == '\n') {
        snprintf(fields->where, sizeof fields->where, "%.550s line %zu", path, ++number);
        if (!is_sample(line))
            read_line(fields, line, (size_t)length, cell_count, origin);
    }
    free(line);
    fclose(file);
}

enum status run_origin_read(const struct run_record *record, struct run_origin *origin, struct error *error)
{
    struct run_origin read = {0};
    struct json_fields fields, of_samples = {.error = error};
    struct record_document document = {0};
    struct text run_json = {0}, samples = {0};
    text_add(&run_json, "%s/run.json", record->directory);
    text_add(&samples, "%s/samples.jsonl", record->directory);
    enum status status = record_load_document(run_json.data, &document, &fields, error);
    if (status == STATUS_OK) {
        read_run(&fields, document.root, &read);
        if (!fields.failed)
            read_samples(&of_samples, samples.data, record->cell_count, &read);
        status = fields.failed || of_samples.failed ? STATUS_FAILED : STATUS_OK;
    }
    record_free_document(&document);
    text_free(&run_json);
    text_free(&samples);
    if (status == STATUS_OK)
        *origin = read;
    else
        run_origin_free(&read);
    return status;
}

void run_origin_free(struct run_origin *origin)
{
    for (int i = 0; i < origin->worker_count; i++) {
        free(origin->worker[i].name);
        free(origin->worker[i].compiler);
        free(origin->worker[i].flags);
        free(origin->worker[i].openmp);
    }
    text_split_free(origin->kept);
    free(origin->point);
    free(origin->worker);
    free(origin->data_path);
    free(origin->iterations);
    *origin = (struct run_origin){0};
}
