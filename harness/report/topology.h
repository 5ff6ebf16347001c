/* The machine as `acelera topology` shows it, one writer for each format. */
#ifndef ACELERA_REPORT_TOPOLOGY_H
#define ACELERA_REPORT_TOPOLOGY_H

#include "harness/machine/machine.h"

#include <stdbool.h>
#include <stdio.h>

/* False if the stream is in error. `columns` is the width to fit. placements: the orders of PUs whose teams
 * are drawn, NULL-terminated. */
bool topology_text_write(
    FILE *stream, const struct machine *machine, char *const *placements, bool color, int columns);
bool topology_json_write(FILE *stream, const struct machine *machine); /* "acelera/topology/1" */

/* The usable PUs, one row each, with their place in each of the three orders. */
bool topology_markdown_write(FILE *stream, const struct machine *machine);
bool topology_csv_write(FILE *stream, const struct machine *machine);

#endif
