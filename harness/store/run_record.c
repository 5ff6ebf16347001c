/* Reads a run directory back: the facts of run.json here, the plan and the samples in record_cells.c and
 * record_samples.c. Everything is checked before use, for the directory may have come from anywhere. Derives
 * nothing. */
#include "harness/store/run_record.h"

#include "harness/base/text.h"
#include "harness/store/anonymous.h"
#include "harness/store/record_parts.h"
#include "harness/store/run_json.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RUN_JSON_MAX = 256 << 20 };

enum status record_open_file(const char *path, int *fd, long long *bytes, struct error *error)
{
    struct stat facts;
    /* Without O_NONBLOCK a named pipe would make this wait for ever. */
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0)
        return error_set(error, STATUS_FAILED, "%s: %s; a run directory holds run.json and samples.jsonl",
            path, strerror(errno));
    if (fstat(opened, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        close(opened);
        return error_set(error, STATUS_FAILED, "%s: not a regular file", path);
    }
    *fd = opened;
    *bytes = facts.st_size;
    return STATUS_OK;
}

enum status record_load_document(
    const char *path, struct record_document *document, struct json_fields *fields, struct error *error)
{
    int fd = -1;
    long long bytes = 0;
    json_error_t fault;
    char *data = NULL;
    json_t *root = NULL;
    size_t length = 0;
    enum status status = record_open_file(path, &fd, &bytes, error);
    if (status != STATUS_OK)
        return status;
    if (bytes > RUN_JSON_MAX) {
        status = error_set(error, STATUS_FAILED, "%s: %lld bytes are too many for this file", path, bytes);
        goto cleanup;
    }
    data = memory_new((size_t)bytes + 1, 1);
    for (ssize_t got = 1; got > 0 && length<(size_t)bytes; length += got> 0 ? (size_t)got : 0) {
        got = read(fd, data + length, (size_t)bytes - length);
        if (got < 0)
            status = error_set(error, STATUS_FAILED, "%s: cannot read: %s", path, strerror(errno));
    }
    if (status != STATUS_OK)
        goto cleanup;
    root = json_loadb(data, length, JSON_REJECT_DUPLICATES, &fault);
    if (root == NULL) {
        status = error_set(error, STATUS_FAILED, "%s line %d: not JSON: %s", path, fault.line, fault.text);
        goto cleanup;
    }
    *document = (struct record_document){data, root};
    *fields = (struct json_fields){.error = error, .text = data, .root = root};
    snprintf(fields->where, sizeof fields->where, "%s", path);
    data = NULL;
cleanup:
    free(data);
    close(fd);
    return status;
}

void record_free_document(struct record_document *document)
{
    json_decref(document->root);
    free(document->text);
}

char *run_record_directory(const char *given)
{
    struct stat facts;
    char *directory = text_copy_path(given[0] == '\0' ? "." : given);
    char *slash = strrchr(directory, '/'), *name = slash ? slash + 1 : directory;
    if (strcmp(name, "run.json") == 0 && (stat(directory, &facts) != 0 || !S_ISDIR(facts.st_mode))) {
        if (slash == NULL)
            slash = memcpy(directory, ".", 1); /* "run.json" is longer than "." */
        slash[slash == directory ? 1 : 0] = '\0';
    }
    return directory;
}

static void check_schema(struct json_fields *fields, const json_t *run)
{
    int version = 0;
    if (!json_is_object(run))
        fields_fail(fields, "not a JSON object: this is not a run");
    const char *schema = fields_string(fields, run, "schema");
    if (fields->failed || strcmp(schema, RUN_JSON_SCHEMA) == 0)
        return;
    if (sscanf(schema, "acelera/run/%9d", &version) == 1 && version > 1)
        fields_fail(fields,
            "schema \"%.40s\" is newer than this program, which reads \"%s\"; use a newer acelera", schema,
            RUN_JSON_SCHEMA);
    else
        fields_fail(fields, "schema \"%.40s\" is not \"%s\": this is not a run", schema, RUN_JSON_SCHEMA);
}

static void add_environment(struct run_record *record, const char *name, const char *value)
{
    size_t count = (size_t)record->environment_count;
    record->environment = memory_grow(record->environment, count + 1, sizeof *record->environment);
    record->environment[count] = (struct named_value){text_copy(name), text_copy(value)};
    record->environment_count++;
}

/* Environment variables, each as NAME=VALUE. */
static void add_variables(
    struct json_fields *fields, const json_t *run, const char *key, struct run_record *record)
{
    const json_t *variables = fields_array(fields, run, key);
    for (size_t i = 0; i < json_array_size(variables); i++) {
        const char *variable = json_string_value(json_array_get(variables, i));
        if (variable == NULL)
            fields_fail(fields, "\"%s\" must hold strings", key);
        else
            add_environment(record, key, variable);
    }
}

static void read_environment(
    struct json_fields *fields, const json_t *run, const json_t *machine, struct run_record *record)
{
    static const char *const of_worker[] = {"compiler", "flags", "openmp", "path"};
    const json_t *facts = fields_array(fields, machine, "facts"),
                 *limits = fields_array(fields, machine, "limits");
    const json_t *workers = fields_array(fields, run, "workers");
    char name[200];
    for (size_t i = 0; i < json_array_size(facts); i++) {
        const json_t *fact = json_array_get(facts, i);
        add_environment(record, fields_string(fields, fact, "name"), fields_string(fields, fact, "value"));
    }
    for (size_t i = 0; i < json_array_size(limits); i++) {
        const json_t *limit = json_array_get(limits, i);
        struct text value = {0};
        text_add(
            &value, "%s (%s)", fields_string(fields, limit, "value"), fields_string(fields, limit, "source"));
        snprintf(name, sizeof name, "limit: %.150s", fields_string(fields, limit, "what"));
        add_environment(record, name, value.data);
        text_free(&value);
    }
    for (size_t i = 0; i < json_array_size(workers); i++) {
        const json_t *worker = json_array_get(workers, i);
        for (size_t k = 0; k < sizeof of_worker / sizeof *of_worker; k++) {
            snprintf(name, sizeof name, "%.64s %s", fields_word(fields, worker, "name"), of_worker[k]);
            add_environment(record, name, fields_string(fields, worker, of_worker[k]));
        }
    }
    add_variables(fields, run, "cleared", record);
    add_variables(fields, run, "kept", record);
}

static void read_findings(struct json_fields *fields, const json_t *machine, struct run_record *record)
{
    static const char *const severities[] = {"fine", "information", "warning", "unknown"};
    if (json_object_get(machine, "findings") == NULL)
        return;
    const json_t *findings = fields_array(fields, machine, "findings");
    size_t count = json_array_size(findings);
    record->finding = memory_new(count + 1, sizeof *record->finding);
    for (size_t i = 0; i < count && !fields->failed; i++) {
        const json_t *finding = json_array_get(findings, i);
        const char *severity = fields_string(fields, finding, "severity");
        bool known = false;
        for (size_t k = 0; k < sizeof severities / sizeof *severities; k++)
            known = known || strcmp(severity, severities[k]) == 0;
        if (!known)
            fields_fail(fields, "\"severity\" is \"%.40s\", which is none of the known ones", severity);
        record->finding[record->finding_count++] =
            (struct finding_record){text_copy(fields_string(fields, finding, "id")), text_copy(severity),
                text_copy(fields_string(fields, finding, "found")),
                text_copy(fields_string_or(fields, finding, "effect", "")),
                text_copy(fields_string_or(fields, finding, "remedy", ""))};
    }
}

static void read_machine(struct json_fields *fields, const json_t *run, struct run_record *record)
{
    const json_t *machine = fields_object(fields, run, "machine");
    const json_t *warnings = fields_array(fields, machine, "warnings");
    record->host = text_copy(fields_string(fields, machine, "host"));
    record->cpu_model = text_copy(fields_string(fields, machine, "cpu_model"));
    record->packages = (int)fields_integer(fields, machine, "packages", 0, INT_MAX);
    record->numa_nodes = (int)fields_integer(fields, machine, "numa_nodes", 0, INT_MAX);
    record->usable_cores = (int)fields_integer(fields, machine, "usable_cores", 0, INT_MAX);
    record->usable_pus = (int)fields_integer(fields, machine, "usable_pus", 0, INT_MAX);
    record->cpu_quota = fields_number_or(fields, machine, "cpu_quota", 0, 1e9, -1);
    record->memory_available_bytes = fields_number_or(fields, machine, "memory_available_bytes", 0, 1e30, -1);
    size_t count = json_array_size(warnings);
    record->warning = memory_new(count + 1, sizeof *record->warning);
    for (size_t i = 0; i < count && !fields->failed; i++) {
        const json_t *warning = json_array_get(warnings, i);
        record->warning[record->warning_count++] =
            (struct warning_record){text_copy(fields_string(fields, warning, "id")),
                text_copy(fields_string(fields, warning, "message")),
                text_copy(fields_string(fields, warning, "remedy"))};
    }
    read_findings(fields, machine, record);
    read_environment(fields, run, machine, record);
}

static void read_run(struct json_fields *fields, const json_t *run, struct run_record *record)
{
    if (fields->failed)
        return;
    const json_t *seeds = fields_object(fields, run, "seeds");
    const json_t *request = fields_object(fields, run, "request");
    record->id = text_copy(fields_string(fields, run, "id"));
    record->started = text_copy(fields_string(fields, run, "started"));
    record->command = text_copy(fields_string(fields, run, "command"));
    record->version = text_copy(fields_string(fields, run, "version"));
    record->seed = fields_seed(fields, seeds, "seed");
    record->order_seed = fields_seed(fields, seeds, "order_seed");
    record->budget_s = fields_number(fields, request, "budget_s", 0, 1e9);
    record->precision = fields_number(fields, request, "precision", 0, 1);
    record->delta = fields_number_or(fields, request, "delta", 0, 1, 0);
    record->quantile = fields_number_or(fields, request, "quantile", 0, 1, NAN);
    record->warm_s = fields_number_or(fields, request, "warm_s", 0, 1e9, 0);
    const json_t *data = json_object_get(run, "data");
    if (data != NULL && !json_is_null(data))
        snprintf(
            record->data_digest, sizeof record->data_digest, "%s", fields_string(fields, data, "digest"));
    read_machine(fields, run, record);
    record_read_plan(fields, run, record);
}

/* The same document without names. It was read before, so that a fault was named with its line in the file.
 */
static enum status leave_names_out(
    struct record_document *document, struct json_fields *fields, struct run_record *record)
{
    char *id = anonymous_id(record->id);
    char *text = anonymous_run_json(document->text, id);
    json_t *root = text != NULL ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    free(id);
    if (root == NULL) {
        free(text);
        fields_fail(fields, "its names cannot be left out");
        return STATUS_FAILED;
    }
    record_free_document(document);
    *document = (struct record_document){text, root};
    fields->text = text;
    fields->root = root;
    fields->object = NULL;
    char *directory = record->directory;
    record->directory = NULL;
    run_record_free(record);
    *record = (struct run_record){.directory = directory, .elapsed_s = -1, .quantile = NAN};
    read_run(fields, root, record);
    return fields->failed ? STATUS_FAILED : STATUS_OK;
}

static enum status read_record(
    const char *directory, bool unnamed, struct run_record *record, struct error *error)
{
    struct run_record read = {.elapsed_s = -1, .quantile = NAN};
    struct json_fields fields;
    struct record_document document = {0};
    struct text run_json = {0}, samples = {0};
    char *host = NULL;
    read.directory = run_record_directory(directory);
    text_add(&run_json, "%s/run.json", read.directory);
    text_add(&samples, "%s/samples.jsonl", read.directory);

    enum status status = record_load_document(run_json.data, &document, &fields, error);
    if (status == STATUS_OK) {
        check_schema(&fields, document.root);
        read_run(&fields, document.root, &read);
        status = fields.failed ? STATUS_FAILED : STATUS_OK;
    }
    if (status == STATUS_OK && unnamed) {
        host = text_copy(read.host);
        status = leave_names_out(&document, &fields, &read);
    }
    if (status == STATUS_OK)
        status = record_read_samples(samples.data, host, &read, error);
    if (status == STATUS_OK)
        *record = read;
    else
        run_record_free(&read);
    record_free_document(&document);
    free(host);
    text_free(&run_json);
    text_free(&samples);
    return status;
}

enum status run_record_read(const char *directory, struct run_record *record, struct error *error)
{
    return read_record(directory, false, record, error);
}

enum status run_record_read_unnamed(const char *directory, struct run_record *record, struct error *error)
{
    return read_record(directory, true, record, error);
}

static void free_process(struct process_record *process)
{
    for (int l = 0; l < process->lane_count; l++)
        free(process->lane[l].span);
    free(process->lane);
    free(process->pus);
    free(process->error);
    free(process->note);
    free(process->seconds);
    free(process->sample);
    free(process->warmup_s);
}

void run_record_free(struct run_record *record)
{
    char *const strings[] = {record->id, record->directory, record->started, record->host, record->cpu_model,
        record->command, record->version, record->end_reason};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        free(strings[i]);
    for (int i = 0; i < record->cell_count; i++)
        cell_free(&record->cell[i]);
    for (int i = 0; i < record->skipped_count; i++) {
        cell_free(&record->skipped[i].cell);
        free(record->skipped[i].why);
    }
    for (int i = 0; i < record->environment_count; i++) {
        free(record->environment[i].name);
        free(record->environment[i].value);
    }
    for (int i = 0; i < record->warning_count; i++) {
        free(record->warning[i].id);
        free(record->warning[i].message);
        free(record->warning[i].remedy);
    }
    for (int i = 0; i < record->finding_count; i++) {
        free(record->finding[i].id);
        free(record->finding[i].severity);
        free(record->finding[i].found);
        free(record->finding[i].effect);
        free(record->finding[i].remedy);
    }
    for (size_t i = 0; i < record->process_count; i++)
        free_process(&record->process[i]);
    free(record->cell);
    free(record->dropped);
    free(record->skipped);
    free(record->environment);
    free(record->warning);
    free(record->finding);
    free(record->process);
    *record = (struct run_record){0};
}
