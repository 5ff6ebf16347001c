/* Events of the Trace Event Format (Chrome's; Perfetto opens it), one by one. */
#ifndef ACELERA_TRACE_EVENTS_H
#define ACELERA_TRACE_EVENTS_H

#include "harness/store/json_builder.h"

/* Trace viewers count in microseconds; stamps have nanoseconds. */
double trace_microseconds(double seconds);

/* Metadata: a name, or a place among its siblings. what: process_name, thread_sort_index, … */
void trace_build_name(struct json_builder *json, const char *what, int pid, int tid, const char *name);
void trace_build_place(struct json_builder *json, const char *what, int pid, int tid, int place);

/* Begins a complete event; the caller closes it. */
void trace_open_span(
    struct json_builder *json, const char *name, int pid, int tid, double begin_us, double end_us);

#endif
