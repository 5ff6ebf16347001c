/* A small judge of the Trace Event Format: what viewers need of a timeline. test_trace_json.c shows that it
 * notices each broken rule. */
#ifndef TRACE_JUDGE_H
#define TRACE_JUDGE_H

#include <jansson.h>
#include <stdbool.h>
#include <string.h>

enum { LANES = 64 };

/* What was seen so far of a process (tid 0) or a thread. */
struct seen {
    json_int_t pid, tid;
    bool named;
    double end;
};

static struct seen *seen_of(struct seen seen[LANES], json_int_t pid, json_int_t tid)
{
    int i = 0;
    while (i < LANES - 1 && seen[i].pid != 0 && (seen[i].pid != pid || seen[i].tid != tid))
        i++;
    seen[i].pid = pid;
    seen[i].tid = tid;
    return &seen[i];
}

static const char *metadata_fault(struct seen seen[LANES], const char *name, const json_t *event)
{
    json_int_t pid = json_integer_value(json_object_get(event, "pid"));
    json_int_t tid = json_integer_value(json_object_get(event, "tid"));
    const json_t *args = json_object_get(event, "args");
    bool process = strcmp(name, "process_name") == 0, thread = strcmp(name, "thread_name") == 0;
    bool place = strcmp(name, "process_sort_index") == 0 || strcmp(name, "thread_sort_index") == 0;
    if (!process && !thread && !place)
        return "metadata of unknown name";
    if (place)
        return json_is_integer(json_object_get(args, "sort_index")) ? NULL : "a place is no integer";
    if (!json_is_string(json_object_get(args, "name")))
        return "a name is no string";
    seen_of(seen, pid, process ? 0 : tid)->named = true;
    return NULL;
}

static const char *span_fault(struct seen seen[LANES], const json_t *event)
{
    json_int_t pid = json_integer_value(json_object_get(event, "pid"));
    json_int_t tid = json_integer_value(json_object_get(event, "tid"));
    const json_t *dur = json_object_get(event, "dur");
    double begin = json_number_value(json_object_get(event, "ts"));
    struct seen *lane = seen_of(seen, pid, tid);
    if (!json_is_number(dur) || json_number_value(dur) < 0)
        return "dur is no number from 0";
    if (!seen_of(seen, pid, 0)->named || !lane->named)
        return "a span before its names";
    if (begin < lane->end - 1e-6)
        return "spans of one lane overlap";
    lane->end = begin + json_number_value(dur);
    return NULL;
}

/* NULL: the document keeps the rules. */
static const char *trace_fault(const json_t *document)
{
    struct seen seen[LANES] = {{0}};
    const json_t *events = json_object_get(document, "traceEvents"), *event;
    size_t i;
    const char *fault = json_is_array(events) ? NULL : "no traceEvents";
    json_array_foreach(events, i, event)
    {
        const char *phase = json_string_value(json_object_get(event, "ph"));
        const char *name = json_string_value(json_object_get(event, "name"));
        const json_t *ts = json_object_get(event, "ts");
        if (name == NULL || phase == NULL)
            return "name and ph must be strings";
        if (!json_is_integer(json_object_get(event, "pid")) ||
            !json_is_integer(json_object_get(event, "tid")))
            return "pid and tid must be integers";
        if (!json_is_number(ts) || json_number_value(ts) < 0)
            return "ts is no number from 0";
        if (strcmp(phase, "M") == 0)
            fault = metadata_fault(seen, name, event);
        else
            fault = strcmp(phase, "X") == 0 ? span_fault(seen, event) : "unknown ph";
        if (fault != NULL)
            return fault;
    }
    return fault;
}

#endif
