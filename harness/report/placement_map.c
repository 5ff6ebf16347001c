/* Cuts the table of PUs into columns and counts threads on them. */
#include "harness/report/placement_map.h"

#include "harness/base/text.h"

#include <stdlib.h>
#include <string.h>

static int level_value(const struct topology_pu *pu, enum placement_level level)
{
    switch (level) {
    case COLUMN_CORE:
        return pu->core;
    case COLUMN_CACHE:
        return pu->llc;
    case COLUMN_DOMAIN:
        return pu->domain;
    case COLUMN_PACKAGE:
        return pu->package;
    case COLUMN_MACHINE:
        break;
    }
    return 0;
}

static enum placement_gap gap_between(const struct topology_pu *left, const struct topology_pu *right)
{
    return left->package != right->package ? GAP_PACKAGE
           : left->domain != right->domain ? GAP_DOMAIN
           : left->llc != right->llc       ? GAP_CACHE
                                           : GAP_NONE;
}

/* Where the column that begins at PU `begin` ends. */
static int column_end(const struct topology *topology, enum placement_level level, int begin)
{
    int end = begin + 1;
    while (end < topology->usable_pus &&
           level_value(&topology->pu[end], level) == level_value(&topology->pu[begin], level))
        end++;
    return end;
}

int placement_count_columns(const struct topology *topology, enum placement_level level, int *gaps)
{
    int columns = 0;
    *gaps = 0;
    for (int begin = 0; begin < topology->usable_pus; begin = column_end(topology, level, begin), columns++)
        *gaps += begin > 0 && gap_between(&topology->pu[begin - 1], &topology->pu[begin]) != GAP_NONE;
    return columns;
}

const char *placement_level_name(enum placement_level level)
{
    static const char *const names[COLUMN_LEVELS] = {
        "core", "last-level cache", "memory domain", "package", "machine"};
    return names[level];
}

struct placement_map placement_map_make(const struct topology *topology, enum placement_level level)
{
    struct placement_map map = {.topology = topology, .level = level};
    map.column = memory_new((size_t)topology->usable_pus, sizeof *map.column);
    map.column_of = memory_new(TOPOLOGY_PU_LIMIT, sizeof *map.column_of);
    for (int os_index = 0; os_index < TOPOLOGY_PU_LIMIT; os_index++)
        map.column_of[os_index] = -1;
    for (int begin = 0, end; begin < topology->usable_pus; begin = end) {
        end = column_end(topology, level, begin);
        for (int i = begin; i < end; i++)
            map.column_of[topology->pu[i].os_index] = map.columns;
        map.column[map.columns++] = (struct placement_column){.pu = begin,
            .pus = end - begin,
            .gap = begin == 0 ? GAP_NONE : gap_between(&topology->pu[begin - 1], &topology->pu[begin])};
    }
    return map;
}

void placement_map_add(struct placement_map *map, const char *placement, int threads, const int *pus)
{
    map->team = memory_grow(map->team, (size_t)map->teams + 1, sizeof *map->team);
    struct placement_team *team = &map->team[map->teams++];
    *team = (struct placement_team){.placement = placement, .threads = threads};
    if (pus == NULL)
        return;
    bool *seen = memory_new(TOPOLOGY_PU_LIMIT, sizeof *seen);
    team->on = memory_new((size_t)map->columns, sizeof *team->on);
    for (int t = 0; t < threads; t++) {
        bool possible = pus[t] >= 0 && pus[t] < TOPOLOGY_PU_LIMIT;
        int column = possible ? map->column_of[pus[t]] : -1;
        if (possible) {
            team->distinct_pus += !seen[pus[t]];
            seen[pus[t]] = true;
        }
        if (column < 0)
            team->elsewhere++;
        else
            team->on[column]++;
    }
    free(seen);
}

bool placement_map_add_ladder(struct placement_map *map, const char *placement)
{
    const struct topology *topology = map->topology;
    const int *order = strcmp(placement, "spread") == 0    ? topology->spread
                       : strcmp(placement, "compact") == 0 ? topology->compact
                       : strcmp(placement, "packed") == 0  ? topology->packed
                                                           : NULL;
    struct ladder_point *point;
    int count;
    if (order == NULL)
        return false;
    topology_ladder(topology, &point, &count);
    for (int i = 0; i < count; i++)
        placement_map_add(map, placement, point[i].threads, order);
    free(point);
    return true;
}

void placement_map_free(struct placement_map *map)
{
    for (int i = 0; i < map->teams; i++)
        free(map->team[i].on);
    free(map->team);
    free(map->column_of);
    free(map->column);
    *map = (struct placement_map){0};
}

int placement_map_value(const struct placement_map *map, int column, enum placement_field field)
{
    const struct topology_pu *pu = &map->topology->pu[map->column[column].pu];
    switch (field) {
    case FIELD_PACKAGE:
        return pu->package;
    case FIELD_DOMAIN:
        return pu->domain;
    case FIELD_CACHE:
        return pu->llc;
    case FIELD_CLASS:
        break;
    }
    return pu->class;
}

int placement_map_run(const struct placement_map *map, int column, enum placement_field field)
{
    int end = column + 1;
    while (
        end < map->columns && placement_map_value(map, end, field) == placement_map_value(map, column, field))
        end++;
    return end;
}

bool placement_map_divides(const struct placement_map *map, enum placement_field field)
{
    return placement_map_run(map, 0, field) < map->columns;
}

int placement_map_most(const struct placement_map *map)
{
    int most = 0;
    for (int i = 0; i < map->teams; i++)
        for (int c = 0; map->team[i].on != NULL && c < map->columns; c++)
            most = map->team[i].on[c] > most ? map->team[i].on[c] : most;
    return most;
}
