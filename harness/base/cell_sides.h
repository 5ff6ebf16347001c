/* Which cells of a live comparison stand against each other. One rule for those who plan, stop and judge. */
#ifndef ACELERA_CELL_SIDES_H
#define ACELERA_CELL_SIDES_H

#include "harness/base/cell.h"

enum cell_side { SIDE_A, SIDE_B, CELL_SIDES };

struct cell_sides {
    unsigned difference; /* keys of which one side has a value that the other lacks, 1 << enum cell_key */
    bool parallel[CELL_SIDES]; /* the side has rows besides those of the serial build */
};

/* Of the rows; ceilings belong to no side. A cell without a side counts for A. */
void cell_sides_of(const struct cell *cells, int count, struct cell_sides *sides);

enum cell_side cell_side_of(const struct cell *cell);

/* The serial build's row beside rows of the side itself: there as the base of speedups, and to be compared
 * only with the like of it. */
bool cell_is_only_base(const struct cell_sides *sides, const struct cell *cell);

/* other[c]: for a cell of A, the id of that of B which is the same but for the difference; −1 for every
 * other cell. Returns how many pairs there are. */
int cell_sides_pair(const struct cell *cells, int count, int *other);

#endif
