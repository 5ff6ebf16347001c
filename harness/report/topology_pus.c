/* The usable PUs as a table, in Markdown and CSV: what each one is, and its place in each order. */
#include "harness/base/text.h"
#include "harness/report/grid.h"
#include "harness/report/topology.h"

#include <stdlib.h>

static const char *const headings[] = {
    "os_index", "core", "smt", "class", "domain", "package", "spread_rank", "compact_rank", "packed_rank"};

enum { COLUMNS = sizeof headings / sizeof headings[0], WORD_BYTES = 16 };

/* For each OS index its place in the order. The caller frees. */
static int *ranks_of(const int *order, int count)
{
    int *rank = memory_new(TOPOLOGY_PU_LIMIT, sizeof *rank);
    for (int i = 0; i < count; i++)
        rank[order[i]] = i;
    return rank;
}

static struct grid pu_grid(const struct topology *topology)
{
    struct grid grid = {.heading = headings, .columns = COLUMNS};
    int *spread = ranks_of(topology->spread, topology->usable_pus);
    int *compact = ranks_of(topology->compact, topology->usable_pus);
    int *packed = ranks_of(topology->packed, topology->usable_pus);
    for (int i = 0; i < topology->usable_pus; i++) {
        const struct topology_pu *pu = &topology->pu[i];
        const int value[COLUMNS] = {pu->os_index, pu->core, pu->smt, pu->class, pu->domain, pu->package,
            spread[pu->os_index], compact[pu->os_index], packed[pu->os_index]};
        char buffer[COLUMNS][WORD_BYTES];
        const char *word[COLUMNS];
        for (int column = 0; column < COLUMNS; column++) {
            snprintf(buffer[column], WORD_BYTES, "%d", value[column]);
            word[column] = buffer[column];
        }
        grid_add(&grid, word);
    }
    free(spread);
    free(compact);
    free(packed);
    return grid;
}

bool topology_markdown_write(FILE *stream, const struct machine *machine)
{
    struct grid grid = pu_grid(&machine->topology);
    grid_write_markdown(stream, &grid);
    grid_free(&grid);
    return ferror(stream) == 0;
}

bool topology_csv_write(FILE *stream, const struct machine *machine)
{
    struct grid grid = pu_grid(&machine->topology);
    grid_write_csv(stream, &grid);
    grid_free(&grid);
    return ferror(stream) == 0;
}
