/* A table of questions, asked in order. Each is a function that reads, and says one finding; none changes
 * anything, and what cannot be read is said to be unknown, never fine. */
#include "harness/machine/doctor.h"

#include "harness/base/text.h"
#include "harness/machine/cgroup.h"
#include "harness/machine/finding.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double busy_share = 0.10;        /* of one PU: less is the system's own housekeeping */
static const double steal_share = 0.01;       /* of the time watched */
static const double boot_steal_share = 0.005; /* since boot: the neighbours are at least sometimes there */

/* What every question gets. */
struct visit {
    const char *root;
    const struct watch_reading *before, *after;
    struct machine *machine;
};

static const char *fact_of(const struct machine *machine, const char *name)
{
    for (int i = 0; i < machine->fact_count; i++)
        if (strcmp(machine->fact[i].name, name) == 0)
            return machine->fact[i].value;
    return NULL;
}

/* ---- clock ---- */

/* The first usable PU whose governor lets the clock wander decides; one that cannot be read says nothing. */
static void ask_governor(const struct visit *visit)
{
    static const char effect[] =
        "the clock climbs only after work has begun, so that short runs are timed slow";
    static const char remedy[] = "as root: cpupower frequency-set -g performance (and back afterwards)";
    const struct topology *topology = &visit->machine->topology;
    char driver_path[] = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_driver";
    char *driver = cgroup_read_file(visit->root, driver_path);
    /* These drivers leave the clock to the hardware, and call even that "powersave". */
    bool hardware =
        driver != NULL && (strcmp(driver, "intel_pstate") == 0 || strcmp(driver, "amd-pstate-epp") == 0);
    int known = 0;
    free(driver);
    for (int i = 0; i < topology->usable_pus; i++) {
        char path[96];
        int pu = topology->pu[i].os_index;
        snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/cpufreq/scaling_governor", pu);
        char *governor = cgroup_read_file(visit->root, path);
        bool slow = governor != NULL && strcmp(governor, "performance") != 0;
        known += governor != NULL;
        if (slow)
            finding_add(visit->machine, "governor", hardware ? FINDING_INFORMATION : FINDING_WARNING, effect,
                remedy, "%s on PU %d%s", governor, pu, hardware ? ", the hardware chooses the clock" : "");
        free(governor);
        if (slow)
            return;
    }
    if (known > 0)
        finding_add(visit->machine, "governor", FINDING_FINE, "", "", "performance");
    else
        finding_add(visit->machine, "governor", FINDING_UNKNOWN, "", "",
            "no frequency governor can be seen (usual in virtual machines); the clock is measured in every "
            "run");
}

static void ask_turbo(const struct visit *visit)
{
    const char *turbo = fact_of(visit->machine, "turbo");
    if (turbo == NULL)
        finding_add(visit->machine, "turbo", FINDING_UNKNOWN, "", "",
            "it cannot be seen whether the clock is boosted; the clock is measured in every run");
    else if (strcmp(turbo, "on") == 0)
        finding_add(visit->machine, "turbo", FINDING_INFORMATION,
            "few threads get a higher clock than many, so that speedup falls short of the threads",
            "read the clock part of 'why it stops'; --warm 30s where boost ends after half a minute", "on");
    else
        finding_add(visit->machine, "turbo", FINDING_FINE, "", "", "off");
}

/* A laptop that runs down its battery; several batteries may be there, one that discharges is enough. */
static void ask_battery(const struct visit *visit)
{
    struct text folder = {0};
    text_add(&folder, "%s/sys/class/power_supply", visit->root);
    DIR *supplies = opendir(folder.data);
    bool any = false, discharging = false;
    for (struct dirent *entry; supplies != NULL && (entry = readdir(supplies)) != NULL;) {
        char path[400];
        snprintf(path, sizeof path, "/sys/class/power_supply/%.255s/status", entry->d_name);
        char *status = entry->d_name[0] != '.' ? cgroup_read_file(visit->root, path) : NULL;
        any = any || status != NULL;
        discharging = discharging || (status != NULL && strcmp(status, "Discharging") == 0);
        free(status);
    }
    if (supplies != NULL)
        closedir(supplies);
    text_free(&folder);
    if (discharging)
        finding_add(visit->machine, "battery", FINDING_WARNING,
            "on battery the clock is held down, and more so as it runs low", "plug the machine in",
            "running on battery");
    else
        finding_add(visit->machine, "battery", FINDING_FINE, "", "", any ? "on mains" : "no battery");
}

/* Reading the clock takes nanoseconds from the processor's counter, and microseconds from a chip beside it.
 */
static void ask_clocksource(const struct visit *visit)
{
    static const char *const slow[] = {"hpet", "acpi_pm", "jiffies", "refined-jiffies", NULL};
    char *source =
        cgroup_read_file(visit->root, "/sys/devices/system/clocksource/clocksource0/current_clocksource");
    bool is_slow = false;
    for (size_t i = 0; source != NULL && slow[i] != NULL; i++)
        is_slow = is_slow || strcmp(source, slow[i]) == 0;
    if (source == NULL)
        finding_add(visit->machine, "clocksource", FINDING_UNKNOWN, "", "", "it cannot be read");
    else if (is_slow)
        finding_add(visit->machine, "clocksource", FINDING_WARNING,
            "reading the time takes microseconds; short regions are repeated more often to make up for it",
            "see why the kernel does not trust the processor's counter: dmesg | grep -i clocksource", "%s",
            source);
    else
        finding_add(visit->machine, "clocksource", FINDING_FINE, "", "", "%s", source);
    free(source);
}

/* ---- other work ---- */

static void ask_load(const struct visit *visit)
{
    const struct topology *topology = &visit->machine->topology;
    int busy = 0, first = -1, known = 0;
    double most = 0, cpus;
    for (int i = 0; i < topology->usable_pus; i++) {
        int pu = topology->pu[i].os_index;
        double share = watch_shares_of(visit->before, visit->after, pu).busy;
        known += !isnan(share);
        if (!(share > busy_share))
            continue;
        first = busy == 0 ? pu : first;
        most = fmax(most, share);
        busy++;
    }
    if (known == 0) {
        finding_add(visit->machine, "load", FINDING_UNKNOWN, "", "", "what the PUs do cannot be read");
        return;
    }
    if (busy == 0) {
        finding_add(visit->machine, "load", FINDING_FINE, "", "", "the PUs were idle while we watched");
        return;
    }
    const struct watch_process *who = watch_busiest(visit->before, visit->after, &cpus);
    char name[96] = "";
    if (who != NULL && cpus > busy_share)
        snprintf(name, sizeof name, "; the busiest program is %s (process %ld)", who->name, who->pid);
    finding_add(visit->machine, "load", FINDING_WARNING,
        "a thread that has to wait for its PU holds up its team; times are longer, and speedups wrong",
        "stop it, or wait for it; what it disturbs is marked in the report",
        "other programs keep %d of %d PUs busy (PU %d up to %.0f%%)%s", busy, topology->usable_pus, first,
        100 * most, name);
}

static void ask_steal(const struct visit *visit)
{
    double now = watch_shares_of(visit->before, visit->after, -1).steal;
    double boot = watch_shares_of(NULL, visit->after, -1).steal;
    static const char effect[] = "the hypervisor runs others on our PUs; no program here can see when";
    if (isnan(now) && isnan(boot))
        finding_add(visit->machine, "steal", FINDING_UNKNOWN, "", "", "it cannot be read");
    else if (now > steal_share)
        finding_add(visit->machine, "steal", FINDING_WARNING, effect,
            "measure at another hour, or on a machine of your own", "%.1f%% of the time while we watched",
            100 * now);
    else if (boot > boot_steal_share)
        finding_add(visit->machine, "steal", FINDING_INFORMATION, effect,
            "compare several runs before believing a small difference",
            "%.1f%% of the time since boot, none to speak of now", 100 * boot);
    else
        finding_add(visit->machine, "steal", FINDING_FINE, "", "", "none to speak of");
}

/* ---- what may be used ---- */

/* Limits are found in machine.c; here they get their effect. */
static void ask_limit(const struct visit *visit, const char *id, const char *effect, const char *otherwise)
{
    const struct machine *machine = visit->machine;
    for (int i = 0; i < machine->warning_count; i++)
        if (strcmp(machine->warning[i].id, id) == 0) {
            finding_add(visit->machine, id, FINDING_WARNING, effect, machine->warning[i].remedy, "%s",
                machine->warning[i].message);
            return;
        }
    finding_add(visit->machine, id, FINDING_FINE, "", "", "%s", otherwise);
}

static void ask_quota(const struct visit *visit)
{
    ask_limit(visit, "cpu-quota", "teams larger than the quota are stopped in turn: that is not scaling",
        visit->machine->cpu_quota >= 0 ? "as large as the machine" : "none");
}

static void ask_affinity(const struct visit *visit)
{
    ask_limit(visit, "affinity", "the sweep ends where the mask ends", "every allowed PU may be used");
}

static void ask_cpuset(const struct visit *visit)
{
    ask_limit(visit, "cpuset", "the sweep ends where the cpuset ends", "the whole machine");
}

static void ask_memory_limit(const struct visit *visit)
{
    ask_limit(visit, "memory-limit", "larger problems are refused", "none");
}

static void ask_smt(const struct visit *visit)
{
    const struct topology *topology = &visit->machine->topology;
    if (topology->max_smt > 1)
        finding_add(visit->machine, "smt", FINDING_INFORMATION,
            "beyond one thread a core, threads share its units: efficiency per PU falls, per core it may "
            "rise",
            "read efficiency per core; cores come before siblings in every placement but packed",
            "%d threads a core", topology->max_smt);
    else
        finding_add(visit->machine, "smt", FINDING_FINE, "", "", "one thread a core");
}

/* ---- memory ---- */

static void ask_thp(const struct visit *visit)
{
    const char *pages = fact_of(visit->machine, "transparent huge pages");
    if (pages == NULL)
        finding_add(visit->machine, "thp", FINDING_UNKNOWN, "", "", "it cannot be read");
    else if (strcmp(pages, "never") == 0)
        finding_add(visit->machine, "thp", FINDING_WARNING,
            "large arrays get small pages: address translation costs time, more for one thread than for many",
            "as root: echo madvise > /sys/kernel/mm/transparent_hugepage/enabled", "never");
    else
        finding_add(visit->machine, "thp", FINDING_FINE, "", "", "%s", pages);
}

static void ask_numa_balancing(const struct visit *visit)
{
    const char *balancing = fact_of(visit->machine, "NUMA balancing");
    bool on = balancing != NULL && strcmp(balancing, "on") == 0;
    if (visit->machine->topology.numa_nodes < 2)
        finding_add(visit->machine, "numa-balancing", FINDING_FINE, "", "", "one memory node");
    else if (balancing == NULL)
        finding_add(visit->machine, "numa-balancing", FINDING_UNKNOWN, "", "", "it cannot be read");
    else if (on)
        finding_add(visit->machine, "numa-balancing", FINDING_WARNING,
            "the kernel unmaps and moves pages while they are used: pauses, and times that change as it "
            "learns",
            "as root: echo 0 > /proc/sys/kernel/numa_balancing (and back afterwards)", "on");
    else
        finding_add(visit->machine, "numa-balancing", FINDING_FINE, "", "", "off");
}

static void ask_aslr(const struct visit *visit)
{
    const char *random = fact_of(visit->machine, "address randomization");
    if (random == NULL)
        finding_add(visit->machine, "aslr", FINDING_UNKNOWN, "", "", "it cannot be read");
    else if (strcmp(random, "off") == 0)
        finding_add(visit->machine, "aslr", FINDING_INFORMATION,
            "every process has the same addresses: an accident of layout looks like a property of the code",
            "leave it on: processes then differ as they do in life", "off");
    else
        finding_add(visit->machine, "aslr", FINDING_INFORMATION,
            "each process has its own addresses; that is part of the variance between processes",
            "leave it on: the interval is over processes, and holds it", "on");
}

/* ---- what is underneath ---- */

static void ask_hypervisor(const struct visit *visit)
{
    if (fact_of(visit->machine, "hypervisor") != NULL)
        finding_add(visit->machine, "hypervisor", FINDING_INFORMATION,
            "clock, caches and memory may be shared with neighbours that cannot be seen from here",
            "repeat the run on another day before comparing", "a virtual machine");
    else
        finding_add(visit->machine, "hypervisor", FINDING_FINE, "", "", "none that shows itself");
}

/* ---- the visit ---- */

void doctor_examine(const char *root, const struct watch_reading *before, const struct watch_reading *after,
    struct machine *machine)
{
    static void (*const questions[])(const struct visit *) = {ask_load, ask_steal, ask_governor, ask_turbo,
        ask_battery, ask_clocksource, ask_quota, ask_affinity, ask_cpuset, ask_memory_limit, ask_smt, ask_thp,
        ask_numa_balancing, ask_aslr, ask_hypervisor};
    const struct visit visit = {root, before, after, machine};
    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++)
        questions[i](&visit);
}

void doctor_watch(double seconds, struct machine *machine)
{
    struct watch_reading before, after;
    struct timespec pause = {(time_t)seconds, (long)(1e9 * (seconds - floor(seconds)))};
    watch_read("", &before);
    nanosleep(&pause, NULL); /* a signal may cut it short: the shares stay shares */
    watch_read("", &after);
    doctor_examine("", &before, &after, machine);
    watch_free(&before);
    watch_free(&after);
}

void doctor_examine_build(const char *worker, const char *flags, struct machine *machine)
{
    bool optimized = strstr(flags, "-O2") != NULL || strstr(flags, "-O3") != NULL;
    bool sanitized = strstr(flags, "-fsanitize") != NULL;
    if (optimized && !sanitized)
        finding_add(machine, "build", FINDING_FINE, "", "", "%s is optimized", worker);
    else
        finding_add(machine, "build", FINDING_WARNING,
            "its times are no statement about this machine or these algorithms",
            "build with the release preset: cmake --preset release", "%s is built with \"%.200s\"%s", worker,
            flags, sanitized ? ", for finding faults" : ", without optimization");
}
