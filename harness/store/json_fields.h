/* Taking fields out of JSON that somebody else wrote: every one is checked for presence, type and range.
 *
 * Faults stick: after the first one every call returns a harmless value, so that a reader asks for all it
 * wants and looks at `failed` once. */
#ifndef ACELERA_JSON_FIELDS_H
#define ACELERA_JSON_FIELDS_H

#include "harness/base/status.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct json_fields {
    char where[600]; /* begins every message: "results/x/run.json", "results/x/samples.jsonl line 7" */
    bool failed;
    struct error *error;
    /* Of a document of many lines, so that messages go on with the line and "plan.cells[3]"; NULL where
     * `where` has the line. */
    const char *text;
    const json_t *root;
    const json_t *object; /* what was asked last, and for what: there the fault is */
    const char *key;
};

/* Says what is wrong, unless a fault was said before. */
void fields_fail(struct json_fields *fields, const char *format, ...) __attribute__((format(printf, 2, 3)));

const json_t *fields_object(struct json_fields *fields, const json_t *object, const char *key);
const json_t *fields_array(struct json_fields *fields, const json_t *object, const char *key);
long long fields_integer(
    struct json_fields *fields, const json_t *object, const char *key, long long low, long long high);
double fields_number(
    struct json_fields *fields, const json_t *object, const char *key, double low, double high);
bool fields_bool(struct json_fields *fields, const json_t *object, const char *key);
/* As json_builder writes it: a number up to 2^53 or a string of digits. */
uint64_t fields_seed(struct json_fields *fields, const json_t *object, const char *key);
/* Borrowed from the document; "" after a fault. */
const char *fields_string(struct json_fields *fields, const json_t *object, const char *key);
/* A name that goes into messages and file formats as it is: letters, digits, dot, underscore, plus, dash; 64
 * at most; it begins with a letter or digit. */
const char *fields_word(struct json_fields *fields, const json_t *object, const char *key);

/* Absent or null is `otherwise`. */
long long fields_integer_or(struct json_fields *fields, const json_t *object, const char *key, long long low,
    long long high, long long otherwise);
double fields_number_or(struct json_fields *fields, const json_t *object, const char *key, double low,
    double high, double otherwise);
const char *fields_string_or(
    struct json_fields *fields, const json_t *object, const char *key, const char *otherwise);

/* Whole numbers from 0, `count` of them; NULL for null or absent. Owned by the caller. */
int *fields_indexes(struct json_fields *fields, const json_t *object, const char *key, int count);

#endif
