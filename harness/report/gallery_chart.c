/* Curves over each other. Colour, marker and dash follow from the machine's number, so that a machine looks
 * the same in every picture and ninety-six can be told apart without colour. Lines end where the row beyond
 * lies across a boundary of the machine. */
#include "harness/report/gallery_chart.h"

#include "harness/report/gallery_axis.h"
#include "harness/report/gallery_words.h"
#include "harness/report/markup.h"
#include "harness/store/utf8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLORS = 8, SHAPES = 6, DASHES = 4, LABELS_MAX = 16, LABEL_POINTS = 24, WHISKERS_MAX = 6 };

/* Up to this many threads both axes are linear, and the ideal is the diagonal of the picture. */
enum { LINEAR_THREADS = 16 };

struct picture {
    struct svg svg;
    const struct gallery *gallery;
    const struct gallery_panel *panel;
    enum gallery_value value;
    struct gallery_axis x, y;
    double width, height;
    bool wide;
};

static double value_of(const struct summary_row *row, enum gallery_value value)
{
    if (!row->verified)
        return NAN;
    switch (value) {
    case GALLERY_SPEEDUP:
        return row->estimate.speedup;
    case GALLERY_TIME:
        return row->estimate.median_s;
    case GALLERY_RATE:
        break;
    }
    return row->cell->rate != RATE_NONE ? row->estimate.rate / 1e9 : NAN;
}

static const char *unit_of(const struct picture *picture)
{
    const char *rate = cell_rate_unit(picture->panel->rate);
    return picture->value == GALLERY_SPEEDUP ? "speedup"
           : picture->value == GALLERY_TIME  ? "time"
           : rate != NULL                    ? rate
                                             : "";
}

/* The extremes of a value over all rows, and the largest team that has one. */
static bool find_range(
    const struct gallery_panel *panel, enum gallery_value value, double *low, double *high, int *threads)
{
    bool found = false;
    for (int c = 0; c < panel->curve_count; c++)
        for (int r = 0; r < panel->curve[c].count; r++) {
            const struct summary_row *row = panel->curve[c].row[r];
            double is = value_of(row, value);
            if (!isfinite(is) || is <= 0)
                continue;
            *low = found ? fmin(*low, is) : is;
            *high = found ? fmax(*high, is) : is;
            *threads = found && *threads > row->cell->threads ? *threads : row->cell->threads;
            found = true;
        }
    return found;
}

bool gallery_chart_has(const struct gallery_panel *panel, enum gallery_value value)
{
    double low, high;
    int threads;
    return find_range(panel, value, &low, &high, &threads);
}

/* ---- axes ---- */

static void tick_word(double tick, char *word, size_t size)
{
    snprintf(word, size, tick >= 1e5 || (tick > 0 && tick < 1e-3) ? "%.0e" : "%.5g", tick);
}

static void draw_axes(struct picture *picture)
{
    struct svg *svg = &picture->svg;
    double tick[GALLERY_TICKS_MAX], left = picture->x.from, right = picture->x.to, bottom = picture->y.from;
    char word[32];
    int count = gallery_axis_ticks(&picture->y, false, tick);
    svg_group_open(svg, "axes", NULL);
    for (int i = 0; i < count; i++) {
        double y = gallery_axis_place(&picture->y, tick[i]);
        svg_line(svg, "grid", left, y, right, y);
        if (picture->value == GALLERY_TIME && tick[i] > 0)
            text_seconds(tick[i], word, sizeof word);
        else
            tick_word(tick[i], word, sizeof word);
        svg_text(svg, "tick", left - 7, y + 4, "end", word);
    }
    count = gallery_axis_ticks(&picture->x, true, tick);
    for (int i = 0; i < count; i++) {
        double x = gallery_axis_place(&picture->x, tick[i]);
        if (tick[i] < 1)
            continue;
        svg_line(svg, "grid", x, bottom, x, bottom + 4);
        tick_word(tick[i], word, sizeof word);
        svg_text(svg, "tick", x, bottom + 18, "middle", word);
    }
    svg_line(svg, "axis", left, bottom, right, bottom);
    svg_text(svg, "name", (left + right) / 2, bottom + 36, "middle", "threads");
    svg_text(svg, "name", left, picture->y.to - 10, "start", unit_of(picture));
    svg_group_close(svg);
}

/* As far as the picture goes in both directions. */
static void draw_ideal(struct picture *picture)
{
    double low = fmax(picture->x.low, picture->y.low);
    double high = fmin(picture->x.high, picture->y.high);
    double x[2] = {gallery_axis_place(&picture->x, low), gallery_axis_place(&picture->x, high)};
    double y[2] = {gallery_axis_place(&picture->y, low), gallery_axis_place(&picture->y, high)};
    svg_group_open(&picture->svg, "ideal", NULL);
    svg_tooltip(&picture->svg, "linear ideal: as many times faster as there are threads");
    svg_polyline(&picture->svg, "", x, y, 2);
    svg_text(&picture->svg, "tick", x[1] - 12, y[1] + 6, "end", "linear");
    svg_group_close(&picture->svg);
}

/* ---- curves ---- */

static void add_tooltip(const struct picture *picture, const char *label, const struct summary_row *row)
{
    const struct row_estimate *estimate = &row->estimate;
    struct text text = {0};
    char time[32], low[16], high[16], speedup[16];
    text_add(&text, "%s: %d thread%s, %s", label, row->cell->threads, row->cell->threads == 1 ? "" : "s",
        text_seconds(estimate->median_s, time, sizeof time));
    text_add(&text, ", speedup %s (%s–%s, %.0f %% level, %zu processes)",
        gallery_number(speedup, sizeof speedup, 2, estimate->speedup),
        gallery_number(low, sizeof low, 2, estimate->speedup_interval.low),
        gallery_number(high, sizeof high, 2, estimate->speedup_interval.high),
        isfinite(estimate->level) ? 100 * estimate->level : 0, estimate->processes);
    if (isfinite(estimate->rate) && row->cell->rate != RATE_NONE)
        text_add(&text, ", %.4g %s", estimate->rate / 1e9, cell_rate_unit(row->cell->rate));
    text_add(&text, ", limit: %s", limit_name(row->diagnosis.limit));
    struct svg svg = picture->svg;
    svg_tooltip(&svg, text.data);
    text_free(&text);
}

static void draw_whisker(struct picture *picture, const struct summary_row *row, double x)
{
    const struct interval *interval = &row->estimate.speedup_interval;
    double low = gallery_axis_place(&picture->y, interval->low),
           high = gallery_axis_place(&picture->y, interval->high);
    if (picture->value == GALLERY_SPEEDUP && picture->panel->curve_count <= WHISKERS_MAX && isfinite(low) &&
        isfinite(high))
        svg_line(&picture->svg, "whisker", x, low, x, high);
}

/* Lines first, points over them. */
static void draw_curve(struct picture *picture, const struct gallery_curve *curve)
{
    double *x = memory_new((size_t)curve->count + 1, sizeof *x);
    double *y = memory_new((size_t)curve->count + 1, sizeof *y);
    char *label = gallery_curve_label(picture->gallery, picture->panel, curve);
    char class[40], data[24];
    snprintf(class, sizeof class, "curve k%d d%d", curve->machine % COLORS, curve->machine / COLORS % DASHES);
    snprintf(data, sizeof data, "m%d", curve->machine);
    svg_group_open(&picture->svg, class, data);
    for (int i = 0; i < curve->count; i++) {
        x[i] = gallery_axis_place(&picture->x, curve->row[i]->cell->threads);
        y[i] = gallery_axis_place(&picture->y, value_of(curve->row[i], picture->value));
    }
    for (int from = 0, to; from < curve->count; from = to) {
        for (to = from + 1; to < curve->count && gallery_joined(curve->row[to - 1], curve->row[to]); to++)
            continue;
        svg_polyline(&picture->svg, "line", x + from, y + from, to - from);
    }
    for (int i = 0; i < curve->count; i++) {
        if (!isfinite(x[i]) || !isfinite(y[i]))
            continue;
        svg_group_open(&picture->svg, "point", NULL);
        add_tooltip(picture, label, curve->row[i]);
        draw_whisker(picture, curve->row[i], x[i]);
        svg_marker(&picture->svg, "mark", curve->machine % SHAPES, x[i], y[i], picture->wide ? 9 : 7);
        svg_group_close(&picture->svg);
    }
    svg_group_close(&picture->svg);
    free(label);
    free(x);
    free(y);
}

/* ---- labels beside the ends ---- */

struct end {
    const struct gallery_curve *curve;
    double x, y, at;
};

static int end_order(const void *left, const void *right)
{
    const struct end *a = left, *b = right;
    return (a->y > b->y) - (a->y < b->y);
}

/* At most so many code points of a label. */
static char *short_label(const char *label)
{
    struct text text = {0};
    const char *cursor = label;
    for (int i = 0; i < LABEL_POINTS && utf8_next(&cursor) != 0; i++)
        continue;
    text_add_bytes(&text, label, (size_t)(cursor - label));
    text_add(&text, "%s", *cursor != '\0' ? "…" : "");
    return text.data;
}

static int find_ends(const struct picture *picture, struct end end[LABELS_MAX])
{
    int count = 0;
    for (int c = 0; c < picture->panel->curve_count; c++) {
        const struct gallery_curve *curve = &picture->panel->curve[c];
        if (curve->largest == NULL)
            continue;
        double x = gallery_axis_place(&picture->x, curve->largest->cell->threads),
               y = gallery_axis_place(&picture->y, value_of(curve->largest, picture->value));
        if (isfinite(x) && isfinite(y))
            end[count++] = (struct end){curve, x, y, y};
    }
    qsort(end, (size_t)count, sizeof *end, end_order);
    return count;
}

/* Spread so that none covers another, first downwards, then back up from the bottom. */
static void draw_labels(struct picture *picture)
{
    const double gap = 15;
    struct end end[LABELS_MAX];
    int count = find_ends(picture, end);
    for (int i = 1; i < count; i++)
        end[i].at = fmax(end[i].at, end[i - 1].at + gap);
    for (int i = count - 1; i >= 0; i--)
        end[i].at = fmin(end[i].at, i + 1 < count ? end[i + 1].at - gap : picture->y.from);
    for (int i = 0; i < count; i++) {
        char class[40], data[24];
        char *label = gallery_curve_label(picture->gallery, picture->panel, end[i].curve);
        char *words = short_label(label);
        int machine = end[i].curve->machine;
        snprintf(class, sizeof class, "curve k%d", machine % COLORS);
        snprintf(data, sizeof data, "m%d", machine);
        svg_group_open(&picture->svg, class, data);
        svg_line(&picture->svg, "leader", end[i].x + 6, end[i].y, picture->x.to + 12, end[i].at);
        svg_text(&picture->svg, "label", picture->x.to + 16, end[i].at + 4, "start", words);
        svg_group_close(&picture->svg);
        free(label);
        free(words);
    }
}

/* ---- the picture ---- */

static const char *const value_names[] = {"speedup", "time", "rate"};

/* What the labels need beside the picture; every code point is about this wide. */
static double label_room(const struct picture *picture)
{
    size_t columns = 0;
    if (!picture->wide || picture->panel->curve_count > LABELS_MAX)
        return 16;
    for (int c = 0; c < picture->panel->curve_count; c++) {
        char *label = gallery_curve_label(picture->gallery, picture->panel, &picture->panel->curve[c]);
        char *words = short_label(label);
        columns = text_columns(words) > columns ? text_columns(words) : columns;
        free(label);
        free(words);
    }
    return 26 + 8 * (double)columns;
}

static void set_axes(struct picture *picture, double low, double high, int threads)
{
    bool many = threads > LINEAR_THREADS, speedup = picture->value == GALLERY_SPEEDUP;
    double left = picture->wide ? 58 : 66, right = picture->width - label_room(picture);
    double bottom = picture->height - 48, top = 34;
    /* Times of unlike machines lie far apart whatever the number of threads. */
    enum gallery_scale scale = speedup && many                        ? SCALE_DOUBLINGS
                               : !speedup && (many || high > 8 * low) ? SCALE_DECADES
                                                                      : SCALE_LINEAR;
    if (many)
        picture->x = gallery_axis_make(1, threads, SCALE_DOUBLINGS, left, right);
    else
        picture->x = gallery_axis_make(
            1 - 0.08 * (threads - 1), threads + 0.03 * (threads - 1), SCALE_LINEAR, left, right);
    if (scale == SCALE_LINEAR)
        picture->y = gallery_axis_make(0, 1.06 * (speedup ? fmax(high, 1) : high), scale, bottom, top);
    else
        picture->y = gallery_axis_make(
            speedup ? fmin(low, 1) : low, speedup ? fmax(high, 1) : high, scale, bottom, top);
}

void gallery_chart_add(
    struct text *page, const struct gallery *gallery, int panel, enum gallery_value value, bool wide)
{
    struct picture picture = {.gallery = gallery,
        .panel = &gallery->panel[panel],
        .value = value,
        .width = wide ? 860 : 420,
        .height = wide ? 440 : 280,
        .wide = wide};
    struct text id = {0}, title = {0}, description = {0};
    double low = 1, high = 1;
    int threads = 1;
    find_range(picture.panel, value, &low, &high, &threads);
    set_axes(&picture, low, high, threads);
    text_add(&id, "panel-%d-%s", panel, value_names[value]);
    text_add(&title, "%s: ", picture.panel->name);
    gallery_add_finding(&title, gallery, picture.panel);
    text_add(&description, "%s against threads, one line for each of %d machines; %s", value_names[value],
        picture.panel->machine_count, picture.panel->details);
    picture.svg = svg_open(page, id.data, picture.width, picture.height, title.data, description.data);
    draw_axes(&picture);
    if (value == GALLERY_SPEEDUP)
        draw_ideal(&picture);
    for (int c = 0; c < picture.panel->curve_count; c++)
        draw_curve(&picture, &picture.panel->curve[c]);
    if (wide && picture.panel->curve_count <= LABELS_MAX)
        draw_labels(&picture);
    svg_close(&picture.svg);
    text_free(&id);
    text_free(&title);
    text_free(&description);
}

void gallery_chart_add_sign(struct text *page, int machine)
{
    struct svg svg = {page};
    char class[40];
    double x[2] = {1, 33}, y[2] = {7, 7};
    snprintf(class, sizeof class, "curve k%d d%d", machine % COLORS, machine / COLORS % DASHES);
    /* The name stands beside it: nothing to be read out. */
    text_add(page, "<svg class=\"sign\" aria-hidden=\"true\" width=\"34\" height=\"14\">");
    svg_group_open(&svg, class, NULL);
    svg_polyline(&svg, "line", x, y, 2);
    svg_marker(&svg, "mark", machine % SHAPES, 17, 7, 9);
    svg_group_close(&svg);
    svg_close(&svg);
}
