/* How the times of a curve scatter: every timed iteration is a point beside the quartiles and the median of
 * its row, on one axis relative to that median. Many iterations are thinned out evenly; those that lie far
 * out are counted at the edge, never dropped silently. */
#include "harness/report/html_chart.h"
#include "harness/report/html_page.h"
#include "harness/report/row_scatter.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    WIDTH = 640,
    LEFT = 110,
    RIGHT = 110,
    TOP = 10,
    PITCH = 44,
    BAND = 30,
    STRIPS = 10,
    POINTS = 240,
    FOOT = 44
};
static const double farthest = 6; /* times as far from the median as the farthest quartile */

struct strips {
    struct svg svg;
    const struct report *report;
    const struct summary_row *row[STRIPS];
    int count;
    double low, high; /* of the axis, in medians */
    size_t marked;    /* iterations */
};

static double place(const struct strips *strips, double ratio)
{
    double share = (fmin(ratio, strips->high) - strips->low) / (strips->high - strips->low);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
}

/* Evenly among the teams that have a time, the first and the last always. */
static void choose_rows(struct strips *strips, const struct sweep *sweep)
{
    int verified = 0, seen = 0;
    double low = 1, high = 1, quartile = 0.003;
    for (int i = 0; i < sweep->count; i++)
        verified += sweep->row[i].verified;
    int wanted = verified < STRIPS ? verified : STRIPS;
    for (int i = 0; i < sweep->count; i++) {
        const struct summary_row *row = &sweep->row[i];
        if (!row->verified)
            continue;
        int next = wanted > 1 ? strips->count * (verified - 1) / (wanted - 1) : 0;
        if (seen++ != next || strips->count == wanted)
            continue;
        strips->row[strips->count++] = row;
        low = fmin(low, row->scatter.min_s / row->estimate.median_s);
        high = fmax(high, row->scatter.max_s / row->estimate.median_s);
        quartile = fmax(quartile, row->scatter.upper_s / row->estimate.median_s - 1);
        quartile = fmax(quartile, 1 - row->scatter.lower_s / row->estimate.median_s);
    }
    high = fmin(high, 1 + farthest * quartile);
    double room = fmax(0.0005, 0.04 * (high - low));
    strips->low = low - room;
    strips->high = high + room;
}

struct seen {
    size_t all, beyond, marked;
};

/* A disturbed iteration is a triangle in a colour of its own, and drawn over the others. */
static void add_sample(struct strips *strips, double ratio, double y, size_t number, bool marked)
{
    double aside = fmod((double)number * 0.6180339887, 1); /* spreads points without chance */
    svg_marker(&strips->svg, marked ? "marked" : "sample", marked ? 2 : 0, place(strips, ratio),
        y + aside * BAND, marked ? 7 : 3.4);
}

static void add_process(struct strips *strips, const struct summary_row *row,
    const struct process_record *process, double level, double y, bool marked, struct seen *seen)
{
    size_t every = row->samples / POINTS + 1;
    for (size_t i = 0; i < process->samples; i++) {
        double ratio = process->seconds[i] / row->estimate.median_s;
        bool is_marked = !isnan(level) && process_sample_is_marked(process, i, level),
             far_out = ratio > strips->high;
        if (is_marked != marked)
            continue;
        seen->beyond += far_out;
        seen->marked += is_marked;
        if (seen->all++ % every == 0 || (far_out && seen->beyond <= POINTS / 4) ||
            (is_marked && seen->marked <= POINTS / 2))
            add_sample(strips, ratio, y, seen->all, is_marked);
    }
}

/* Returns how many lie beyond the axis. */
static size_t add_points(struct strips *strips, const struct summary_row *row, double y)
{
    const struct counted_processes *counted = &strips->report->counted;
    int id = row->cell->id;
    double level = row->marks.known > 0 ? process_quiet_level(counted->pilot[id]) : NAN;
    struct seen seen = {0};
    for (int marked = 0; marked < 2; marked++)
        for (size_t p = counted->first[id]; p < counted->first[id + 1]; p++)
            add_process(strips, row, counted->process[p], level, y, marked == 1, &seen);
    strips->marked += seen.marked;
    return seen.beyond;
}

static void add_box(struct strips *strips, const struct summary_row *row, double y)
{
    const struct row_scatter *scatter = &row->scatter;
    double median = row->estimate.median_s, lower = place(strips, scatter->lower_s / median);
    double upper = place(strips, scatter->upper_s / median), at = place(strips, 1);
    svg_rectangle(&strips->svg, "box", lower, y + 4, fmax(upper - lower, 1), BAND - 8);
    svg_line(&strips->svg, "median", at, y, at, y + BAND);
}

static void add_strip(struct strips *strips, int number)
{
    const struct summary_row *row = strips->row[number];
    double y = TOP + number * PITCH;
    char mark[16], word[5][HTML_WORD], threads[32];
    struct text tip = {0}, beside = {0};
    snprintf(threads, sizeof threads, "%d thread%s", row->cell->threads, row->cell->threads == 1 ? "" : "s");
    row_add_name(&tip, row);
    text_add(&tip,
        ": %zu iterations, median of the processes %s, quartiles %s–%s, from %s to %s, %zu far out",
        row->samples, word_seconds(row->estimate.median_s, word[0]),
        word_seconds(row->scatter.lower_s, word[1]), word_seconds(row->scatter.upper_s, word[2]),
        word_seconds(row->scatter.min_s, word[3]), word_seconds(row->scatter.max_s, word[4]),
        row->scatter.far_out);
    if (row->marks.known > 0)
        text_add(&tip, ", %zu disturbed", row->marks.marked);
    svg_group_open(&strips->svg, "s0", row_mark(strips->report->summary, row, mark));
    svg_tooltip(&strips->svg, tip.data);
    svg_rectangle(&strips->svg, "hit", 0, y, WIDTH, BAND);
    svg_text(&strips->svg, "", LEFT - 12, y + BAND / 2.0 - 1, "end", threads);
    svg_text(&strips->svg, "small soft", LEFT - 12, y + BAND / 2.0 + 15, "end", word[0]);
    size_t beyond = add_points(strips, row, y);
    add_box(strips, row, y);
    text_add(&beside, "n = %zu", row->samples);
    svg_text(&strips->svg, "small soft", WIDTH - RIGHT + 10, y + BAND / 2.0 - 1, "start", beside.data);
    text_free(&beside);
    if (beyond > 0) {
        text_add(&beside, "%zu beyond →", beyond);
        svg_text(&strips->svg, "small", WIDTH - RIGHT + 10, y + BAND / 2.0 + 15, "start", beside.data);
    }
    svg_group_close(&strips->svg);
    text_free(&tip);
    text_free(&beside);
}

static void add_axis(struct strips *strips)
{
    static const double steps[] = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
    double bottom = TOP + strips->count * PITCH, step = steps[0];
    for (size_t i = 0; i < sizeof steps / sizeof *steps && (strips->high - strips->low) / step > 8; i++)
        step = steps[i];
    for (double at = ceil(strips->low / step) * step; at <= strips->high; at += step) {
        char word[32];
        snprintf(word, sizeof word, "%+.3g%%", fabs(at - 1) < step / 2 ? 0 : 100 * (at - 1));
        svg_line(&strips->svg, "grid", place(strips, at), TOP - 4, place(strips, at), bottom);
        svg_text(&strips->svg, "small soft", place(strips, at), bottom + 14, "middle", word);
    }
    svg_text(&strips->svg, "small", (LEFT + WIDTH - RIGHT) / 2.0, bottom + 34, "middle",
        "from the median time of the row");
}

static void add_title(struct text *title, const struct sweep *sweep, const struct strips *strips)
{
    const struct summary_row *row = strips->row[strips->count - 1];
    const double median = row->estimate.median_s;
    text_add(title, "%s on %d thread%s: half of the iterations lie between %+.1f%% and %+.1f%% of the median",
        sweep->label, row->cell->threads, row->cell->threads == 1 ? "" : "s",
        100 * (row->scatter.lower_s / median - 1), 100 * (row->scatter.upper_s / median - 1));
}

void html_add_times(struct text *page, const struct report *report, const struct sweep *sweep)
{
    struct strips strips = {.report = report};
    struct text title = {0};
    char id[48];
    choose_rows(&strips, sweep);
    if (strips.count == 0)
        return;
    add_title(&title, sweep, &strips);
    snprintf(id, sizeof id, "times-%d", (int)(sweep - report->sweep));
    text_add(page, "<figure data-kernel=\"%d\">\n", sweep->kernel);
    html_add_element(page, "p", "class=\"finding\"", title.data);
    text_add(page, "<div class=\"scroll\">\n");
    strips.svg = svg_open(page, id, WIDTH, TOP + strips.count * PITCH + FOOT, title.data,
        "A strip for each team: its timed iterations as points, quartiles as a box, the median as a line.");
    add_axis(&strips);
    for (int i = 0; i < strips.count; i++)
        add_strip(&strips, i);
    svg_close(&strips.svg);
    text_add(page, "</div>\n");
    chart_open_key(page);
    chart_add_key_marker(page, "s0", "sample", 0, "iteration");
    if (strips.marked > 0)
        chart_add_key_marker(page, "", "marked", 2, "disturbed: a thread had no CPU");
    chart_add_key_line(page, "", "median", "median, in a box from quartile to quartile");
    chart_close_key(page);
    text_add(page, "</figure>\n");
    text_free(&title);
}
