/* Limits read from recorded trees: FIXTURES/limits/NAME holds the proc/ and sys/ of a machine. */
#include "fixture.h"

#include "harness/machine/limits.h"

#include <stdio.h>
#include <string.h>

static const double MEBIBYTE = 1048576;
static const double AVAILABLE_BYTES = 8192000.0 * 1024; /* MemAvailable of the recorded trees */

static struct limits read_tree(const char *name)
{
    char root[4096];
    snprintf(root, sizeof root, "%s/limits/%s", FIXTURES, name);
    struct limits limits;
    limits_read(root, &limits);
    for (int i = 0; i < limits.limit_count; i++)
        print_message(
            "%s: %s: %s: %s\n", name, limits.limit[i].what, limits.limit[i].value, limits.limit[i].source);
    return limits;
}

static void assert_double_equal(double value, double expected)
{
    if (value != expected) /* all of them are exact */
        fail_msg("%.17g is not %.17g", value, expected);
}

static void assert_limit(const struct limits *limits, const char *what, const char *value, const char *source)
{
    for (int i = 0; i < limits->limit_count; i++)
        if (strcmp(limits->limit[i].what, what) == 0 && strcmp(limits->limit[i].value, value) == 0 &&
            strcmp(limits->limit[i].source, source) == 0)
            return;
    fail_msg("no limit %s: %s: %s", what, value, source);
}

static void v1_limits_are_found_below_the_root_that_a_container_sees(void **state)
{
    (void)state;
    struct limits limits = read_tree("v1-container");
    assert_double_equal(limits.cpu_quota, 1.5);
    assert_limit(&limits, "CPU quota", "1.5 CPUs", "/sys/fs/cgroup/cpu,cpuacct/job/cpu.cfs_quota_us");
    assert_limit(&limits, "CPU quota", "2.5 CPUs", "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us");
    assert_double_equal(limits.memory_available_bytes, (1024 - (512 - 256)) * MEBIBYTE);
    assert_limit(
        &limits, "memory limit", "1 GiB, 768 MiB left", "/sys/fs/cgroup/memory/memory.limit_in_bytes");
    assert_int_equal(limits.limit_count, 4);
    limits_free(&limits);
}

static void v2_limits_of_every_ancestor_count_and_the_smallest_wins(void **state)
{
    (void)state;
    struct limits limits = read_tree("v2-nested");
    assert_double_equal(limits.cpu_quota, 1.5);
    assert_limit(&limits, "CPU quota", "1.5 CPUs", "/sys/fs/cgroup/a/b/cpu.max");
    assert_limit(&limits, "CPU quota", "4 CPUs", "/sys/fs/cgroup/a/cpu.max");
    assert_double_equal(limits.memory_available_bytes, (2048 - (1536 - 512)) * MEBIBYTE);
    assert_limit(&limits, "memory limit", "2 GiB, 1 GiB left", "/sys/fs/cgroup/a/memory.high");
    assert_int_equal(limits.limit_count, 5);
    limits_free(&limits);
}

static void a_hybrid_system_has_its_quota_in_v1_and_no_memory_limit(void **state)
{
    (void)state;
    struct limits limits = read_tree("hybrid");
    assert_double_equal(limits.cpu_quota, 0.5);
    assert_limit(&limits, "CPU quota", "0.5 CPUs", "/sys/fs/cgroup/cpu/user.slice/cpu.cfs_quota_us");
    assert_limit(&limits, "available memory", "7.8 GiB", "MemAvailable in /proc/meminfo");
    assert_limit(&limits, "address space", "4 GiB", "ulimit -v, in /proc/self/limits");
    assert_double_equal(limits.memory_available_bytes, 4096 * MEBIBYTE);
    assert_int_equal(limits.limit_count, 3);
    limits_free(&limits);
}

static void a_process_outside_its_namespace_has_the_limits_of_what_is_mounted(void **state)
{
    (void)state;
    struct limits limits = read_tree("namespace");
    assert_double_equal(limits.cpu_quota, 3);
    assert_limit(&limits, "CPU quota", "3 CPUs", "/mnt/my groups/cpu.max");
    limits_free(&limits);
}

static void without_groups_only_the_available_memory_limits(void **state)
{
    (void)state;
    struct limits limits = read_tree("none");
    assert_double_equal(limits.cpu_quota, -1);
    assert_double_equal(limits.memory_available_bytes, AVAILABLE_BYTES);
    assert_int_equal(limits.limit_count, 1);
    limits_free(&limits);
}

static void nonsense_is_no_limit(void **state)
{
    (void)state;
    struct limits limits = read_tree("garbage");
    assert_double_equal(limits.cpu_quota, -1);
    assert_double_equal(limits.memory_available_bytes, -1);
    assert_int_equal(limits.limit_count, 0);
    limits_free(&limits);
}

static void an_empty_tree_has_no_limits(void **state)
{
    (void)state;
    struct limits limits = read_tree("there-is-no-such-tree");
    assert_double_equal(limits.cpu_quota, -1);
    assert_double_equal(limits.memory_available_bytes, -1);
    assert_int_equal(limits.limit_count, 0);
    limits_free(&limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v1_limits_are_found_below_the_root_that_a_container_sees),
        cmocka_unit_test(v2_limits_of_every_ancestor_count_and_the_smallest_wins),
        cmocka_unit_test(a_hybrid_system_has_its_quota_in_v1_and_no_memory_limit),
        cmocka_unit_test(a_process_outside_its_namespace_has_the_limits_of_what_is_mounted),
        cmocka_unit_test(without_groups_only_the_available_memory_limits),
        cmocka_unit_test(nonsense_is_no_limit),
        cmocka_unit_test(an_empty_tree_has_no_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
