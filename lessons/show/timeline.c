/* Each observation is a group of processes, each thread a lane; all begin at 0, so that they stand below each
 * other. Refuses to fill gaps. */
#include "lessons/show/timeline.h"

#include "harness/report/trace_events.h"
#include "lessons/show/lane_view.h"

#include <math.h>
#include <stdlib.h>

struct timeline {
    struct json_builder json;
    int pid, left_out;
    long long spans;
};

static const char *span_name(const struct observed_span *span, bool interrupted)
{
    return interrupted ? _("interrupted work") : span->kind == SPAN_WORK ? _("work") : _("wait");
}

/* Spans of one lane follow each other, or viewers nest them. */
static void add_lane(struct timeline *timeline, const struct observation *observation, int index)
{
    const struct observed_lane *lane = &observation->lane[index];
    bool *interrupted = lane_view_interrupted(observation, index);
    double at_us = 0;
    for (int i = 0; i < lane->spans; i++) {
        double begin_us = fmax(trace_microseconds(lane->span[i].begin_s), at_us);
        double end_us = trace_microseconds(lane->span[i].end_s);
        if (end_us < begin_us)
            continue;
        trace_open_span(&timeline->json, span_name(&lane->span[i], interrupted[i]), timeline->pid,
            lane->thread + 1, begin_us, end_us);
        json_build_open(&timeline->json, "args", '{', false);
        json_build_integer(&timeline->json, "cpu", lane->span[i].cpu);
        json_build_bool(&timeline->json, "locked_wait", lane->span[i].locked_wait);
        json_build_close(&timeline->json);
        json_build_close(&timeline->json);
        at_us = end_us;
    }
    free(interrupted);
}

static void add_observation(
    struct timeline *timeline, const char *label, const struct observation *observation)
{
    long long cost = observation->lanes;
    for (int l = 0; l < observation->lanes; l++)
        cost += observation->lane[l].spans;
    if (timeline->spans + cost > TIMELINE_SPANS_MAX) {
        timeline->left_out++;
        return;
    }
    timeline->spans += cost;
    int process = -1;
    for (int l = 0; l < observation->lanes; l++) {
        const struct observed_lane *lane = &observation->lane[l];
        struct text name = {0};
        if (lane->process != process) {
            process = lane->process;
            text_add(&name, "%s", label);
            if (process > 0 || observation->lane[observation->lanes - 1].process > 0)
                text_add(&name, _(", process %d"), process);
            trace_build_name(&timeline->json, "process_name", ++timeline->pid, 1, name.data);
            trace_build_place(&timeline->json, "process_sort_index", timeline->pid, 1, timeline->pid);
            text_free(&name);
        }
        char *lane_name = lane_view_label(observation, l);
        trace_build_name(&timeline->json, "thread_name", timeline->pid, lane->thread + 1, lane_name);
        trace_build_place(
            &timeline->json, "thread_sort_index", timeline->pid, lane->thread + 1, lane->thread);
        add_lane(timeline, observation, l);
        free(lane_name);
    }
}

static bool add_lanes_of_pictures(struct timeline *timeline, const struct pictures *pictures)
{
    bool any = false;
    for (int i = 0; i < pictures->count; i++)
        for (int p = 0; pictures->picture[i].kind == PICTURE_LANES && p < pictures->picture[i].parts; p++) {
            add_observation(
                timeline, pictures->picture[i].lanes[p].label, pictures->picture[i].lanes[p].observation);
            any = true;
        }
    return any;
}

void timeline_add(struct text *file, const struct lesson_outcome *outcome, const struct pictures *pictures)
{
    struct timeline timeline = {0};
    json_build_open(&timeline.json, NULL, '{', true);
    json_build_string(&timeline.json, "displayTimeUnit", "ns");
    json_build_open(&timeline.json, "traceEvents", '[', true);
    const struct observations *all = outcome->observations;
    if (!add_lanes_of_pictures(&timeline, pictures))
        for (int c = 0; c < all->conditions; c++)
            for (int r = 0; r < all->rounds; r++) {
                const struct observation *observation = observation_at(all, r, c);
                if (!observation->valid)
                    continue;
                add_observation(&timeline, _(outcome->plan->condition[c].label), observation);
                break;
            }
    json_build_close(&timeline.json);
    json_build_open(&timeline.json, "otherData", '{', true);
    json_build_string(&timeline.json, "schema", "acelera/lesson-timeline/1");
    json_build_string(&timeline.json, "lesson", outcome->lesson->name);
    json_build_integer(&timeline.json, "observations_left_out_for_size", timeline.left_out);
    json_build_close(&timeline.json);
    json_build_close(&timeline.json);
    text_add_bytes(file, timeline.json.text.data, timeline.json.text.length);
    text_free(&timeline.json.text);
}
