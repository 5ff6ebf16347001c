/* Draws the plots of a run directory: starts gnuplot on the scripts in plots/, one child for each plot and
 * format. A plot that fails is a line on stderr, never a failed run. Knows nothing of what is drawn. */
#ifndef ACELERA_PLOTTING_H
#define ACELERA_PLOTTING_H

#include "harness/commands/options.h"
#include "harness/report/plot_data.h"

/* The words of --plots. */
extern const char *const plotting_choices[];

enum { PLOTTING_SVG = 1, PLOTTING_PNG = 2, PLOTTING_PDF = 4 };

struct plotting {
    unsigned formats;    /* of the above; 0 none */
    const char *command; /* in whose name it speaks: "run" */
};

/* From --plots of a command that has it. */
enum status plotting_of(const struct arguments *arguments, struct plotting *plotting, struct error *error);

/* Writes plots/NAME.FORMAT for each picture that has data, over what was there; each is there whole or not at
 * all. The data must be there (plot_data_write_files()). */
void plotting_draw(const struct plotting *plotting, const char *directory, const bool drawn[PLOT_PICTURES]);

#endif
