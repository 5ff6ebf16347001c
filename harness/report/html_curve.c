/* One curve with everything that was measured of it: both bases, every block, what could be had, the law that
 * fits; and beside it the same as a share of full speed. Refuses to compare curves: html_speedup.c does. */
#include "harness/report/html_chart.h"
#include "harness/report/html_page.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 620, HEIGHT = 380, RIGHT = 20 };
static const double away = 9;  /* pixels from a point to its blocks */
static const double aside = 7; /* pixels from a point to that of the other kind at the same threads */

static struct chart new_chart(const struct report *report, const struct sweep *const *sweep)
{
    struct chart chart = {.report = report,
        .sweep = sweep,
        .count = 1,
        .height = HEIGHT,
        .right = WIDTH - RIGHT,
        .tick_unit = ""};
    chart_find_threads(&chart);
    return chart;
}

static bool has_serial(const struct sweep *sweep)
{
    for (int i = 0; i < sweep->count; i++)
        if (!isnan(sweep->row[i].estimate.speedup_vs_serial))
            return true;
    return false;
}

static double over_serial(const struct summary_row *row)
{
    return row->estimate.speedup_vs_serial;
}

static double over_one(const struct summary_row *row)
{
    return row->estimate.speedup;
}

/* ---- speedup ---- */

static void find_range(struct chart *chart)
{
    const struct sweep *sweep = chart->sweep[0];
    double least = 1, most = 1, reach = 1;
    chart->logarithmic = chart->wide;
    for (int i = 0; i < sweep->count; i++) {
        const struct row_estimate *estimate = &sweep->row[i].estimate;
        most = fmax(
            fmax(most, sweep->row[i].diagnosis.ideal), fmax(estimate->speedup, estimate->speedup_vs_serial));
        least = fmin(least, fmin(estimate->speedup, estimate->speedup_vs_serial));
        reach = fmax(reach, fmax(estimate->speedup_interval.high, estimate->speedup_vs_serial_interval.high));
    }
    chart_set_range(chart, least, fmax(most, chart->most_threads), reach);
}

/* One thread's time over this row's, block by block. */
static void add_blocks(struct chart *chart, const struct summary_row *row)
{
    const struct counted_processes *counted = &chart->report->counted;
    int id = row->cell->id;
    if (!row->verified || row->base == NULL || row->base == row)
        return;
    size_t begin = counted->first[id], count = counted->first[id + 1] - begin;
    double *base = memory_new(count, sizeof *base);
    double scale = strcmp(row->cell->scaling, "weak") == 0 ? row->cell->threads : 1;
    double x = chart_x(chart, row->cell->threads) + away;
    counted_align(counted, id, row->base->cell->id, base);
    for (size_t i = 0; i < count; i++) {
        double speedup = scale * base[i] / counted->seconds[begin + i];
        if (speedup >= chart->low && speedup <= chart->high)
            svg_marker(&chart->svg, "sample", 0, x, chart_y(chart, speedup), 4);
    }
    free(base);
}

static void add_point(struct chart *chart, const struct summary_row *row, chart_value *value,
    const struct interval *interval, int shape)
{
    double x = chart_x(chart, row->cell->threads) - (shape == 0 ? 0 : aside), y = chart_y(chart, value(row));
    char mark[16];
    if (isnan(y))
        return;
    svg_group_open(&chart->svg, "point", row_mark(chart->report->summary, row, mark));
    chart_add_tip(chart, row);
    chart_add_whisker(chart, x, interval->low, interval->high);
    svg_marker(&chart->svg, "dot", shape, x, y, 10);
    svg_group_close(&chart->svg);
}

static void add_key(struct text *page, const struct sweep *sweep, const char *curve)
{
    struct text words = {0}, law = {0};
    enum law which = LAW_AMDAHL;
    const struct law_fit *fit = laws_best(sweep->laws, &which);
    const struct row_estimate *estimate = &sweep->largest->estimate;
    laws_add_words(&law, which, fit);
    text_add(
        &words, "over one thread, %.3g%% interval (n = %zu)", 100 * estimate->level, estimate->processes);
    chart_open_key(page);
    chart_add_key_marker(page, curve, "dot", 0, words.data);
    chart_add_key_marker(page, curve, "sample", 0, "one block");
    if (has_serial(sweep))
        chart_add_key_marker(page, "serial", "dot", 1, "over the serial build");
    chart_add_key_line(page, "", "ideal", "linear");
    if (!isnan(sweep->largest->diagnosis.ideal))
        chart_add_key_line(
            page, "", "machine", "machine's ideal: what its PUs are worth together, as measured");
    if (fit != NULL)
        chart_add_key_line(page, curve, "law", law.data);
    chart_close_key(page);
    text_free(&words);
    text_free(&law);
}

static void add_speedup(struct text *page, const struct report *report, const struct sweep *sweep, int number)
{
    struct chart chart = new_chart(report, &sweep);
    const struct summary_row *row = sweep->largest;
    char id[32], curve[8], over[HTML_WORD], serial[HTML_WORD];
    struct text finding = {0};
    text_add(&finding, "%s: %d threads are %s times as fast as one", sweep->label, row->cell->threads,
        word_ratio(row->estimate.speedup, over));
    if (!isnan(over_serial(row)))
        text_add(&finding, ", %s times as fast as the serial build", word_ratio(over_serial(row), serial));
    snprintf(id, sizeof id, "curve-%d", number);
    snprintf(curve, sizeof curve, "s%d", number);
    find_range(&chart);
    text_add(page, "<figure>\n");
    html_add_element(page, "p", "class=\"finding\"", finding.data);
    text_add(page, "<div class=\"scroll\">\n");
    chart.svg = svg_open(page, id, WIDTH, HEIGHT, finding.data,
        "Speedup over threads against both bases, with intervals and every block, beside the linear ideal, "
        "the ideal of "
        "this machine and the law that fits.");
    chart_add_axes(&chart, "speedup");
    chart_add_boundaries(&chart);
    chart_add_linear(&chart);
    chart_add_series(&chart, sweep, "machine", chart_machine_ideal, 0, true);
    text_add(page, "<g class=\"serial\">\n");
    chart_add_series(&chart, sweep, "line", over_serial, -aside, false);
    for (int i = 0; i < sweep->count; i++)
        add_point(&chart, &sweep->row[i], over_serial, &sweep->row[i].estimate.speedup_vs_serial_interval, 1);
    text_add(page, "</g>\n<g class=\"%s\">\n", curve);
    chart_add_series(&chart, sweep, "line", over_one, 0, false);
    chart_add_law(&chart, sweep, 0);
    for (int i = 0; i < sweep->count; i++)
        add_blocks(&chart, &sweep->row[i]);
    for (int i = 0; i < sweep->count; i++)
        add_point(&chart, &sweep->row[i], over_one, &sweep->row[i].estimate.speedup_interval, 0);
    text_add(page, "</g>\n");
    svg_close(&chart.svg);
    text_add(page, "</div>\n");
    add_key(page, sweep, curve);
    text_add(page, "</figure>\n");
    text_free(&finding);
}

/* ---- efficiency ---- */

static double per_pu(const struct summary_row *row)
{
    return 100 * row->estimate.efficiency;
}

static double per_core(const struct summary_row *row)
{
    return row->cell->cores > 0 ? 100 * row->estimate.speedup / row->cell->cores : NAN;
}

static double ideal_share(const struct summary_row *row)
{
    return 100 * chart_machine_ideal(row) / row->cell->threads;
}

/* Cores and threads are the same number until a core has two. */
static bool cores_differ(const struct sweep *sweep)
{
    for (int i = 0; i < sweep->count; i++)
        if (sweep->row[i].cell->cores > 0 && sweep->row[i].cell->cores != sweep->row[i].cell->threads)
            return true;
    return false;
}

static void add_share_finding(struct text *finding, const struct sweep *sweep)
{
    const struct summary_row *row = sweep->largest;
    char share[HTML_WORD], core[HTML_WORD], ideal[HTML_WORD];
    text_add(finding, "%s: each of %d threads does %s of its full share", sweep->label, row->cell->threads,
        word_percent(row->estimate.efficiency, share));
    if (cores_differ(sweep))
        text_add(finding, ", each of %d cores %s", row->cell->cores, word_percent(per_core(row) / 100, core));
    if (!isnan(row->diagnosis.ideal))
        text_add(finding, "; this machine allows %s a thread", word_percent(ideal_share(row) / 100, ideal));
}

static void add_share(struct text *page, const struct report *report, const struct sweep *sweep, int number)
{
    struct chart chart = new_chart(report, &sweep);
    bool both = cores_differ(sweep);
    char id[32], curve[8];
    struct text finding = {0};
    add_share_finding(&finding, sweep);
    snprintf(id, sizeof id, "efficiency-%d", number);
    snprintf(curve, sizeof curve, "s%d", number);
    double most = 100, reach = 100;
    for (int i = 0; i < sweep->count; i++) {
        most = fmax(
            most, fmax(per_pu(&sweep->row[i]), fmax(per_core(&sweep->row[i]), ideal_share(&sweep->row[i]))));
        reach = fmax(reach, 100 * sweep->row[i].estimate.efficiency_high);
    }
    chart_set_range(&chart, 0, most, reach);
    chart.tick_unit = "%";
    chart.falls = true;
    text_add(page, "<figure>\n");
    html_add_element(page, "p", "class=\"finding\"", finding.data);
    text_add(page, "<div class=\"scroll\">\n");
    chart.svg = svg_open(page, id, WIDTH, HEIGHT, finding.data,
        "Efficiency over threads with intervals, per PU and per core, beside what this machine allows.");
    chart_add_axes(&chart, "share of full speed");
    chart_add_boundaries(&chart);
    svg_line(&chart.svg, "ideal", CHART_LEFT, chart_y(&chart, 100), chart.right, chart_y(&chart, 100));
    chart_add_series(&chart, sweep, "machine", ideal_share, 0, true);
    text_add(page, "<g class=\"serial\">\n");
    for (int i = 0; both && i < sweep->count; i++)
        add_point(&chart, &sweep->row[i], per_core, &(struct interval){NAN, NAN, NAN}, 1);
    text_add(page, "</g>\n<g class=\"%s\">\n", curve);
    chart_add_series(&chart, sweep, "line", per_pu, 0, false);
    for (int i = 0; i < sweep->count; i++) {
        const struct row_estimate *estimate = &sweep->row[i].estimate;
        const struct interval interval = {100 * estimate->efficiency_low, 100 * estimate->efficiency_high, 0};
        add_point(&chart, &sweep->row[i], per_pu, &interval, 0);
    }
    text_add(page, "</g>\n");
    svg_close(&chart.svg);
    text_add(page, "</div>\n");
    chart_open_key(page);
    chart_add_key_marker(page, curve, "dot", 0, "speedup ÷ threads (per PU), with interval");
    if (both)
        chart_add_key_marker(page, "serial", "dot", 1, "speedup ÷ cores of the team");
    chart_add_key_line(page, "", "ideal", "linear");
    if (!isnan(sweep->largest->diagnosis.ideal))
        chart_add_key_line(page, "", "machine", "machine's ideal ÷ threads");
    chart_close_key(page);
    text_add(page, "</figure>\n");
    text_free(&finding);
}

void html_add_curve(struct text *page, const struct report *report, const struct sweep *sweep, int number)
{
    const struct summary_row *row = sweep->largest;
    if (row == NULL || row->cell->threads < 2 || isnan(row->estimate.speedup))
        return;
    text_add(page, "<div class=\"pair\" data-kernel=\"%d\">\n", sweep->kernel);
    add_speedup(page, report, sweep, number);
    add_share(page, report, sweep, number);
    text_add(page, "</div>\n");
}
