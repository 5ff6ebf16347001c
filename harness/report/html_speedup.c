/* Speedup against threads: points with intervals, the linear ideal, the ideal of this machine, fitted laws
 * and the boundaries of the machine, across which no line is joined. Few threads stand on linear scales; many
 * on logarithmic ones, where the linear ideal is a straight line too. */
#include "harness/report/html_chart.h"
#include "harness/report/html_page.h"
#include "harness/store/utf8.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 800, HEIGHT = 430, RIGHT = 230 };
static const double right_edge = WIDTH - RIGHT, bottom_edge = HEIGHT - CHART_BOTTOM;
static const double dodge = 8; /* pixels between curves that meet at one thread count */

static double shift_of(const struct chart *chart, int curve)
{
    return (curve - (chart->count - 1) / 2.0) * dodge;
}

/* The axes hold every point and the linear ideal, which tells more than the curve alone; and intervals,
 * unless one is so wide that nothing else could be seen. */
static void find_ranges(struct chart *chart)
{
    double least = 1, most = 1, reach = 1;
    chart_find_threads(chart);
    chart->logarithmic = chart->wide;
    for (int s = 0; s < chart->count; s++)
        for (int i = 0; i < chart->sweep[s]->count; i++) {
            const struct row_estimate *estimate = &chart->sweep[s]->row[i].estimate;
            most = fmax(most, estimate->speedup);
            reach = fmax(reach, estimate->speedup_interval.high);
            least = fmin(least, fmin(estimate->speedup, estimate->speedup_interval.low));
        }
    most = fmax(most, chart->most_threads);
    chart_set_range(chart, least, most, reach);
}

/* ---- what could be had ---- */

enum { CURVE_POINTS = 64 };

void chart_add_linear(struct chart *chart)
{
    double x[CURVE_POINTS], y[CURVE_POINTS];
    for (int i = 0; i < CURVE_POINTS; i++) {
        double threads = pow(chart->most_threads, i / (CURVE_POINTS - 1.0));
        x[i] = chart_x(chart, threads);
        y[i] = chart_y(chart, threads);
    }
    svg_polyline(&chart->svg, "ideal", x, y, CURVE_POINTS);
}

bool chart_add_law(struct chart *chart, const struct sweep *sweep, double shift)
{
    enum law law = LAW_AMDAHL;
    const struct law_fit *fit = laws_best(sweep->laws, &law);
    double x[CURVE_POINTS], y[CURVE_POINTS];
    if (fit == NULL)
        return false;
    int count = 0, last = sweep->laws->last->cell->threads;
    for (int threads = 1; threads <= last && count < CURVE_POINTS;
         threads += 1 + threads / (CURVE_POINTS / 4), count++) {
        x[count] = chart_x(chart, threads) + shift;
        y[count] = chart_y(chart, law_speedup(law, fit, threads));
    }
    svg_polyline(&chart->svg, "law", x, y, count);
    return true;
}

static double speedup_of(const struct summary_row *row)
{
    return row->estimate.speedup;
}

static bool has_ideal(const struct sweep *sweep)
{
    return sweep->largest != NULL && sweep->largest->cell->threads > 1 &&
           !isnan(sweep->largest->diagnosis.ideal);
}

/* ---- what was measured ---- */

void chart_add_tip(struct chart *chart, const struct summary_row *row)
{
    const struct row_estimate *estimate = &row->estimate;
    char a[HTML_WORD], b[HTML_WORD], c[HTML_WORD];
    struct text tip = {0};
    row_add_name(&tip, row);
    text_add(&tip, ": speedup %s (%s–%s, %.3g%%)", word_ratio(estimate->speedup, a),
        word_ratio(estimate->speedup_interval.low, b), word_ratio(estimate->speedup_interval.high, c),
        100 * estimate->level);
    text_add(&tip, "; time %s (%s–%s)", word_seconds(estimate->median_s, a),
        word_seconds(estimate->time.low, b), word_seconds(estimate->time.high, c));
    text_add(&tip, "; efficiency %s; %s times serial; %zu processes", word_percent(estimate->efficiency, a),
        word_ratio(estimate->speedup_vs_serial, b), estimate->processes);
    svg_tooltip(&chart->svg, tip.data);
    text_free(&tip);
}

static void add_point(struct chart *chart, int curve, const struct summary_row *row)
{
    const struct row_estimate *estimate = &row->estimate;
    double x = chart_x(chart, row->cell->threads) + shift_of(chart, curve),
           y = chart_y(chart, estimate->speedup);
    char mark[16];
    if (isnan(y))
        return;
    svg_group_open(&chart->svg, "point", row_mark(chart->report->summary, row, mark));
    chart_add_tip(chart, row);
    chart_add_whisker(chart, x, estimate->speedup_interval.low, estimate->speedup_interval.high);
    svg_marker(&chart->svg, "dot", curve, x, y, 11);
    svg_group_close(&chart->svg);
}

/* The kernel can be chosen, so what belongs to one says so. */
static void open_curve(struct chart *chart, int curve)
{
    text_add(chart->svg.page, "<g class=\"s%d\" data-kernel=\"%d\">\n", curve, chart->sweep[curve]->kernel);
}

static void add_curve(struct chart *chart, int curve)
{
    const struct sweep *sweep = chart->sweep[curve];
    open_curve(chart, curve);
    chart_add_series(chart, sweep, "line", speedup_of, shift_of(chart, curve), false);
    chart_add_law(chart, sweep, shift_of(chart, curve));
    for (int i = 0; i < sweep->count; i++)
        add_point(chart, curve, &sweep->row[i]);
    svg_group_close(&chart->svg);
}

/* As much of a name as there is room for. */
static void add_short(struct text *text, const char *name)
{
    const char *end = name;
    for (int room = 17; room > 0 && *end != '\0'; room--)
        utf8_next(&end);
    text_add_bytes(text, name, (size_t)(end - name));
    text_add(text, "%s", *end != '\0' ? "…" : "");
}

/* Names stand beside the last points, pushed apart where these are close. */
static void add_labels(struct chart *chart)
{
    double at[SPEEDUP_CURVES];
    int order[SPEEDUP_CURVES], count = 0;
    for (int s = 0; s < chart->count; s++) {
        if (chart->sweep[s]->largest == NULL)
            continue;
        double y = chart_y(chart, chart->sweep[s]->largest->estimate.speedup);
        int i = count++;
        for (; i > 0 && at[order[i - 1]] > y; i--)
            order[i] = order[i - 1];
        order[i] = s;
        at[s] = isnan(y) ? bottom_edge : y;
    }
    for (int i = 1; i < count; i++)
        at[order[i]] = fmax(at[order[i]], at[order[i - 1]] + 20);
    double over = count > 0 ? fmax(0, at[order[count - 1]] - bottom_edge) : 0;
    for (int i = 0; i < count; i++) {
        const struct sweep *sweep = chart->sweep[order[i]];
        char ratio[HTML_WORD];
        struct text label = {0};
        add_short(&label, sweep->label);
        text_add(&label, " %s×", word_ratio(sweep->largest->estimate.speedup, ratio));
        double y = at[order[i]] - over;
        open_curve(chart, order[i]);
        svg_marker(&chart->svg, "dot", order[i], right_edge + 10, y, 10);
        svg_text(&chart->svg, "label", right_edge + 22, y + 5, "start", label.data);
        svg_group_close(&chart->svg);
        text_free(&label);
    }
}

/* ---- words ---- */

static bool has_speedup(const struct summary_row *row)
{
    return row != NULL && row->cell->threads > 1 && !isnan(row->estimate.speedup);
}

/* Without a team of two there is nothing to be seen. */
static bool has_team(const struct chart *chart)
{
    for (int s = 0; s < chart->count; s++)
        if (has_speedup(chart->sweep[s]->largest))
            return true;
    return false;
}

static void add_finding(struct text *text, const struct chart *chart)
{
    char ratio[HTML_WORD];
    int named = 0;
    for (int s = 0; s < chart->count; s++) {
        const struct summary_row *row = chart->sweep[s]->largest;
        if (!has_speedup(row))
            continue;
        text_add(text, "%s%s: %s times one thread with %d", named++ > 0 ? "; " : "", chart->sweep[s]->label,
            word_ratio(row->estimate.speedup, ratio), row->cell->threads);
    }
}

static void add_caption(struct text *page, const struct chart *chart, bool machine_ideal)
{
    size_t fewest = SIZE_MAX, most = 0;
    double level = 1;
    bool law = false;
    enum law which;
    bool cut = false;
    for (int s = 0; s < chart->count; s++) {
        law = law || laws_best(chart->sweep[s]->laws, &which) != NULL;
        for (int i = 0; i < chart->sweep[s]->count; i++) {
            const struct row_estimate *estimate = &chart->sweep[s]->row[i].estimate;
            if (isnan(estimate->speedup))
                continue;
            fewest = estimate->processes < fewest ? estimate->processes : fewest;
            most = estimate->processes > most ? estimate->processes : most;
            level = fmin(level, estimate->level);
            cut = cut || estimate->speedup_interval.high > chart->high;
        }
    }
    struct text caption = {0};
    text_add(&caption, "Speedup over one thread of the same variant, paired block by block.");
    if (most > 0)
        text_add(&caption, " Whiskers: intervals at %.3g%%, from %zu", 100 * level, fewest);
    if (most > fewest && most > 0)
        text_add(&caption, " to %zu", most);
    text_add(&caption, "%s Dashed: linear.%s%s", most > 0 ? " processes a point." : "",
        machine_ideal ? " Dotted: what these PUs are worth together, by their own measured rates." : "",
        law ? " Dash-dotted: fitted law, over the teams it was fitted to." : "");
    if (chart->count > 1)
        text_add(&caption, " Points at one thread count stand side by side so that all can be seen.");
    if (cut)
        text_add(&caption, " A whisker without an end goes on beyond the picture.");
    html_add_element(page, "figcaption", "", caption.data);
    text_free(&caption);
}

void html_add_speedup(struct text *page, const struct report *report, const char *id,
    const struct sweep *const *sweep, int count)
{
    struct chart chart = {.report = report,
        .sweep = sweep,
        .count = count,
        .height = HEIGHT,
        .right = right_edge,
        .tick_unit = ""};
    struct text finding = {0};
    if (!has_team(&chart))
        return;
    find_ranges(&chart);
    add_finding(&finding, &chart);
    text_add(page, "<figure><div class=\"scroll\">\n");
    chart.svg = svg_open(page, id, WIDTH, HEIGHT, finding.data,
        "Speedup over threads with intervals, beside the linear ideal. The table has the same numbers.");
    chart_add_axes(&chart, "speedup over one thread");
    chart_add_boundaries(&chart);
    chart_add_linear(&chart);
    bool machine_ideal = has_ideal(sweep[0]);
    chart_add_series(&chart, sweep[0], "machine", chart_machine_ideal, 0, true);
    for (int i = 0; i < count; i++)
        add_curve(&chart, i);
    add_labels(&chart);
    svg_close(&chart.svg);
    text_add(page, "</div>\n");
    add_caption(page, &chart, machine_ideal);
    text_add(page, "</figure>\n");
    text_free(&finding);
}
