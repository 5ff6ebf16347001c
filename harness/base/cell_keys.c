/* One table of the keys, so that matching, heading and columns cannot disagree. */
#include "harness/base/cell_keys.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} keys[CELL_KEYS] = {
    [KEY_KERNEL] = {"kernel", offsetof(struct cell, kernel)},
    [KEY_VARIANT] = {"variant", offsetof(struct cell, variant)},
    [KEY_TYPE] = {"type", offsetof(struct cell, type)},
    [KEY_SIZE] = {"size", offsetof(struct cell, size)},
    [KEY_SHAPE] = {"shape", offsetof(struct cell, shape)},
    [KEY_OPTIONS] = {"options", offsetof(struct cell, options)},
    [KEY_PLACEMENT] = {"placement", offsetof(struct cell, placement)},
    [KEY_SCALING] = {"scaling", offsetof(struct cell, scaling)},
    [KEY_WORKER] = {"worker", offsetof(struct cell, worker)},
};

const char *cell_key_name(enum cell_key key)
{
    return keys[key].name;
}

const char *cell_key_text(const struct cell *cell, enum cell_key key)
{
    const char *text;
    memcpy(&text, (const char *)cell + keys[key].offset, sizeof text);
    return text;
}

int cells_compare(const struct cell *a, const struct cell *b, unsigned ignored)
{
    int order = 0;
    for (enum cell_key key = 0; key < CELL_KEYS && order == 0; key++)
        if ((ignored & 1u << key) == 0)
            order = strcmp(cell_key_text(a, key), cell_key_text(b, key));
    return order != 0 ? order : (a->threads > b->threads) - (a->threads < b->threads);
}
