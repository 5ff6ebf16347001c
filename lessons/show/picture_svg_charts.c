/* Bars and curves as SVG: intervals as whiskers, predictions dashed, each curve with its own mark. */
#include "lessons/engine/speak.h"
#include "lessons/show/picture_svg.h"
#include "lessons/show/picture_text.h"

#include <math.h>

static const double letter = 7.2;

/* ---- bars ---- */

enum { BAR = 26, BAR_LABEL = 250, BAR_FIGURES = 150 };

static double most_of(const struct picture *picture)
{
    double most = 0;
    for (int i = 0; i < picture->parts; i++) {
        most = isfinite(picture->bar[i].value) ? fmax(most, picture->bar[i].value) : most;
        most = isfinite(picture->bar[i].high) ? fmax(most, picture->bar[i].high) : most;
    }
    return most > 0 ? most : 1;
}

static double add_bar(struct svg *svg, const struct picture_bar *bar, double scale, double y)
{
    double end = picture_svg_words(
                     svg, "", PICTURE_SVG_MARGIN, y + 17, BAR_LABEL - PICTURE_SVG_MARGIN - 8, bar->label) -
                 17 + 9;
    double x = BAR_LABEL,
           reach = fmax(isfinite(bar->value) ? bar->value : 0, isfinite(bar->high) ? bar->high : 0);
    if (bar->value > 0)
        svg_rectangle(svg, "bar", x, y + 4, bar->value * scale, BAR - 8);
    if (isfinite(bar->low) && isfinite(bar->high)) {
        double low = x + fmax(bar->low, 0) * scale, high = x + fmax(bar->high, 0) * scale;
        svg_line(svg, "whisker", low, y + BAR / 2, high, y + BAR / 2);
        svg_line(svg, "whisker", low, y + 8, low, y + BAR - 8);
        svg_line(svg, "whisker", high, y + 8, high, y + BAR - 8);
    }
    struct text figures = {0};
    picture_text_figures(&figures, bar);
    svg_text(svg, "", x + fmax(reach, 0) * scale + 8, y + 17, "start", figures.data);
    text_free(&figures);
    return fmax(end, y + BAR);
}

double picture_svg_bars(struct svg *svg, const struct picture *picture, double y)
{
    double scale = (PICTURE_SVG_WIDTH - BAR_LABEL - BAR_FIGURES - PICTURE_SVG_MARGIN) / most_of(picture);
    double top = y + 4;
    y = top;
    for (int i = 0; i < picture->parts; i++)
        y = add_bar(svg, &picture->bar[i], scale, y);
    svg_line(svg, "axis", BAR_LABEL, top, BAR_LABEL, y);
    struct text line = {0};
    text_add(&line, "%s%s%s", picture->y_axis != NULL ? picture->y_axis : "",
        picture->y_axis != NULL ? "; " : "", _("strokes: the interval (99 %)"));
    svg_text(svg, "soft", BAR_LABEL, y + 16, "start", line.data);
    text_free(&line);
    return y + 24;
}

/* ---- curves ---- */

enum { CHART = 300, LEFT = 64 };

static void add_ticks(struct svg *svg, const struct gallery_axis *x, const struct gallery_axis *y)
{
    double tick[GALLERY_TICKS_MAX];
    char label[40];
    for (int i = 0, ticks = gallery_axis_ticks(y, false, tick); i < ticks; i++) {
        double at = gallery_axis_place(y, tick[i]);
        svg_line(svg, "grid", x->from, at, x->to, at);
        svg_text(svg, "soft", x->from - 8, at + 4, "end", picture_text_number(tick[i], label, sizeof label));
    }
    double free_from = -1e9;
    for (int i = 0, ticks = gallery_axis_ticks(x, false, tick); i < ticks; i++) {
        double at = gallery_axis_place(x, tick[i]);
        picture_text_number(tick[i], label, sizeof label);
        double half = letter * (double)text_columns(label) / 2;
        svg_line(svg, "axis", at, y->from, at, y->from + 4);
        if (at - half < free_from)
            continue;
        svg_text(svg, "soft", at, y->from + 18, "middle", label);
        free_from = at + half + letter;
    }
    svg_line(svg, "axis", x->from, y->from, x->to, y->from);
    svg_line(svg, "axis", x->from, y->from, x->from, y->to);
}

static const char *color_of(int curve)
{
    static const char *const colors[] = {"k0", "k1", "k2", "k3"};
    return colors[curve % 4];
}

static void add_curve(struct svg *svg, const struct picture_curve *curve, int index,
    const struct gallery_axis *x, const struct gallery_axis *y)
{
    double px[PICTURE_POINTS_MAX], py[PICTURE_POINTS_MAX];
    svg_group_open(svg, color_of(index), NULL);
    for (int i = 0; i < curve->points; i++) {
        px[i] = gallery_axis_place(x, curve->x[i]);
        py[i] = gallery_axis_place(y, curve->y[i]);
        svg_line(svg, "range", px[i], gallery_axis_place(y, curve->low[i]), px[i],
            gallery_axis_place(y, curve->high[i]));
    }
    svg_polyline(svg, curve->line_only ? "guess" : "line", px, py, curve->points);
    for (int i = 0; i < curve->points && !curve->line_only; i++)
        svg_marker(svg, "mark", index % 6, px[i], py[i], 8);
    svg_group_close(svg);
}

static double add_legend(struct svg *svg, const struct picture *picture, double y)
{
    for (int c = 0; c < picture->parts; c++) {
        double x = LEFT;
        svg_group_open(svg, color_of(c), NULL);
        svg_polyline(
            svg, picture->curve[c].line_only ? "guess" : "line", (double[]){x, x + 26}, (double[]){y, y}, 2);
        if (!picture->curve[c].line_only)
            svg_marker(svg, "mark", c % 6, x + 13, y, 8);
        svg_group_close(svg);
        y = picture_svg_words(svg, "", x + 34, y + 4, PICTURE_SVG_WIDTH - LEFT - 34 - PICTURE_SVG_MARGIN,
                picture->curve[c].label) -
            4 + 3;
    }
    return y;
}

double picture_svg_curves(struct svg *svg, const struct picture *picture, double y)
{
    struct gallery_axis x = {.from = LEFT, .to = PICTURE_SVG_WIDTH - PICTURE_SVG_MARGIN - 12};
    struct gallery_axis up = {.from = y + 24 + CHART, .to = y + 24};
    if (!picture_curves_range(picture, &x, &up)) {
        svg_text(svg, "soft", PICTURE_SVG_MARGIN, y + 16, "start", _("(no point was measured)"));
        return y + 24;
    }
    if (picture->y_axis != NULL)
        svg_text(svg, "soft", PICTURE_SVG_MARGIN, y + 14, "start", picture->y_axis);
    add_ticks(svg, &x, &up);
    for (int c = 0; c < picture->parts; c++)
        add_curve(svg, &picture->curve[c], c, &x, &up);
    y = up.from + 34;
    if (picture->x_axis != NULL)
        svg_text(svg, "soft", x.to, y, "end", picture->x_axis);
    return add_legend(svg, picture, y + 14);
}
