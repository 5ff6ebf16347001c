/* The roofline on the page: measured roofs and one point a curve, both axes logarithmic. */
#include "harness/report/html_chart.h"
#include "harness/report/html_page.h"
#include "harness/report/roofline.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 900, HEIGHT = 470, LEFT = 70, RIGHT = 20, TOP = 30, BOTTOM = 56 };

struct picture {
    struct svg svg;
    const struct report *report;
    const struct roofline *roofline;
    int panel;
    const struct summary_row *most, *one;
};

static double place_x(const struct picture *picture, double intensity)
{
    double share =
        log(intensity / picture->roofline->left) / log(picture->roofline->right / picture->roofline->left);
    return LEFT + share * (WIDTH - LEFT - RIGHT);
}

static double place_y(const struct picture *picture, double gflops)
{
    double share =
        log(gflops / picture->roofline->low) / log(picture->roofline->high / picture->roofline->low);
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
}

static void add_axes(struct picture *picture)
{
    const double bottom = HEIGHT - BOTTOM, end = WIDTH - RIGHT;
    char word[32];
    for (double at = pow(10, ceil(log10(picture->roofline->low))); at <= picture->roofline->high; at *= 10) {
        snprintf(word, sizeof word, "%.4g", at);
        svg_line(&picture->svg, "grid", LEFT, place_y(picture, at), end, place_y(picture, at));
        svg_text(&picture->svg, "small soft", LEFT - 8, place_y(picture, at) + 4, "end", word);
    }
    for (double at = pow(10, ceil(log10(picture->roofline->left))); at <= picture->roofline->right;
         at *= 10) {
        snprintf(word, sizeof word, "%.4g", at);
        svg_line(&picture->svg, "axis", place_x(picture, at), bottom, place_x(picture, at), bottom + 5);
        svg_text(&picture->svg, "small soft", place_x(picture, at), bottom + 20, "middle", word);
    }
    svg_line(&picture->svg, "axis", LEFT, bottom, end, bottom);
    svg_text(&picture->svg, "small", (LEFT + end) / 2, HEIGHT - 12, "middle",
        "work ÷ compulsory traffic, FLOP/byte (logarithmic)");
    svg_text(&picture->svg, "small", 4, 16, "start", "GFLOP/s (logarithmic)");
}

/* Up the slope of memory and along the flat of arithmetic, as far as these were measured. */
static void add_roof(struct picture *picture, const struct summary_row *roof, const char *class)
{
    double peak = roof_peak(roof) / 1e9, bandwidth = roof_bandwidth(roof) / 1e9, x[3], y[3];
    double ridge = fmin(fmax(peak / bandwidth, picture->roofline->left), picture->roofline->right);
    double from = fmax(picture->roofline->left,
        isnan(bandwidth) ? picture->roofline->left : picture->roofline->low / bandwidth);
    const double at[3] = {from, isnan(ridge) ? from : ridge, picture->roofline->right};
    for (int i = 0; i < 3; i++) {
        x[i] = place_x(picture, at[i]);
        y[i] = place_y(picture, fmin(peak, bandwidth * at[i]));
    }
    svg_polyline(&picture->svg, class, x, y, 3);
}

static void add_key(struct text *page, const struct summary_row *roof, const char *class)
{
    struct text words = {0};
    roof_describe(roof, &words);
    chart_add_key_line(page, "", class, words.data);
    text_free(&words);
}

static void add_spot(struct picture *picture, const struct roof_spot *spot)
{
    const struct summary_row *row = spot->row;
    double x = place_x(picture, spot->intensity), y = place_y(picture, spot->gflops);
    double name_y = place_y(picture, spot->label_at);
    char mark[16], share[HTML_WORD];
    struct text name = {0}, tip = {0};
    row_add_name(&tip, row);
    text_add(&tip, ": %.4g GFLOP/s at %.3g FLOP/byte", spot->gflops, spot->intensity);
    text_add(&name, "%s %s", row->cell->kernel, row->cell->variant);
    if (!isnan(row->ceiling)) {
        word_percent(row->estimate.rate / row->ceiling, share);
        text_add(&name, " %s", share);
        text_add(&tip, ", %s of its roof", share);
    }
    svg_group_open(&picture->svg, "s0 point", row_mark(picture->report->summary, row, mark));
    svg_tooltip(&picture->svg, tip.data);
    svg_line(&picture->svg, "border", x, y, x + 11 * spot->side, name_y);
    svg_marker(&picture->svg, "dot", 0, x, y, 10);
    svg_text(&picture->svg, "small over", x + 14 * spot->side, name_y + 5, spot->side > 0 ? "start" : "end",
        name.data);
    svg_group_close(&picture->svg);
    text_free(&name);
    text_free(&tip);
}

static void add_title(struct text *title, const struct picture *picture)
{
    const struct summary_row *best = NULL;
    char share[HTML_WORD];
    for (int i = 0; i < picture->roofline->count; i++) {
        const struct roof_spot *spot = &picture->roofline->spot[i];
        if (spot->panel == picture->panel && !isnan(spot->row->ceiling) &&
            (best == NULL ||
                spot->row->estimate.rate / spot->row->ceiling > best->estimate.rate / best->ceiling))
            best = spot->row;
    }
    if (best == NULL)
        text_add(title, "No roof was measured over these rates");
    else
        text_add(title, "%s %s %s comes nearest to its measured roof: %s of it on %d thread%s",
            best->cell->kernel, best->cell->variant, best->cell->type,
            word_percent(best->estimate.rate / best->ceiling, share), best->cell->threads,
            best->cell->threads == 1 ? "" : "s");
}

static void add_panel(struct text *page, struct picture *picture, const char *type)
{
    struct text title = {0};
    char id[32];
    picture->most = roofline_roof(picture->report->summary, type, true);
    picture->one = roofline_roof(picture->report->summary, type, false);
    add_title(&title, picture);
    snprintf(id, sizeof id, "roofline-%d", picture->panel);
    text_add(page, "<figure>\n");
    html_add_element(page, "p", "class=\"finding\"", title.data);
    text_add(page, "<div class=\"scroll\">\n");
    picture->svg = svg_open(page, id, WIDTH, HEIGHT, title.data,
        "Rate over intensity, both logarithmic: a point for each curve's largest team under the measured "
        "roofs.");
    add_axes(picture);
    bool one = picture->one != NULL && (picture->most == NULL || picture->most->cell->threads > 1);
    if (one)
        add_roof(picture, picture->one, "ideal");
    if (picture->most != NULL)
        add_roof(picture, picture->most, "roofline");
    for (int i = 0; i < picture->roofline->count; i++)
        if (picture->roofline->spot[i].panel == picture->panel)
            add_spot(picture, &picture->roofline->spot[i]);
    svg_close(&picture->svg);
    text_add(page, "</div>\n");
    chart_open_key(page);
    chart_add_key_marker(page, "s0", "dot", 0, "largest team of a variant, and its share of the roof");
    if (picture->most != NULL)
        add_key(page, picture->most, "roofline");
    if (one)
        add_key(page, picture->one, "ideal");
    chart_close_key(page);
    text_add(page, "</figure>\n");
    text_free(&title);
}

void html_add_roofline(struct text *page, const struct report *report)
{
    struct roofline roofline;
    roofline_find(report->summary, &roofline);
    text_add(page, "<h2 id=\"roofline\">Roofline</h2>\n");
    if (roofline.count == 0)
        text_add(
            page, "<p>No kernel of this run has both work and traffic to be drawn over each other.</p>\n");
    for (int i = 0; i < roofline.count; i++) {
        struct picture picture = {.report = report, .roofline = &roofline, .panel = roofline.spot[i].panel};
        if (i == 0 || roofline.spot[i - 1].panel != picture.panel)
            add_panel(page, &picture, roofline.spot[i].row->cell->type);
    }
    if (roofline.count > 0)
        text_add(page,
            "<p class=\"soft\">Work and traffic are the problem's, whatever a variant does: so "
            "all variants of a kernel "
            "stand above each other, and one that skips work, or does some in a narrower type, may stand "
            "above the roof. Percentages are of its own ceiling, measured in the same blocks.</p>\n");
    if (roofline.left_out > 0)
        text_add(page, "<p class=\"soft\">%d more curves are in the table only.</p>\n", roofline.left_out);
}
