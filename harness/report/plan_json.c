/* The plan as JSON, schema "acelera/plan/1". Cell keys are those of the summary's rows. */
#include "harness/report/plan.h"
#include "harness/store/json_builder.h"

#define PLAN_JSON_SCHEMA "acelera/plan/1"

static void add_points(struct json_builder *json, const struct plan_view *plan)
{
    json_build_open(json, "threads", '[', true);
    for (int i = 0; i < plan->point_count; i++) {
        const struct ladder_point *point = &plan->point[i];
        json_build_open(json, NULL, '{', false);
        json_build_integer(json, "threads", point->threads);
        json_build_bool(json, "boundary", point->boundary);
        json_build_string(json, "reason", point->reason);
        json_build_close(json);
    }
    json_build_close(json);
}

static void add_pus(struct json_builder *json, const struct cell *cell)
{
    if (cell->pus == NULL) {
        json_build_null(json, "pus");
        return;
    }
    json_build_open(json, "pus", '[', false);
    for (int i = 0; i < cell->threads; i++)
        json_build_integer(json, NULL, cell->pus[i]);
    json_build_close(json);
}

/* The id of another cell; null for "none". */
static void add_reference(struct json_builder *json, const char *key, int id)
{
    if (id < 0)
        json_build_null(json, key);
    else
        json_build_integer(json, key, id);
}

static void add_cell(struct json_builder *json, const struct cell *cell, const char *reason)
{
    json_build_open(json, NULL, '{', false);
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
    json_build_integer(json, "threads_requested", cell->threads);
    add_pus(json, cell);
    json_build_bool(json, "serial_base", cell->serial_base);
    add_reference(json, "base", cell->base);
    add_reference(json, "serial", cell->serial);
    json_build_number(json, "flop", cell->flop);
    json_build_number(json, "bytes", cell->bytes);
    json_build_number(json, "memory_bytes", cell->memory_bytes);
    if (cell->cache_known)
        json_build_bool(json, "in_cache", cell->in_cache);
    else
        json_build_null(json, "in_cache");
    json_build_bool(json, "beyond_quota", cell->beyond_quota);
    json_build_string(json, "reason", reason);
    json_build_close(json);
}

bool plan_json_write(FILE *stream, const struct plan_view *plan)
{
    struct json_builder json = {0};
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "schema", PLAN_JSON_SCHEMA);
    json_build_string(&json, "topology", plan->topology->source);
    json_build_integer(&json, "usable_cores", plan->topology->usable_cores);
    json_build_integer(&json, "usable_pus", plan->topology->usable_pus);
    json_build_number(&json, "budget_s", plan->budget_s);
    json_build_number(&json, "precision", plan->precision);
    if (plan->blocks > 0)
        json_build_integer(&json, "blocks", plan->blocks);
    else
        json_build_null(&json, "blocks");
    json_build_seed(&json, "seed", plan->seed);
    json_build_seed(&json, "order_seed", plan->order_seed);
    json_build_bool(&json, "comparable", plan->comparable);
    add_points(&json, plan);
    json_build_open(&json, "cells", '[', true);
    for (int i = 0; i < plan->cell_count; i++)
        add_cell(&json, &plan->cell[i], plan->cell[i].reason);
    json_build_close(&json);
    json_build_open(&json, "skipped", '[', true);
    for (int i = 0; i < plan->skipped_count; i++)
        add_cell(&json, &plan->skipped[i].cell, plan->skipped[i].why);
    json_build_close(&json);
    json_build_close(&json);
    fputs(json.text.data, stream);
    text_free(&json.text);
    return ferror(stream) == 0;
}
