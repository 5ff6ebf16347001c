/* How a curve's times went from block to block: one thread, the largest team, and the clock of all rows. A
 * run in random order that drifts is seen here, not in a speedup. */
#include "harness/report/html_chart.h"
#include "harness/report/html_page.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 640, HEIGHT = 260, LEFT = 62, RIGHT = 20, TOP = 30, BOTTOM = 56 };
static const double farthest = 0.5; /* of the median: beyond it a block stands on the edge */

struct drift {
    struct svg svg;
    const struct report *report;
    int blocks;
    double low, high;
};

static double place_x(const struct drift *drift, int block)
{
    double share = drift->blocks > 1 ? (block - 1.0) / (drift->blocks - 1) : 0.5;
    return LEFT + 15 + share * (WIDTH - LEFT - RIGHT - 30);
}

static double place_y(const struct drift *drift, double relative)
{
    double share = (fmin(fmax(relative, drift->low), drift->high) - drift->low) / (drift->high - drift->low);
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
}

static void widen(struct drift *drift, double relative)
{
    drift->low = fmin(drift->low, fmax(relative, 1 - farthest));
    drift->high = fmax(drift->high, fmin(relative, 1 + farthest));
}

static void find_axes(struct drift *drift, const struct summary_row *row)
{
    const struct counted_processes *counted = &drift->report->counted;
    int id = row->cell->id;
    for (size_t p = counted->first[id]; p < counted->first[id + 1]; p++) {
        widen(drift, counted->seconds[p] / row->estimate.median_s);
        if (counted->process[p]->block > drift->blocks)
            drift->blocks = counted->process[p]->block;
    }
}

static void add_axes(struct drift *drift)
{
    static const double steps[] = {0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5};
    double step = steps[0], bottom = HEIGHT - BOTTOM;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && (drift->high - drift->low) / step > 6; i++)
        step = steps[i];
    for (double at = ceil((drift->low - 1) / step) * step; at <= drift->high - 1; at += step) {
        char word[32];
        bool zero = fabs(at) < step / 2;
        snprintf(word, sizeof word, "%+.3g%%", zero ? 0 : 100 * at);
        svg_line(&drift->svg, zero ? "axis" : "grid", LEFT, place_y(drift, 1 + at), WIDTH - RIGHT,
            place_y(drift, 1 + at));
        svg_text(&drift->svg, "small soft", LEFT - 8, place_y(drift, 1 + at) + 4, "end", word);
    }
    int every = 1 + drift->blocks / 16;
    for (int block = 1; block <= drift->blocks; block += every) {
        char word[32];
        snprintf(word, sizeof word, "%d", block);
        svg_text(&drift->svg, "small soft", place_x(drift, block), bottom + 20, "middle", word);
    }
    svg_text(&drift->svg, "small", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "block");
    svg_text(&drift->svg, "small", 4, 16, "start", "from the median of the row");
}

static void add_row(struct drift *drift, const struct summary_row *row, const char *curve, int shape)
{
    const struct counted_processes *counted = &drift->report->counted;
    int id = row->cell->id;
    char mark[16];
    double x = NAN, y = NAN;
    struct text tip = {0};
    row_add_name(&tip, row);
    text_add(&tip, ": medians of %zu processes, block by block", row->estimate.processes);
    svg_group_open(&drift->svg, curve, row_mark(drift->report->summary, row, mark));
    svg_tooltip(&drift->svg, tip.data);
    for (size_t p = counted->first[id]; p < counted->first[id + 1]; p++) {
        double before_x = x, before_y = y;
        x = place_x(drift, counted->process[p]->block);
        y = place_y(drift, counted->seconds[p] / row->estimate.median_s);
        svg_line(&drift->svg, "line", before_x, before_y, x, y);
    }
    for (size_t p = counted->first[id]; p < counted->first[id + 1]; p++)
        svg_marker(&drift->svg, "dot", shape, place_x(drift, counted->process[p]->block),
            place_y(drift, counted->seconds[p] / row->estimate.median_s), 8);
    svg_group_close(&drift->svg);
    text_free(&tip);
}

static void add_clock(struct drift *drift)
{
    const struct summary *summary = drift->report->summary;
    for (int i = 1; i < summary->block_clock_count; i++) {
        const struct block_clock *from = &summary->block_clock[i - 1], *to = &summary->block_clock[i];
        svg_line(&drift->svg, "machine", place_x(drift, from->block), place_y(drift, from->relative),
            place_x(drift, to->block), place_y(drift, to->relative));
    }
}

static void add_title(struct text *title, const struct sweep *sweep, const struct summary_row *row)
{
    static const double surprising = 0.01;
    const struct trend *trend = &row->scatter.over_blocks;
    char change[HTML_WORD];
    text_add(
        title, "%s on %d thread%s: ", sweep->label, row->cell->threads, row->cell->threads == 1 ? "" : "s");
    if (isnan(trend->p_value))
        text_add(title, "too few blocks to tell a drift from chance");
    else if (trend->p_value >= surprising)
        text_add(title, "no drift from the first block to the last (p = %.2g)", trend->p_value);
    else
        text_add(title, "%s %s from the first block to the last (p = %.2g)",
            word_percent(fabs(trend->change), change), trend->change > 0 ? "slower" : "faster",
            trend->p_value);
}

void html_add_drift(struct text *page, const struct report *report, const struct sweep *sweep)
{
    struct drift drift = {.report = report, .low = 0.995, .high = 1.005};
    const struct summary_row *row = sweep->largest, *one = sweep->row;
    struct text title = {0}, words = {0};
    char id[48];
    if (row == NULL)
        return;
    bool both = one != row && one->verified && one->cell->threads == 1;
    find_axes(&drift, row);
    if (both)
        find_axes(&drift, one);
    if (drift.blocks < 2)
        return;
    add_title(&title, sweep, row);
    snprintf(id, sizeof id, "drift-%d", (int)(sweep - report->sweep));
    text_add(page, "<figure data-kernel=\"%d\">\n", sweep->kernel);
    html_add_element(page, "p", "class=\"finding\"", title.data);
    text_add(page, "<div class=\"scroll\">\n");
    drift.svg = svg_open(page, id, WIDTH, HEIGHT, title.data,
        "The median of each process over that of its row, block by block, and the clock of all rows.");
    add_axes(&drift);
    add_clock(&drift);
    if (both)
        add_row(&drift, one, "serial", 1);
    add_row(&drift, row, "s0", 0);
    svg_close(&drift.svg);
    text_add(page, "</div>\n");
    chart_open_key(page);
    text_add(&words, "%d threads", row->cell->threads);
    chart_add_key_marker(page, "s0", "dot", 0, row->cell->threads == 1 ? "one thread" : words.data);
    if (both)
        chart_add_key_marker(page, "serial", "dot", 1, "one thread");
    if (report->summary->block_clock_count > 1)
        chart_add_key_line(page, "", "machine", "clock of all rows");
    chart_close_key(page);
    text_add(page, "</figure>\n");
    text_free(&title);
    text_free(&words);
}
