/* Reads the plan of run.json: the cells, and those that were left out. Refuses a cell whose references lead
 * nowhere, so that nobody after this has to look. */
#include "harness/store/record_parts.h"

#include "harness/base/text.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

enum { THREADS_MAX = 1 << 20 };

static const double work_max = 1e30;

static enum cell_rate read_rate(struct json_fields *fields, const json_t *object)
{
    const char *name = fields_string(fields, object, "rate");
    for (int rate = 0; rate < CELL_RATES; rate++)
        if (strcmp(name, cell_rate_names[rate]) == 0)
            return (enum cell_rate)rate;
    fields_fail(fields, "\"rate\" is \"%.40s\", which is none of the known ones", name);
    return RATE_NONE;
}

/* The cells that bound this one; each must be there. */
static void read_ceilings(struct json_fields *fields, const json_t *object, struct cell *cell, int last)
{
    const json_t *array = fields_array(fields, object, "ceilings");
    if (json_array_size(array) > CELL_CEILINGS_MAX) {
        fields_fail(fields, "\"ceilings\" has more than %d entries", CELL_CEILINGS_MAX);
        return;
    }
    for (size_t i = 0; i < json_array_size(array) && !fields->failed; i++) {
        json_int_t id = json_integer_value(json_array_get(array, i));
        if (!json_is_integer(json_array_get(array, i)) || id < 0 || id > last)
            fields_fail(fields, "\"ceilings\" refers to a cell that is not there");
        else
            cell->ceiling[cell->ceiling_count++] = (int)id;
    }
}

/* A cell that was left out may lack a placement or a worker: its words may be empty. */
static char *read_word(struct json_fields *fields, const json_t *object, const char *key, bool measured)
{
    const char *word = fields_string(fields, object, key);
    return text_copy(measured || word[0] != '\0' ? fields_word(fields, object, key) : "");
}

static void read_side(struct json_fields *fields, const json_t *object, struct cell *cell)
{
    const char *side = fields_string_or(fields, object, "side", "");
    if (strlen(side) > 1 || strspn(side, "AB") != strlen(side))
        fields_fail(fields, "\"side\" is \"%.40s\", but must be A or B", side);
    else
        memcpy(cell->side, side, strlen(side) + 1);
}

static struct cell read_cell(struct json_fields *fields, const json_t *object, bool measured)
{
    struct cell cell = {.base = -1, .serial = -1};
    cell.kernel = read_word(fields, object, "kernel", measured);
    cell.variant = read_word(fields, object, "variant", measured);
    cell.type = read_word(fields, object, "type", measured);
    cell.size = read_word(fields, object, "size", measured);
    cell.placement = read_word(fields, object, "placement", measured);
    cell.scaling = read_word(fields, object, "scaling", measured);
    cell.worker = read_word(fields, object, "worker", measured);
    cell.shape = text_copy(fields_string(fields, object, "shape"));
    cell.options = text_copy(fields_string(fields, object, "options"));
    cell.reason = text_copy(fields_string(fields, object, "reason"));
    cell.threads = (int)fields_integer(fields, object, "threads", measured ? 1 : 0, THREADS_MAX);
    cell.pus = fields_indexes(fields, object, "pus", cell.threads);
    cell.cores = (int)fields_integer_or(fields, object, "cores", 0, THREADS_MAX, 0);
    cell.sharing = (int)fields_integer_or(fields, object, "sharing", 0, THREADS_MAX, 0);
    cell.classes = (int)fields_integer_or(fields, object, "classes", 0, THREADS_MAX, 0);
    cell.domains = (int)fields_integer_or(fields, object, "domains", 0, THREADS_MAX, 0);
    read_side(fields, object, &cell);
    cell.serial_base = fields_bool(fields, object, "serial_base");
    cell.flop = fields_number_or(fields, object, "flop", 0, work_max, 0);
    cell.bytes = fields_number_or(fields, object, "bytes", 0, work_max, 0);
    cell.memory_bytes = fields_number_or(fields, object, "memory_bytes", 0, work_max, 0);
    cell.cycles = fields_number_or(fields, object, "cycles", 0, work_max, 0);
    cell.regions = fields_number_or(fields, object, "regions", 0, work_max, 0);
    cell.barriers = fields_number_or(fields, object, "barriers", 0, work_max, 0);
    cell.rate = read_rate(fields, object);
    cell.is_reference = fields_bool(fields, object, "is_reference");
    cell.in_cache = fields_bool(fields, object, "in_cache");
    cell.cache_known = fields_bool(fields, object, "cache_known");
    cell.beyond_quota = fields_bool(fields, object, "beyond_quota");
    return cell;
}

static void read_cells(struct json_fields *fields, const json_t *array, struct run_record *record)
{
    size_t count = json_array_size(array);
    if (count > INT_MAX / 2) {
        fields_fail(fields, "too many cells");
        return;
    }
    record->cell = memory_new(count + 1, sizeof *record->cell);
    record->dropped = memory_new(count + 1, sizeof *record->dropped);
    for (size_t i = 0; i < count && !fields->failed; i++) {
        const json_t *object = json_array_get(array, i);
        int last = (int)count - 1;
        fields_integer(fields, object, "id", (long long)i, (long long)i);
        struct cell *cell = &record->cell[record->cell_count++];
        *cell = read_cell(fields, object, true);
        cell->id = (int)i;
        cell->base = (int)fields_integer(fields, object, "base", -1, last);
        cell->serial = (int)fields_integer(fields, object, "serial", -1, last);
        read_ceilings(fields, object, cell, last);
    }
}

void record_add_skipped(struct run_record *record, const struct cell *cell, const char *why)
{
    size_t count = (size_t)record->skipped_count;
    record->skipped = memory_grow(record->skipped, count + 1, sizeof *record->skipped);
    record->skipped[count] = (struct skipped_cell){cell_copy(cell), text_copy(why)};
    record->skipped_count++;
}

void record_read_plan(struct json_fields *fields, const json_t *run, struct run_record *record)
{
    const json_t *plan = fields_object(fields, run, "plan");
    const json_t *cells = fields_array(fields, plan, "cells");
    const json_t *skipped = fields_array(fields, plan, "skipped");
    if (fields->failed)
        return;
    read_cells(fields, cells, record);
    for (size_t i = 0; i < json_array_size(skipped) && !fields->failed; i++) {
        const json_t *object = json_array_get(skipped, i);
        struct cell cell = read_cell(fields, object, false);
        cell.id = -1;
        record_add_skipped(record, &cell, fields_string(fields, object, "why"));
        cell_free(&cell);
    }
}
