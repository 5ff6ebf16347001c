/* A line about one iteration, in two ways that agree. A long run has a million of them, so those that our own
 * program wrote are scanned in one pass: the fields of the table below, in that order, as compact as they
 * come. What is in any way different is not refused here but left to the slow way, which reads JSON of any
 * layout. */
#include "harness/store/record_parts.h"

#include <limits.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const double seconds_min = 1e-12, seconds_max = 1e9;

/* ---- the fields beside the time ---- */

enum field_kind { FIELD_SECONDS, FIELD_COUNT, FIELD_UNUSED };

/* In the order of the file; "cpu_s" is for people and other programs. */
static const struct field {
    const char *key; /* as it stands between the last value and this one */
    enum field_kind kind;
    size_t offset; /* in struct sample_record */
} fields_beside[] = {
    {"busy_max_s", FIELD_SECONDS, offsetof(struct sample_record, busy_max_s)},
    {"busy_mean_s", FIELD_SECONDS, offsetof(struct sample_record, busy_mean_s)},
    {"on_cpu_max_s", FIELD_SECONDS, offsetof(struct sample_record, on_cpu_max_s)},
    {"on_cpu_mean_s", FIELD_SECONDS, offsetof(struct sample_record, on_cpu_mean_s)},
    {"off_cpu_s", FIELD_SECONDS, offsetof(struct sample_record, off_cpu_s)},
    {"cpu_s", FIELD_UNUSED, 0},
    {"throttled_s", FIELD_SECONDS, offsetof(struct sample_record, throttled_s)},
    {"steal_s", FIELD_SECONDS, offsetof(struct sample_record, steal_s)},
    {"involuntary_switches", FIELD_COUNT, offsetof(struct sample_record, involuntary_switches)},
    {"minor_faults", FIELD_COUNT, offsetof(struct sample_record, minor_faults)},
    {"migrations", FIELD_COUNT, offsetof(struct sample_record, migrations)},
};

enum { FIELDS = sizeof fields_beside / sizeof fields_beside[0] };

static void set_seconds(struct sample_record *record, const struct field *field, double value)
{
    memcpy((char *)record + field->offset, &value, sizeof value);
}

static void set_count(struct sample_record *record, const struct field *field, int value)
{
    memcpy((char *)record + field->offset, &value, sizeof value);
}

/* ---- the fast way ---- */

/* What is left of the line. Nothing is read past `end`. */
struct scan {
    const char *at, *end;
};

static bool scan_text(struct scan *scan, const char *text)
{
    size_t length = strlen(text);
    if ((size_t)(scan->end - scan->at) < length || memcmp(scan->at, text, length) != 0)
        return false;
    scan->at += length;
    return true;
}

static bool scan_key(struct scan *scan, const char *key)
{
    return scan_text(scan, ",\"") && scan_text(scan, key) && scan_text(scan, "\":");
}

/* Digits as JSON has them: no leading zero, and no more than fit into `value` exactly as a double. */
static bool scan_digits(struct scan *scan, bool leading, long long *value, int *count)
{
    const char *begin = scan->at;
    for (; scan->at < scan->end && *scan->at >= '0' && *scan->at <= '9'; scan->at++) {
        if (*value > 900000000000000)
            return false;
        *value = 10 * *value + (*scan->at - '0');
    }
    *count = (int)(scan->at - begin);
    return *count > 0 && !(leading && *count > 1 && *begin == '0');
}

static bool scan_whole(struct scan *scan, long long *value)
{
    int digits;
    *value = 0;
    return scan_digits(scan, true, value, &digits);
}

/* A number that is not negative. Its digits and the power of ten are exact as doubles, so that the one
 * division or multiplication rounds as strtod() does (Clinger, How to read floating point numbers accurately,
 * 1990). */
static bool scan_number(struct scan *scan, double *value)
{
    static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13,
        1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    enum { POWER_MAX = sizeof power / sizeof power[0] - 1 };
    long long digits = 0, exponent = 0;
    int count, decimals = 0;
    if (!scan_digits(scan, true, &digits, &count))
        return false;
    if (scan_text(scan, ".") && !scan_digits(scan, false, &digits, &decimals))
        return false;
    if (scan_text(scan, "e-")) {
        if (!scan_digits(scan, false, &exponent, &count) || exponent > POWER_MAX)
            return false;
    }
    exponent += decimals;
    if (exponent > POWER_MAX)
        return false;
    *value = (double)digits / power[exponent];
    return true;
}

static bool scan_field(struct scan *scan, const struct field *field, struct sample_record *record)
{
    double seconds = NAN;
    long long count = -1;
    if (!scan_key(scan, field->key))
        return false;
    bool unknown = scan_text(scan, "null");
    if (field->kind == FIELD_COUNT) {
        if (!unknown && (!scan_whole(scan, &count) || count > INT_MAX))
            return false;
        set_count(record, field, (int)count);
        return true;
    }
    if (!unknown && (!scan_number(scan, &seconds) || seconds > seconds_max))
        return false;
    if (field->kind == FIELD_SECONDS)
        set_seconds(record, field, seconds);
    return true;
}

bool sample_line_scan(const char *bytes, size_t length, struct sample_line *line)
{
    struct scan scan = {bytes, bytes + length};
    struct sample_line found;
    if (!scan_text(&scan, "{\"kind\":\"sample\",\"iteration\":") || !scan_whole(&scan, &found.iteration) ||
        !scan_key(&scan, "warmup"))
        return false;
    found.warmup = scan_text(&scan, "true");
    if (!found.warmup && !scan_text(&scan, "false"))
        return false;
    if (!scan_key(&scan, "seconds") || !scan_number(&scan, &found.seconds) ||
        !(found.seconds >= seconds_min && found.seconds <= seconds_max))
        return false;
    for (size_t f = 0; f < FIELDS; f++)
        if (!scan_field(&scan, &fields_beside[f], &found.beside))
            return false;
    if (!scan_key(&scan, "process") || !scan_whole(&scan, &found.process) || !scan_text(&scan, "}") ||
        scan.at != scan.end)
        return false;
    *line = found;
    return true;
}

/* ---- the slow way ---- */

void sample_line_read(struct json_fields *fields, const json_t *object, struct sample_line *line)
{
    line->process = fields_integer(fields, object, "process", 0, LLONG_MAX);
    line->iteration = fields_integer_or(fields, object, "iteration", 0, LLONG_MAX, -1);
    line->seconds = fields_number(fields, object, "seconds", seconds_min, seconds_max);
    line->warmup = json_object_get(object, "warmup") != NULL && fields_bool(fields, object, "warmup");
    for (size_t f = 0; f < FIELDS; f++) {
        const struct field *field = &fields_beside[f];
        if (field->kind == FIELD_SECONDS)
            set_seconds(
                &line->beside, field, fields_number_or(fields, object, field->key, 0, seconds_max, NAN));
        else if (field->kind == FIELD_COUNT)
            set_count(
                &line->beside, field, (int)fields_integer_or(fields, object, field->key, 0, INT_MAX, -1));
    }
}
