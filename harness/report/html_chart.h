/* What the pictures over threads share: their scales, ticks and the boundaries of the machine. Few threads
 * stand on a linear scale, many on a logarithmic one. Private to html_*.c; knows nothing of what is drawn
 * over it. */
#ifndef ACELERA_HTML_CHART_H
#define ACELERA_HTML_CHART_H

#include "harness/report/html.h"
#include "harness/report/markup.h"

enum { CHART_LEFT = 62, CHART_TOP = 30, CHART_BOTTOM = 56 };

struct chart {
    struct svg svg;
    const struct report *report;
    const struct sweep *const *sweep;
    int count;
    double height, right;  /* of the picture; right edge of what is drawn over the axes. Pixels */
    double most_threads;   /* of all sweeps: chart_find_threads() */
    bool falls;            /* the curves begin at the top */
    bool wide;             /* threads on a logarithmic scale */
    bool logarithmic;      /* and the other axis too */
    double low, high;      /* of the other axis; with a logarithmic one above 0 */
    const char *tick_unit; /* behind the numbers of that axis, "%"; "" none */
};

void chart_find_threads(struct chart *chart);
/* The range of speedups: from `least` to `most`, and on to `reach` where that does not flatten the rest. */
void chart_set_range(struct chart *chart, double least, double most, double reach);

double chart_x(const struct chart *chart, double threads);
double chart_y(const struct chart *chart, double value);

/* `words`: what the upright axis is, with its unit. */
void chart_add_axes(struct chart *chart, const char *words);
/* Dotted uprights, with what begins there: those of the first sweep, for all have the same teams. */
void chart_add_boundaries(struct chart *chart);
/* An interval at x pixels. One that leaves the picture goes to its edge, and has no end there. */
void chart_add_whisker(struct chart *chart, double x, double low, double high);

/* A value of each row, joined inside the regions of the machine: the ideal, the other base, the efficiency.
 * Rows whose value is NaN are left out. A region of one row is a short dash where `dash` says so, else
 * nothing. */
typedef double chart_value(const struct summary_row *row);
void chart_add_series(struct chart *chart, const struct sweep *sweep, const char *class, chart_value *value,
    double shift, bool dash);
/* What the PUs of the team are worth together, one being 1. */
double chart_machine_ideal(const struct summary_row *row);

/* One times the threads. */
void chart_add_linear(struct chart *chart);
/* The law that fits, over the teams that it was fitted to. False: none does. */
bool chart_add_law(struct chart *chart, const struct sweep *sweep, double shift);
/* The exact values of a row, for the group that is open. */
void chart_add_tip(struct chart *chart, const struct summary_row *row);

/* Lines of a legend, under a picture: `mark` is drawn in a box of 28 × 14. */
void chart_open_key(struct text *page);
void chart_add_key_line(struct text *page, const char *curve, const char *class, const char *words);
void chart_add_key_marker(
    struct text *page, const char *curve, const char *class, int shape, const char *words);
void chart_close_key(struct text *page);

#endif
