/* Curves in letters: each has its own sign, intervals are upright strokes, predictions are dots. */
#include "lessons/engine/speak.h"
#include "lessons/show/picture_text.h"

#include "harness/report/gallery_axis.h"

#include <math.h>
#include <stdlib.h>

enum { ROWS = 14, COLUMNS_MAX = 72, TICK_LABEL = 12 };

/* What stands in a cell, later ones over earlier ones. */
enum cell_sign { CELL_EMPTY, CELL_DOT, CELL_STROKE, CELL_MARK };

struct chart {
    struct page *page;
    struct gallery_axis x, y;
    int columns;
    size_t label; /* columns of the numbers at the left */
    unsigned char sign[ROWS][COLUMNS_MAX];
    unsigned char curve[ROWS][COLUMNS_MAX];
};

static const char *const unicode_marks[] = {"●", "■", "▲", "◆", "×", "+", "○", "□"};
static const char *const ascii_marks[] = {"o", "x", "+", "*", "#", "@", "%", "&"};
enum { MARKS = sizeof ascii_marks / sizeof *ascii_marks };

static const char *mark_of(const struct page *page, int curve)
{
    return page->unicode ? unicode_marks[curve % MARKS] : ascii_marks[curve % MARKS];
}

/* ---- axes ---- */

static void widen(double value, double *low, double *high)
{
    if (!isfinite(value))
        return;
    *low = fmin(*low, value);
    *high = fmax(*high, value);
}

/* Ticks at powers of two where every x is one: thread counts. */
static enum gallery_scale scale_of_x(const struct picture *picture)
{
    if (!picture->logarithmic_x)
        return SCALE_LINEAR;
    for (int c = 0; c < picture->parts; c++)
        for (int i = 0; i < picture->curve[c].points; i++) {
            double power = log2(picture->curve[c].x[i]);
            if (power != floor(power))
                return SCALE_DECADES;
        }
    return SCALE_DOUBLINGS;
}

bool picture_curves_range(const struct picture *picture, struct gallery_axis *x, struct gallery_axis *y)
{
    double x_low = INFINITY, x_high = -INFINITY, y_low = 0, y_high = 0;
    for (int c = 0; c < picture->parts; c++) {
        const struct picture_curve *curve = &picture->curve[c];
        for (int i = 0; i < curve->points; i++) {
            if (picture->logarithmic_x && !(curve->x[i] > 0))
                continue;
            widen(curve->x[i], &x_low, &x_high);
            widen(curve->y[i], &y_low, &y_high);
            widen(curve->low[i], &y_low, &y_high);
            widen(curve->high[i], &y_low, &y_high);
        }
    }
    if (!(x_low <= x_high))
        return false;
    *x = gallery_axis_make(
        x_low, x_high > x_low ? x_high : x_low + fmax(fabs(x_low), 1), scale_of_x(picture), x->from, x->to);
    *y = gallery_axis_make(y_low, y_high > y_low ? y_high * 1.02 : 1, SCALE_LINEAR, y->from, y->to);
    return true;
}

/* ---- cells ---- */

static void put(struct chart *chart, double column, double row, enum cell_sign sign, int curve)
{
    if (!isfinite(column) || !isfinite(row))
        return;
    int c = (int)lround(column), r = (int)lround(row);
    if (c < 0 || c >= chart->columns || r < 0 || r >= ROWS || chart->sign[r][c] > sign)
        return;
    chart->sign[r][c] = (unsigned char)sign;
    chart->curve[r][c] = (unsigned char)curve;
}

static void put_stroke(struct chart *chart, double column, double low, double high, int curve)
{
    double from = gallery_axis_place(&chart->y, high), to = gallery_axis_place(&chart->y, low);
    if (isfinite(from) && isfinite(to))
        for (double row = round(from); row <= round(to); row++)
            put(chart, column, row, CELL_STROKE, curve);
}

static void put_line(struct chart *chart, const struct picture_curve *curve, int index)
{
    for (int i = 0; i + 1 < curve->points; i++) {
        double x1 = gallery_axis_place(&chart->x, curve->x[i]),
               x2 = gallery_axis_place(&chart->x, curve->x[i + 1]);
        double y1 = gallery_axis_place(&chart->y, curve->y[i]),
               y2 = gallery_axis_place(&chart->y, curve->y[i + 1]);
        int steps = (int)fmax(fmax(fabs(x2 - x1), fabs(y2 - y1)), 1);
        for (int s = 0; s <= steps && isfinite(x1) && isfinite(x2) && isfinite(y1) && isfinite(y2); s++)
            put(chart, x1 + (x2 - x1) * s / steps, y1 + (y2 - y1) * s / steps, CELL_DOT, index);
    }
}

static void put_curve(struct chart *chart, const struct picture_curve *curve, int index)
{
    if (curve->line_only) {
        put_line(chart, curve, index);
        return;
    }
    for (int i = 0; i < curve->points; i++) {
        double column = gallery_axis_place(&chart->x, curve->x[i]);
        put_stroke(chart, column, curve->low[i], curve->high[i], index);
        put(chart, column, gallery_axis_place(&chart->y, curve->y[i]), CELL_MARK, index);
    }
}

/* ---- rows ---- */

static const char *sign_in(const struct chart *chart, int row, int column)
{
    bool unicode = chart->page->unicode;
    switch ((enum cell_sign)chart->sign[row][column]) {
    case CELL_EMPTY:
        return " ";
    case CELL_DOT:
        return unicode ? "·" : ".";
    case CELL_STROKE:
        return unicode ? "│" : "|";
    case CELL_MARK:
        break;
    }
    return mark_of(chart->page, chart->curve[row][column]);
}

/* The tick that lies in this row, if any. */
static void tick_in_row(const struct chart *chart, int row, char *label, size_t size)
{
    double tick[GALLERY_TICKS_MAX];
    int ticks = gallery_axis_ticks(&chart->y, false, tick);
    label[0] = '\0';
    for (int i = 0; i < ticks; i++)
        if (lround(gallery_axis_place(&chart->y, tick[i])) == row)
            picture_text_number(tick[i], label, size);
}

static void add_row(struct chart *chart, int row)
{
    struct page *page = chart->page;
    char label[40];
    tick_in_row(chart, row, label, sizeof label);
    page_add_blanks(page, chart->label - text_columns(label));
    page_add_words(page, INK_SOFT, label);
    bool tick = label[0] != '\0';
    page_add_signs(page, INK_SOFT, page->unicode ? (tick ? " ┤" : " │") : (tick ? " +" : " |"));
    for (int c = 0; c < chart->columns; c++) {
        static const enum ink inks[] = {INK_FIRST, INK_SECOND, INK_GOOD, INK_UNSURE};
        enum ink ink = chart->sign[row][c] == CELL_DOT     ? INK_SOFT
                       : chart->sign[row][c] == CELL_EMPTY ? INK_PLAIN
                                                           : inks[chart->curve[row][c] % 4];
        page_add_signs(page, ink, sign_in(chart, row, c));
    }
    page_end_line(page);
}

/* Numbers under the axis, those that fit, each under its place. */
static void add_x_ticks(struct chart *chart)
{
    struct page *page = chart->page;
    double tick[GALLERY_TICKS_MAX];
    int ticks = gallery_axis_ticks(&chart->x, false, tick);
    page_add_blanks(page, chart->label + 1);
    struct text axis = {0};
    text_add(&axis, "%s", page->unicode ? "└" : "+");
    for (int c = 0; c < chart->columns; c++)
        text_add(&axis, "%s", page->unicode ? "─" : "-");
    page_add_signs(page, INK_SOFT, axis.data);
    text_free(&axis);
    page_end_line(page);
    int at = 0, end = (int)chart->label + 2 + chart->columns;
    for (int i = 0; i < ticks; i++) {
        char label[40];
        int width = (int)text_columns(picture_text_number(tick[i], label, sizeof label));
        int place = (int)chart->label + 2 + (int)lround(gallery_axis_place(&chart->x, tick[i])) - width / 2;
        place = place + width > end ? end - width : place;
        if (place < at + (at > 0))
            continue;
        page_add_blanks(page, (size_t)(place - at));
        page_add_words(page, INK_SOFT, label);
        at = place + width;
    }
    page_end_line(page);
}

static void add_legend(struct chart *chart, const struct picture *picture)
{
    struct page *page = chart->page;
    if (picture->x_axis != NULL) {
        size_t width = page_columns_of(page, picture->x_axis),
               room = chart->label + 2 + (size_t)chart->columns;
        page_add_blanks(page, room > width ? (room - width) : 0);
        page_add_words(page, INK_SOFT, picture->x_axis);
        page_end_line(page);
    }
    for (int c = 0; c < picture->parts; c++)
        page_add_item(page,
            !picture->curve[c].line_only ? mark_of(page, c)
            : page->unicode              ? "·"
                                         : ".",
            picture->curve[c].label);
}

static size_t widest_tick(const struct gallery_axis *axis)
{
    double tick[GALLERY_TICKS_MAX];
    size_t widest = 1;
    for (int i = 0, ticks = gallery_axis_ticks(axis, false, tick); i < ticks; i++) {
        char label[40];
        size_t width = text_columns(picture_text_number(tick[i], label, sizeof label));
        widest = width > widest ? width : widest;
    }
    return widest;
}

void picture_text_add_curves(struct page *page, const struct picture *picture)
{
    struct chart *chart = memory_new(1, sizeof *chart);
    chart->page = page;
    chart->y = (struct gallery_axis){.from = ROWS - 1, .to = 0};
    if (!picture_curves_range(picture, &chart->x, &chart->y)) {
        page_add_line(page, INK_PLAIN, _("(no point was measured)"));
        free(chart);
        return;
    }
    chart->label = widest_tick(&chart->y);
    chart->columns = page->columns - (int)chart->label - 4;
    chart->columns = chart->columns > COLUMNS_MAX ? COLUMNS_MAX : chart->columns;
    chart->x.from = 1;
    chart->x.to = chart->columns - 2;
    for (int c = 0; c < picture->parts; c++)
        put_curve(chart, &picture->curve[c], c);
    if (picture->y_axis != NULL)
        page_add_line(page, INK_SOFT, picture->y_axis);
    for (int row = 0; row < ROWS; row++)
        add_row(chart, row);
    add_x_ticks(chart);
    add_legend(chart, picture);
    free(chart);
}
