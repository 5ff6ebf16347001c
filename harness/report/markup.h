/* Text and shapes for pages and pictures: everything that comes from outside appears as text, nothing in it
 * acts. Refuses to know what is drawn. */
#ifndef ACELERA_MARKUP_H
#define ACELERA_MARKUP_H

#include "harness/base/text.h"

/* Adds `string` as the text of an element or as a quoted attribute, of HTML or SVG: & < > " ' become
 * entities; control characters, marks that turn the direction of writing, and bytes that are not UTF-8 become
 * '?'. */
void markup_add(struct text *page, const char *string);

/* Adds `string` as a JSON string that may stand inside <script>: also < > & and U+2028, U+2029 are escaped.
 */
void markup_add_script_string(struct text *page, const char *string);

/* A picture. Nothing is drawn where a coordinate is NaN or infinite, and a polyline has a gap there. Lengths
 * are pixels of its own coordinate system; y grows downwards. `class` (may be "") is for the style sheet of
 * whoever shows it: colours, strokes and fonts stand there, never here. */
struct svg {
    struct text *page;
};

/* `title` states the finding in a sentence, `description` what is drawn: both are read out to those who
 * cannot see it. `id` is unique in the page. */
struct svg svg_open(struct text *page, const char *id, double width, double height, const char *title,
    const char *description);
void svg_close(struct svg *svg);

void svg_group_open(
    struct svg *svg, const char *class, const char *data); /* data: "row-7" or NULL, as data-row */
void svg_group_close(struct svg *svg);
void svg_line(struct svg *svg, const char *class, double x1, double y1, double x2, double y2);
void svg_rectangle(struct svg *svg, const char *class, double x, double y, double width, double height);
/* shape: 0 … 5, told apart without colour: circle square triangle diamond cross plus. */
void svg_marker(struct svg *svg, const char *class, int shape, double x, double y, double size);
/* Open polyline through `count` points. */
void svg_polyline(struct svg *svg, const char *class, const double *x, const double *y, int count);
/* anchor: "start" "middle" "end". */
void svg_text(struct svg *svg, const char *class, double x, double y, const char *anchor, const char *string);
/* What hovering shows: belongs to the group that is open. */
void svg_tooltip(struct svg *svg, const char *string);

#endif
