/* From hwloc's tree to the flat tables: runs in the child process that loaded the tree, and the only header
 * of the project that shows hwloc. */
#ifndef ACELERA_TREE_H
#define ACELERA_TREE_H

#include "harness/machine/topology.h"

#include <hwloc.h>

/* The tree, and what the steps of the way to the tables share. PU and core ranks are those of the tables. */
struct tree {
    hwloc_topology_t hwloc;
    hwloc_bitmap_t usable;
    int *pu_rank;      /* by hwloc's logical index; −1: not usable */
    hwloc_obj_t *core; /* the object of each usable core: a Core, or the PU itself */
};

/* NULL, or why this tree cannot be the machine that it claims to be (static text). hwloc_topology_check()
 * would abort, and lets some such trees pass. */
const char *tree_find_fault(hwloc_topology_t hwloc);

/* Fills every table. `affinity`: the mask of a live run, NULL for a foreign machine. The tree must be free of
 * faults. STATUS_FAILED if no PU is left. */
enum status tree_flatten(
    hwloc_topology_t hwloc, hwloc_const_bitmap_t affinity, struct topology *topology, struct error *error);

/* Steps of tree_flatten(), in this order. */
void tree_set_classes(const struct tree *tree, struct topology *topology);
void tree_set_domains(const struct tree *tree, struct topology *topology);
void tree_set_caches(const struct tree *tree, struct topology *topology);
void tree_set_orders(const struct tree *tree, struct topology *topology);

#endif
