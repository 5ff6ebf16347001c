/* Checked access to the fields of a JSON object. Refuses to guess: a wrong type is a fault, not a default. */
#include "harness/store/json_fields.h"

#include "harness/base/text.h"
#include "harness/store/json_place.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fields_fail(struct json_fields *fields, const char *format, ...)
{
    char what[400];
    va_list arguments;
    if (fields->failed)
        return;
    fields->failed = true;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    struct text place = {0}, path = {0};
    if (fields->root != NULL) {
        const json_t *object = fields->object != NULL ? fields->object : fields->root;
        int line = json_place_line(fields->text, fields->root, object, fields->key, &path);
        if (line > 0)
            text_add(&place, " line %d", line);
        if (line > 0 && path.length > 0)
            text_add(&place, ": %.200s", path.data);
    }
    error_set(fields->error, STATUS_FAILED, "%.550s%s: %s", fields->where,
        place.data != NULL ? place.data : "", what);
    text_free(&place);
    text_free(&path);
}

/* The member, or NULL with a fault said. */
static const json_t *member(struct json_fields *fields, const json_t *object, const char *key,
    bool fits(const json_t *), const char *wanted)
{
    const json_t *value = json_object_get(object, key);
    if (fields->failed)
        return NULL;
    fields->object = object;
    fields->key = key;
    if (value == NULL)
        fields_fail(fields, "\"%s\" is missing", key);
    else if (!fits(value))
        fields_fail(fields, "\"%s\" must be %s", key, wanted);
    return fields->failed ? NULL : value;
}

static bool is_object(const json_t *value)
{
    return json_is_object(value);
}

static bool is_array(const json_t *value)
{
    return json_is_array(value);
}

static bool is_integer(const json_t *value)
{
    return json_is_integer(value);
}

static bool is_number(const json_t *value)
{
    return json_is_number(value);
}

static bool is_bool(const json_t *value)
{
    return json_is_boolean(value);
}

static bool is_string(const json_t *value)
{
    return json_is_string(value);
}

static bool is_given(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return value != NULL && !json_is_null(value);
}

const json_t *fields_object(struct json_fields *fields, const json_t *object, const char *key)
{
    return member(fields, object, key, is_object, "an object");
}

const json_t *fields_array(struct json_fields *fields, const json_t *object, const char *key)
{
    return member(fields, object, key, is_array, "an array");
}

long long fields_integer(
    struct json_fields *fields, const json_t *object, const char *key, long long low, long long high)
{
    const json_t *value = member(fields, object, key, is_integer, "a whole number");
    if (value == NULL)
        return low;
    long long number = json_integer_value(value);
    if (number >= low && number <= high)
        return number;
    fields_fail(fields, "\"%s\" is %lld, but must be from %lld to %lld", key, number, low, high);
    return low;
}

double fields_number(
    struct json_fields *fields, const json_t *object, const char *key, double low, double high)
{
    const json_t *value = member(fields, object, key, is_number, "a number");
    if (value == NULL)
        return low;
    double number = json_number_value(value);
    if (number >= low && number <= high)
        return number;
    fields_fail(fields, "\"%s\" is %g, but must be from %g to %g", key, number, low, high);
    return low;
}

bool fields_bool(struct json_fields *fields, const json_t *object, const char *key)
{
    const json_t *value = member(fields, object, key, is_bool, "true or false");
    return value != NULL && json_is_true(value);
}

const char *fields_string(struct json_fields *fields, const json_t *object, const char *key)
{
    const json_t *value = member(fields, object, key, is_string, "a string");
    return value != NULL ? json_string_value(value) : "";
}

uint64_t fields_seed(struct json_fields *fields, const json_t *object, const char *key)
{
    if (json_is_integer(json_object_get(object, key)))
        return (uint64_t)fields_integer(fields, object, key, 0, LLONG_MAX);
    const char *digits = fields_string(fields, object, key);
    if (fields->failed)
        return 0;
    char *end;
    errno = 0;
    unsigned long long value = strtoull(digits, &end, 10);
    if (digits[0] < '0' || digits[0] > '9' || *end != '\0' || errno != 0)
        fields_fail(fields, "\"%s\" must be a whole number from 0 to 2^64 - 1", key);
    return value;
}

const char *fields_word(struct json_fields *fields, const json_t *object, const char *key)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static const char all[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-";
    const char *word = fields_string(fields, object, key);
    if (fields->failed)
        return "";
    size_t length = strlen(word);
    if (length > 0 && length <= 64 && strspn(word, letters) > 0 && strspn(word, all) == length)
        return word;
    fields_fail(fields, "\"%s\" is \"%.64s\", which is not a name", key, word);
    return "";
}

long long fields_integer_or(struct json_fields *fields, const json_t *object, const char *key, long long low,
    long long high, long long otherwise)
{
    return is_given(object, key) ? fields_integer(fields, object, key, low, high) : otherwise;
}

double fields_number_or(struct json_fields *fields, const json_t *object, const char *key, double low,
    double high, double otherwise)
{
    return is_given(object, key) ? fields_number(fields, object, key, low, high) : otherwise;
}

const char *fields_string_or(
    struct json_fields *fields, const json_t *object, const char *key, const char *otherwise)
{
    return is_given(object, key) ? fields_string(fields, object, key) : otherwise;
}

int *fields_indexes(struct json_fields *fields, const json_t *object, const char *key, int count)
{
    if (!is_given(object, key))
        return NULL;
    const json_t *array = fields_array(fields, object, key);
    if (array == NULL)
        return NULL;
    if (json_array_size(array) != (size_t)count) {
        fields_fail(fields, "\"%s\" has %zu entries, but %d threads", key, json_array_size(array), count);
        return NULL;
    }
    int *indexes = memory_new((size_t)count, sizeof *indexes);
    for (size_t i = 0; i < (size_t)count; i++) {
        const json_t *entry = json_array_get(array, i);
        json_int_t value = json_integer_value(entry);
        if (!json_is_integer(entry) || value < 0 || value > INT_MAX)
            fields_fail(fields, "\"%s\" must hold whole numbers from 0", key);
        else
            indexes[i] = (int)value;
    }
    return indexes;
}
