/* Reads samples.jsonl, one line at a time and in one pass: memory grows with the lines that are there, never
 * with a number that stands in one of them. A torn last line is dropped; any other fault ends the reading
 * with the number of its line. */
#include "harness/store/record_parts.h"

#include "harness/base/text.h"
#include "harness/store/anonymous.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 1 << 20, THREADS_MAX = 1 << 20 };

static const double seconds_max = 1e9;

static struct process_record *last_process(struct sample_reader *reader)
{
    return &reader->record->process[reader->record->process_count - 1];
}

static void resize_samples(struct process_record *process, size_t room)
{
    process->seconds = memory_grow(process->seconds, room, sizeof *process->seconds);
    process->sample = memory_grow(process->sample, room, sizeof *process->sample);
}

static void start_process(struct sample_reader *reader, const json_t *line, long long number)
{
    struct run_record *record = reader->record;
    struct json_fields *fields = &reader->fields;
    if (number <= reader->number)
        fields_fail(fields, "process %lld was there before", number);
    else if (number != reader->number + 1)
        fields_fail(
            fields, "process %lld where process %lld belongs: lines are missing", number, reader->number + 1);
    else if (record->end_reason[0] != '\0')
        fields_fail(fields, "process %lld begins after the end of the run", number);
    int cell = (int)fields_integer(fields, line, "cell", 0, record->cell_count - 1);
    int block = (int)fields_integer(fields, line, "block", 0, INT_MAX);
    if (!fields->failed && block < record->block_count)
        fields_fail(
            fields, "\"block\" is %d, and there were lines of block %d before", block, record->block_count);
    if (fields->failed)
        return;
    if (record->process_count == reader->process_room) {
        reader->process_room = reader->process_room ? 2 * reader->process_room : 64;
        record->process = memory_grow(record->process, reader->process_room, sizeof *record->process);
    }
    record->process[record->process_count++] = (struct process_record){.cell = cell,
        .block = block,
        .line = reader->line,
        .position = -1,
        .repeat = 1,
        .setup_s = NAN,
        .wall_s = NAN,
        .timed_throttled_s = NAN,
        .timed_steal_s = NAN,
        .clock_ghz = NAN};
    record->block_count = block;
    reader->number = number;
    reader->sample_room = 0;
    reader->before_passed = reader->after_passed = false;
    free(reader->failed_check);
    reader->failed_check = NULL;
}

/* The process that the line belongs to; NULL, with a fault said, if there is none. */
static struct process_record *open_process(struct sample_reader *reader, const json_t *line)
{
    long long number = fields_integer(&reader->fields, line, "process", 0, LLONG_MAX);
    if (reader->fields.failed)
        return NULL;
    if (reader->record->process_count == 0 || number != reader->number)
        fields_fail(&reader->fields, "process %lld has not started", number);
    else if (last_process(reader)->ended)
        fields_fail(&reader->fields, "process %lld has ended before", number);
    return reader->fields.failed ? NULL : last_process(reader);
}

static void read_process(struct sample_reader *reader, const json_t *line)
{
    struct json_fields *fields = &reader->fields;
    start_process(reader, line, fields_integer(fields, line, "process", 0, LLONG_MAX));
    if (fields->failed)
        return;
    struct process_record *process = last_process(reader);
    process->threads_delivered = (int)fields_integer(fields, line, "threads_delivered", 0, THREADS_MAX);
    if (json_array_size(json_object_get(line, "pus")) > 0)
        process->pus = fields_indexes(fields, line, "pus", process->threads_delivered);
    const char *note = fields_string_or(fields, line, "note", "");
    process->note = note[0] != '\0' ? text_copy(note) : NULL;
    process->position = (int)fields_integer_or(fields, line, "position", 0, INT_MAX, -1);
    process->setup_s = fields_number_or(fields, line, "setup_s", 0, seconds_max, NAN);
}

/* The slowest thread's; unknown as soon as one thread's is. */
static double read_clock(struct json_fields *fields, const json_t *line)
{
    const json_t *clocks = json_object_get(line, "clock_ghz");
    double slowest = NAN;
    if (clocks != NULL && !json_is_null(clocks) && !json_is_array(clocks))
        fields_fail(fields, "\"clock_ghz\" is not an array");
    for (size_t i = 0; i < json_array_size(clocks); i++) {
        const json_t *clock = json_array_get(clocks, i);
        double ghz = json_number_value(clock);
        if (json_is_null(clock))
            return NAN;
        if (!json_is_number(clock) || !(ghz > 0 && ghz < 1000))
            fields_fail(fields, "\"clock_ghz\" holds something that is no clock");
        slowest = slowest <= ghz ? slowest : ghz;
    }
    return slowest;
}

/* Iterations count up from 0, those of the warm-up and the timed ones each on their own. */
static bool is_next(const struct process_record *process, const struct sample_line *line)
{
    return line->iteration < 0 ||
           line->iteration == (long long)(line->warmup ? process->warmups : process->samples);
}

/* Room grows by doubling; what is too much is given back at the end of the process. */
static void add_sample(
    struct sample_reader *reader, struct process_record *process, const struct sample_line *line)
{
    if (line->warmup) {
        process->warmup_s = memory_grow(process->warmup_s, process->warmups + 1, sizeof *process->warmup_s);
        process->warmup_s[process->warmups++] = line->seconds;
        return;
    }
    if (process->samples == reader->sample_room)
        resize_samples(process, reader->sample_room = reader->sample_room ? 2 * reader->sample_room : 8);
    process->seconds[process->samples] = line->seconds;
    process->sample[process->samples++] = line->beside;
}

static void read_sample(struct sample_reader *reader, const json_t *object)
{
    struct sample_line line;
    struct process_record *process = open_process(reader, object);
    sample_line_read(&reader->fields, object, &line);
    if (process != NULL && !reader->fields.failed && !is_next(process, &line))
        fields_fail(&reader->fields,
            "iteration %lld where iteration %zu of process %lld belongs: lines are missing, twice, or in "
            "another order",
            line.iteration, line.warmup ? process->warmups : process->samples, reader->number);
    if (process != NULL && !reader->fields.failed)
        add_sample(reader, process, &line);
}

/* True if the line was one of those that are read at once. */
static bool scan_sample(struct sample_reader *reader, const char *bytes, size_t length)
{
    struct sample_line line;
    if (!sample_line_scan(bytes, length, &line) || reader->record->process_count == 0 ||
        line.process != reader->number || last_process(reader)->ended ||
        !is_next(last_process(reader), &line))
        return false;
    add_sample(reader, last_process(reader), &line);
    return true;
}

static void read_lanes(struct sample_reader *reader, const json_t *line)
{
    struct process_record *process = open_process(reader, line);
    if (process != NULL)
        record_read_lanes(&reader->fields, line, process);
}

static char *describe_failure(struct json_fields *fields, const json_t *line)
{
    const json_t *index = json_object_get(line, "index"), *got = json_object_get(line, "got"),
                 *expected = json_object_get(line, "expected");
    struct text text = {0};
    text_add(&text, "%s", fields_string_or(fields, line, "what", "the check failed"));
    if (json_is_integer(index) && json_integer_value(index) >= 0)
        text_add(&text, ", element %lld", (long long)json_integer_value(index));
    if (json_is_number(got) && json_is_number(expected)) {
        double a = json_number_value(got), b = json_number_value(expected);
        char words[2][40];
        int digits = 9;
        do { /* as many as tell them apart */
            snprintf(words[0], sizeof words[0], "%.*g", digits, a);
            snprintf(words[1], sizeof words[1], "%.*g", digits, b);
        } while (strcmp(words[0], words[1]) == 0 && ++digits <= 17);
        text_add(&text, ": got %s, expected %s", words[0], words[1]);
    }
    return text.data;
}

static void read_check(struct sample_reader *reader, const json_t *line)
{
    struct json_fields *fields = &reader->fields;
    struct process_record *process = open_process(reader, line);
    bool passed = fields_bool(fields, line, "passed");
    const char *when = fields_word(fields, line, "when");
    const char *digest = fields_string_or(fields, line, "digest", "");
    bool before = strcmp(when, "before") == 0;
    if (!before && strcmp(when, "after") != 0)
        fields_fail(fields, "\"when\" is \"%s\", but must be before or after", when);
    if (strlen(digest) >= sizeof process->digest || strspn(digest, "0123456789abcdefx") != strlen(digest))
        fields_fail(fields, "\"digest\" is \"%.40s\", which is not one", digest);
    if (process == NULL || fields->failed)
        return;
    snprintf(before ? process->digest_before : process->digest, sizeof process->digest, "%s", digest);
    *(before ? &reader->before_passed : &reader->after_passed) = passed;
    if (!passed && !process->check_failed) {
        process->check_failed = true;
        reader->failed_check = describe_failure(fields, line);
    }
}

/* A process that ended well did what the schedule asked of it. */
static void check_iterations(struct sample_reader *reader, const struct process_record *process)
{
    if (reader->iterations == NULL || process->block == 0)
        return;
    double wanted = reader->iterations[process->cell];
    if ((double)process->samples != wanted)
        fields_fail(&reader->fields,
            "process %lld ends with %zu timed iterations where the schedule has %.0f: lines are missing, or "
            "too "
            "many",
            reader->number, process->samples, wanted);
}

static void judge_process(
    struct sample_reader *reader, struct process_record *process, const char *status, const char *error)
{
    bool done = strcmp(status, "done") == 0;
    process->ended = true;
    process->interrupted = strcmp(status, "interrupted") == 0;
    process->check_failed = process->check_failed || strcmp(status, "unverified") == 0;
    process->done = done && !process->check_failed && reader->before_passed && reader->after_passed;
    if (process->done) {
        check_iterations(reader, process);
        return;
    }
    if (reader->failed_check != NULL)
        process->error = text_copy(reader->failed_check);
    else if (error[0] != '\0')
        process->error = text_copy(error);
    else
        process->error = text_copy(done ? "it ended without both of its checks" : status);
}

static void read_end_process(struct sample_reader *reader, const json_t *line)
{
    static const char *const known[] = {"done", "failed", "unverified", "timeout", "killed", "interrupted"};
    struct json_fields *fields = &reader->fields;
    const char *status = fields_word(fields, line, "status");
    const char *error = fields_string_or(fields, line, "error", "");
    bool is_known = false;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        is_known = is_known || strcmp(status, known[i]) == 0;
    if (!is_known)
        fields_fail(fields, "\"status\" is \"%s\", which is none of the known ones", status);

    /* A process that failed before its team was bound has no line but this. */
    long long number = fields_integer(fields, line, "process", 0, LLONG_MAX);
    if (number > reader->number)
        start_process(reader, line, number);
    struct process_record *process = open_process(reader, line);
    if (process == NULL)
        return;
    fields_integer(fields, line, "cell", process->cell, process->cell);
    fields_integer(fields, line, "block", process->block, process->block);
    process->clock_ghz = read_clock(fields, line);
    process->repeat = (long)fields_integer_or(fields, line, "repeat", 1, INT_MAX, 1);
    process->wall_s = fields_number_or(fields, line, "seconds", 0, seconds_max, NAN);
    process->timed_throttled_s = fields_number_or(fields, line, "throttled_s", 0, seconds_max, NAN);
    process->timed_steal_s = fields_number_or(fields, line, "steal_s", 0, seconds_max, NAN);
    if (process->samples > 0 && process->samples < reader->sample_room)
        resize_samples(process, process->samples);
    judge_process(reader, process, status, error);
}

/* A line as JSON, without names where they are to be left out. */
static json_t *parse_line(
    const struct sample_reader *reader, const char *bytes, size_t length, json_error_t *fault)
{
    char *whole = NULL, *cleaned = NULL;
    if (reader->hidden_host != NULL && memchr(bytes, '\0', length) == NULL) {
        whole = strndup(bytes, length);
        cleaned = whole != NULL ? anonymous_sample_line(whole, reader->hidden_host) : NULL;
    }
    /* What is no JSON cannot be cleaned, and is refused as it is. */
    json_t *line = json_loadb(cleaned != NULL ? cleaned : bytes, cleaned != NULL ? strlen(cleaned) : length,
        JSON_REJECT_DUPLICATES, fault);
    free(whole);
    free(cleaned);
    return line;
}

static void read_line(struct sample_reader *reader, const char *bytes, size_t length)
{
    static const struct {
        const char *kind;
        void (*read)(struct sample_reader *, const json_t *);
    } kinds[] = {{"process", read_process}, {"sample", read_sample}, {"lanes", read_lanes},
        {"check", read_check}, {"end_process", read_end_process}, {"schedule", record_read_schedule},
        {"end_run", record_read_end_run}, {"warm", record_read_warm}, {"resume", record_read_resume}};
    json_error_t fault;
    json_t *line = parse_line(reader, bytes, length, &fault);
    if (!json_is_object(line)) {
        fields_fail(&reader->fields, "not a JSON object%s%s", line == NULL ? ": " : "",
            line == NULL ? fault.text : "");
        goto cleanup;
    }
    const char *kind = fields_string(&reader->fields, line, "kind");
    size_t i = 0, count = sizeof kinds / sizeof *kinds;
    while (i < count && strcmp(kinds[i].kind, kind) != 0)
        i++;
    if (i == count)
        fields_fail(&reader->fields, "\"kind\" is \"%.40s\", which is none of the known ones", kind);
    else
        kinds[i].read(reader, line);
cleanup:
    json_decref(line);
}

static void name_line(struct sample_reader *reader, const char *path, size_t number)
{
    reader->line = number;
    snprintf(reader->fields.where, sizeof reader->fields.where, "%.550s line %zu", path, number);
}

/* Reads every line that ends, through a buffer that holds the longest one allowed. */
static void read_all(struct sample_reader *reader, const char *path, int fd)
{
    char *buffer = memory_new(LINE_BYTES_MAX, 1);
    size_t held = 0, line_number = 0;
    ssize_t got = 0;
    snprintf(reader->fields.where, sizeof reader->fields.where, "%s", path);
    while (!reader->fields.failed && (got = read(fd, buffer + held, LINE_BYTES_MAX - held)) > 0) {
        size_t begin = 0;
        held += (size_t)got;
        for (char *end;
             !reader->fields.failed && (end = memchr(buffer + begin, '\n', held - begin)) != NULL;) {
            size_t length = (size_t)(end - buffer) - begin;
            line_number++;
            if (!scan_sample(reader, buffer + begin, length)) {
                name_line(reader, path, line_number);
                read_line(reader, buffer + begin, length);
            }
            begin += length + 1;
        }
        held -= begin;
        memmove(buffer, buffer + begin, held);
        if (held == LINE_BYTES_MAX) {
            name_line(reader, path, line_number + 1);
            fields_fail(&reader->fields, "longer than 1 MiB");
        }
    }
    if (got < 0)
        fields_fail(&reader->fields, "cannot read: %s", strerror(errno));
    free(buffer);
}

int process_record_order(const void *left, const void *right)
{
    const struct process_record *a = *(const struct process_record *const *)left;
    const struct process_record *b = *(const struct process_record *const *)right;
    return a->cell != b->cell ? (a->cell > b->cell) - (a->cell < b->cell)
                              : (a->block > b->block) - (a->block < b->block);
}

/* Two results of one cell in one block could not be paired with the others of that block. */
static void refuse_repeats(struct sample_reader *reader, const char *path)
{
    struct run_record *record = reader->record;
    const struct process_record **done = memory_new(record->process_count + 1, sizeof *done);
    size_t count = 0;
    for (size_t i = 0; i < record->process_count; i++)
        if (record->process[i].done && record->process[i].block > 0)
            done[count++] = &record->process[i];
    qsort(done, count, sizeof *done, process_record_order);
    for (size_t i = 1; i < count; i++)
        if (process_record_order(&done[i - 1], &done[i]) == 0) {
            name_line(reader, path, done[i - 1]->line > done[i]->line ? done[i - 1]->line : done[i]->line);
            fields_fail(&reader->fields, "cell %d has two finished processes in block %d", done[i]->cell,
                done[i]->block);
        }
    free(done);
}

enum status record_read_samples(
    const char *path, const char *hidden_host, struct run_record *record, struct error *error)
{
    struct sample_reader reader = {
        .record = record, .fields.error = error, .hidden_host = hidden_host, .number = -1};
    int fd = -1;
    long long bytes = 0;
    enum status status = record_open_file(path, &fd, &bytes, error);
    if (status != STATUS_OK)
        return status;
    record_forget_end(record);
    read_all(&reader, path, fd);
    refuse_repeats(&reader, path);
    record->interrupted = record->end_reason[0] == '\0' || strcmp(record->end_reason, "interrupted") == 0;
    free(reader.failed_check);
    free(reader.iterations);
    close(fd);
    return reader.fields.failed ? STATUS_FAILED : STATUS_OK;
}
