/* The machine as JSON, schema "acelera/topology/1". What is unknown, and what only the live machine has, is
 * null. */
#include "harness/report/topology.h"
#include "harness/store/json_builder.h"

#include <stdlib.h>

static void build_integers(struct json_builder *json, const char *key, const int *value, int count)
{
    json_build_open(json, key, '[', false);
    for (int i = 0; i < count; i++)
        json_build_integer(json, NULL, value[i]);
    json_build_close(json);
}

/* Negative: unknown. */
static void build_known_integer(struct json_builder *json, const char *key, long long value)
{
    if (value < 0)
        json_build_null(json, key);
    else
        json_build_integer(json, key, value);
}

static void build_counts(struct json_builder *json, const struct topology *topology)
{
    json_build_integer(json, "packages", topology->packages);
    json_build_integer(json, "numa_nodes", topology->numa_nodes);
    json_build_integer(json, "cores", topology->cores);
    json_build_integer(json, "pus", topology->pus);
    json_build_integer(json, "usable_cores", topology->usable_cores);
    json_build_integer(json, "usable_pus", topology->usable_pus);
    json_build_integer(json, "max_smt", topology->max_smt);
    build_integers(json, "domains", topology->domain_cores, topology->domain_count);
    build_integers(json, "classes", topology->class_cores, topology->class_count);
    json_build_open(json, "orders", '{', true);
    build_integers(json, "spread", topology->spread, topology->usable_pus);
    build_integers(json, "compact", topology->compact, topology->usable_pus);
    build_integers(json, "packed", topology->packed, topology->usable_pus);
    json_build_close(json);
}

static void build_ladder(struct json_builder *json, const struct topology *topology)
{
    struct ladder_point *point;
    int count;
    topology_ladder(topology, &point, &count);
    json_build_open(json, "ladder_cores", '[', false);
    for (int i = 0; i < count; i++)
        if (point[i].cores_only)
            json_build_integer(json, NULL, point[i].threads);
    json_build_close(json);
    json_build_open(json, "ladder", '[', false);
    for (int i = 0; i < count; i++)
        json_build_integer(json, NULL, point[i].threads);
    json_build_close(json);
    json_build_open(json, "ladder_reasons", '[', true);
    for (int i = 0; i < count; i++)
        json_build_string(json, NULL, point[i].reason);
    json_build_close(json);
    free(point);
}

static void build_hardware(struct json_builder *json, const struct topology *topology)
{
    json_build_open(json, "cpu_kinds", '[', true);
    for (int i = 0; i < topology->kind_count; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_integer(json, "pus", topology->kind[i].pus);
        build_known_integer(json, "efficiency", topology->kind[i].efficiency);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_open(json, "caches", '[', true);
    for (int i = 0; i < topology->cache_count; i++) {
        const struct topology_cache *cache = &topology->cache[i];
        json_build_open(json, NULL, '{', false);
        json_build_integer(json, "level", cache->level);
        build_known_integer(json, "bytes", cache->bytes > 0 ? cache->bytes : -1);
        json_build_integer(json, "count", cache->count);
        json_build_close(json);
    }
    json_build_close(json);
}

static void build_limits(struct json_builder *json, const struct machine *machine)
{
    if (machine->cpu_quota > 0)
        json_build_number(json, "cpu_quota", machine->cpu_quota);
    else
        json_build_null(json, "cpu_quota");
    if (machine->topology.live)
        json_build_number(json, "capacity", machine->capacity);
    else
        json_build_null(json, "capacity");
    build_known_integer(json, "memory_available_bytes", (long long)machine->memory_available_bytes);
    json_build_open(json, "limits", '[', true);
    for (int i = 0; i < machine->limit_count; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "what", machine->limit[i].what);
        json_build_string(json, "value", machine->limit[i].value);
        json_build_string(json, "source", machine->limit[i].source);
        json_build_close(json);
    }
    json_build_close(json);
}

static void build_environment(struct json_builder *json, const struct machine *machine)
{
    json_build_open(json, "facts", '{', true);
    for (int i = 0; i < machine->fact_count; i++)
        json_build_string(json, machine->fact[i].name, machine->fact[i].value);
    json_build_close(json);
    json_build_open(json, "warnings", '[', true);
    for (int i = 0; i < machine->warning_count; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "id", machine->warning[i].id);
        json_build_string(json, "message", machine->warning[i].message);
        json_build_string(json, "remedy", machine->warning[i].remedy);
        json_build_close(json);
    }
    json_build_close(json);
}

bool topology_json_write(FILE *stream, const struct machine *machine)
{
    struct json_builder json = {0};
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "schema", "acelera/topology/1");
    json_build_string(&json, "source", machine->topology.source);
    json_build_string(&json, "host", machine->host[0] != '\0' ? machine->host : NULL);
    json_build_string(&json, "cpu_model", machine->cpu_model[0] != '\0' ? machine->cpu_model : NULL);
    build_counts(&json, &machine->topology);
    build_ladder(&json, &machine->topology);
    build_hardware(&json, &machine->topology);
    build_limits(&json, machine);
    build_environment(&json, machine);
    json_build_close(&json);
    fprintf(stream, "%s\n", json.text.data);
    text_free(&json.text);
    return ferror(stream) == 0;
}
