/* Lines come from another program: whatever does not fit is refused, not repaired. */
#include "lessons/engine/trial_lines.h"
#include "harness/base/text.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SPANS_MAX = 20000, VALUES_MAX = 4096 };

static const double longest_s = 3600;

/* NaN for what is not a number, and for the worker's −1, "unknown". */
static double seconds_of(const json_t *ns)
{
    double seconds = json_is_integer(ns) ? 1e-9 * (double)json_integer_value(ns) : NAN;
    return seconds >= 0 && seconds <= longest_s ? seconds : NAN;
}

static struct observed_lane *lane_of(const json_t *object, const struct trial_process *process)
{
    const json_t *thread = json_object_get(object, "thread");
    long long t = json_is_integer(thread) ? json_integer_value(thread) : -1;
    return t >= 0 && t < process->threads ? &process->lane[t] : NULL;
}

static bool take_lane(const json_t *object, const struct trial_process *process)
{
    struct observed_lane *lane = lane_of(object, process);
    const json_t *pu = json_object_get(object, "pu");
    if (lane == NULL || !json_is_integer(pu))
        return false;
    lane->process = process->process;
    lane->thread = (int)(lane - process->lane);
    lane->pu = (int)json_integer_value(pu);
    lane->cpu_s = seconds_of(json_object_get(object, "cpu_ns"));
    lane->off_cpu_s = seconds_of(json_object_get(object, "off_cpu_ns"));
    return process->pus == NULL || lane->pu == process->pus[lane->thread];
}

static bool take_span(const json_t *numbers, struct observed_span *span)
{
    if (json_array_size(numbers) != 5)
        return false;
    for (size_t i = 0; i < 5; i++)
        if (!json_is_integer(json_array_get(numbers, i)))
            return false;
    *span = (struct observed_span){.begin_s = 1e-9 * (double)json_integer_value(json_array_get(numbers, 0)),
        .end_s = 1e-9 * (double)json_integer_value(json_array_get(numbers, 1)),
        .cpu = (int)json_integer_value(json_array_get(numbers, 2)),
        .kind = json_integer_value(json_array_get(numbers, 3)) != 0 ? SPAN_WAIT : SPAN_WORK,
        .locked_wait = json_integer_value(json_array_get(numbers, 4)) != 0};
    return span->begin_s <= span->end_s && fabs(span->begin_s) <= longest_s && fabs(span->end_s) <= longest_s;
}

static bool take_spans(const json_t *object, const struct trial_process *process)
{
    struct observed_lane *lane = lane_of(object, process);
    const json_t *spans = json_object_get(object, "spans");
    size_t count = json_array_size(spans);
    if (lane == NULL || !json_is_array(spans) || count > SPANS_MAX - (size_t)lane->spans)
        return false;
    lane->span = memory_grow(lane->span, (size_t)lane->spans + count + 1, sizeof *lane->span);
    for (size_t i = 0; i < count; i++)
        if (!take_span(json_array_get(spans, i), &lane->span[lane->spans++]))
            return false;
    return true;
}

static bool take_value(
    const json_t *object, const struct trial_process *process, struct observation *observation)
{
    const char *name = json_string_value(json_object_get(object, "name"));
    const char *unit = json_string_value(json_object_get(object, "unit"));
    const json_t *number = json_object_get(object, "value");
    if (name == NULL || unit == NULL || (!json_is_number(number) && !json_is_null(number)) ||
        observation->values >= VALUES_MAX)
        return false;
    observation->value =
        memory_grow(observation->value, (size_t)observation->values + 1, sizeof *observation->value);
    struct observed_value *value = &observation->value[observation->values++];
    *value = (struct observed_value){
        .process = process->process, .value = json_is_number(number) ? json_number_value(number) : NAN};
    snprintf(value->name, sizeof value->name, "%s", name);
    snprintf(value->unit, sizeof value->unit, "%s", unit);
    return true;
}

static bool take_end(const json_t *object, struct trial_process *process)
{
    const json_t *begin = json_object_get(object, "begin_ns"), *end = json_object_get(object, "end_ns");
    const char *checksum = json_string_value(json_object_get(object, "checksum"));
    if (!json_is_integer(begin) || !json_is_integer(end) || checksum == NULL)
        return false;
    process->begin_ns = json_integer_value(begin);
    process->end_ns = json_integer_value(end);
    process->checksum = strtoull(checksum, NULL, 16);
    process->ended = true;
    return process->begin_ns >= 0 && process->begin_ns <= process->end_ns;
}

enum trial_line trial_line_take(
    const char *line, struct trial_process *process, struct observation *observation)
{
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const char *word = json_string_value(json_object_get(object, "kind"));
    enum trial_line kind = TRIAL_LINE_STRANGE;
    bool part = false;
    if (word == NULL)
        word = "";
    if (strcmp(word, "ready") == 0)
        kind = TRIAL_LINE_READY;
    else if (strcmp(word, "done") == 0)
        kind = TRIAL_LINE_DONE;
    else if (strcmp(word, "bye") == 0)
        kind = TRIAL_LINE_BYE;
    else if (strcmp(word, "lane") == 0)
        part = take_lane(object, process);
    else if (strcmp(word, "spans") == 0)
        part = take_spans(object, process);
    else if (strcmp(word, "value") == 0)
        part = take_value(object, process, observation);
    else if (strcmp(word, "end") == 0)
        part = take_end(object, process);
    json_decref(object);
    return part ? TRIAL_LINE_PART : kind;
}

bool trial_lines_join(const struct trial_process *process, int processes, struct observation *observation)
{
    int64_t begin_ns = INT64_MAX, end_ns = 0;
    for (int p = 0; p < processes; p++) {
        if (!process[p].ended)
            return false;
        begin_ns = process[p].begin_ns < begin_ns ? process[p].begin_ns : begin_ns;
        end_ns = process[p].end_ns > end_ns ? process[p].end_ns : end_ns;
    }
    observation->wall_s = 1e-9 * (double)(end_ns - begin_ns);
    observation->checksum = process[0].checksum;
    observation->checksums_equal = true;
    observation->cpu_s = 0;
    observation->off_cpu_s = NAN;
    for (int p = 0; p < processes; p++) {
        double later_s = 1e-9 * (double)(process[p].begin_ns - begin_ns);
        observation->checksums_equal =
            observation->checksums_equal && process[p].checksum == process[0].checksum;
        for (int t = 0; t < process[p].threads; t++) {
            struct observed_lane *lane = &process[p].lane[t];
            observation->cpu_s += lane->cpu_s; /* one that is unknown makes the sum unknown */
            observation->off_cpu_s = fmax(observation->off_cpu_s, lane->off_cpu_s);
            for (int s = 0; s < lane->spans; s++) {
                lane->span[s].begin_s += later_s;
                lane->span[s].end_s += later_s;
            }
        }
    }
    observation->valid = observation->wall_s <= longest_s;
    return observation->valid;
}
