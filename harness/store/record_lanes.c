/* Reads the stamps of one iteration: for each thread of the team, when it was busy. Refuses stamps that run
 * backwards or beyond their region, so that they can be drawn as they are. */
#include "harness/store/record_parts.h"

#include "harness/base/text.h"

#include <limits.h>
#include <math.h>

static const double seconds_max = 1e9;
static const double rounding = 1e-6; /* stamps are stored with nine digits */

static void read_span(struct json_fields *fields, const json_t *pair, double end_s, struct lane_span *span)
{
    const json_t *begin = json_array_get(pair, 0), *end = json_array_get(pair, 1);
    *span = (struct lane_span){json_number_value(begin), json_number_value(end)};
    if (json_array_size(pair) != 2 || !json_is_number(begin) || !json_is_number(end))
        fields_fail(fields, "\"span\" must hold pairs of numbers");
    else if (!(span->begin_s >= 0 && span->begin_s <= span->end_s && span->end_s <= end_s))
        fields_fail(
            fields, "\"span\" holds %g to %g, which is not inside %g s", span->begin_s, span->end_s, end_s);
}

static void read_lane(
    struct json_fields *fields, const json_t *object, double end_s, struct lane_record *lane)
{
    const json_t *spans = fields_array(fields, object, "span");
    size_t count = json_array_size(spans);
    lane->spans = (int)fields_integer(fields, object, "spans", 0, INT_MAX);
    lane->busy_s = fields_number(fields, object, "busy_s", 0, seconds_max);
    lane->on_cpu_s = fields_number_or(fields, object, "on_cpu_s", 0, seconds_max, NAN);
    if (!fields->failed && count > (size_t)lane->spans)
        fields_fail(fields, "\"span\" has %zu entries, but \"spans\" is %d", count, lane->spans);
    if (fields->failed || count == 0)
        return;
    lane->span = memory_new(count, sizeof *lane->span);
    lane->span_count = (int)count;
    for (size_t i = 0; i < count && !fields->failed; i++)
        read_span(fields, json_array_get(spans, i), end_s, &lane->span[i]);
}

void record_read_lanes(struct json_fields *fields, const json_t *object, struct process_record *process)
{
    double seconds = fields_number(fields, object, "seconds", 0, seconds_max);
    const json_t *lanes = fields_array(fields, object, "lane");
    size_t count = json_array_size(lanes);
    if (fields->failed)
        return;
    if (process->lane != NULL)
        fields_fail(fields, "the lanes of this process were there before");
    else if (count == 0 || count != (size_t)process->threads_delivered)
        fields_fail(fields, "\"lane\" has %zu entries, but %d threads", count, process->threads_delivered);
    if (fields->failed)
        return;
    process->lane_s = seconds;
    process->lane = memory_new(count, sizeof *process->lane);
    process->lane_count = (int)count;
    for (size_t i = 0; i < count && !fields->failed; i++)
        read_lane(fields, json_array_get(lanes, i), seconds * (1 + rounding) + 1e-9, &process->lane[i]);
}
