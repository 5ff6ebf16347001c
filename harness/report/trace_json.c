/* timeline.trace.json: each row is a process of the viewer, each thread of its team a lane, each busy span a
 * complete event; what lies between them was waited. All rows begin at 0, so that teams stand below each
 * other. Refuses to fill gaps, and to grow with the run: what is left out is counted in the file. */
#include "harness/report/trace_json.h"

#include "harness/report/row_lanes.h"
#include "harness/report/trace_events.h"
#include "harness/store/json_builder.h"

#include <math.h>

/* Spans of one lane follow each other, or viewers nest them. */
static void build_lane(struct json_builder *json, int pid, int tid, const struct lane_record *lane)
{
    double at_us = 0;
    for (int i = 0; i < lane->span_count; i++) {
        double begin_us = fmax(trace_microseconds(lane->span[i].begin_s), at_us);
        double end_us = trace_microseconds(lane->span[i].end_s);
        if (end_us < begin_us)
            continue;
        trace_open_span(json, "busy", pid, tid, begin_us, end_us);
        json_build_close(json);
        at_us = end_us;
    }
}

struct lane_counts {
    long long kept, seen;
};

static struct lane_counts count_spans(const struct process_record *process)
{
    struct lane_counts counts = {0, 0};
    for (int t = 0; t < process->lane_count; t++) {
        counts.kept += process->lane[t].span_count;
        counts.seen += process->lane[t].spans;
    }
    return counts;
}

/* The region's own lane shows its end, without which nobody sees who waited for it. */
static void build_region(struct json_builder *json, int pid, const struct summary_row *row,
    const struct process_record *process, struct lane_counts counts)
{
    trace_build_name(json, "thread_name", pid, 1, "timed region");
    trace_build_place(json, "thread_sort_index", pid, 1, 0);
    trace_open_span(json, "timed region", pid, 1, 0, trace_microseconds(process->lane_s));
    json_build_open(json, "args", '{', false);
    json_build_integer(json, "block", process->block);
    json_build_integer(json, "threads", process->lane_count);
    json_build_integer(json, "calls_of_run", process->repeat);
    json_build_number(json, "median_s", row->estimate.median_s);
    json_build_integer(json, "spans", counts.kept);
    json_build_integer(json, "spans_left_out", counts.seen - counts.kept);
    json_build_close(json);
    json_build_close(json);
}

static void build_row(struct json_builder *json, int pid, const struct summary_row *row,
    const struct process_record *process, struct lane_counts counts)
{
    const struct cell *cell = row->cell;
    struct text name = {0};
    text_add(&name, "%s %s %s %s %s ×%d %s", cell->kernel, cell->variant, cell->type, cell->size,
        cell->serial_base ? "serial" : cell->placement, cell->threads, cell->worker);
    trace_build_name(json, "process_name", pid, 1, name.data);
    trace_build_place(json, "process_sort_index", pid, 1, pid);
    text_free(&name);
    build_region(json, pid, row, process, counts);
    for (int t = 0; t < process->lane_count; t++) {
        text_add(&name, "thread %d", t);
        if (process->pus != NULL)
            text_add(&name, " on PU %d", process->pus[t]);
        trace_build_name(json, "thread_name", pid, 2 + t, name.data);
        trace_build_place(json, "thread_sort_index", pid, 2 + t, 1 + t);
        build_lane(json, pid, 2 + t, &process->lane[t]);
        text_free(&name);
    }
}

bool trace_json_write(FILE *stream, const struct summary *summary)
{
    struct json_builder json = {0};
    long long spans = 0;
    int pid = 0, without_stamps = 0, left_out = 0;
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "displayTimeUnit", "ns");
    json_build_open(&json, "traceEvents", '[', true);
    for (int i = 0; i < summary->row_count; i++) {
        const struct process_record *process = row_lanes(summary->record, &summary->row[i]);
        if (process == NULL) {
            without_stamps++;
            continue;
        }
        /* A lane costs its names even where it has no span. */
        struct lane_counts counts = count_spans(process);
        long long cost = counts.kept + process->lane_count;
        if (spans + cost > TRACE_SPANS_MAX) {
            left_out++;
            continue;
        }
        spans += cost;
        build_row(&json, ++pid, &summary->row[i], process, counts);
    }
    json_build_close(&json);
    json_build_open(&json, "otherData", '{', true);
    json_build_string(&json, "schema", "acelera/timeline/1");
    json_build_string(&json, "run", summary->record->id);
    json_build_string(&json, "shows",
        "of each row one timed iteration, the recorded one nearest to the row's median; all begin at 0. "
        "busy: "
        "between a thread's stamps; gaps were waited");
    json_build_integer(&json, "rows", pid);
    json_build_integer(&json, "rows_without_stamps", without_stamps);
    json_build_integer(&json, "rows_left_out_for_size", left_out);
    json_build_close(&json);
    json_build_close(&json);
    fwrite(json.text.data, 1, json.text.length, stream);
    text_free(&json.text);
    return ferror(stream) == 0;
}
