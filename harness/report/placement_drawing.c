/* Draws a placement map with one character, or one number, for each column. What nobody uses is a dot, so
 * that the eye finds the rest. */
#include "harness/report/placement_drawing.h"

#include <stdio.h>

enum { INDENT = 2, LABEL = 9, COLUMNS_MIN = 60 };

struct drawing {
    struct text *text;
    struct placement_map map;
    int digits; /* of the largest number */
    int space;  /* after each number where nothing separates: 0 or 1 */
};

/* What separates a column from the one before; NULL: nothing does, or no more than always at this level. */
static const char *separator(const struct drawing *drawing, int column)
{
    static const char *const marks[] = {NULL, "┊", "│", "║"};
    enum placement_gap gap = drawing->map.column[column].gap;
    return (int)gap <= (int)drawing->map.level ? NULL : marks[gap];
}

static int width_between(const struct drawing *drawing, int column)
{
    return column == 0 ? 0 : separator(drawing, column) != NULL ? 1 : drawing->space;
}

static int width_of(const struct drawing *drawing)
{
    int width = INDENT + LABEL;
    for (int c = 0; c < drawing->map.columns; c++)
        width += width_between(drawing, c) + drawing->digits;
    return width;
}

/* The finest level that fits; the last one, a single column, always does. */
static void choose_level(
    struct drawing *drawing, const struct topology *topology, const char *placement, int columns)
{
    for (enum placement_level level = COLUMN_CORE; level <= COLUMN_MACHINE; level++) {
        drawing->map = placement_map_make(topology, level);
        placement_map_add_ladder(&drawing->map, placement);
        drawing->digits = snprintf(NULL, 0, "%d", placement_map_most(&drawing->map));
        for (drawing->space = 1; drawing->space >= 0; drawing->space--)
            if (width_of(drawing) <= columns && (drawing->space == 1 || drawing->digits == 1))
                return;
        if (level == COLUMN_MACHINE)
            break;
        placement_map_free(&drawing->map);
    }
    drawing->space = 1;
}

static void add_separator(struct drawing *drawing, int column)
{
    const char *mark = separator(drawing, column);
    if (column > 0)
        text_add(drawing->text, "%s", mark != NULL ? mark : drawing->space == 1 ? " " : "");
}

static void add_team(struct drawing *drawing, const struct placement_team *team)
{
    text_add(drawing->text, "%*s%*d  ", INDENT, "", LABEL - 2, team->threads);
    for (int c = 0; c < drawing->map.columns; c++) {
        add_separator(drawing, c);
        if (team->on[c] > 0)
            text_add(drawing->text, "%*d", drawing->digits, team->on[c]);
        else
            text_add(drawing->text, "%*s·", drawing->digits - 1, "");
    }
    text_add(drawing->text, "\n");
}

/* The numbers of what the columns lie in, each where it begins, as far as there is room before the next. */
static void add_heading(struct drawing *drawing, const char *name, enum placement_field field)
{
    const struct placement_map *map = &drawing->map;
    int at = 0, written = 0;
    text_add(drawing->text, "%*s%*s  ", INDENT, "", LABEL - 2, name);
    for (int c = 0, end; c < map->columns; c = end) {
        int room = drawing->digits;
        at += width_between(drawing, c);
        end = placement_map_run(map, c, field);
        for (int inner = c + 1; inner < end; inner++)
            room += width_between(drawing, inner) + drawing->digits;
        char word[16];
        int length = snprintf(word, sizeof word, "%*d", drawing->digits, placement_map_value(map, c, field));
        if (length <= room) {
            text_add(drawing->text, "%*s%s", at - written, "", word);
            written = at + length;
        }
        at += room;
    }
    text_add(drawing->text, "\n");
}

void placement_draw(struct text *text, const struct topology *topology, const char *placement, int columns)
{
    struct drawing drawing = {.text = text};
    choose_level(&drawing, topology, placement, columns > COLUMNS_MIN ? columns : COLUMNS_MIN);
    if (placement_map_divides(&drawing.map, FIELD_PACKAGE))
        add_heading(&drawing, "package", FIELD_PACKAGE);
    if (placement_map_divides(&drawing.map, FIELD_DOMAIN))
        add_heading(&drawing, "domain", FIELD_DOMAIN);
    if (drawing.map.level == COLUMN_CORE && placement_map_divides(&drawing.map, FIELD_CLASS))
        add_heading(&drawing, "class", FIELD_CLASS);
    text_add(text, "%*sthreads  on each %s\n", INDENT, "", placement_level_name(drawing.map.level));
    for (int i = 0; i < drawing.map.teams; i++)
        add_team(&drawing, &drawing.map.team[i]);
    placement_map_free(&drawing.map);
}
