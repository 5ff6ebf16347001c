/* Reading one JSON file that anybody may have written. */
#ifndef ACELERA_LESSON_JSON_FILE_H
#define ACELERA_LESSON_JSON_FILE_H

#include "harness/base/status.h"

#include <jansson.h>

enum { JSON_FILE_BYTES_MAX = 4 << 20 };

/* STATUS_FAILED with a line that begins with the path, for what is no regular file, too large, or no JSON.
 * Never waits (a pipe), never follows what is in it. Owned by the caller: json_decref(). */
enum status json_file_read(const char *path, json_t **root, struct error *error);

#endif
