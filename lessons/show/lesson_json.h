/* A lesson that was measured, as JSON, schema acelera/lesson/1: what programs and collections read. English
 * names and verdicts, whatever the language; sentences in the learner's. Numbers are numbers, never NaN.
 * Nothing in it says whose machine it was. */
#ifndef ACELERA_LESSON_JSON_H
#define ACELERA_LESSON_JSON_H

#include "harness/store/json_builder.h"
#include "lessons/engine/run.h"
#include "lessons/show/prediction.h"

/* As one object; key: as json_build_open() has it. */
void lesson_json_build(struct json_builder *json, const char *key, const struct lesson_run *run,
    const struct prediction *prediction);

#endif
