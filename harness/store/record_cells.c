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

/* The cells that bound this one; each must be there. What they are is judged when all are read. */
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

/* ---- what a cell refers to ---- */

/* "x86-64-v4" of "x86-64-v4-gomp": builds of one level are comparable, whatever their runtime. */
static bool same_level(const struct cell *a, const struct cell *b)
{
    const char *dash = strrchr(a->worker, '-');
    size_t length = dash != NULL ? (size_t)(dash - a->worker) + 1 : strlen(a->worker);
    return strncmp(a->worker, b->worker, length) == 0 && strrchr(b->worker, '-') == b->worker + length - 1;
}

static bool same_problem(const struct cell *a, const struct cell *b)
{
    bool fixed = strcmp(a->scaling, "weak") != 0;
    return strcmp(a->kernel, b->kernel) == 0 && strcmp(a->type, b->type) == 0 &&
           strcmp(a->size, b->size) == 0 && strcmp(a->options, b->options) == 0 &&
           strcmp(a->scaling, b->scaling) == 0 && strcmp(a->side, b->side) == 0 &&
           (!fixed || strcmp(a->shape, b->shape) == 0);
}

/* A ceiling may have a row as its base, which has a side and a size class of its own. */
static bool is_base(const struct cell *cell, const struct cell *base)
{
    bool same = cell->is_reference
                    ? strcmp(cell->kernel, base->kernel) == 0 && strcmp(cell->type, base->type) == 0 &&
                          strcmp(cell->shape, base->shape) == 0
                    : same_problem(cell, base);
    return same && base->threads == 1 && base->serial_base == cell->serial_base &&
           strcmp(cell->variant, base->variant) == 0 && strcmp(cell->worker, base->worker) == 0 &&
           strcmp(cell->placement, base->placement) == 0;
}

static bool is_serial(const struct cell *cell, const struct cell *serial)
{
    return serial->serial_base && serial->threads == 1 && same_problem(cell, serial) &&
           (cell->serial_base || same_level(cell, serial));
}

/* Of the row's type or a narrower one, whose rate is not lower: a share of that flatters nobody. */
static bool is_type_of_ceiling(const char *row, const char *ceiling)
{
    return strcmp(row, ceiling) == 0 || (strcmp(row, "f64") == 0 && strcmp(ceiling, "f32") == 0);
}

/* A serial row has the ceilings of its level's one-thread row. */
static bool is_ceiling(const struct cell *cell, const struct cell *ceiling)
{
    return ceiling->id != cell->id && !ceiling->serial_base && ceiling->threads == cell->threads &&
           is_type_of_ceiling(cell->type, ceiling->type) &&
           (cell->serial_base ? same_level(cell, ceiling)
                              : strcmp(cell->worker, ceiling->worker) == 0 &&
                                    strcmp(cell->placement, ceiling->placement) == 0);
}

/* A speedup against another problem, or a share of another machine's ceiling, would look like any other. */
static void check_references(struct json_fields *fields, const json_t *array, const struct run_record *record)
{
    for (int i = 0; i < record->cell_count && !fields->failed; i++) {
        const struct cell *cell = &record->cell[i], *all = record->cell;
        fields->object = json_array_get(array, (size_t)i);
        fields->key = "base";
        if (cell->base >= 0 && !is_base(cell, &all[cell->base]))
            fields_fail(fields,
                "\"base\" is %d, and that cell is not this one on one thread (same problem, variant, worker, "
                "placement)",
                cell->base);
        fields->key = "serial";
        if (cell->serial >= 0 && !is_serial(cell, &all[cell->serial]))
            fields_fail(fields,
                "\"serial\" is %d, and that cell is not the serial build's of the same problem and level",
                cell->serial);
        fields->key = "ceilings";
        for (int k = 0; k < cell->ceiling_count; k++)
            if (!is_ceiling(cell, &all[cell->ceiling[k]]))
                fields_fail(fields,
                    "\"ceilings\" refers to cell %d, which is no ceiling of this type, worker, team and "
                    "placement",
                    cell->ceiling[k]);
    }
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
    check_references(fields, array, record);
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
