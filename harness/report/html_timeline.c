/* What each thread did in one iteration: a lane a thread, filled while it was busy. Spans that are nearer to
 * each other than can be seen are drawn as one, so that any number of them makes a picture of bounded size.
 */
#include "harness/report/html.h"
#include "harness/report/html_page.h"
#include "harness/report/markup.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 640, LEFT = 110, RIGHT = 20, TOP = 8, FOOT = 44, LANES = 384, SPANS = 4000 };
static const double tallest_lane = 24, picture = 420;

/* Of the row's processes the one whose recorded iteration took the most usual time. */
static const struct process_record *typical_process(
    const struct run_record *record, const struct summary_row *row)
{
    const struct process_record *found = NULL;
    double nearest = INFINITY;
    for (size_t i = 0; i < record->process_count; i++) {
        const struct process_record *process = &record->process[i];
        if (process->cell != row->cell->id || process->block == 0 || !process->done ||
            process->lane_count == 0)
            continue;
        double distance = fabs(process->lane_s / (double)process->repeat - row->estimate.median_s);
        if (process->lane_s > 0 && distance < nearest) {
            nearest = distance;
            found = process;
        }
    }
    return found;
}

struct lanes {
    struct svg svg;
    const struct process_record *process;
    int count;    /* drawn */
    double pitch; /* pixels from lane to lane */
    double gap;   /* pixels; a shorter one is not drawn */
};

static double place(const struct lanes *lanes, double seconds)
{
    double share = fmin(fmax(seconds / lanes->process->lane_s, 0), 1);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
}

/* The end of the span that is drawn from span `from` on. */
static int joined_until(const struct lanes *lanes, const struct lane_record *lane, int from)
{
    int to = from;
    while (to + 1 < lane->span_count &&
           place(lanes, lane->span[to + 1].begin_s) - place(lanes, lane->span[to].end_s) < lanes->gap)
        to++;
    return to;
}

static int count_spans(const struct lanes *lanes)
{
    int count = 0;
    for (int i = 0; i < lanes->count; i++)
        for (int from = 0; from < lanes->process->lane[i].span_count; count++)
            from = joined_until(lanes, &lanes->process->lane[i], from) + 1;
    return count;
}

static void add_lane(struct lanes *lanes, int number)
{
    const struct process_record *process = lanes->process;
    const struct lane_record *lane = &process->lane[number];
    double y = TOP + number * lanes->pitch, height = lanes->pitch * (lanes->pitch > 4 ? 0.8 : 1);
    char word[48], busy[HTML_WORD], whole[HTML_WORD], on_cpu[HTML_WORD];
    struct text tip = {0};
    bool placed = process->pus != NULL && number < process->threads_delivered;
    if (placed)
        snprintf(word, sizeof word, "%d on PU %d", number, process->pus[number]);
    else
        snprintf(word, sizeof word, "thread %d", number);
    text_add(&tip, "thread %s: busy %s of %s, on a CPU %s, %d span%s", word, word_seconds(lane->busy_s, busy),
        word_seconds(process->lane_s, whole), word_seconds(lane->on_cpu_s, on_cpu), lane->spans,
        lane->spans == 1 ? "" : "s");
    svg_group_open(&lanes->svg, "", NULL);
    svg_tooltip(&lanes->svg, tip.data);
    int every = (int)ceil(17 / lanes->pitch);
    if (number % every == 0)
        svg_text(&lanes->svg, "small soft", LEFT - 8, y + fmin(height, 17) / 2 + 5, "end", word);
    svg_rectangle(&lanes->svg, lanes->pitch > 4 ? "wait" : "hit", LEFT, y, WIDTH - LEFT - RIGHT, height);
    for (int from = 0; from < lane->span_count;) {
        int to = joined_until(lanes, lane, from);
        double x = place(lanes, lane->span[from].begin_s), end = place(lanes, lane->span[to].end_s);
        svg_rectangle(&lanes->svg, "span", x, y, fmax(end - x, 0.3), height);
        from = to + 1;
    }
    svg_group_close(&lanes->svg);
    text_free(&tip);
}

static void add_axis(struct lanes *lanes)
{
    double bottom = TOP + lanes->count * lanes->pitch;
    char word[HTML_WORD];
    svg_line(&lanes->svg, "axis", LEFT, bottom + 2, WIDTH - RIGHT, bottom + 2);
    for (int i = 0; i <= 4; i++) {
        double seconds = lanes->process->lane_s * i / 4;
        svg_line(&lanes->svg, "axis", place(lanes, seconds), bottom + 2, place(lanes, seconds), bottom + 7);
        svg_text(&lanes->svg, "small soft", place(lanes, seconds), bottom + 22,
            i == 0   ? "start"
            : i == 4 ? "end"
                     : "middle",
            i == 0 ? "0" : word_seconds(seconds, word));
    }
}

/* The share of the region that the threads were busy on the whole, and the least busy one. */
static void add_title(struct text *title, const struct sweep *sweep, const struct process_record *process)
{
    double all = 0, least = INFINITY;
    char mean[HTML_WORD], low[HTML_WORD];
    for (int i = 0; i < process->lane_count; i++) {
        all += process->lane[i].busy_s;
        least = fmin(least, process->lane[i].busy_s);
    }
    text_add(title, "%s: %d threads are busy for %s of an iteration", sweep->label, process->lane_count,
        word_percent(all / process->lane_count / process->lane_s, mean));
    if (process->lane_count > 1 && isfinite(least))
        text_add(title, ", the least busy one for %s", word_percent(least / process->lane_s, low));
}

static void add_caption(struct text *page, const struct lanes *lanes)
{
    const struct process_record *process = lanes->process;
    struct text caption = {0};
    char time[HTML_WORD];
    bool cut = false;
    for (int i = 0; i < lanes->count; i++)
        cut = cut || process->lane[i].spans > process->lane[i].span_count;
    text_add(&caption, "One recorded iteration of block %d, %s", process->block,
        word_seconds(process->lane_s, time));
    if (process->repeat > 1)
        text_add(&caption, " (%ld calls)", process->repeat);
    text_add(&caption, ". Filled: between a thread's begin and end of work; empty: waiting.");
    if (lanes->gap > 0.5)
        text_add(&caption, " Waits shorter than %s are not drawn.",
            word_seconds(process->lane_s * lanes->gap / (WIDTH - LEFT - RIGHT), time));
    if (cut)
        text_add(&caption, " Only the first spans of a thread were recorded.");
    if (lanes->count < process->lane_count)
        text_add(&caption, " The first %d of %d threads are drawn.", lanes->count, process->lane_count);
    html_add_element(page, "figcaption", "", caption.data);
    text_free(&caption);
}

void html_add_timeline(struct text *page, const struct report *report, const struct sweep *sweep)
{
    struct lanes lanes = {.gap = 0.5};
    struct text title = {0};
    char id[48];
    if (sweep->largest != NULL)
        lanes.process = typical_process(report->summary->record, sweep->largest);
    if (lanes.process == NULL)
        return;
    lanes.count = lanes.process->lane_count < LANES ? lanes.process->lane_count : LANES;
    lanes.pitch = fmin(tallest_lane, picture / lanes.count);
    while (count_spans(&lanes) > SPANS && lanes.gap < WIDTH)
        lanes.gap *= 2;
    add_title(&title, sweep, lanes.process);
    snprintf(id, sizeof id, "lanes-%d", (int)(sweep - report->sweep));
    text_add(page, "<figure data-kernel=\"%d\">\n", sweep->kernel);
    html_add_element(page, "p", "class=\"finding\"", title.data);
    text_add(page, "<div class=\"scroll\">\n");
    lanes.svg = svg_open(page, id, WIDTH, TOP + lanes.count * lanes.pitch + FOOT - 14, title.data,
        "A lane for each thread, filled while it was busy.");
    for (int i = 0; i < lanes.count; i++)
        add_lane(&lanes, i);
    add_axis(&lanes);
    svg_close(&lanes.svg);
    text_add(page, "</div>\n");
    add_caption(page, &lanes);
    text_add(page, "</figure>\n");
    text_free(&title);
}
