/* Where the time of a team goes: one bar for each team of a curve, in parts that add up to its time. A part
 * that is a gain stands left of zero. Names stand inside the parts that have room, so that no part has to be
 * told by its colour alone; every part is in the bar's own text. */
#include "harness/report/html.h"
#include "harness/report/html_page.h"
#include "harness/report/markup.h"

#include <math.h>
#include <stdio.h>

enum { WIDTH = 640, LEFT = 110, RIGHT = 20, TOP = 12, PITCH = 34, BAR = 24, BARS = 16, FOOT = 44 };

struct bars {
    struct svg svg;
    const struct report *report;
    const struct summary_row *row[BARS];
    int count;
    double low, high; /* of the axis, in parts of the row's time */
};

static double place(const struct bars *bars, double share)
{
    return LEFT + (share - bars->low) / (bars->high - bars->low) * (WIDTH - LEFT - RIGHT);
}

static double share_of(const struct summary_row *row, int part)
{
    return row->diagnosis.waterfall.seconds[part] / row->estimate.median_s;
}

/* More teams than bars: the last ones, for there the losses are. */
static void choose_rows(struct bars *bars, const struct sweep *sweep)
{
    bars->high = 1;
    for (int i = sweep->count; i-- > 0 && bars->count < BARS;)
        if (sweep->row[i].diagnosis.has_waterfall)
            bars->row[bars->count++] = &sweep->row[i];
    for (int i = 0; i < bars->count / 2; i++) {
        const struct summary_row *last = bars->row[bars->count - 1 - i];
        bars->row[bars->count - 1 - i] = bars->row[i];
        bars->row[i] = last;
    }
    for (int i = 0; i < bars->count; i++) {
        double gain = 0, loss = 0;
        for (int part = 0; part < WATERFALL_PARTS; part++) {
            double share = share_of(bars->row[i], part);
            gain += fmin(share, 0);
            loss += fmax(share, 0);
        }
        bars->low = fmin(bars->low, gain);
        bars->high = fmax(bars->high, loss);
    }
}

static void add_axis(struct bars *bars)
{
    double bottom = TOP + bars->count * PITCH;
    for (int tenth = (int)ceil(bars->low * 5); tenth <= bars->high * 5; tenth++) {
        char word[32];
        double x = place(bars, tenth / 5.0);
        snprintf(word, sizeof word, "%d%%", tenth * 20);
        svg_line(&bars->svg, tenth == 0 ? "axis" : "grid", x, TOP - 4, x, bottom);
        if (bars->high - bars->low < 2 || tenth % 5 == 0)
            svg_text(&bars->svg, "small soft", x, bottom + 18, "middle", word);
    }
    svg_text(&bars->svg, "small", (LEFT + WIDTH - RIGHT) / 2.0, bottom + 38, "middle", "of the row's time");
}

static void add_part(struct bars *bars, int part, double from, double to, double y)
{
    char class[32], word[64];
    double x = place(bars, from), width = place(bars, to) - x, left = fmin(x, x + width);
    if (!(fabs(width) >= 0.25)) /* nobody would see it */
        return;
    snprintf(class, sizeof class, "part p%d", part);
    svg_rectangle(&bars->svg, class, x, y, width, BAR);
    snprintf(
        word, sizeof word, "%s %.0f%%", waterfall_part_name((enum waterfall_part)part), 100 * (to - from));
    if (fabs(width) > 9.0 * (double)text_columns(word))
        svg_text(&bars->svg, part == PART_BANDWIDTH ? "small on-dark" : "small on-light",
            left + fabs(width) / 2, y + BAR - 7, "middle", word);
}

static void add_bar(struct bars *bars, int number)
{
    const struct summary_row *row = bars->row[number];
    double y = TOP + number * PITCH, gain = 0, loss = 0;
    char mark[16], word[HTML_WORD], threads[32];
    struct text tip = {0};
    row_add_name(&tip, row);
    text_add(&tip, ", %s:", word_seconds(row->estimate.median_s, word));
    for (int part = 0; part < WATERFALL_PARTS; part++) {
        bool known = row->diagnosis.waterfall.status[part] != PART_UNAVAILABLE;
        text_add(&tip, "%s %s %s", part > 0 ? "," : "", waterfall_part_name((enum waterfall_part)part),
            known ? word_percent(share_of(row, part), word) : "unavailable");
    }
    snprintf(threads, sizeof threads, "%d thread%s", row->cell->threads, row->cell->threads == 1 ? "" : "s");
    svg_group_open(&bars->svg, "", row_mark(bars->report->summary, row, mark));
    svg_tooltip(&bars->svg, tip.data);
    svg_text(&bars->svg, "", LEFT - 12, y + BAR - 7, "end", threads);
    for (int part = 0; part < WATERFALL_PARTS; part++) {
        double share = share_of(row, part), *side = share < 0 ? &gain : &loss;
        add_part(bars, part, *side, *side + share, y);
        *side += share;
    }
    svg_group_close(&bars->svg);
    text_free(&tip);
}

void html_add_loss_key(struct text *page)
{
    text_add(page,
        "<p class=\"soft\">Below, the time of each team in parts that add up to it. Linear: the time of one "
        "thread divided by the threads (weak scaling: that time). Imbalance and off-CPU are measured; clock, "
        "bandwidth and fork-join are estimated from what the ceilings measured; what is unavailable is in "
        "the "
        "rest. A part left of zero is a gain.</p>\n");
    text_add(page, "<ul class=\"key\">");
    for (int part = 0; part < WATERFALL_PARTS; part++)
        text_add(page,
            "<li><svg class=\"p%d\" viewBox=\"0 0 28 14\" aria-hidden=\"true\">"
            "<rect class=\"part\" x=\"1\" y=\"1\" width=\"26\" height=\"12\"/></svg> %s</li>",
            part, waterfall_part_name((enum waterfall_part)part));
    text_add(page, "</ul>\n");
}

void html_add_losses(struct text *page, const struct report *report, const struct sweep *sweep)
{
    struct bars bars = {.report = report};
    struct text title = {0};
    char id[48], linear[HTML_WORD];
    choose_rows(&bars, sweep);
    if (bars.count == 0)
        return;
    const struct summary_row *last = bars.row[bars.count - 1];
    text_add(&title, "%s: with %d threads %s of the time is what linear scaling would leave", sweep->label,
        last->cell->threads, word_percent(share_of(last, PART_LINEAR), linear));
    snprintf(id, sizeof id, "losses-%d", (int)(sweep - report->sweep));
    text_add(page, "<figure data-kernel=\"%d\">\n", sweep->kernel);
    html_add_element(page, "p", "class=\"finding\"", title.data);
    text_add(page, "<div class=\"scroll\">\n");
    bars.svg = svg_open(page, id, WIDTH, TOP + bars.count * PITCH + FOOT, title.data,
        "A bar for each team, in the parts of its time: linear, clock, bandwidth, fork-join, imbalance, "
        "off-CPU, "
        "rest.");
    add_axis(&bars);
    for (int i = 0; i < bars.count; i++)
        add_bar(&bars, i);
    svg_close(&bars.svg);
    text_add(page, "</div>\n");
    text_add(page, "</figure>\n");
    text_free(&title);
}
