/* One table of the keys, so that matching, heading and columns cannot disagree. */
#include "harness/report/compare_keys.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *name;
    size_t offset;
} keys[COMPARE_KEYS] = {
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

const char *compare_key_name(enum compare_key key)
{
    return keys[key].name;
}

const char *compare_key_text(const struct cell *cell, enum compare_key key)
{
    const char *text;
    memcpy(&text, (const char *)cell + keys[key].offset, sizeof text);
    return text;
}

int compare_cells(const struct cell *a, const struct cell *b, unsigned ignored)
{
    int order = 0;
    for (enum compare_key key = 0; key < COMPARE_KEYS && order == 0; key++)
        if ((ignored & 1u << key) == 0)
            order = strcmp(compare_key_text(a, key), compare_key_text(b, key));
    return order != 0 ? order : (a->threads > b->threads) - (a->threads < b->threads);
}
