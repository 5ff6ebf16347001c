/* The picture of the machine of a run, and on which of its cores each team had its threads. */
#ifndef ACELERA_TOPOLOGY_SVG_H
#define ACELERA_TOPOLOGY_SVG_H

#include "harness/base/text.h"
#include "harness/report/placement_map.h"
#include "harness/report/summary.h"

/* page/topology.css, made into C when the project is built. Its colours are variables of the page. */
extern const unsigned char topology_style[], topology_style_sha256[32];
extern const size_t topology_style_length;

/* Adds the picture of a machine with the teams of the map. id: unique in the page. alone: it carries its
 * style sheet along, which else is the page's to have. */
void topology_svg_draw(struct text *page, const char *id, const struct placement_map *map, bool alone);

/* The finest level of which a picture can show every column. */
enum placement_level topology_svg_level(const struct topology *topology);

/* Adds the picture of the run's machine and teams, without a style sheet. False, and nothing added, where the
 * run directory has no topology.xml that can be read. */
bool topology_svg_add(struct text *page, const struct summary *summary);

/* The same as a file that stands alone; nothing is written where it would be false above. False if the stream
 * is in error. */
bool topology_svg_write(FILE *stream, const struct summary *summary);

/* A machine with the teams of its thread ladder, as a file that stands alone. */
bool topology_svg_write_machine(FILE *stream, const struct topology *topology, char *const *placements);

#endif
