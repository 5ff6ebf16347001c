/* What the writers of plot data share: fields of a TSV line, and the panels that a picture falls into.
 * Private to plot_*.c. */
#ifndef ACELERA_PLOT_PARTS_H
#define ACELERA_PLOT_PARTS_H

#include "harness/base/text.h"
#include "harness/report/row_verdict.h"
#include "harness/report/summary.h"

/* A picture stays readable, and its file small, whatever the run holds. */
enum { PLOT_PANELS_MAX = 12 };

struct plot_source {
    const struct summary *summary;
    struct counted_processes counted;
};

/* ---- fields; each begins with a tab unless it is the first of its line ---- */

/* A text as gnuplot can read it: printable, a straight double quote (which nothing can escape there) as a
 * curly one, at most `columns` wide. */
void plot_add_text(struct text *line, const char *string, size_t columns);
void plot_add_number(struct text *line, double value); /* NaN unknown */
void plot_add_count(struct text *line, long long value);
void plot_end_line(struct text *line);

/* ---- words ---- */

/* "matmul packed f32 ×8 spread", or "… serial" */
void plot_add_row_name(struct text *text, const struct summary_row *row);
/* "98%", "3.4%" */
void plot_add_percent(struct text *text, double fraction);

/* ---- panels ---- */

/* Rows that differ in threads only: one sweep. At least one of them is verified. */
struct plot_panel {
    bool all;   /* set by the caller: every sweep, not only those that have a panel */
    int number; /* from 1 */
    const struct summary_row *row;
    int count;
    const struct summary_row *largest; /* the verified row with the most threads */
    struct text title;                 /* what tells it from the others */
};

/* The panel after this one; start with `= {0}`. Where there are more sweeps than panels, each kernel has
 * those of its fastest. False past the last that is drawn, and then nothing is left to free. */
bool plot_panel_next(const struct summary *summary, struct plot_panel *panel);
/* For those who stop early. */
void plot_panel_free(struct plot_panel *panel);
/* The words that tell this cell from the others of the summary, without its threads. */
void plot_add_cell_title(struct text *title, const struct summary *summary, const struct cell *cell);
/* Two blank lines, which gnuplot takes for the end of a data set; nothing before the first. */
void plot_end_panel(struct text *tsv);
/* Panel number and title: the first two fields of every line. */
void plot_begin_line(struct text *line, int number, const char *title);

/* What begins at a row, seen from the one before it: "SMT", "2 NUMA nodes"; "" for one region of the machine.
 */
void plot_add_boundary(struct text *text, const struct cell *before, const struct cell *cell);

/* ---- the files and the captions, one function each ---- */

typedef void plot_writer(const struct plot_source *source, struct text *tsv);
plot_writer plot_write_speedup, plot_write_speedup_law, plot_write_speedup_blocks, plot_write_efficiency,
    plot_write_times, plot_write_times_quartiles, plot_write_roofline, plot_write_roofline_roofs,
    plot_write_waterfall, plot_write_ladder, plot_write_timeline, plot_write_drift;

/* A sentence that states what the picture shows, and how to read it. */
typedef void plot_caption(const struct plot_source *source, struct text *title, struct text *caption);
plot_caption plot_caption_speedup, plot_caption_efficiency, plot_caption_times, plot_caption_roofline,
    plot_caption_waterfall, plot_caption_ladder, plot_caption_timeline, plot_caption_drift;

#endif
