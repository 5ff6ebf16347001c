/* Turns the request, the plan and the machine into run.json. Writes no file and decides nothing: a field
 * that is unknown is null, and every list is complete. */
#include "harness/store/run_json.h"

#include "harness/data/table.h"
#include "harness/machine/machine.h"
#include "harness/measure/plan.h"
#include "harness/store/machine_json.h"

#include <stdio.h>
#include <string.h>

#include <sys/stat.h>

static void add_strings(struct json_builder *json, const char *key, char *const *strings)
{
    json_build_open(json, key, '[', false);
    for (; strings != NULL && *strings != NULL; strings++)
        json_build_string(json, NULL, *strings);
    json_build_close(json);
}

static void add_request(struct json_builder *json, const struct plan_request *request)
{
    json_build_open(json, "request", '{', true);
    add_strings(json, "kernels", request->kernels);
    json_build_bool(json, "all_variants", request->all_variants);
    json_build_string(json, "size", request->size);
    json_build_string(json, "shape", request->shape);
    add_strings(json, "settings", request->settings);
    add_strings(json, "types", request->types);
    json_build_string(json, "threads", request->threads);
    add_strings(json, "placements", request->placements);
    if (request->scalings[1] == NULL)
        json_build_string(json, "scaling", request->scalings[0]);
    else
        add_strings(json, "scaling", request->scalings);
    json_build_number(json, "precision", request->precision);
    machine_json_known(json, "delta", request->delta, 1e-9);
    json_build_number(json, "quantile", request->quantile);
    json_build_number(json, "budget_s", request->budget_s);
    json_build_number(json, "warm_s", request->warm_s);
    json_build_integer(json, "blocks", request->blocks);
    add_strings(json, "workers", request->workers);
    json_build_number(json, "timeout_s", request->timeout_s);
    json_build_close(json);
}

/* Which table was measured; null where the data were made from the seed. */
static void add_data(struct json_builder *json, const struct data_table *table)
{
    char digest[24];
    if (table == NULL) {
        json_build_null(json, "data");
        return;
    }
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)table->scan.digest);
    json_build_open(json, "data", '{', false);
    json_build_string(json, "path", table->path);
    json_build_integer(json, "bytes", table->stamp.bytes);
    json_build_integer(json, "mtime_ns", table->stamp.mtime_ns);
    json_build_string(json, "digest", digest);
    json_build_integer(json, "rows", table->layout.rows);
    json_build_integer(json, "columns", table->layout.columns);
    json_build_integer(json, "bits", table->layout.bits);
    json_build_bool(json, "column_major", table->layout.column_major);
    json_build_number(json, "largest", table->scan.largest);
    json_build_string(json, "not_finite", table->scan.not_finite[0] != '\0' ? table->scan.not_finite : NULL);
    json_build_close(json);
}

static void add_cell_members(struct json_builder *json, const struct cell *cell)
{
    json_build_integer(json, "id", cell->id);
    json_build_string(json, "kernel", cell->kernel);
    json_build_string(json, "variant", cell->variant);
    json_build_string(json, "type", cell->type);
    json_build_string(json, "size", cell->size);
    json_build_string(json, "shape", cell->shape);
    json_build_string(json, "options", cell->options);
    json_build_string(json, "placement", cell->placement);
    json_build_string(json, "scaling", cell->scaling);
    json_build_string(json, "worker", cell->worker);
    json_build_integer(json, "threads", cell->threads);
    if (cell->pus != NULL) {
        json_build_open(json, "pus", '[', false);
        for (int i = 0; i < cell->threads; i++)
            json_build_integer(json, NULL, cell->pus[i]);
        json_build_close(json);
    } else {
        json_build_null(json, "pus");
    }
    machine_json_known(json, "cores", cell->cores, 1);
    machine_json_known(json, "sharing", cell->sharing, 1);
    machine_json_known(json, "classes", cell->classes, 1);
    machine_json_known(json, "domains", cell->domains, 1);
    json_build_bool(json, "serial_base", cell->serial_base);
    json_build_integer(json, "base", cell->base);
    json_build_integer(json, "serial", cell->serial);
    json_build_number(json, "flop", cell->flop);
    json_build_number(json, "bytes", cell->bytes);
    json_build_number(json, "memory_bytes", cell->memory_bytes);
    json_build_number(json, "cycles", cell->cycles);
    json_build_number(json, "regions", cell->regions);
    json_build_number(json, "barriers", cell->barriers);
    json_build_string(json, "rate", cell_rate_names[cell->rate]);
    json_build_bool(json, "is_reference", cell->is_reference);
    json_build_open(json, "ceilings", '[', false);
    for (int i = 0; i < cell->ceiling_count; i++)
        json_build_integer(json, NULL, cell->ceiling[i]);
    json_build_close(json);
    json_build_bool(json, "in_cache", cell->in_cache);
    json_build_bool(json, "cache_known", cell->cache_known);
    json_build_bool(json, "beyond_quota", cell->beyond_quota);
    json_build_string(json, "reason", cell->reason);
    json_build_string(json, "side", cell->side[0] != '\0' ? cell->side : NULL);
}

static void add_plan(struct json_builder *json, const struct plan *plan)
{
    json_build_open(json, "plan", '{', true);
    json_build_bool(json, "comparable", plan->comparable);
    json_build_open(json, "points", '[', true);
    for (int i = 0; i < plan->point_count; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_integer(json, "threads", plan->point[i].threads);
        json_build_bool(json, "cores_only", plan->point[i].cores_only);
        json_build_bool(json, "boundary", plan->point[i].boundary);
        json_build_string(json, "reason", plan->point[i].reason);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_open(json, "cells", '[', true);
    for (int i = 0; i < plan->cell_count; i++) {
        json_build_open(json, NULL, '{', false);
        add_cell_members(json, &plan->cell[i]);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_open(json, "skipped", '[', true);
    for (int i = 0; i < plan->skipped_count; i++) {
        json_build_open(json, NULL, '{', false);
        add_cell_members(json, &plan->skipped[i].cell);
        json_build_string(json, "why", plan->skipped[i].why);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_close(json);
}

static void add_machine(struct json_builder *json, const struct machine *machine)
{
    const struct topology *topology = &machine->topology;
    json_build_open(json, "machine", '{', true);
    json_build_string(json, "host", machine->host);
    json_build_string(json, "cpu_model", machine->cpu_model);
    machine_json_counts(json, topology);
    json_build_integer(json, "domains", topology->domain_count);
    json_build_integer(json, "classes", topology->class_count);
    machine_json_known(json, "cpu_quota", machine->cpu_quota, 0);
    machine_json_known(json, "capacity", machine->capacity, 0);
    machine_json_known(json, "memory_available_bytes", machine->memory_available_bytes, 0);
    machine_json_known(json, "l1d_bytes", (double)machine->l1d_bytes, 1);
    machine_json_known(json, "l2_bytes", (double)machine->l2_bytes, 1);
    machine_json_known(json, "l3_bytes", (double)machine->l3_bytes, 1);
    machine_json_known(json, "llc_total_bytes", (double)machine->llc_total_bytes, 1);
    machine_json_hardware(json, topology);
    machine_json_limits(json, machine);
    machine_json_warnings(json, machine);
    machine_json_findings(json, machine);
    json_build_open(json, "facts", '[', true);
    for (int i = 0; i < machine->fact_count; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "name", machine->fact[i].name);
        json_build_string(json, "value", machine->fact[i].value);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_close(json);
}

static bool plan_uses(const struct plan *plan, const char *worker)
{
    for (int i = 0; i < plan->cell_count; i++)
        if (strcmp(plan->cell[i].worker, worker) == 0)
            return true;
    return false;
}

/* Which file it was: a worker that was built anew says the same of itself. */
static void add_stamp(struct json_builder *json, const char *path)
{
    struct stat facts;
    if (stat(path, &facts) != 0)
        return;
    json_build_integer(json, "bytes", facts.st_size);
    json_build_integer(
        json, "mtime_ns", (long long)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec);
}

static void add_workers(struct json_builder *json, const struct run_facts *facts)
{
    json_build_open(json, "workers", '[', true);
    for (int i = 0; i < facts->workers->count; i++) {
        const struct worker *worker = &facts->workers->worker[i];
        if (!plan_uses(facts->plan, worker->name))
            continue;
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "name", worker->name);
        json_build_string(json, "path", worker->path);
        json_build_string(json, "level", worker->level);
        json_build_string(json, "runtime", worker->runtime);
        json_build_string(json, "compiler", worker->compiler);
        json_build_string(json, "flags", worker->flags);
        json_build_string(json, "openmp", worker->openmp);
        add_stamp(json, worker->path);
        json_build_close(json);
    }
    json_build_close(json);
}

char *run_json_make(const struct run_facts *facts, const char *id, const char *started)
{
    struct json_builder json = {0};
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "schema", RUN_JSON_SCHEMA);
    json_build_string(&json, "id", id);
    json_build_string(&json, "started", started);
    json_build_string(&json, "command", facts->command);
    json_build_string(&json, "version", facts->version);
    json_build_open(&json, "seeds", '{', false);
    json_build_seed(&json, "seed", facts->request->seed);
    json_build_seed(&json, "order_seed", facts->request->order_seed);
    json_build_close(&json);
    add_request(&json, facts->request);
    add_data(&json, facts->request->data);
    add_machine(&json, facts->machine);
    add_workers(&json, facts);
    add_strings(&json, "cleared", facts->cleared);
    add_strings(&json, "kept", facts->kept);
    add_plan(&json, facts->plan);
    json_build_close(&json);
    return json.text.data;
}
