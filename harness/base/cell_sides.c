/* Nothing is sorted here: a live comparison has dozens of cells. */
#include "harness/base/cell_sides.h"

#include "harness/base/cell_keys.h"

#include <string.h>

enum cell_side cell_side_of(const struct cell *cell)
{
    return strcmp(cell->side, "B") == 0 ? SIDE_B : SIDE_A;
}

bool cell_is_only_base(const struct cell_sides *sides, const struct cell *cell)
{
    return cell->serial_base && sides->parallel[cell_side_of(cell)];
}

static bool side_has(const struct cell *cells, int count, const struct cell_sides *sides, enum cell_side side,
    enum cell_key key, const char *text)
{
    for (int c = 0; c < count; c++)
        if (!cells[c].is_reference && cell_side_of(&cells[c]) == side &&
            !cell_is_only_base(sides, &cells[c]) && strcmp(cell_key_text(&cells[c], key), text) == 0)
            return true;
    return false;
}

void cell_sides_of(const struct cell *cells, int count, struct cell_sides *sides)
{
    *sides = (struct cell_sides){0};
    for (int c = 0; c < count; c++)
        if (!cells[c].is_reference && !cells[c].serial_base)
            sides->parallel[cell_side_of(&cells[c])] = true;
    for (int c = 0; c < count; c++) {
        enum cell_side other = cell_side_of(&cells[c]) == SIDE_A ? SIDE_B : SIDE_A;
        if (cells[c].is_reference || cell_is_only_base(sides, &cells[c]))
            continue;
        for (enum cell_key key = KEY_VARIANT; key < CELL_KEYS; key++)
            if ((sides->difference & 1u << key) == 0 &&
                !side_has(cells, count, sides, other, key, cell_key_text(&cells[c], key)))
                sides->difference |= 1u << key;
    }
}

static bool is_pair(const struct cell_sides *sides, const struct cell *a, const struct cell *b)
{
    return !b->is_reference && cell_side_of(b) == SIDE_B &&
           cell_is_only_base(sides, a) == cell_is_only_base(sides, b) &&
           cells_compare(a, b, sides->difference) == 0;
}

int cell_sides_pair(const struct cell *cells, int count, int *other)
{
    struct cell_sides sides;
    int pairs = 0;
    cell_sides_of(cells, count, &sides);
    for (int a = 0; a < count; a++) {
        other[a] = -1;
        for (int b = 0; b < count && other[a] < 0; b++)
            if (!cells[a].is_reference && cell_side_of(&cells[a]) == SIDE_A &&
                is_pair(&sides, &cells[a], &cells[b]))
                other[a] = b;
        pairs += other[a] >= 0 ? 1 : 0;
    }
    return pairs;
}
