/* The doctor, shown recorded trees that the test writes: each sickness is found with its effect and remedy, a
 * healthy machine is called healthy, and what cannot be read is unknown, not fine. */
#include "fixture.h"

#include "harness/machine/doctor.h"
#include "harness/machine/facts.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CPUS     "/sys/devices/system/cpu/"
#define GOVERNOR "/cpufreq/scaling_governor"
#define IDLE     "cpu  0\ncpu0 100 0 0 900 0 0 0 0 0 0\ncpu1 100 0 0 900 0 0 0 0 0 0\n"
#define IDLE_NOW "cpu  0\ncpu0 101 0 0 999 0 0 0 0 0 0\ncpu1 101 0 0 999 0 0 0 0 0 0\n"
#define BUSY_NOW "cpu  0\ncpu0 101 0 0 999 0 0 0 0 0 0\ncpu1 198 0 0 902 0 0 0 0 0 0\n"
#define STOLEN   "cpu  0\ncpu0 101 0 0 989 0 0 0 10 0 0\ncpu1 101 0 0 989 0 0 0 10 0 0\n"

struct tree {
    char root[64];
};

static struct tree tree_begin(void)
{
    struct tree tree = {"/tmp/acelera-doctor-XXXXXX"};
    assert_non_null(mkdtemp(tree.root));
    return tree;
}

static void tree_put(const struct tree *tree, const char *path, const char *content)
{
    char name[PATH_MAX];
    snprintf(name, sizeof name, "%s%s", tree->root, path);
    for (char *slash = name + strlen(tree->root) + 1; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        mkdir(name, 0777);
        *slash = '/';
    }
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(content, file);
    assert_int_equal(fclose(file), 0);
}

static void tree_end(const struct tree *tree)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", tree->root);
    assert_int_equal(system(command), 0);
}

/* Two cores, one thread each, on one node. */
static struct machine make_machine(struct topology_pu pu[2])
{
    pu[0] = (struct topology_pu){.os_index = 0};
    pu[1] = (struct topology_pu){.os_index = 1, .core = 1};
    return (struct machine){
        .topology =
            {.live = true, .numa_nodes = 1, .usable_cores = 2, .usable_pus = 2, .max_smt = 1, .pu = pu},
        .cpu_quota = -1};
}

/* Reads the tree's facts and examines it; `stat_now`, if not NULL, is /proc/stat at the second reading. */
static void examine(const struct tree *tree, const char *stat_now, struct machine *machine)
{
    struct watch_reading before, after;
    facts_read(tree->root, 0, machine);
    watch_read(tree->root, &before);
    if (stat_now != NULL)
        tree_put(tree, "/proc/stat", stat_now);
    watch_read(tree->root, &after);
    doctor_examine(tree->root, &before, &after, machine);
    watch_free(&before);
    watch_free(&after);
}

static void forget(struct machine *machine)
{
    machine->topology = (struct topology){0}; /* the test's own */
    machine_free(machine);
}

static const struct machine_finding *finding_of(const struct machine *machine, const char *id)
{
    for (int i = 0; i < machine->finding_count; i++)
        if (strcmp(machine->finding[i].id, id) == 0)
            return &machine->finding[i];
    fail_msg("no finding %s", id);
    return NULL;
}

static void assert_severity(const struct machine *machine, const char *id, enum finding_severity severity)
{
    const struct machine_finding *finding = finding_of(machine, id);
    if (finding->severity != severity)
        fail_msg("%s is %s, not %s: %s", id, finding_severity_name(finding->severity),
            finding_severity_name(severity), finding->found);
    /* Whoever is told of a sickness is told what it does and what helps. */
    if (severity == FINDING_WARNING)
        assert_true(finding->effect[0] != '\0' && finding->remedy[0] != '\0');
}

static void a_healthy_machine_has_no_warning(void **state)
{
    (void)state;
    struct tree tree = tree_begin();
    struct topology_pu pu[2];
    struct machine machine = make_machine(pu);
    tree_put(&tree, "/proc/stat", IDLE);
    tree_put(&tree, CPUS "cpu0" GOVERNOR, "performance\n");
    tree_put(&tree, CPUS "cpu1" GOVERNOR, "performance\n");
    tree_put(&tree, CPUS "cpufreq/boost", "0\n");
    tree_put(&tree, "/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
    tree_put(&tree, "/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n");
    tree_put(&tree, "/proc/sys/kernel/randomize_va_space", "2\n");
    examine(&tree, IDLE_NOW, &machine);
    for (int i = 0; i < machine.finding_count; i++)
        assert_severity(&machine, machine.finding[i].id,
            strcmp(machine.finding[i].id, "aslr") == 0 ? FINDING_INFORMATION : FINDING_FINE);
    forget(&machine);
    tree_end(&tree);
}

static void what_cannot_be_read_is_unknown(void **state)
{
    (void)state;
    static const char *const ids[] = {"load", "steal", "governor", "turbo", "clocksource", "thp", "aslr"};
    struct tree tree = tree_begin();
    struct topology_pu pu[2];
    struct machine machine = make_machine(pu);
    examine(&tree, NULL, &machine);
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        assert_severity(&machine, ids[i], FINDING_UNKNOWN);
    forget(&machine);
    tree_end(&tree);
}

static void each_sickness_is_found(void **state)
{
    (void)state;
    struct tree tree = tree_begin();
    struct topology_pu pu[2];
    struct machine machine = make_machine(pu);
    machine.topology.numa_nodes = 2;
    machine.topology.max_smt = 2;
    tree_put(&tree, "/proc/stat", IDLE);
    tree_put(&tree, CPUS "cpu0" GOVERNOR, "performance\n");
    tree_put(&tree, CPUS "cpu1" GOVERNOR, "ondemand\n");
    tree_put(&tree, CPUS "intel_pstate/no_turbo", "0\n");
    tree_put(&tree, "/sys/class/power_supply/AC/status", "Unknown\n");
    tree_put(&tree, "/sys/class/power_supply/BAT0/status", "Discharging\n");
    tree_put(&tree, "/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]\n");
    tree_put(&tree, "/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet\n");
    tree_put(&tree, "/proc/sys/kernel/numa_balancing", "1\n");
    tree_put(&tree, "/proc/sys/kernel/randomize_va_space", "0\n");
    tree_put(&tree, "/proc/cpuinfo", "flags\t: fpu hypervisor\n");
    examine(&tree, BUSY_NOW, &machine);
    assert_severity(&machine, "load", FINDING_WARNING);
    assert_severity(&machine, "steal", FINDING_FINE);
    assert_severity(&machine, "governor", FINDING_WARNING);
    assert_severity(&machine, "turbo", FINDING_INFORMATION);
    assert_severity(&machine, "battery", FINDING_WARNING);
    assert_severity(&machine, "clocksource", FINDING_WARNING);
    assert_severity(&machine, "smt", FINDING_INFORMATION);
    assert_severity(&machine, "thp", FINDING_WARNING);
    assert_severity(&machine, "numa-balancing", FINDING_WARNING);
    assert_severity(&machine, "aslr", FINDING_INFORMATION);
    assert_severity(&machine, "hypervisor", FINDING_INFORMATION);
    assert_non_null(strstr(finding_of(&machine, "governor")->found, "PU 1"));
    assert_non_null(strstr(finding_of(&machine, "load")->found, "1 of 2 PUs"));
    forget(&machine);
    tree_end(&tree);
}

static void a_governor_that_leaves_the_clock_to_the_hardware_is_no_warning(void **state)
{
    (void)state;
    struct tree tree = tree_begin();
    struct topology_pu pu[2];
    struct machine machine = make_machine(pu);
    tree_put(&tree, CPUS "cpu0" GOVERNOR, "powersave\n");
    tree_put(&tree, CPUS "cpu0/cpufreq/scaling_driver", "intel_pstate\n");
    examine(&tree, NULL, &machine);
    assert_severity(&machine, "governor", FINDING_INFORMATION);
    forget(&machine);
    tree_end(&tree);
}

static void steal_now_is_a_warning_and_steal_of_the_past_is_good_to_know(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
        enum finding_severity severity;
    } cases[] = {{IDLE, STOLEN, FINDING_WARNING}, {STOLEN, STOLEN, FINDING_INFORMATION},
        {IDLE, IDLE_NOW, FINDING_FINE}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct tree tree = tree_begin();
        struct topology_pu pu[2];
        struct machine machine = make_machine(pu);
        tree_put(&tree, "/proc/stat", cases[i].before);
        examine(&tree, cases[i].after, &machine);
        assert_severity(&machine, "steal", cases[i].severity);
        forget(&machine);
        tree_end(&tree);
    }
}

static void the_busiest_program_is_named_whatever_its_name(void **state)
{
    (void)state;
    struct tree tree = tree_begin();
    struct topology_pu pu[2];
    struct machine machine = make_machine(pu);
    struct watch_reading before, after;
    const char *stat = "70 (evil) \x1b[2J) R 1 1 1 0 -1 0 0 0 0 0 %d 0 0 0";
    char line[128];
    tree_put(&tree, "/proc/stat", IDLE);
    tree_put(&tree, "/proc/71/stat", "71 (quiet) S 1 1 1 0 -1 0 0 0 0 0 5000 0 0 0");
    snprintf(line, sizeof line, stat, 10);
    tree_put(&tree, "/proc/70/stat", line);
    watch_read(tree.root, &before);
    snprintf(line, sizeof line, stat, 107);
    tree_put(&tree, "/proc/70/stat", line);
    tree_put(&tree, "/proc/stat", BUSY_NOW);
    watch_read(tree.root, &after);
    doctor_examine(tree.root, &before, &after, &machine);
    const char *found = finding_of(&machine, "load")->found;
    assert_non_null(strstr(found, "process 70"));
    assert_null(strchr(found, '\x1b'));
    watch_free(&before);
    watch_free(&after);
    forget(&machine);
    tree_end(&tree);
}

static void a_build_without_optimization_is_a_warning(void **state)
{
    (void)state;
    struct machine machine = {0};
    doctor_examine_build("a", "-O3 -march=x86-64-v3", &machine);
    assert_int_equal(machine.finding[0].severity, FINDING_FINE);
    doctor_examine_build("b", "-g -march=x86-64-v3", &machine);
    assert_int_equal(machine.finding[1].severity, FINDING_WARNING);
    doctor_examine_build("c", "-O2 -fsanitize=address", &machine);
    assert_int_equal(machine.finding[2].severity, FINDING_WARNING);
    forget(&machine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_healthy_machine_has_no_warning),
        cmocka_unit_test(what_cannot_be_read_is_unknown),
        cmocka_unit_test(each_sickness_is_found),
        cmocka_unit_test(a_governor_that_leaves_the_clock_to_the_hardware_is_no_warning),
        cmocka_unit_test(steal_now_is_a_warning_and_steal_of_the_past_is_good_to_know),
        cmocka_unit_test(the_busiest_program_is_named_whatever_its_name),
        cmocka_unit_test(a_build_without_optimization_is_a_warning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
