/* The drawing of the usable machine: packages, memory domains, last-level caches, cores and their PUs. */
#ifndef ACELERA_TOPOLOGY_DRAWING_H
#define ACELERA_TOPOLOGY_DRAWING_H

#include "harness/base/text.h"
#include "harness/machine/topology.h"

/* Adds lines of at most `columns` (60 at least). What repeats is drawn once and counted. */
void topology_draw(struct text *text, const struct topology *topology, int columns);

/* "0–3 8 9": numbers with runs of three and more as ranges, cut with "…" at about `columns`. */
void topology_add_ranges(struct text *text, const int *number, int count, size_t columns);

#endif
