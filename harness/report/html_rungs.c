/* The variants of a kernel under each other: a bar is the rate that a variant reaches with the most threads
 * of its ladder, a line the ceiling that was measured beside it. */
#include "harness/report/cell_order.h"
#include "harness/report/html.h"
#include "harness/report/html_page.h"
#include "harness/report/markup.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    WIDTH = 640,
    LEFT = 110,
    RIGHT = 110,
    TOP = 8,
    PITCH = 34,
    BAR = 22,
    RUNGS = 24,
    FOOT = 40,
    LABEL = 110
};

struct rungs {
    struct svg svg;
    const struct summary_row *row[RUNGS];
    int count;
    double high; /* end of the axis, in the unit of the rates */
};

/* Of each variant the largest team that has a rate. */
static void choose_rows(struct rungs *rungs, const struct summary *summary, const struct summary_row *first)
{
    for (int i = (int)(first - summary->row); i < summary->row_count; i++) {
        const struct summary_row *row = &summary->row[i];
        if (!cell_same_ladder(first->cell, row->cell) || !row->verified || isnan(row->estimate.rate) ||
            row->cell->rate == RATE_NONE)
            continue;
        bool same =
            rungs->count > 0 && strcmp(rungs->row[rungs->count - 1]->cell->variant, row->cell->variant) == 0;
        if (same)
            rungs->row[rungs->count - 1] = row;
        else if (rungs->count < RUNGS)
            rungs->row[rungs->count++] = row;
    }
    for (int i = 0; i < rungs->count; i++) {
        const struct summary_row *row = rungs->row[i];
        rungs->high = fmax(rungs->high, fmax(row->estimate.rate, row->ceiling) / 1e9);
    }
}

static double place(const struct rungs *rungs, double rate)
{
    return LEFT + rate / rungs->high * (WIDTH - LEFT - RIGHT);
}

static void add_rung(struct rungs *rungs, const struct summary *summary, int number)
{
    const struct summary_row *row = rungs->row[number];
    const char *unit = cell_rate_unit(row->cell->rate);
    double y = TOP + number * PITCH, rate = row->estimate.rate / 1e9;
    double end = place(rungs, rate), roof = place(rungs, row->ceiling / 1e9);
    char mark[16], percent[HTML_WORD];
    struct text words = {0}, tip = {0};
    text_add(&words, "%.4g %s", rate, unit);
    row_add_name(&tip, row);
    text_add(&tip, ": %s", words.data);
    if (!isnan(row->ceiling))
        text_add(&tip, ", %s of the ceiling, %.4g %s (%s %s)",
            word_percent(row->estimate.rate / row->ceiling, percent), row->ceiling / 1e9, unit,
            row->roof->cell->kernel, row->roof->cell->variant);
    svg_group_open(&rungs->svg, "s0", row_mark(summary, row, mark));
    svg_tooltip(&rungs->svg, tip.data);
    svg_text(&rungs->svg, "", LEFT - 10, y + BAR - 6, "end", row->cell->variant);
    svg_rectangle(&rungs->svg, "bar", LEFT, y, fmax(end - LEFT, 1), BAR);
    svg_line(&rungs->svg, "roof", roof, y - 4, roof, y + BAR + 4);
    bool inside = isnan(roof) || end + LABEL < roof; /* room for the words before the ceiling's line */
    svg_text(&rungs->svg, "small", (inside ? end : fmax(end, roof)) + 8, y + BAR - 6, "start", words.data);
    svg_group_close(&rungs->svg);
    text_free(&words);
    text_free(&tip);
}

static void add_axis(struct rungs *rungs, const char *unit)
{
    double bottom = TOP + rungs->count * PITCH, power = pow(10, floor(log10(rungs->high / 4)));
    double rough = rungs->high / 4 / power, step = power * (rough > 5      ? 10
                                                               : rough > 2 ? 5
                                                               : rough > 1 ? 2
                                                                           : 1);
    for (double at = 0; at <= rungs->high; at += step) {
        char word[32];
        snprintf(word, sizeof word, "%.4g", at);
        svg_line(&rungs->svg, at == 0 ? "axis" : "grid", place(rungs, at), TOP - 4, place(rungs, at), bottom);
        svg_text(&rungs->svg, "small soft", place(rungs, at), bottom + 14, "middle", word);
    }
    svg_text(&rungs->svg, "small", (LEFT + WIDTH - RIGHT) / 2.0, bottom + 32, "middle", unit);
}

void html_add_rungs(
    struct text *page, const struct report *report, const struct summary_row *first, int number)
{
    struct rungs rungs = {0};
    struct text title = {0};
    char id[32], share[HTML_WORD];
    choose_rows(&rungs, report->summary, first);
    if (rungs.count < 2 || !(rungs.high > 0))
        return;
    const struct summary_row *slow = rungs.row[0], *fast = slow;
    for (int i = 1; i < rungs.count; i++)
        fast = rungs.row[i]->estimate.rate > fast->estimate.rate ? rungs.row[i] : fast;
    text_add(&title, "%s is %.3g times as fast as %s on %d thread%s", fast->cell->variant,
        fast->estimate.rate / slow->estimate.rate, slow->cell->variant, fast->cell->threads,
        fast->cell->threads == 1 ? "" : "s");
    if (!isnan(fast->ceiling))
        text_add(&title, ", at %s of its ceiling", word_percent(fast->estimate.rate / fast->ceiling, share));
    snprintf(id, sizeof id, "ladder-%d", number);
    text_add(page, "<figure>\n");
    html_add_element(page, "p", "class=\"finding\"", title.data);
    text_add(page, "<div class=\"scroll\">\n");
    rungs.svg = svg_open(page, id, WIDTH, TOP + rungs.count * PITCH + FOOT, title.data,
        "A bar for each variant, as long as its rate, and a line at its measured ceiling.");
    add_axis(&rungs, cell_rate_unit(first->cell->rate));
    for (int i = 0; i < rungs.count; i++)
        add_rung(&rungs, report->summary, i);
    svg_close(&rungs.svg);
    text_add(page, "</div>\n</figure>\n");
    text_free(&title);
}
