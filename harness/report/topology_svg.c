/* Draws the machine as bars that lie above its columns (packages, memory domains, caches, classes, cores),
 * and below them a row for each team: a place is filled as far as its PUs have threads. One picture serves
 * two cores and four hundred: columns get narrower, and what no longer fits is left away from the outside in.
 * Colours are the style sheet's; without any, filled is still darker than empty. */
#include "harness/report/topology_svg.h"

#include "harness/report/markup.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDTH = 800,
    LEFT = 132,
    RIGHT = 12,
    MARGIN = 12,
    COLUMNS_SHOWN = 400,
    BAR = 20,
    PU_LINE = 15,
    PUS_SHOWN = 8,
    TEAMS_TALL = 24
};

static const double letter = 6.6;      /* about the width of one, at 12 pixels */
static const double cell_max = 72;     /* wider columns say no more */
static const double cell_apart = 7;    /* narrower ones are drawn as one band */
static const double cell_numbers = 20; /* narrower ones have no room for a number */
static const double gaps_share = 0.25; /* of the width, at most */
static const double gap_width[] = {0, 4, 7, 12};

struct picture {
    struct svg svg;
    const struct placement_map *map;
    double *x;   /* left edge of each column */
    double cell; /* width of a column */
    double y;    /* what is above is drawn */
    int row;     /* height of a team's row */
};

enum placement_level topology_svg_level(const struct topology *topology)
{
    enum placement_level level = COLUMN_CORE;
    int gaps;
    while (level < COLUMN_MACHINE && placement_count_columns(topology, level, &gaps) > COLUMNS_SHOWN)
        level++;
    return level;
}

static void place_columns(struct picture *picture)
{
    const struct placement_map *map = picture->map;
    const double room = WIDTH - LEFT - RIGHT;
    double gaps = 0, at = LEFT;
    for (int c = 0; c < map->columns; c++)
        gaps += gap_width[map->column[c].gap];
    double scale = gaps > gaps_share * room ? gaps_share * room / gaps : 1;
    picture->cell = fmin(cell_max, (room - gaps * scale) / map->columns);
    picture->x = memory_new((size_t)map->columns, sizeof *picture->x);
    for (int c = 0; c < map->columns; c++) {
        at += gap_width[map->column[c].gap] * scale;
        picture->x[c] = at;
        at += picture->cell;
    }
}

/* How wide columns [begin, end) are; a hair stays free between neighbours where columns are apart. */
static double width_of(const struct picture *picture, int begin, int end)
{
    return picture->x[end - 1] + picture->cell - picture->x[begin] - (picture->cell >= cell_apart ? 1.5 : 0);
}

static void add_label(struct picture *picture, const char *class, double height, const char *words)
{
    svg_text(&picture->svg, class, LEFT - 10, picture->y + height / 2 + 4, "end", words);
}

/* Centred, if it fits. */
static bool add_inside(
    struct picture *picture, const char *class, double x, double width, double height, const char *words)
{
    if ((double)text_columns(words) * letter + 2 > width)
        return false;
    svg_text(&picture->svg, class, x + width / 2, picture->y + height / 2 + 4, "middle", words);
    return true;
}

/* ---- the machine ---- */

/* What a bar may say, the longest that fits is shown. */
static void bar_words(
    const struct topology *topology, enum placement_field field, int value, char words[2][64])
{
    char size[32];
    snprintf(words[0], sizeof words[0], "%d", value);
    snprintf(words[1], sizeof words[1], "%d", value);
    if (field == FIELD_CLASS) {
        snprintf(words[0], sizeof words[0], value == 0 ? "class 0, the fastest" : "class %d", value);
    } else if (field == FIELD_CACHE && value < 0) {
        snprintf(words[0], sizeof words[0], "none known");
        snprintf(words[1], sizeof words[1], "–");
    } else if (field == FIELD_CACHE) {
        const struct topology_llc *llc = &topology->llc[value];
        bool known = llc->bytes > 0;
        snprintf(words[0], sizeof words[0], "L%d%s%s", llc->level, known ? " " : "",
            known ? text_bytes((double)llc->bytes, size, sizeof size) : "");
        snprintf(words[1], sizeof words[1], "L%d", llc->level);
    }
}

static void draw_bar(struct picture *picture, enum placement_field field, const char *name)
{
    const struct placement_map *map = picture->map;
    add_label(picture, "topology-soft", BAR, name);
    for (int c = 0, end; c < map->columns; c = end) {
        char words[2][64];
        end = placement_map_run(map, c, field);
        double width = width_of(picture, c, end);
        svg_rectangle(&picture->svg, "topology-part", picture->x[c], picture->y, width, BAR - 3);
        bar_words(map->topology, field, placement_map_value(map, c, field), words);
        for (int i = 0; i < 2; i++)
            if (add_inside(picture, "", picture->x[c], width, BAR - 3, words[i]))
                break;
    }
    picture->y += BAR;
}

/* Each core with its PUs below each other, where their numbers can be read. */
static void draw_cores(struct picture *picture)
{
    const struct placement_map *map = picture->map;
    int deepest = 0;
    for (int c = 0; c < map->columns; c++)
        deepest = map->column[c].pus > deepest ? map->column[c].pus : deepest;
    if (map->level != COLUMN_CORE || picture->cell < cell_numbers || deepest > PUS_SHOWN)
        return;
    add_label(picture, "topology-soft", PU_LINE, "PUs of each core");
    double top = picture->y;
    for (int c = 0; c < map->columns; c++) {
        const struct placement_column *column = &map->column[c];
        double width = width_of(picture, c, c + 1);
        for (int i = 0; i < column->pus; i++) {
            char number[16];
            snprintf(number, sizeof number, "%d", map->topology->pu[column->pu + i].os_index);
            picture->y = top + i * PU_LINE;
            svg_rectangle(&picture->svg, "topology-pu", picture->x[c], picture->y, width, PU_LINE - 1);
            add_inside(picture, "", picture->x[c], width, PU_LINE - 1, number);
        }
    }
    picture->y = top + deepest * PU_LINE;
}

/* The coarser of packages and memory domains is drawn above the other. */
static void draw_machine(struct picture *picture)
{
    const struct topology *topology = picture->map->topology;
    bool packages = topology->packages > 0 && picture->map->level <= COLUMN_PACKAGE;
    bool package_first =
        placement_map_run(picture->map, 0, FIELD_PACKAGE) >= placement_map_run(picture->map, 0, FIELD_DOMAIN);
    if (packages && package_first)
        draw_bar(picture, FIELD_PACKAGE, "package");
    if (picture->map->level <= COLUMN_DOMAIN)
        draw_bar(picture, FIELD_DOMAIN, "memory domain");
    if (packages && !package_first)
        draw_bar(picture, FIELD_PACKAGE, "package");
    if (topology->llc_count > 0 && picture->map->level <= COLUMN_CACHE)
        draw_bar(picture, FIELD_CACHE, "last-level cache");
    if (picture->map->level == COLUMN_CORE && placement_map_divides(picture->map, FIELD_CLASS))
        draw_bar(picture, FIELD_CLASS, "kind of core");
    draw_cores(picture);
}

/* ---- the teams ---- */

static double share_of(const struct picture *picture, const struct placement_team *team, int column)
{
    return team->on[column] / (double)picture->map->column[column].pus;
}

/* The end of what may be drawn in one piece: narrow columns, filled alike, with no gap that could be seen. */
static int piece_end(const struct picture *picture, const struct placement_team *team, int begin)
{
    int end = begin + 1;
    double share = share_of(picture, team, begin);
    while (picture->cell < cell_apart && end < picture->map->columns &&
           picture->x[end] - picture->x[end - 1] < picture->cell + 1 &&
           !(share_of(picture, team, end) > share) && !(share_of(picture, team, end) < share))
        end++;
    return end;
}

static void draw_places(struct picture *picture, const struct placement_team *team)
{
    double height = picture->row - 3;
    for (int c = 0, end; c < picture->map->columns; c = end) {
        end = piece_end(picture, team, c);
        double share = share_of(picture, team, c), filled = height * fmin(share, 1);
        double width = width_of(picture, c, end);
        if (share < 1)
            svg_rectangle(&picture->svg, "topology-seat", picture->x[c], picture->y, width, height);
        if (share > 0)
            svg_rectangle(&picture->svg, share > 1 ? "topology-crowded" : "topology-taken", picture->x[c],
                picture->y + height - filled, width, filled);
        char number[16];
        snprintf(number, sizeof number, "%d", team->on[c]);
        if (share > 1)
            add_inside(picture, "topology-over", picture->x[c], width, height, number);
    }
}

static void draw_team(struct picture *picture, const struct placement_team *team)
{
    struct text label = {0}, tooltip = {0};
    const char *s = team->threads == 1 ? "" : "s";
    text_add(&label, "%d thread%s", team->threads, s);
    text_add(&tooltip, "%s, %d thread%s", team->placement, team->threads, s);
    if (team->on != NULL)
        text_add(&tooltip, " on %d PU%s", team->distinct_pus, team->distinct_pus == 1 ? "" : "s");
    if (team->elsewhere > 0)
        text_add(&tooltip, ", %d of them where this topology has no usable PU", team->elsewhere);
    svg_group_open(&picture->svg, "topology-team", NULL);
    svg_tooltip(&picture->svg, tooltip.data);
    add_label(picture, "", picture->row - 3, label.data);
    if (team->on != NULL)
        draw_places(picture, team);
    else
        svg_text(&picture->svg, "topology-soft", LEFT, picture->y + picture->row / 2.0 + 3, "start",
            "not bound to any PU, or not known where");
    svg_group_close(&picture->svg);
    picture->y += picture->row;
    text_free(&label);
    text_free(&tooltip);
}

static void draw_teams(struct picture *picture)
{
    const struct placement_map *map = picture->map;
    for (int i = 0; i < map->teams; i++) {
        bool first = i == 0 || strcmp(map->team[i].placement, map->team[i - 1].placement) != 0;
        if (first) {
            picture->y += 8;
            add_label(picture, "topology-name", picture->row, map->team[i].placement);
            picture->y += picture->row;
        }
        draw_team(picture, &map->team[i]);
    }
}

/* ---- the words ---- */

static void add_line(struct picture *picture, const char *words)
{
    picture->y += 16;
    svg_text(&picture->svg, "topology-soft", LEFT, picture->y, "start", words);
}

static void draw_legend(struct picture *picture)
{
    const struct placement_map *map = picture->map;
    const char *name = placement_level_name(map->level);
    struct text line = {0};
    bool crowded = false;
    int elsewhere = 0;
    for (int i = 0; i < map->teams; i++) {
        elsewhere += map->team[i].elsewhere > 0;
        for (int c = 0; map->team[i].on != NULL && c < map->columns; c++)
            crowded |= map->team[i].on[c] > map->column[c].pus;
    }
    picture->y += 4;
    if (map->level == COLUMN_CORE && map->topology->max_smt == 1)
        text_add(&line, "A column is a core; it is filled where it has a thread of the team.");
    else
        text_add(&line, "A column is a %s; it is filled as far as its PUs have threads of the team.", name);
    if (crowded)
        text_add(&line, " Another colour and a number: more threads than PUs.");
    add_line(picture, line.data);
    text_free(&line);
    if (map->teams_left_out > 0) {
        text_add(&line, "%d more of this run's teams are not drawn.", map->teams_left_out);
        add_line(picture, line.data);
        text_free(&line);
    }
    if (elsewhere > 0) {
        text_add(&line, "%d team%s had threads where this topology has no usable PU.", elsewhere,
            elsewhere == 1 ? "" : "s");
        add_line(picture, line.data);
        text_free(&line);
    }
    picture->y += 12;
}

static void add_count(struct text *text, int count, const char *noun)
{
    if (count > 0)
        text_add(text, "%s%d %s%s", text->data[text->length - 1] != ' ' ? ", " : "", count, noun,
            count == 1 ? "" : "s");
}

static void draw_heading(struct picture *picture, const char *title)
{
    const char *model = picture->map->topology->cpu_model;
    picture->y = 26;
    svg_text(&picture->svg, "topology-title", MARGIN, picture->y, "start", title);
    if (model[0] != '\0') {
        picture->y += 18;
        svg_text(&picture->svg, "topology-soft", MARGIN, picture->y, "start", model);
    }
    picture->y += 14;
}

void topology_svg_draw(struct text *page, const char *id, const struct placement_map *map, bool alone)
{
    const struct topology *topology = map->topology;
    struct text body = {0}, title = {0};
    text_add(&title, "Where the threads of each team run: ");
    struct picture picture = {.svg = {&body}, .map = map, .row = map->teams > TEAMS_TALL ? 15 : 20};
    add_count(&title, topology->packages, "package");
    add_count(&title, topology->domain_count, "memory domain");
    add_count(&title, topology->usable_cores, "core");
    add_count(&title, topology->usable_pus, "PU");
    place_columns(&picture);
    draw_heading(&picture, title.data);
    draw_machine(&picture);
    draw_teams(&picture);
    draw_legend(&picture);
    struct svg svg = svg_open(page, id, WIDTH, picture.y, title.data,
        "Bars for the usable parts of the machine, and below them a row for each team of threads: filled are "
        "the places where it has threads.");
    if (alone) {
        text_add(page, "<style>\n");
        text_add_bytes(page, (const char *)topology_style, topology_style_length);
        text_add(page, "</style>\n");
    }
    svg_group_open(&svg, "topology", NULL);
    svg_rectangle(&svg, "topology-paper", 0, 0, WIDTH, picture.y);
    text_add_bytes(page, body.data, body.length);
    svg_group_close(&svg);
    svg_close(&svg);
    text_free(&body);
    text_free(&title);
    free(picture.x);
}
