/* The timeline of a run for trace viewers: one recorded iteration of each row, thread by thread. */
#ifndef ACELERA_TRACE_JSON_H
#define ACELERA_TRACE_JSON_H

#include "harness/report/summary.h"

/* Spans of a whole file; a row that does not fit in what is left is left out, with all its threads. */
enum { TRACE_SPANS_MAX = 50000 };

/* The JSON object form of the Trace Event Format (Chrome's; Perfetto opens it). False if the stream is in
 * error. */
bool trace_json_write(FILE *stream, const struct summary *summary);

#endif
