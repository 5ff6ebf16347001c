/* Where a value stands in the JSON text that it was parsed from: jansson does not keep that. Looked for only
 * when there is a fault to tell. */
#ifndef ACELERA_JSON_PLACE_H
#define ACELERA_JSON_PLACE_H

#include "harness/base/text.h"

#include <jansson.h>

/* The line, from 1, of the member `key` of `object`, or of `object` itself if it has no such member (or key
 * is NULL); 0 if the object does not belong to `root`. `text`: what `root` was parsed from, NUL-terminated.
 * Adds the way to the object, "plan.cells[3]", to `path`; nothing for the root. */
int json_place_line(
    const char *text, const json_t *root, const json_t *object, const char *key, struct text *path);

#endif
