/* Scales, ticks and boundaries of the pictures over threads. */
#include "harness/report/html_chart.h"

#include <math.h>
#include <stdio.h>

enum { LINEAR_UP_TO = 16, BOUNDARY_ROOM = 130 };

static double bottom_of(const struct chart *chart)
{
    return chart->height - CHART_BOTTOM;
}

void chart_find_threads(struct chart *chart)
{
    chart->most_threads = 1;
    for (int s = 0; s < chart->count; s++)
        for (int i = 0; i < chart->sweep[s]->count; i++)
            chart->most_threads = fmax(chart->most_threads, chart->sweep[s]->row[i].cell->threads);
    chart->wide = chart->most_threads > LINEAR_UP_TO;
}

void chart_set_range(struct chart *chart, double least, double most, double reach)
{
    static const double wider = 1.6;
    most = fmin(fmax(most, fmin(reach, wider * most)), 1e6);
    chart->low = chart->logarithmic ? exp2(floor(log2(fmax(least, 1.0 / 64)))) : 0;
    chart->high = chart->logarithmic ? most * 1.15 : most * 1.05;
    if (chart->high < chart->low * 1.5)
        chart->high = chart->low + 1;
}

double chart_x(const struct chart *chart, double threads)
{
    double most = chart->most_threads, room = chart->right - CHART_LEFT - 40;
    double share = most <= 1 ? 0.5 : chart->wide ? log2(threads) / log2(most) : (threads - 1) / (most - 1);
    return CHART_LEFT + 20 + share * room;
}

double chart_y(const struct chart *chart, double value)
{
    double share = chart->logarithmic ? log2(value / chart->low) / log2(chart->high / chart->low)
                                      : (value - chart->low) / (chart->high - chart->low);
    return bottom_of(chart) - share * (bottom_of(chart) - CHART_TOP);
}

/* ---- axes ---- */

static double tick_step(const struct chart *chart)
{
    double rough = chart->high / 6, power = pow(10, floor(log10(rough)));
    return rough <= power       ? power
           : rough <= 2 * power ? 2 * power
           : rough <= 5 * power ? 5 * power
                                : 10 * power;
}

static void add_tick(struct chart *chart, double value)
{
    char word[32];
    double y = chart_y(chart, value);
    snprintf(word, sizeof word, "%.4g%s", value, chart->tick_unit);
    svg_line(&chart->svg, "grid", CHART_LEFT, y, chart->right, y);
    svg_text(&chart->svg, "small soft", CHART_LEFT - 8, y + 4, "end", word);
}

/* A thread count has its number where there is room; the largest always has. */
static void add_thread_ticks(struct chart *chart)
{
    double taken = INFINITY, bottom = bottom_of(chart);
    char word[32];
    for (int threads = (int)chart->most_threads; threads >= 1; threads--) {
        bool measured = false;
        for (int s = 0; s < chart->count && !measured; s++)
            for (int i = 0; i < chart->sweep[s]->count && !measured; i++)
                measured = chart->sweep[s]->row[i].cell->threads == threads;
        double x = chart_x(chart, threads);
        if (!measured)
            continue;
        svg_line(&chart->svg, "axis", x, bottom, x, bottom + 5);
        if (taken - x < 30)
            continue;
        snprintf(word, sizeof word, "%d", threads);
        svg_text(&chart->svg, "small soft", x, bottom + 20, "middle", word);
        taken = x;
    }
}

void chart_add_axes(struct chart *chart, const char *words)
{
    struct text name = {0};
    if (chart->logarithmic)
        for (double at = chart->low; at <= chart->high; at *= 2)
            add_tick(chart, at);
    else
        for (double at = 0, step = tick_step(chart); at <= chart->high; at += step)
            add_tick(chart, at);
    svg_line(&chart->svg, "axis", CHART_LEFT, bottom_of(chart), chart->right, bottom_of(chart));
    add_thread_ticks(chart);
    svg_text(&chart->svg, "small", (CHART_LEFT + chart->right) / 2, chart->height - 12, "middle",
        chart->wide ? "threads (logarithmic)" : "threads");
    text_add(&name, "%s%s", words, chart->logarithmic ? " (logarithmic)" : "");
    svg_text(&chart->svg, "small", 4, 16, "start", name.data);
    text_free(&name);
}

/* Most curves rise from the lower left: names of boundaries stand at the top on the left and at the bottom on
 * the right, one above the other where they would meet. */
void chart_add_boundaries(struct chart *chart)
{
    const struct sweep *sweep = chart->sweep[0];
    double middle = (CHART_LEFT + chart->right) / 2, last = -INFINITY;
    char words[48];
    int level = 0;
    for (int i = 1; i < sweep->count; i++) {
        if (sweep_boundary(sweep, i, words) == NULL)
            continue;
        double x =
            (chart_x(chart, sweep->row[i - 1].cell->threads) + chart_x(chart, sweep->row[i].cell->threads)) /
            2;
        level = x - last < BOUNDARY_ROOM ? level + 1 : 0;
        last = x;
        svg_line(&chart->svg, "border", x, CHART_TOP, x, bottom_of(chart));
        double y =
            x < middle && !chart->falls ? CHART_TOP + 12 + 16 * level : bottom_of(chart) - 8 - 16 * level;
        svg_text(
            &chart->svg, "small soft", x < middle ? x + 5 : x - 5, y, x < middle ? "start" : "end", words);
    }
}

/* ---- what is drawn over them ---- */

void chart_add_whisker(struct chart *chart, double x, double low, double high)
{
    if (isnan(low) || isnan(high))
        return;
    double from = chart_y(chart, fmax(low, chart->low)), to = chart_y(chart, fmin(high, chart->high));
    svg_line(&chart->svg, "whisker", x, from, x, to);
    if (low >= chart->low)
        svg_line(&chart->svg, "whisker", x - 4, from, x + 4, from);
    if (high <= chart->high)
        svg_line(&chart->svg, "whisker", x - 4, to, x + 4, to);
}

void chart_add_series(struct chart *chart, const struct sweep *sweep, const char *class, chart_value *value,
    double shift, bool dash)
{
    char words[48];
    for (int i = 0; i < sweep->count; i++) {
        const struct summary_row *row = &sweep->row[i];
        double x = chart_x(chart, row->cell->threads) + shift, y = chart_y(chart, value(row));
        bool joined = i > 0 && sweep_boundary(sweep, i, words) == NULL;
        bool goes_on = i + 1 < sweep->count && sweep_boundary(sweep, i + 1, words) == NULL;
        if (joined) {
            double before = chart_x(chart, row[-1].cell->threads) + shift;
            svg_line(&chart->svg, class, before, chart_y(chart, value(&row[-1])), x, y);
        } else if (!goes_on && dash) {
            svg_line(&chart->svg, class, x - 12, y, x + 12, y);
        }
    }
}

double chart_machine_ideal(const struct summary_row *row)
{
    return row->cell->threads == 1 ? 1 : row->diagnosis.ideal;
}

/* ---- the legend ---- */

void chart_open_key(struct text *page)
{
    text_add(page, "<ul class=\"key\">");
}

static void open_mark(struct text *page, const char *curve)
{
    text_add(page, "<li><svg class=\"%s\" viewBox=\"0 0 28 14\" aria-hidden=\"true\">", curve);
}

static void close_mark(struct text *page, const char *words)
{
    text_add(page, "</svg> ");
    markup_add(page, words);
    text_add(page, "</li>");
}

void chart_add_key_line(struct text *page, const char *curve, const char *class, const char *words)
{
    struct svg svg = {.page = page};
    open_mark(page, curve);
    svg_line(&svg, class, 1, 7, 27, 7);
    close_mark(page, words);
}

void chart_add_key_marker(
    struct text *page, const char *curve, const char *class, int shape, const char *words)
{
    struct svg svg = {.page = page};
    open_mark(page, curve);
    svg_marker(&svg, class, shape, 14, 7, 9);
    close_mark(page, words);
}

void chart_close_key(struct text *page)
{
    text_add(page, "</ul>\n");
}
