/* Speedup against threads: points with intervals, the linear ideal, the ideal of this machine, fitted laws
 * and the boundaries of the machine, across which no line is joined. Few threads stand on linear scales; many
 * on logarithmic ones, where the linear ideal is a straight line too. */
#include "harness/report/html.h"
#include "harness/report/html_page.h"
#include "harness/report/markup.h"
#include "harness/store/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 800, HEIGHT = 430, LEFT = 62, RIGHT = 230, TOP = 30, BOTTOM = 56, LINEAR_UP_TO = 16 };
static const double right_edge = WIDTH - RIGHT, bottom_edge = HEIGHT - BOTTOM;
static const double dodge = 8; /* pixels between curves that meet at one thread count */

struct chart {
    struct svg svg;
    const struct report *report;
    const struct sweep *const *sweep;
    int count;
    bool logarithmic;
    double most_threads, low, high; /* of the axes */
};

static double place_x(const struct chart *chart, double threads)
{
    double most = chart->most_threads, room = right_edge - LEFT - 40;
    double share = most <= 1            ? 0.5
                   : chart->logarithmic ? log2(threads) / log2(most)
                                        : (threads - 1) / (most - 1);
    return LEFT + 20 + share * room;
}

static double place_y(const struct chart *chart, double speedup)
{
    double share = chart->logarithmic ? log2(speedup / chart->low) / log2(chart->high / chart->low)
                                      : (speedup - chart->low) / (chart->high - chart->low);
    return bottom_edge - share * (bottom_edge - TOP);
}

static double shift_of(const struct chart *chart, int curve)
{
    return (curve - (chart->count - 1) / 2.0) * dodge;
}

/* The axes hold every interval and the linear ideal, which tells more than the curve alone. */
static void find_ranges(struct chart *chart)
{
    double least = 1, most = 1;
    chart->most_threads = 1;
    for (int s = 0; s < chart->count; s++)
        for (int i = 0; i < chart->sweep[s]->count; i++) {
            const struct summary_row *row = &chart->sweep[s]->row[i];
            const struct row_estimate *estimate = &row->estimate;
            chart->most_threads = fmax(chart->most_threads, row->cell->threads);
            most = fmax(most, fmax(estimate->speedup, estimate->speedup_interval.high));
            least = fmin(least, fmin(estimate->speedup, estimate->speedup_interval.low));
        }
    chart->logarithmic = chart->most_threads > LINEAR_UP_TO;
    most = fmax(most, chart->most_threads);
    chart->low = chart->logarithmic ? exp2(floor(log2(fmax(least, 1.0 / 64)))) : 0;
    chart->high = chart->logarithmic ? fmin(most, 1e6) * 1.15 : fmin(most, 1e6) * 1.05;
    if (chart->high < chart->low * 1.5)
        chart->high = chart->low + 1;
}

static double tick_step(const struct chart *chart)
{
    double rough = chart->high / 6, power = pow(10, floor(log10(rough)));
    return rough <= power       ? power
           : rough <= 2 * power ? 2 * power
           : rough <= 5 * power ? 5 * power
                                : 10 * power;
}

static void add_tick(struct chart *chart, double speedup)
{
    char word[32];
    double y = place_y(chart, speedup);
    snprintf(word, sizeof word, "%.4g", speedup);
    svg_line(&chart->svg, "grid", LEFT, y, right_edge, y);
    svg_text(&chart->svg, "small soft", LEFT - 8, y + 4, "end", word);
}

/* A thread count has its number where there is room; the largest always has. */
static void add_thread_ticks(struct chart *chart)
{
    double taken = INFINITY;
    char word[32];
    for (int threads = (int)chart->most_threads; threads >= 1; threads--) {
        bool measured = false;
        for (int s = 0; s < chart->count && !measured; s++)
            for (int i = 0; i < chart->sweep[s]->count && !measured; i++)
                measured = chart->sweep[s]->row[i].cell->threads == threads;
        double x = place_x(chart, threads);
        if (!measured)
            continue;
        svg_line(&chart->svg, "axis", x, bottom_edge, x, bottom_edge + 5);
        if (taken - x < 30)
            continue;
        snprintf(word, sizeof word, "%d", threads);
        svg_text(&chart->svg, "small soft", x, bottom_edge + 20, "middle", word);
        taken = x;
    }
}

static void add_axes(struct chart *chart)
{
    if (chart->logarithmic)
        for (double at = chart->low; at <= chart->high; at *= 2)
            add_tick(chart, at);
    else
        for (double at = 0, step = tick_step(chart); at <= chart->high; at += step)
            add_tick(chart, at);
    svg_line(&chart->svg, "axis", LEFT, bottom_edge, right_edge, bottom_edge);
    add_thread_ticks(chart);
    svg_text(&chart->svg, "small", (LEFT + right_edge) / 2, HEIGHT - 12, "middle",
        chart->logarithmic ? "threads (logarithmic)" : "threads");
    svg_text(&chart->svg, "small", 4, 16, "start",
        chart->logarithmic ? "speedup over one thread (logarithmic)" : "speedup over one thread");
}

/* Drawn once for each place, whichever curve has it. */
static void add_boundaries(struct chart *chart)
{
    const struct sweep *sweep = chart->sweep[0];
    char words[48];
    for (int i = 1; i < sweep->count; i++) {
        if (sweep_boundary(sweep, i, words) == NULL)
            continue;
        double x =
            (place_x(chart, sweep->row[i - 1].cell->threads) + place_x(chart, sweep->row[i].cell->threads)) /
            2;
        svg_line(&chart->svg, "border", x, TOP, x, bottom_edge);
        svg_text(&chart->svg, "small soft", x - 4, bottom_edge - 8, "end", words);
    }
}

/* ---- what could be had ---- */

enum { CURVE_POINTS = 64 };

static void add_linear(struct chart *chart)
{
    double x[CURVE_POINTS], y[CURVE_POINTS];
    for (int i = 0; i < CURVE_POINTS; i++) {
        double threads = pow(chart->most_threads, i / (CURVE_POINTS - 1.0));
        x[i] = place_x(chart, threads);
        y[i] = place_y(chart, threads);
    }
    svg_polyline(&chart->svg, "ideal", x, y, CURVE_POINTS);
}

/* What the PUs of the teams are worth together: of the first curve, for the others have the same PUs. */
static bool add_machine_ideal(struct chart *chart)
{
    const struct sweep *sweep = chart->sweep[0];
    double x[2], y[2];
    bool any = false;
    for (int i = 1; i < sweep->count; i++) {
        char words[48];
        for (int end = 0; end < 2; end++) {
            const struct summary_row *row = &sweep->row[i - 1 + end];
            x[end] = place_x(chart, row->cell->threads);
            y[end] = place_y(chart, row->cell->threads == 1 ? 1 : row->diagnosis.ideal);
        }
        any = any || !isnan(y[1]);
        if (sweep_boundary(sweep, i, words) == NULL)
            svg_polyline(&chart->svg, "machine", x, y, 2);
        else
            svg_line(&chart->svg, "machine", x[1] - 10, y[1], x[1] + 10, y[1]);
    }
    return any;
}

/* The law that fits this curve best, not adjusted for anything; NULL none. */
static const struct law_fit *fitted_law(const struct sweep *sweep, enum law *which)
{
    const struct law_fit *best = NULL;
    for (enum law law = LAW_AMDAHL; sweep->laws->why_none == NULL && law <= LAW_USL; law++) {
        const struct law_fit *fit = &sweep->laws->fit[law][0];
        if (!fit->fitted || (best != NULL && best->worst_residual <= fit->worst_residual))
            continue;
        best = fit;
        *which = law;
    }
    return best;
}

/* Over the teams that it was fitted to. */
static void add_law(struct chart *chart, int curve)
{
    const struct sweep *sweep = chart->sweep[curve];
    enum law law = LAW_AMDAHL;
    const struct law_fit *fit = fitted_law(sweep, &law);
    double x[CURVE_POINTS], y[CURVE_POINTS];
    if (fit == NULL)
        return;
    int count = 0, last = sweep->laws->last->cell->threads;
    for (int threads = 1; threads <= last && count < CURVE_POINTS;
         threads += 1 + threads / (CURVE_POINTS / 4), count++) {
        x[count] = place_x(chart, threads) + shift_of(chart, curve);
        y[count] = place_y(chart, law_speedup(law, fit, threads));
    }
    svg_polyline(&chart->svg, "law", x, y, count);
}

/* ---- what was measured ---- */

static void add_tip(struct chart *chart, const struct summary_row *row)
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
    double x = place_x(chart, row->cell->threads) + shift_of(chart, curve),
           y = place_y(chart, estimate->speedup);
    double low = place_y(chart, estimate->speedup_interval.low);
    double high = place_y(chart, estimate->speedup_interval.high);
    char mark[16];
    if (isnan(y))
        return;
    svg_group_open(&chart->svg, "point", row_mark(chart->report->summary, row, mark));
    add_tip(chart, row);
    svg_line(&chart->svg, "whisker", x, low, x, high);
    svg_line(&chart->svg, "whisker", x - 4, low, x + 4, low);
    svg_line(&chart->svg, "whisker", x - 4, high, x + 4, high);
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
    char words[48];
    open_curve(chart, curve);
    for (int i = 1; i < sweep->count; i++) {
        double x[2], y[2];
        for (int end = 0; end < 2; end++) {
            const struct summary_row *row = &sweep->row[i - 1 + end];
            x[end] = place_x(chart, row->cell->threads) + shift_of(chart, curve);
            y[end] = place_y(chart, row->estimate.speedup);
        }
        if (sweep_boundary(sweep, i, words) == NULL)
            svg_polyline(&chart->svg, "line", x, y, 2);
    }
    add_law(chart, curve);
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
        double y = place_y(chart, chart->sweep[s]->largest->estimate.speedup);
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
    for (int s = 0; s < chart->count; s++) {
        law = law || fitted_law(chart->sweep[s], &which) != NULL;
        for (int i = 0; i < chart->sweep[s]->count; i++) {
            const struct row_estimate *estimate = &chart->sweep[s]->row[i].estimate;
            if (isnan(estimate->speedup))
                continue;
            fewest = estimate->processes < fewest ? estimate->processes : fewest;
            most = estimate->processes > most ? estimate->processes : most;
            level = fmin(level, estimate->level);
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
    html_add_element(page, "figcaption", "", caption.data);
    text_free(&caption);
}

void html_add_speedup(struct text *page, const struct report *report, const char *id,
    const struct sweep *const *sweep, int count)
{
    struct chart chart = {.report = report, .sweep = sweep, .count = count};
    struct text finding = {0};
    if (!has_team(&chart))
        return;
    find_ranges(&chart);
    add_finding(&finding, &chart);
    text_add(page, "<figure><div class=\"scroll\">\n");
    chart.svg = svg_open(page, id, WIDTH, HEIGHT, finding.data,
        "Speedup over threads with intervals, beside the linear ideal. The table has the same numbers.");
    add_axes(&chart);
    add_boundaries(&chart);
    add_linear(&chart);
    bool machine_ideal = add_machine_ideal(&chart);
    for (int i = 0; i < count; i++)
        add_curve(&chart, i);
    add_labels(&chart);
    svg_close(&chart.svg);
    text_add(page, "</div>\n");
    add_caption(page, &chart, machine_ideal);
    text_add(page, "</figure>\n");
    text_free(&finding);
}
