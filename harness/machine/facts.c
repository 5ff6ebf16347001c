/* The environment as short facts. A fact is a row of `sources`: a name, a file, and how to read its text; the
 * doctor judges, this file does not. */
#include "harness/machine/facts.h"

#include "harness/base/text.h"
#include "harness/machine/cgroup.h"

#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fact_add(struct machine *machine, const char *name, const char *value)
{
    machine->fact = memory_grow(machine->fact, (size_t)machine->fact_count + 1, sizeof *machine->fact);
    machine->fact[machine->fact_count++] =
        (struct machine_fact){.name = text_copy(name), .value = text_copy(value)};
}

/* Each reader changes the text of a file in place and returns the fact in it, or NULL. */

static char *read_line(char *content)
{
    content[strcspn(content, "\n")] = '\0';
    return content[0] != '\0' ? content : NULL;
}

/* The chosen word of "always [madvise] never". */
static char *read_choice(char *content)
{
    char *begin = strchr(content, '[');
    char *end = begin != NULL ? strchr(begin, ']') : NULL;
    if (end == NULL)
        return NULL;
    *end = '\0';
    return begin + 1;
}

static char *read_switch(char *content)
{
    static char on[] = "on", off[] = "off";
    return strcmp(content, "0") == 0 ? off : read_line(content) != NULL ? on : NULL;
}

static char *read_inverted_switch(char *content)
{
    static char on[] = "on", off[] = "off";
    return strcmp(content, "0") == 0 ? on : read_line(content) != NULL ? off : NULL;
}

/* The value after `key`, up to the end of its line. */
static char *find_value(char *content, const char *key)
{
    char *found = strstr(content, key);
    if (found == NULL || (found != content && found[-1] != '\n'))
        return NULL;
    found += strlen(key);
    found += strspn(found, " \t:=\"");
    found[strcspn(found, "\"\n")] = '\0';
    return found[0] != '\0' ? found : NULL;
}

static char *read_distribution(char *content)
{
    return find_value(content, "PRETTY_NAME");
}

/* The three averages, without the counts of processes that follow. */
static char *read_load(char *content)
{
    char *end = content;
    for (int blanks = 0; *end != '\0' && (*end != ' ' || ++blanks < 3); end++)
        ;
    *end = '\0';
    return read_line(content);
}

static char *read_swap(char *content)
{
    return find_value(content, "SwapTotal");
}

/* Processors give the flag only to guests. */
static char *read_hypervisor(char *content)
{
    static char present[] = "present";
    return strstr(content, " hypervisor") != NULL ? present : NULL;
}

static const struct {
    const char *name, *path; /* %d is the CPU */
    char *(*read)(char *content);
} sources[] = {
    {"distribution", "/etc/os-release", read_distribution},
    {"kernel", "/proc/sys/kernel/osrelease", read_line},
    {"hypervisor", "/proc/cpuinfo", read_hypervisor},
    {"frequency governor", "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", read_line},
    {"turbo", "/sys/devices/system/cpu/intel_pstate/no_turbo", read_inverted_switch},
    {"turbo", "/sys/devices/system/cpu/cpufreq/boost", read_switch},
    {"SMT control", "/sys/devices/system/cpu/smt/control", read_line},
    {"transparent huge pages", "/sys/kernel/mm/transparent_hugepage/enabled", read_choice},
    {"NUMA balancing", "/proc/sys/kernel/numa_balancing", read_switch},
    {"address randomization", "/proc/sys/kernel/randomize_va_space", read_switch},
    {"load average", "/proc/loadavg", read_load},
    {"swap", "/proc/meminfo", read_swap},
};

void facts_read(const char *root, int pu, struct machine *machine)
{
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        const char *number = strstr(sources[i].path, "%d");
        struct text path = {0};
        if (number != NULL)
            text_add(&path, "%.*s%d%s", (int)(number - sources[i].path), sources[i].path, pu, number + 2);
        else
            text_add(&path, "%s", sources[i].path);
        char *content = cgroup_read_file(root, path.data);
        char *value = content != NULL ? sources[i].read(content) : NULL;
        if (value != NULL)
            fact_add(machine, sources[i].name, value);
        free(content);
        text_free(&path);
    }
}

char *facts_read_cpu_model(const char *root)
{
    char *content = cgroup_read_file(root, "/proc/cpuinfo");
    char *line = content != NULL ? strstr(content, "model name") : NULL;
    char *model = line != NULL ? find_value(line, "model name") : NULL;
    model = model != NULL ? text_copy(model) : NULL;
    free(content);
    return model;
}

void facts_add_hwloc(struct machine *machine)
{
    unsigned version = hwloc_get_api_version();
    char text[48];
    snprintf(text, sizeof text, "%u.%u.%u", version >> 16, version >> 8 & 0xff, version & 0xff);
    fact_add(machine, "hwloc interface", text);
}
