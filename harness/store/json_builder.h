/* Writing JSON text, member by member. Numbers keep every bit; what is not finite is null; strings come out
 * as pure ASCII, so that nothing hostile in them can act on a terminal or spoil the document. Knows no
 * schema. */
#ifndef ACELERA_JSON_BUILDER_H
#define ACELERA_JSON_BUILDER_H

#include "harness/base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 16 };

/* Start with `= {0}`; the document is in `text`, to be freed by the caller. */
struct json_builder {
    struct text text;
    int depth;
    bool comma; /* a member stands before this place */
    char closing[JSON_DEPTH_MAX];
    bool lines[JSON_DEPTH_MAX]; /* each member of this container gets a line of its own */
};

/* `key` is NULL inside an array and for the document itself. bracket: '{' or '['. */
void json_build_open(struct json_builder *json, const char *key, char bracket, bool lines);
void json_build_close(struct json_builder *json);

void json_build_string(struct json_builder *json, const char *key, const char *value); /* NULL: null */
void json_build_number(struct json_builder *json, const char *key, double value);
void json_build_integer(struct json_builder *json, const char *key, long long value);
void json_build_bool(struct json_builder *json, const char *key, bool value);
void json_build_null(struct json_builder *json, const char *key);
/* A number up to 2^53, which every reader of JSON keeps exact; beyond, its decimal digits as a string. */
void json_build_seed(struct json_builder *json, const char *key, uint64_t value);

#endif
