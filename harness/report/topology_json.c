/* The machine as JSON, schema "acelera/topology/1". What is unknown, and what only the live machine has, is
 * null. */
#include "harness/report/topology.h"
#include "harness/store/machine_json.h"

#include <stdlib.h>

static void build_integers(struct json_builder *json, const char *key, const int *value, int count)
{
    json_build_open(json, key, '[', false);
    for (int i = 0; i < count; i++)
        json_build_integer(json, NULL, value[i]);
    json_build_close(json);
}

static void build_counts(struct json_builder *json, const struct topology *topology)
{
    machine_json_counts(json, topology);
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

static void build_limits(struct json_builder *json, const struct machine *machine)
{
    machine_json_known(json, "cpu_quota", machine->cpu_quota, 0);
    machine_json_known(json, "capacity", machine->topology.live ? machine->capacity : -1, 0);
    machine_json_known(json, "memory_available_bytes", machine->memory_available_bytes, 0);
    machine_json_limits(json, machine);
}

static void build_environment(struct json_builder *json, const struct machine *machine)
{
    json_build_open(json, "facts", '{', true);
    for (int i = 0; i < machine->fact_count; i++)
        json_build_string(json, machine->fact[i].name, machine->fact[i].value);
    json_build_close(json);
    machine_json_warnings(json, machine);
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
    machine_json_hardware(&json, &machine->topology);
    build_limits(&json, machine);
    build_environment(&json, machine);
    json_build_close(&json);
    fprintf(stream, "%s\n", json.text.data);
    text_free(&json.text);
    return ferror(stream) == 0;
}
