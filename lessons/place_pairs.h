/* Pairs of CPUs that are worth comparing on a machine, and what is known of them. */
#ifndef ACELERA_LESSON_PLACE_PAIRS_H
#define ACELERA_LESSON_PLACE_PAIRS_H

#include "lessons/lesson.h"

enum { PLACE_PAIRS_MAX = 3 };
extern const char place_pair_cores[], place_pair_siblings[]; /* names of conditions */

struct place_pair {
    const char *name, *label; /* label: N_() */
    int pu[2];
};

struct place_pairs {
    struct place_pair pair[PLACE_PAIRS_MAX];
    int count;
    bool cores,
        siblings; /* there is a pair that is known to be two cores; two hardware threads of one core */
};

/* Where CPUs are virtual, nothing is known of any pair: the first CPU with its neighbour, with one half way
 * down the list, and with the last. */
struct place_pairs place_pairs_find(const struct classroom *room);

#endif
