/* The pictures of a lesson as one SVG file that stands alone: with its style, in the reader's light or dark,
 * and told apart without colour. */
#ifndef ACELERA_LESSON_PICTURE_SVG_H
#define ACELERA_LESSON_PICTURE_SVG_H

#include "lessons/engine/picture.h"

#include "harness/base/text.h"
#include "harness/report/markup.h"

/* All of them below each other. heading: above them. */
void picture_svg_add(struct text *file, const char *heading, const struct pictures *pictures);

/* ---- for the files that draw them ---- */

enum { PICTURE_SVG_WIDTH = 780, PICTURE_SVG_MARGIN = 16 };

/* Each draws below `y` and returns where it ended. */
double picture_svg_lanes(struct svg *svg, const struct picture *picture, double y);
double picture_svg_bars(struct svg *svg, const struct picture *picture, double y);
double picture_svg_curves(struct svg *svg, const struct picture *picture, double y);

/* A file around a body of that height; title and description are read out. */
void picture_svg_file(struct text *file, const char *title, const char *description, double height,
    void (*body)(struct svg *svg, const void *context), const void *context);

/* Lines of `words` within the picture's width, by about the width of letters of that class; the baseline of
 * the first is at y. Returns the baseline after the last. */
double picture_svg_words(
    struct svg *svg, const char *class, double x, double y, double room, const char *words);

#endif
