/* Rows of all runs, brought together where they are the same row. Private to the making of a comparison. */
#ifndef ACELERA_COMPARE_GROUP_H
#define ACELERA_COMPARE_GROUP_H

#include "harness/report/compare.h"

/* A row as one run has it. */
struct compare_entry {
    const struct compared_run *run;
    const struct summary_row *row;
    enum cell_side side;
    bool only_base; /* live: the serial build's row beside rows of the side itself */
    int order;      /* of its run and row among all */
};

/* Rows that are to be compared with each other, by side and then by order. */
struct compare_group {
    const struct compare_entry *entry;
    int count;
};

struct compare_groups {
    struct compare_entry *entry;
    struct compare_group *group; /* in the order of their first rows */
    int count;
};

/* The groups of the rows, or of the ceilings. */
void compare_groups_make(const struct comparison *comparison, bool ceilings, struct compare_groups *groups);
void compare_groups_free(struct compare_groups *groups);

#endif
