/* Joins topology, limits and environment into one description of the machine, and says which limits a person
 * should know of before believing a number. */
#include "harness/machine/machine.h"

#include "harness/base/text.h"
#include "harness/machine/facts.h"
#include "harness/machine/limits.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { NAME_BYTES_MAX = 120 };

static void warning_add(struct machine *machine, const char *id, const char *remedy, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void warning_add(struct machine *machine, const char *id, const char *remedy, const char *format, ...)
{
    char message[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    machine->warning =
        memory_grow(machine->warning, (size_t)machine->warning_count + 1, sizeof *machine->warning);
    machine->warning[machine->warning_count++] = (struct machine_warning){
        .id = text_copy(id), .message = text_copy(message), .remedy = text_copy(remedy)};
}

static void limit_add(struct machine *machine, const char *what, int pus, int of, const char *source)
{
    char value[64];
    snprintf(value, sizeof value, "%d of %d PUs", pus, of);
    machine->limit = memory_grow(machine->limit, (size_t)machine->limit_count + 1, sizeof *machine->limit);
    machine->limit[machine->limit_count++] = (struct machine_limit){
        .what = text_copy(what), .value = text_copy(value), .source = text_copy(source)};
}

/* Names come from firmware and files: one short line without control characters or blanks around it. */
static char *name_copy(const char *name)
{
    char *copy = text_copy(name + strspn(name, " \t\n"));
    size_t length = strnlen(copy, NAME_BYTES_MAX);
    while (length > 0 && strchr(" \t\n", copy[length - 1]) != NULL)
        length--;
    copy[length] = '\0';
    for (char *c = copy; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    return copy;
}

/* The smallest of a level: what is blocked for it fits every core. */
static long long smallest_cache_bytes(const struct topology *topology, int level)
{
    long long bytes = 0;
    for (int i = 0; i < topology->cache_count; i++)
        if (topology->cache[i].level == level && topology->cache[i].bytes > 0 &&
            (bytes == 0 || topology->cache[i].bytes < bytes))
            bytes = topology->cache[i].bytes;
    return bytes;
}

/* A sum with an unknown term is unknown. */
static long long sum_last_level_bytes(const struct topology *topology)
{
    long long sum = 0;
    for (int i = 0; i < topology->usable_pus; i++)
        if (topology->pu[i].llc < 0)
            return 0;
    for (int i = 0; i < topology->llc_count; i++) {
        if (topology->llc[i].bytes == 0)
            return 0;
        sum += topology->llc[i].bytes;
    }
    return sum;
}

static void machine_add_pu_limits(struct machine *machine)
{
    const struct topology *topology = &machine->topology;
    if (topology->allowed_pus < topology->pus)
        limit_add(machine, "cpuset", topology->allowed_pus, topology->pus,
            topology->live ? "the cpuset that hwloc reads from the system"
                           : "allowed_cpuset of the topology");
    if (!topology->live)
        return;
    limit_add(
        machine, "affinity", topology->usable_pus, topology->allowed_pus, "sched_getaffinity at the start");
    if (topology->allowed_pus < topology->pus)
        warning_add(machine, "cpuset", "start acelera outside the container or job, or widen its cpuset",
            "the system's cpuset allows %d of the machine's %d PUs", topology->allowed_pus, topology->pus);
    if (topology->usable_pus < topology->allowed_pus)
        warning_add(machine, "affinity", "start acelera without taskset, numactl or a binding shell",
            "the affinity mask at the start leaves %d of %d PUs", topology->usable_pus,
            topology->allowed_pus);
}

static void machine_add_live_limits(struct machine *machine)
{
    struct limits limits;
    limits_read("", &limits);
    machine->cpu_quota = limits.cpu_quota;
    machine->memory_available_bytes = limits.memory_available_bytes;
    bool memory_limited = false;
    for (int i = 0; i < limits.limit_count; i++)
        memory_limited |= strcmp(limits.limit[i].what, "memory limit") == 0;
    machine->limit = memory_grow(
        machine->limit, (size_t)machine->limit_count + (size_t)limits.limit_count, sizeof *machine->limit);
    for (int i = 0; i < limits.limit_count; i++) /* the strings change hands */
        machine->limit[machine->limit_count++] = limits.limit[i];
    free(limits.limit);
    if (limits.cpu_quota > 0 && limits.cpu_quota < machine->topology.usable_pus) {
        machine->capacity = limits.cpu_quota;
        warning_add(machine, "cpu-quota",
            "raise the quota of the control group, or read rows above it as throttled",
            "a CPU quota gives %.4g CPUs to %d usable PUs: more threads than that are stopped in turn",
            limits.cpu_quota, machine->topology.usable_pus);
    }
    if (memory_limited)
        warning_add(machine, "memory-limit",
            "raise the memory limit of the control group for larger problems",
            "a control group limits the memory that problems may take");
}

static void machine_check_environment(struct machine *machine)
{
    struct text names = {0};
    for (char **entry = environ; entry != NULL && *entry != NULL; entry++)
        if (strncmp(*entry, "HWLOC_", 6) == 0)
            text_add(&names, "%s%.*s", names.length > 0 ? ", " : "", (int)strcspn(*entry, "="), *entry);
    if (names.length > 0) {
        char *shown = name_copy(names.data);
        warning_add(machine, "hwloc-environment", "unset them, so that other programs see the same machine",
            "variables that change what hwloc sees are set, and were ignored: %s", shown);
        free(shown);
    }
    text_free(&names);
}

static void machine_set_names(struct machine *machine)
{
    struct utsname system;
    bool live = machine->topology.live;
    machine->host = name_copy(live && uname(&system) == 0 ? system.nodename : machine->topology.host);
    char *model = live && machine->topology.cpu_model[0] == '\0' ? facts_read_cpu_model("") : NULL;
    machine->cpu_model = name_copy(model != NULL ? model : machine->topology.cpu_model);
    free(model);
}

static void machine_check_caches(struct machine *machine)
{
    char size[32];
    long long claimed = topology_forget_incredible_caches(&machine->topology);
    if (claimed > 0)
        warning_add(machine, "cache-size", "none from inside a guest: the host decides what it shows",
            "a cache of %s for so few PUs is incredible (a hypervisor's figure); its size is taken for "
            "unknown",
            text_bytes((double)claimed, size, sizeof size));
}

enum status machine_discover(const char *topology_source, struct machine *machine, struct error *error)
{
    struct machine found = {.cpu_quota = -1, .memory_available_bytes = -1};
    enum status status = topology_source != NULL
                             ? topology_load_foreign(topology_source, &found.topology, error)
                             : topology_load_live(&found.topology, error);
    if (status != STATUS_OK)
        return status;
    const struct topology *topology = &found.topology;
    if (topology->live)
        machine_check_caches(&found);
    found.capacity = topology->usable_pus;
    found.l1d_bytes = smallest_cache_bytes(topology, 1);
    found.l2_bytes = smallest_cache_bytes(topology, 2);
    found.l3_bytes = smallest_cache_bytes(topology, 3);
    found.llc_total_bytes = sum_last_level_bytes(topology);
    machine_set_names(&found);
    machine_add_pu_limits(&found);
    if (topology->live) {
        machine_add_live_limits(&found);
        machine_check_environment(&found);
        facts_read("", topology->pu[0].os_index, &found);
        facts_add_hwloc(&found);
    }
    *machine = found;
    return STATUS_OK;
}

void machine_free(struct machine *machine)
{
    topology_free(&machine->topology);
    for (int i = 0; i < machine->limit_count; i++) {
        free(machine->limit[i].what);
        free(machine->limit[i].value);
        free(machine->limit[i].source);
    }
    for (int i = 0; i < machine->warning_count; i++) {
        free(machine->warning[i].id);
        free(machine->warning[i].message);
        free(machine->warning[i].remedy);
    }
    for (int i = 0; i < machine->fact_count; i++) {
        free(machine->fact[i].name);
        free(machine->fact[i].value);
    }
    for (int i = 0; i < machine->finding_count; i++) {
        free(machine->finding[i].id);
        free(machine->finding[i].found);
        free(machine->finding[i].effect);
        free(machine->finding[i].remedy);
    }
    free(machine->limit);
    free(machine->finding);
    free(machine->warning);
    free(machine->fact);
    free(machine->host);
    free(machine->cpu_model);
    *machine = (struct machine){0};
}
