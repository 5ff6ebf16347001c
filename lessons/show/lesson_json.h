/* A lesson that was measured, as one JSON object (schema acelera/lesson/1). */
#ifndef ACELERA_LESSON_JSON_H
#define ACELERA_LESSON_JSON_H

#include "lessons/engine/run.h"

#include <stdio.h>

/* False if the stream failed. */
bool lesson_json_write(FILE *stream, const struct lesson_run *run);

#endif
