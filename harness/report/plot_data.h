/* What the gnuplot scripts in plots/ draw: the TSV files under plots/data/ of a run directory
 * (plots/README.md has their columns). Knows nothing of gnuplot but which characters it cannot read. */
#ifndef ACELERA_PLOT_DATA_H
#define ACELERA_PLOT_DATA_H

#include "harness/base/text.h"
#include "harness/report/summary.h"

/* The pictures, in the order of a report; each has a script plots/NAME.gp. */
enum { PLOT_PICTURES = 8 };
extern const char *const plot_names[PLOT_PICTURES];

/* Adds what a picture shows, in a sentence, and how to read it. */
void plot_data_describe(const struct summary *summary, int picture, struct text *title, struct text *caption);

/* Writes every file, each through a temporary name. drawn[i]: picture i has something to show. */
enum status plot_data_write_files(
    const struct summary *summary, bool drawn[PLOT_PICTURES], struct error *error);

#endif
