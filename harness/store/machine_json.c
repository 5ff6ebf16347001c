#include "harness/store/machine_json.h"

void machine_json_known(struct json_builder *json, const char *key, double value, double smallest)
{
    if (value >= smallest)
        json_build_number(json, key, value);
    else
        json_build_null(json, key);
}

void machine_json_counts(struct json_builder *json, const struct topology *topology)
{
    json_build_integer(json, "packages", topology->packages);
    json_build_integer(json, "numa_nodes", topology->numa_nodes);
    json_build_integer(json, "cores", topology->cores);
    json_build_integer(json, "pus", topology->pus);
    json_build_integer(json, "usable_cores", topology->usable_cores);
    json_build_integer(json, "usable_pus", topology->usable_pus);
    json_build_integer(json, "max_smt", topology->max_smt);
}

void machine_json_hardware(struct json_builder *json, const struct topology *topology)
{
    json_build_open(json, "cpu_kinds", '[', true);
    for (int i = 0; i < topology->kind_count; i++) {
        json_build_open(json, NULL, '{', false);
        json_build_integer(json, "pus", topology->kind[i].pus);
        machine_json_known(json, "efficiency", topology->kind[i].efficiency, 0);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_open(json, "caches", '[', true);
    for (int i = 0; i < topology->cache_count; i++) {
        const struct topology_cache *cache = &topology->cache[i];
        json_build_open(json, NULL, '{', false);
        json_build_integer(json, "level", cache->level);
        machine_json_known(json, "bytes", (double)cache->bytes, 1);
        json_build_integer(json, "count", cache->count);
        json_build_integer(json, "pus_sharing", cache->pus_sharing);
        json_build_close(json);
    }
    json_build_close(json);
}

static void add_three(struct json_builder *json, const char *const keys[3], const char *const values[3])
{
    json_build_open(json, NULL, '{', false);
    for (int i = 0; i < 3; i++)
        json_build_string(json, keys[i], values[i]);
    json_build_close(json);
}

void machine_json_limits(struct json_builder *json, const struct machine *machine)
{
    json_build_open(json, "limits", '[', true);
    for (int i = 0; i < machine->limit_count; i++) {
        const struct machine_limit *limit = &machine->limit[i];
        add_three(json, (const char *const[]){"what", "value", "source"},
            (const char *const[]){limit->what, limit->value, limit->source});
    }
    json_build_close(json);
}

void machine_json_warnings(struct json_builder *json, const struct machine *machine)
{
    json_build_open(json, "warnings", '[', true);
    for (int i = 0; i < machine->warning_count; i++) {
        const struct machine_warning *warning = &machine->warning[i];
        add_three(json, (const char *const[]){"id", "message", "remedy"},
            (const char *const[]){warning->id, warning->message, warning->remedy});
    }
    json_build_close(json);
}

void machine_json_findings(struct json_builder *json, const struct machine *machine)
{
    json_build_open(json, "findings", '[', true);
    for (int i = 0; i < machine->finding_count; i++) {
        const struct machine_finding *finding = &machine->finding[i];
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "id", finding->id);
        json_build_string(json, "severity", finding_severity_name(finding->severity));
        json_build_string(json, "found", finding->found);
        json_build_string(json, "effect", finding->effect[0] != '\0' ? finding->effect : NULL);
        json_build_string(json, "remedy", finding->remedy[0] != '\0' ? finding->remedy : NULL);
        json_build_close(json);
    }
    json_build_close(json);
}
