#include "harness/measure/protocol.h"
#include "harness/base/text.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Enough digits for a nanosecond in a day. */
enum { STORED_DIGITS = 12 };

static char *dump(json_t *object)
{
    char *text = json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(STORED_DIGITS));
    json_decref(object);
    if (text == NULL)
        memory_grow(NULL, (size_t)-1, 1); /* the only way to fail is memory */
    return text;
}

static void set_key(json_t *object, const struct process_key *key)
{
    json_object_set_new(object, "process", json_integer(key->process));
    json_object_set_new(object, "cell", json_integer(key->cell));
    json_object_set_new(object, "block", json_integer(key->block));
}

static bool parse_process(json_t *object, const struct process_key *key, struct worker_line *parsed)
{
    const json_t *threads = json_object_get(object, "threads_delivered");
    const json_t *pus = json_object_get(object, "pus");
    if (!json_is_integer(threads) || !json_is_array(pus))
        return false;
    parsed->kind = LINE_PROCESS;
    parsed->threads_delivered = (int)json_integer_value(threads);
    parsed->pu_count = json_array_size(pus);
    parsed->pus = memory_new(parsed->pu_count + 1, sizeof *parsed->pus);
    for (size_t i = 0; i < parsed->pu_count; i++) {
        if (!json_is_integer(json_array_get(pus, i)))
            return false;
        parsed->pus[i] = (int)json_integer_value(json_array_get(pus, i));
    }
    set_key(object, key);
    json_object_set_new(object, "position", json_integer(key->position));
    json_object_set_new(object, "worker", json_string(key->worker));
    json_object_set_new(object, "started", json_string(key->started));
    return true;
}

static bool parse_sample(json_t *object, const struct process_key *key, struct worker_line *parsed)
{
    const json_t *seconds = json_object_get(object, "seconds");
    const json_t *warmup = json_object_get(object, "warmup");
    if (!json_is_number(seconds) || !(json_number_value(seconds) > 0) || !json_is_boolean(warmup))
        return false;
    parsed->kind = LINE_SAMPLE;
    parsed->seconds = json_number_value(seconds);
    parsed->warmup = json_is_true(warmup);
    json_object_set_new(object, "process", json_integer(key->process));
    return true;
}

static bool parse_lanes(json_t *object, const struct process_key *key, struct worker_line *parsed)
{
    if (!json_is_array(json_object_get(object, "lane")))
        return false;
    parsed->kind = LINE_LANES;
    json_object_set_new(object, "process", json_integer(key->process));
    return true;
}

static bool parse_check(json_t *object, const struct process_key *key, struct worker_line *parsed)
{
    if (!json_is_boolean(json_object_get(object, "passed")))
        return false;
    parsed->kind = LINE_CHECK;
    parsed->passed = json_is_true(json_object_get(object, "passed"));
    json_object_set_new(object, "process", json_integer(key->process));
    return true;
}

static bool parse_end(
    json_t *object, const struct process_key *key, double elapsed_s, struct worker_line *parsed)
{
    const char *status = json_string_value(json_object_get(object, "status"));
    const char *why = json_string_value(json_object_get(object, "error"));
    if (status == NULL)
        return false;
    parsed->kind = LINE_END_PROCESS;
    parsed->done = strcmp(status, "done") == 0;
    parsed->unverified = strcmp(status, "unverified") == 0;
    parsed->repeat = (long)json_integer_value(json_object_get(object, "repeat"));
    error_set(&parsed->error, STATUS_FAILED, "%s", why != NULL ? why : "");
    set_key(object, key);
    json_object_set_new(object, "seconds", json_real(elapsed_s));
    return true;
}

enum status protocol_parse_line(const char *line, const struct process_key *key, double elapsed_s,
    struct worker_line *parsed, struct error *error)
{
    *parsed = (struct worker_line){.kind = LINE_PROCESS};
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const char *kind = json_string_value(json_object_get(object, "kind"));
    bool good = false;
    if (kind != NULL && strcmp(kind, "process") == 0)
        good = parse_process(object, key, parsed);
    else if (kind != NULL && strcmp(kind, "sample") == 0)
        good = parse_sample(object, key, parsed);
    else if (kind != NULL && strcmp(kind, "lanes") == 0)
        good = parse_lanes(object, key, parsed);
    else if (kind != NULL && strcmp(kind, "check") == 0)
        good = parse_check(object, key, parsed);
    else if (kind != NULL && strcmp(kind, "end_process") == 0)
        good = parse_end(object, key, elapsed_s, parsed);
    if (!good) {
        json_decref(object);
        worker_line_free(parsed);
        return error_set(error, STATUS_FAILED,
            "worker %s wrote a line that is not of its protocol: %.120s; is it from another version?",
            key->worker, line);
    }
    parsed->json = dump(object);
    return STATUS_OK;
}

void worker_line_free(struct worker_line *line)
{
    free(line->json);
    free(line->pus);
    line->json = NULL;
    line->pus = NULL;
}

char *protocol_end_process(
    const struct process_key *key, const char *status, const char *why, double elapsed_s)
{
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string("end_process"));
    json_object_set_new(object, "status", json_string(status));
    /* A worker's last words may be any bytes; a string that is not UTF-8 becomes null without this. */
    json_t *text = json_string(why);
    json_object_set_new(object, "error", text != NULL ? text : json_string("(the reason was not UTF-8)"));
    set_key(object, key);
    json_object_set_new(object, "seconds", json_real(elapsed_s));
    return dump(object);
}

char *protocol_end_run(const char *reason, int blocks, double seconds)
{
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string("end_run"));
    json_object_set_new(object, "reason", json_string(reason));
    json_object_set_new(object, "blocks", json_integer(blocks));
    json_object_set_new(object, "seconds", json_real(seconds));
    return dump(object);
}

char *protocol_warm(double seconds, const char *end_process)
{
    json_t *line = end_process != NULL ? json_loads(end_process, 0, NULL) : NULL;
    json_t *clocks = json_object_get(line, "clock_ghz");
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string("warm"));
    json_object_set_new(object, "seconds", json_real(seconds));
    json_object_set_new(object, "clock_ghz", json_is_array(clocks) ? json_incref(clocks) : json_null());
    json_decref(line);
    return dump(object);
}

char *protocol_resume(const char *version, double seconds_before)
{
    char started[32];
    struct tm parts;
    time_t now = time(NULL);
    gmtime_r(&now, &parts);
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", &parts);
    json_t *object = json_object();
    json_object_set_new(object, "kind", json_string("resume"));
    json_object_set_new(object, "started", json_string(started));
    json_object_set_new(object, "version", json_string(version));
    json_object_set_new(object, "seconds_before", json_real(seconds_before));
    return dump(object);
}

char *protocol_schedule(
    int blocks_planned, bool over_budget, const long *iterations, char *const *dropped, int cell_count)
{
    json_t *object = json_object(), *counts = json_array(), *skipped = json_array();
    for (int c = 0; c < cell_count; c++) {
        json_array_append_new(counts, json_integer(iterations[c]));
        if (dropped[c] == NULL)
            continue;
        json_t *entry = json_object();
        json_object_set_new(entry, "cell", json_integer(c));
        json_object_set_new(entry, "reason", json_string(dropped[c]));
        json_array_append_new(skipped, entry);
    }
    json_object_set_new(object, "kind", json_string("schedule"));
    json_object_set_new(object, "blocks_planned", json_integer(blocks_planned));
    json_object_set_new(object, "over_budget", json_boolean(over_budget));
    json_object_set_new(object, "iterations", counts);
    json_object_set_new(object, "skipped", skipped);
    return dump(object);
}

static bool parse_number(const json_t *object, const char *key, double *value)
{
    const json_t *number = json_object_get(object, key);
    *value = json_number_value(number);
    return json_is_number(number);
}

static bool parse_ceiling(const json_t *entry, struct worker_ceiling *ceiling)
{
    const char *kernel = json_string_value(json_object_get(entry, "kernel"));
    const char *variant = json_string_value(json_object_get(entry, "variant"));
    const char *type = json_string_value(json_object_get(entry, "type"));
    const json_t *extent = json_object_get(entry, "extent");
    if (kernel == NULL || variant == NULL || !json_is_integer(extent) || json_integer_value(extent) < 0)
        return false;
    snprintf(ceiling->kernel, sizeof ceiling->kernel, "%s", kernel);
    snprintf(ceiling->variant, sizeof ceiling->variant, "%s", variant);
    snprintf(ceiling->type, sizeof ceiling->type, "%s", type != NULL ? type : "");
    ceiling->extent = json_integer_value(extent);
    return true;
}

enum status protocol_parse_cost(const char *text, struct worker_cost *cost, struct error *error)
{
    json_t *object = json_loads(text, 0, NULL);
    const json_t *unavailable = json_object_get(object, "unavailable");
    const json_t *ceilings = json_object_get(object, "ceilings");
    struct worker_cost found = {0};
    bool good = parse_number(object, "flop", &found.flop) && parse_number(object, "bytes", &found.bytes) &&
                parse_number(object, "memory_bytes", &found.memory_bytes) &&
                parse_number(object, "cycles", &found.cycles) &&
                parse_number(object, "regions", &found.regions) &&
                parse_number(object, "barriers", &found.barriers) && json_is_array(ceilings) &&
                json_array_size(ceilings) <= CELL_CEILINGS_MAX &&
                (json_is_null(unavailable) || json_is_string(unavailable));
    for (size_t c = 0; good && c < json_array_size(ceilings); c++)
        good = parse_ceiling(json_array_get(ceilings, c), &found.ceiling[found.ceiling_count++]);
    if (good && json_is_string(unavailable))
        snprintf(found.unavailable, sizeof found.unavailable, "%s", json_string_value(unavailable));
    json_decref(object);
    if (!good)
        return error_set(error, STATUS_FAILED, "a worker's --cost is not of its protocol: %.120s", text);
    *cost = found;
    return STATUS_OK;
}
