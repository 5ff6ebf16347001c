/* Which pictures lie in the run directory, and links to them in Markdown. */
#ifndef ACELERA_MARKDOWN_PLOTS_H
#define ACELERA_MARKDOWN_PLOTS_H

#include "harness/report/plot_data.h"

/* Whether plots/NAME.svg lies in the run directory. */
bool plot_is_there(const struct run_record *record, int picture);

/* The picture with its caption, if it is there; `name` is one of plot_names. Its alternative text states what
 * it shows. */
void markdown_write_plot(FILE *stream, const struct summary *summary, const char *name);

/* topology.svg, if it is there. */
void markdown_write_topology(FILE *stream, const struct summary *summary);

#endif
