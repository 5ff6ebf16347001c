/* Writes JSON into a growing string. Refuses to know what it writes: schemas live with their owners. */
#include "harness/store/json_builder.h"

#include "harness/store/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void quote(struct text *text, const char *value)
{
    text_add(text, "\"");
    for (uint32_t code; (code = utf8_next(&value)) != 0;) {
        if (code == '"' || code == '\\')
            text_add(text, "\\%c", (char)code);
        else if (code >= 0x20 && code < 0x7f)
            text_add(text, "%c", (char)code);
        else if (code < 0x10000)
            text_add(text, "\\u%04" PRIx32, code);
        else
            text_add(text, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xd800 + ((code - 0x10000) >> 10),
                0xdc00 + ((code - 0x10000) & 0x3ff));
    }
    text_add(text, "\"");
}

/* What stands between the member before and the value to come. */
static void start_member(struct json_builder *json, const char *key)
{
    bool lines = json->depth > 0 && json->lines[json->depth - 1];
    if (json->comma)
        text_add(&json->text, lines ? "," : ", ");
    if (lines)
        text_add(&json->text, "\n%*s", 2 * json->depth, "");
    if (key != NULL) {
        quote(&json->text, key);
        text_add(&json->text, ": ");
    }
    json->comma = true;
}

void json_build_open(struct json_builder *json, const char *key, char bracket, bool lines)
{
    start_member(json, key);
    text_add(&json->text, "%c", bracket);
    json->closing[json->depth] = bracket == '{' ? '}' : ']';
    json->lines[json->depth] = lines;
    json->depth++;
    json->comma = false;
}

void json_build_close(struct json_builder *json)
{
    json->depth--;
    if (json->lines[json->depth] && json->comma)
        text_add(&json->text, "\n%*s", 2 * json->depth, "");
    text_add(&json->text, "%c", json->closing[json->depth]);
    if (json->depth == 0)
        text_add(&json->text, "\n");
    json->comma = true;
}

void json_build_string(struct json_builder *json, const char *key, const char *value)
{
    start_member(json, key);
    if (value == NULL)
        text_add(&json->text, "null");
    else
        quote(&json->text, value);
}

void json_build_number(struct json_builder *json, const char *key, double value)
{
    char digits[40] = "null";
    for (int precision = 15; isfinite(value) && precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    start_member(json, key);
    text_add(&json->text, "%s", digits);
}

void json_build_integer(struct json_builder *json, const char *key, long long value)
{
    start_member(json, key);
    text_add(&json->text, "%lld", value);
}

void json_build_bool(struct json_builder *json, const char *key, bool value)
{
    start_member(json, key);
    text_add(&json->text, "%s", value ? "true" : "false");
}

void json_build_null(struct json_builder *json, const char *key)
{
    json_build_string(json, key, NULL);
}

void json_build_seed(struct json_builder *json, const char *key, uint64_t value)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, value);
    if (value > UINT64_C(1) << 53) {
        json_build_string(json, key, digits);
    } else {
        start_member(json, key);
        text_add(&json->text, "%s", digits);
    }
}
