/* Pictures of what happened, built by a lesson from its observations and shown by the engine: in ≤ 80 columns
 * of a terminal (Unicode or ASCII, meaningful without colour), or as SVG. Describes; draws nothing itself. */
#ifndef ACELERA_LESSON_PICTURE_H
#define ACELERA_LESSON_PICTURE_H

#include "lessons/engine/observation.h"

#include <stddef.h>

enum picture_kind { PICTURE_LANES, PICTURE_BARS, PICTURE_CURVES };
enum { PICTURE_PARTS_MAX = 24, PICTURE_POINTS_MAX = 64, PICTURES_MAX = 6 };

/* Lanes per thread over time, taken from stamps: each part is one observation. */
struct picture_lanes {
    char *label;
    const struct observation *observation; /* the caller's */
};

/* A bar with its interval (NaN none). */
struct picture_bar {
    char *label;
    double value, low, high;
};

struct picture_curve {
    char *label;
    int points;
    double x[PICTURE_POINTS_MAX], y[PICTURE_POINTS_MAX], low[PICTURE_POINTS_MAX], high[PICTURE_POINTS_MAX];
    bool line_only; /* a prediction or an ideal: drawn without markers */
};

struct picture {
    enum picture_kind kind;
    char *title;           /* states the finding, in the language of the learner */
    char *x_axis, *y_axis; /* with units; bars use y_axis for their value */
    bool logarithmic_x;
    int parts;
    struct picture_lanes lanes[PICTURE_PARTS_MAX];
    struct picture_bar bar[PICTURE_PARTS_MAX];
    struct picture_curve curve[PICTURE_PARTS_MAX];
};

struct pictures {
    struct picture picture[PICTURES_MAX];
    int count;
};

/* Adds an empty picture; strings are copied. NULL axis: none. */
struct picture *pictures_add(struct pictures *pictures, enum picture_kind kind, const char *title,
    const char *x_axis, const char *y_axis);
void picture_add_lanes(struct picture *picture, const char *label, const struct observation *observation);
void picture_add_bar(struct picture *picture, const char *label, double value, double low, double high);
struct picture_curve *picture_add_curve(struct picture *picture, const char *label, bool line_only);
void picture_curve_add(struct picture_curve *curve, double x, double y, double low, double high);
void pictures_free(struct pictures *pictures);

#endif
