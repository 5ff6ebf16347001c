/* Which part of the machine each team has: columns are its cores (or something coarser where cores would be
 * too many), rows are teams, and a place holds how many threads of the team are there. Draws nothing. */
#ifndef ACELERA_PLACEMENT_MAP_H
#define ACELERA_PLACEMENT_MAP_H

#include "harness/machine/topology.h"

/* What a column is, from fine to coarse. */
enum placement_level { COLUMN_CORE, COLUMN_CACHE, COLUMN_DOMAIN, COLUMN_PACKAGE, COLUMN_MACHINE };
enum { COLUMN_LEVELS = 5 };

/* What lies between a column and the one before: the farthest of what changes there. */
enum placement_gap { GAP_NONE, GAP_CACHE, GAP_DOMAIN, GAP_PACKAGE };

/* What a column lies in. */
enum placement_field { FIELD_PACKAGE, FIELD_DOMAIN, FIELD_CACHE, FIELD_CLASS };

struct placement_column {
    int pu, pus; /* pu[pu] … pu[pu + pus − 1] of the topology */
    enum placement_gap gap;
};

struct placement_team {
    const char *placement; /* "spread"; owned by whoever named it */
    int threads;
    int distinct_pus; /* 0: not bound, or unknown */
    int *on;          /* threads on each column; NULL: not bound, or unknown */
    int elsewhere;    /* threads on PUs that the topology does not have */
};

struct placement_map {
    const struct topology *topology; /* must outlive the map */
    enum placement_level level;
    struct placement_column *column;
    int columns;
    int *column_of; /* by OS index; −1: not usable */
    struct placement_team *team;
    int teams;
    int teams_left_out; /* known to whoever chose the teams */
};

/* How many columns, and how many gaps between them, a level gives. */
int placement_count_columns(const struct topology *topology, enum placement_level level, int *gaps);

/* "core" "last-level cache" "memory domain" "package" "machine" */
const char *placement_level_name(enum placement_level level);

/* Without teams. */
struct placement_map placement_map_make(const struct topology *topology, enum placement_level level);
/* pus: an OS index for each thread; NULL not bound, or unknown. */
void placement_map_add(struct placement_map *map, const char *placement, int threads, const int *pus);
/* The teams of the thread ladder; false for a name that is no order of PUs. */
bool placement_map_add_ladder(struct placement_map *map, const char *placement);
void placement_map_free(struct placement_map *map);

/* The number of the package, … that the column begins in. */
int placement_map_value(const struct placement_map *map, int column, enum placement_field field);
/* The first column from this one on that lies in another. */
int placement_map_run(const struct placement_map *map, int column, enum placement_field field);
/* Not all columns lie in the same. */
bool placement_map_divides(const struct placement_map *map, enum placement_field field);

/* The largest number in any place. */
int placement_map_most(const struct placement_map *map);

#endif
