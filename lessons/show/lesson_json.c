/* Writes the evidence down. Refuses to judge: verdicts come from the engine. */
#include "lessons/show/lesson_json.h"

#include "lessons/show/reason.h"

#include <math.h>
#include <string.h>

static void build_known(struct json_builder *json, const char *key, double value)
{
    if (isfinite(value))
        json_build_number(json, key, value);
}

/* One that is not known is no evidence. */
static void add_evidence(void *context, const char *name, double value, const char *unit)
{
    struct json_builder *json = context;
    if (!isfinite(value))
        return;
    json_build_open(json, NULL, '{', false);
    json_build_string(json, "name", name);
    json_build_number(json, "value", value);
    json_build_string(json, "unit", unit);
    json_build_close(json);
}

static void build_rule(struct json_builder *json, const struct lesson_rule *rule,
    const struct statistic *statistic, bool left_out)
{
    json_build_open(json, NULL, '{', false);
    json_build_string(json, "name", rule->name);
    json_build_string(json, "statement", _(rule->statement));
    json_build_string(json, "unit", rule->unit);
    json_build_number(json, "supported", rule->supported);
    json_build_number(json, "contradicted", rule->contradicted);
    json_build_bool(json, "control", rule->control);
    json_build_bool(json, "precondition", rule->precondition);
    json_build_bool(json, "needs_capacity", rule->needs_capacity);
    json_build_bool(json, "left_out", left_out);
    json_build_string(json, "verdict", lesson_verdict_name(statistic->verdict));
    build_known(json, "median", statistic->median);
    build_known(json, "low", statistic->low);
    build_known(json, "high", statistic->high);
    json_build_open(json, "rounds", '[', false);
    for (int r = 0; r < statistic->rounds && r < ROUNDS_MAX; r++)
        json_build_number(json, NULL, statistic->value[r]);
    json_build_close(json);
    json_build_close(json);
}

static void build_predictions(
    struct json_builder *json, const struct lesson_outcome *outcome, const struct prediction *prediction)
{
    json_build_open(json, "prediction", '[', true);
    for (int i = 0; prediction->made && i < outcome->lesson->predictions; i++) {
        const struct lesson_prediction *asked = &outcome->lesson->prediction[i];
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "name", asked->key);
        json_build_number(json, "value", prediction->value[i]);
        json_build_string(json, "unit", asked->unit[0] != '\0' ? asked->unit : "1");
        json_build_bool(json, "yes_no", asked->yes_no);
        json_build_number(json, "measured", prediction_measured(outcome, i));
        json_build_close(json);
    }
    json_build_close(json);
}

static bool on_battery(const struct machine *machine)
{
    for (int i = 0; i < machine->finding_count; i++)
        if (strcmp(machine->finding[i].id, "battery") == 0)
            return machine->finding[i].severity == FINDING_WARNING;
    return false;
}

static void build_machine(struct json_builder *json, const struct classroom *room)
{
    json_build_open(json, "machine", '{', false);
    json_build_integer(json, "cpus", room->cpus);
    json_build_integer(json, "cores", room->cores);
    if (room->machine->cpu_quota > 0)
        json_build_number(json, "cpu_quota", room->machine->cpu_quota);
    else
        json_build_null(json, "cpu_quota");
    json_build_bool(json, "virtual_cpus", room->virtual_cpus);
    json_build_bool(json, "on_battery", on_battery(room->machine));
    json_build_close(json);
}

void lesson_json_build(struct json_builder *json, const char *key, const struct lesson_run *run,
    const struct prediction *prediction)
{
    const struct lesson_outcome *outcome = &run->outcome;
    const struct lesson *lesson = outcome->lesson;
    struct text reason = {0};
    reason_add(&reason, run);
    json_build_open(json, key, '{', true);
    json_build_string(json, "schema", "acelera/lesson/1");
    json_build_string(json, "lesson", lesson->name);
    json_build_string(json, "title", _(lesson->title));
    json_build_string(json, "claim", _(lesson->claim));
    build_predictions(json, outcome, prediction);
    json_build_string(json, "verdict", lesson_verdict_name(outcome->verdict));
    json_build_string(json, "reason", reason.data);
    json_build_open(json, "evidence", '[', true);
    for (int r = 0; r < lesson->rules; r++)
        add_evidence(json, lesson->rule[r].name, outcome->statistic[r].median, lesson->rule[r].unit);
    if (lesson->evidence != NULL)
        lesson->evidence(outcome, add_evidence, json);
    add_evidence(json, "usable_cpus", run->room.cpus, "1");
    add_evidence(json, "rounds", run->observations.rounds, "1");
    json_build_close(json);
    json_build_open(json, "rules", '[', true);
    for (int r = 0; r < lesson->rules; r++)
        build_rule(json, &lesson->rule[r], &outcome->statistic[r], run->plan.left_out[r]);
    json_build_close(json);
    json_build_number(json, "capacity", run->room.capacity.median);
    json_build_number(json, "capacity_low", run->room.capacity.low);
    json_build_number(json, "capacity_high", run->room.capacity.high);
    json_build_number(json, "seconds", outcome->seconds);
    build_machine(json, &run->room);
    json_build_string(json, "language", speak_language());
    json_build_string(json, "acelera", ACELERA_VERSION);
    json_build_close(json);
    text_free(&reason);
}
