/* Writes single events of a trace. Refuses to know what is traced. */
#include "harness/report/trace_events.h"

#include <math.h>

double trace_microseconds(double seconds)
{
    return round(seconds * 1e9) / 1e3;
}

static void open_event(struct json_builder *json, const char *name, const char *phase, int pid, int tid)
{
    json_build_open(json, NULL, '{', false);
    json_build_string(json, "name", name);
    json_build_string(json, "ph", phase);
    json_build_integer(json, "pid", pid);
    json_build_integer(json, "tid", tid);
}

void trace_build_name(struct json_builder *json, const char *what, int pid, int tid, const char *name)
{
    open_event(json, what, "M", pid, tid);
    json_build_number(json, "ts", 0);
    json_build_open(json, "args", '{', false);
    json_build_string(json, "name", name);
    json_build_close(json);
    json_build_close(json);
}

void trace_build_place(struct json_builder *json, const char *what, int pid, int tid, int place)
{
    open_event(json, what, "M", pid, tid);
    json_build_number(json, "ts", 0);
    json_build_open(json, "args", '{', false);
    json_build_integer(json, "sort_index", place);
    json_build_close(json);
    json_build_close(json);
}

void trace_open_span(
    struct json_builder *json, const char *name, int pid, int tid, double begin_us, double end_us)
{
    open_event(json, name, "X", pid, tid);
    json_build_string(json, "cat", "acelera");
    json_build_number(json, "ts", begin_us);
    json_build_number(json, "dur", round((end_us - begin_us) * 1e3) / 1e3);
}
