#include "lessons/show/lesson_json.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static void add_evidence(void *context, const char *name, double value, const char *unit)
{
    if (isfinite(value))
        json_array_append_new(
            context, json_pack("{s:s, s:f, s:s}", "name", name, "value", value, "unit", unit));
}

static json_t *evidence_of(const struct lesson_run *run)
{
    const struct lesson *lesson = run->outcome.lesson;
    json_t *evidence = json_array();
    for (int r = 0; r < lesson->rules; r++)
        add_evidence(evidence, lesson->rule[r].name, run->outcome.statistic[r].median, lesson->rule[r].unit);
    if (lesson->evidence != NULL)
        lesson->evidence(&run->outcome, add_evidence, evidence);
    add_evidence(evidence, "rounds", run->observations.rounds, "1");
    return evidence;
}

bool lesson_json_write(FILE *stream, const struct lesson_run *run)
{
    const struct lesson_outcome *outcome = &run->outcome;
    struct text reason = {0};
    outcome->lesson->explain(outcome, &reason);
    json_t *object = json_pack("{s:s, s:s, s:s, s:n, s:s, s:s, s:o, s:o, s:f}", "schema", "acelera/lesson/1",
        "lesson", outcome->lesson->name, "claim", speak(outcome->lesson->claim), "prediction", "verdict",
        lesson_verdict_name(outcome->verdict), "reason", reason.data, "evidence", evidence_of(run),
        "capacity", number(run->room.capacity.median), "seconds", outcome->seconds);
    bool good = object != NULL && json_dumpf(object, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(12)) == 0 &&
                fputc('\n', stream) != EOF;
    json_decref(object);
    text_free(&reason);
    return good;
}
