/* The keys by which rows of two sides are matched, as texts; the number of threads is one more. */
#ifndef ACELERA_CELL_KEYS_H
#define ACELERA_CELL_KEYS_H

#include "harness/base/cell.h"

#include <stdbool.h>

enum cell_key {
    KEY_KERNEL,
    KEY_VARIANT,
    KEY_TYPE,
    KEY_SIZE,
    KEY_SHAPE,
    KEY_OPTIONS,
    KEY_PLACEMENT,
    KEY_SCALING,
    KEY_WORKER,
    CELL_KEYS
};

/* "kernel" "variant" … */
const char *cell_key_name(enum cell_key key);
const char *cell_key_text(const struct cell *cell, enum cell_key key);

/* Total order by the keys that are not in `ignored` (1 << key), then by threads. */
int cells_compare(const struct cell *a, const struct cell *b, unsigned ignored);

#endif
