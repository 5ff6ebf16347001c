/* From a run, or a machine, to its picture: which teams there were, and the topology that lies beside the
 * samples. That file is as foreign as any, so it is read as such. */
#include "harness/report/topology_svg.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As many rows as a page can show and a person can compare. */
enum { TEAMS_SHOWN = 48 };

/* By placement in the order of the plan's rows, then by size; the serial row has no team. */
struct team {
    const struct summary_row *row;
    int rank; /* of the placement, by first appearance */
};

static int team_order(const void *left, const void *right)
{
    const struct team *a = left, *b = right;
    int threads = a->row->cell->threads - b->row->cell->threads;
    return a->rank != b->rank ? a->rank - b->rank : threads;
}

static int rank_of(const struct team *team, int teams, const struct cell *cell)
{
    int most = -1;
    for (int i = 0; i < teams; i++) {
        if (strcmp(team[i].row->cell->placement, cell->placement) == 0)
            return team[i].rank;
        most = team[i].rank > most ? team[i].rank : most;
    }
    return most + 1;
}

static bool is_known(const struct team *team, int teams, const struct cell *cell)
{
    for (int i = 0; i < teams; i++)
        if (team[i].row->cell->threads == cell->threads &&
            strcmp(team[i].row->cell->placement, cell->placement) == 0)
            return true;
    return false;
}

/* Rows of other kernels repeat the same teams. Where there are too many, every n-th is kept, and the last. */
static void add_teams(struct placement_map *map, const struct summary *summary)
{
    struct team *team = memory_new((size_t)summary->row_count + 1, sizeof *team);
    int teams = 0;
    for (int i = 0; i < summary->row_count; i++) {
        const struct cell *cell = summary->row[i].cell;
        if (cell->serial_base || is_known(team, teams, cell))
            continue;
        team[teams] = (struct team){&summary->row[i], rank_of(team, teams, cell)};
        teams++;
    }
    qsort(team, (size_t)teams, sizeof *team, team_order);
    int step = 1 + (teams - 1) / TEAMS_SHOWN;
    for (int i = 0; i < teams; i++) {
        const struct summary_row *row = team[i].row;
        if (i % step != 0 && i != teams - 1)
            map->teams_left_out++;
        else
            placement_map_add(
                map, row->cell->placement, row->pus != NULL ? row->pu_count : row->cell->threads, row->pus);
    }
    free(team);
}

static bool draw_run(struct text *page, const struct summary *summary, bool alone)
{
    struct text path = {0};
    struct topology topology;
    struct error ignored;
    text_add(&path, "%s/topology.xml", summary->record->directory);
    /* What is no file would be taken for the description of a machine. */
    bool drawn =
        access(path.data, R_OK) == 0 && topology_load_foreign(path.data, &topology, &ignored) == STATUS_OK;
    text_free(&path);
    if (!drawn)
        return false;
    topology_forget_incredible_caches(&topology); /* as the run itself did */
    struct placement_map map = placement_map_make(&topology, topology_svg_level(&topology));
    add_teams(&map, summary);
    topology_svg_draw(page, "topology", &map, alone);
    placement_map_free(&map);
    topology_free(&topology);
    return true;
}

bool topology_svg_add(struct text *page, const struct summary *summary)
{
    return draw_run(page, summary, false);
}

static bool write_page(FILE *stream, struct text *page)
{
    if (page->length > 0)
        fwrite(page->data, 1, page->length, stream);
    text_free(page);
    return ferror(stream) == 0;
}

bool topology_svg_write(FILE *stream, const struct summary *summary)
{
    struct text page = {0};
    draw_run(&page, summary, true);
    return write_page(stream, &page);
}

bool topology_svg_write_machine(FILE *stream, const struct topology *topology, char *const *placements)
{
    struct text page = {0};
    struct placement_map map = placement_map_make(topology, topology_svg_level(topology));
    for (; *placements != NULL; placements++)
        placement_map_add_ladder(&map, *placements);
    topology_svg_draw(&page, "topology", &map, true);
    placement_map_free(&map);
    return write_page(stream, &page);
}
