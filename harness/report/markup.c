/* Escapes texts and writes shapes as SVG. Refuses to lay out: whoever draws knows where things are. A shape
 * with an unknown coordinate is left out, so an unknown value is a gap and never a zero. */
#include "harness/report/markup.h"

#include "harness/store/utf8.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>

static const char *entity_of(uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

void markup_add(struct text *page, const char *string)
{
    for (const char *next = string; *string != '\0'; string = next) {
        uint32_t code = utf8_next(&next);
        const char *entity = entity_of(code);
        if (code == UTF8_INVALID || utf8_acts(code))
            text_add(page, "?");
        else if (entity != NULL)
            text_add(page, "%s", entity);
        else
            text_add_bytes(page, string, (size_t)(next - string));
    }
    text_add(page, "%s", ""); /* an empty text has data too */
}

void markup_add_script_string(struct text *page, const char *string)
{
    text_add(page, "\"");
    for (const char *next = string; *string != '\0'; string = next) {
        uint32_t code = utf8_next(&next);
        if (code == UTF8_INVALID)
            text_add(page, "?");
        else if (utf8_acts(code) || entity_of(code) != NULL || code == '\\')
            text_add(page, "\\u%04x", (unsigned)code);
        else
            text_add_bytes(page, string, (size_t)(next - string));
    }
    text_add(page, "\"");
}

/* ---- pictures ---- */

/* Hundredths of a pixel are finer than anybody sees; zeros at the end only cost bytes. */
static void add_number(struct text *page, double value)
{
    char word[40];
    int length = snprintf(word, sizeof word, "%.2f", fabs(value) < 0.005 ? 0 : value);
    while (word[length - 1] == '0')
        length--;
    if (word[length - 1] == '.')
        length--;
    text_add_bytes(page, word, (size_t)length);
}

static void add_attribute(struct text *page, const char *name, double value)
{
    text_add(page, " %s=\"", name);
    add_number(page, value);
    text_add(page, "\"");
}

static void add_quoted(struct text *page, const char *name, const char *value)
{
    text_add(page, " %s=\"", name);
    markup_add(page, value);
    text_add(page, "\"");
}

static void add_class(struct text *page, const char *class)
{
    if (class[0] != '\0')
        add_quoted(page, "class", class);
}

static bool known(double a, double b, double c, double d)
{
    const double far = 1e7; /* pixels; what lies there is no place in any picture */
    return fabs(a) < far && fabs(b) < far && fabs(c) < far && fabs(d) < far;
}

struct svg svg_open(struct text *page, const char *id, double width, double height, const char *title,
    const char *description)
{
    text_add(page, "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"");
    add_quoted(page, "id", id);
    add_attribute(page, "width", width);
    add_attribute(page, "height", height);
    text_add(page, " viewBox=\"0 0 ");
    add_number(page, width);
    text_add(page, " ");
    add_number(page, height);
    text_add(page, "\" aria-labelledby=\"");
    markup_add(page, id);
    text_add(page, "-title ");
    markup_add(page, id);
    text_add(page, "-description\">\n<title id=\"");
    markup_add(page, id);
    text_add(page, "-title\">");
    markup_add(page, title);
    text_add(page, "</title>\n<desc id=\"");
    markup_add(page, id);
    text_add(page, "-description\">");
    markup_add(page, description);
    text_add(page, "</desc>\n");
    return (struct svg){page};
}

void svg_close(struct svg *svg)
{
    text_add(svg->page, "</svg>\n");
    svg->page = NULL;
}

void svg_group_open(struct svg *svg, const char *class, const char *data)
{
    text_add(svg->page, "<g");
    add_class(svg->page, class);
    if (data != NULL)
        add_quoted(svg->page, "data-row", data);
    text_add(svg->page, ">");
}

void svg_group_close(struct svg *svg)
{
    text_add(svg->page, "</g>\n");
}

void svg_line(struct svg *svg, const char *class, double x1, double y1, double x2, double y2)
{
    if (!known(x1, y1, x2, y2))
        return;
    text_add(svg->page, "<line");
    add_class(svg->page, class);
    add_attribute(svg->page, "x1", x1);
    add_attribute(svg->page, "y1", y1);
    add_attribute(svg->page, "x2", x2);
    add_attribute(svg->page, "y2", y2);
    text_add(svg->page, "/>\n");
}

void svg_rectangle(struct svg *svg, const char *class, double x, double y, double width, double height)
{
    if (!known(x, y, width, height))
        return;
    text_add(svg->page, "<rect");
    add_class(svg->page, class);
    add_attribute(svg->page, "x", width < 0 ? x + width : x);
    add_attribute(svg->page, "y", height < 0 ? y + height : y);
    add_attribute(svg->page, "width", fabs(width));
    add_attribute(svg->page, "height", fabs(height));
    text_add(svg->page, "/>\n");
}

/* Moves by (dx, dy) of a marker that has radius 1, and what stands between: M or L. */
struct corner {
    char how;
    double dx, dy;
};

/* Each shape has about the area of the circle, so that none looks more important. */
static const struct corner corners[6][5] = {
    {{0}},
    {{'M', -0.9, -0.9}, {'L', 0.9, -0.9}, {'L', 0.9, 0.9}, {'L', -0.9, 0.9}, {'Z', 0, 0}},
    {{'M', 0, -1.2}, {'L', 1.15, 0.9}, {'L', -1.15, 0.9}, {'Z', 0, 0}},
    {{'M', 0, -1.3}, {'L', 1.3, 0}, {'L', 0, 1.3}, {'L', -1.3, 0}, {'Z', 0, 0}},
    {{'M', -1, -1}, {'L', 1, 1}, {'M', -1, 1}, {'L', 1, -1}},
    {{'M', -1.25, 0}, {'L', 1.25, 0}, {'M', 0, -1.25}, {'L', 0, 1.25}},
};

void svg_marker(struct svg *svg, const char *class, int shape, double x, double y, double size)
{
    const int shapes = sizeof corners / sizeof *corners;
    const struct corner *corner = corners[shape >= 0 && shape < shapes ? shape : 0];
    if (!known(x, y, size, 0))
        return;
    text_add(svg->page, corner->how == '\0' ? "<circle" : "<path");
    add_class(svg->page, class);
    if (corner->how == '\0') {
        add_attribute(svg->page, "cx", x);
        add_attribute(svg->page, "cy", y);
        add_attribute(svg->page, "r", size / 2);
    } else {
        text_add(svg->page, " d=\"");
        for (int i = 0; i < 5 && corner[i].how != '\0'; i++) {
            text_add(svg->page, "%c", corner[i].how);
            if (corner[i].how == 'Z')
                break;
            add_number(svg->page, x + corner[i].dx * size / 2);
            text_add(svg->page, " ");
            add_number(svg->page, y + corner[i].dy * size / 2);
        }
        text_add(svg->page, "\"");
    }
    text_add(svg->page, "/>\n");
}

void svg_polyline(struct svg *svg, const char *class, const double *x, const double *y, int count)
{
    for (int from = 0, to; from < count; from = to + 1) {
        for (to = from; to < count && known(x[to], y[to], 0, 0); to++)
            continue;
        if (to - from < 2)
            continue;
        text_add(svg->page, "<polyline");
        add_class(svg->page, class);
        text_add(svg->page, " points=\"");
        for (int i = from; i < to; i++) {
            text_add(svg->page, "%s", i > from ? " " : "");
            add_number(svg->page, x[i]);
            text_add(svg->page, ",");
            add_number(svg->page, y[i]);
        }
        text_add(svg->page, "\"/>\n");
    }
}

void svg_text(struct svg *svg, const char *class, double x, double y, const char *anchor, const char *string)
{
    if (!known(x, y, 0, 0))
        return;
    text_add(svg->page, "<text");
    add_class(svg->page, class);
    add_attribute(svg->page, "x", x);
    add_attribute(svg->page, "y", y);
    add_quoted(svg->page, "text-anchor", anchor);
    text_add(svg->page, ">");
    markup_add(svg->page, string);
    text_add(svg->page, "</text>\n");
}

void svg_tooltip(struct svg *svg, const char *string)
{
    text_add(svg->page, "<title>");
    markup_add(svg->page, string);
    text_add(svg->page, "</title>");
}
