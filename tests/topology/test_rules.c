/* The rules of harness/machine/README.md, each on the smallest machine that can break it. */
#include "fixture.h"

#include "harness/base/text.h"
#include "harness/machine/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SETS(cpus, nodes)                                                                                    \
    " cpuset=\"" cpus "\" complete_cpuset=\"" cpus "\" nodeset=\"" nodes "\" complete_nodeset=\"" nodes "\""
#define PU(index, cpus, nodes)   "<object type=\"PU\" os_index=\"" index "\"" SETS(cpus, nodes) "/>"
#define NODE(index, cpus, nodes) "<object type=\"NUMANode\" os_index=\"" index "\"" SETS(cpus, nodes) "/>"
#define MACHINE(cpus, nodes)                                                                                 \
    "<object type=\"Machine\" os_index=\"0\" allowed_cpuset=\"" cpus "\" allowed_nodeset=\"" nodes           \
    "\"" SETS(cpus, nodes) ">"
#define OBJECT(type, index, cpus, nodes)                                                                     \
    "<object type=\"" type "\" os_index=\"" index "\"" SETS(cpus, nodes) ">"
#define KIND(cpus, efficiency) "<cpukind cpuset=\"" cpus "\" forced_efficiency=\"" efficiency "\">"
#define INFO(name, value)      "<info name=\"" name "\" value=\"" value "\"/>"
#define END_KIND               "</cpukind>"
#define END                    "</object>"

/* Two PUs without cores, to which kinds are given. */
#define TWO_PUS MACHINE("0x3", "0x1") NODE("0", "0x3", "0x1") PU("0", "0x1", "0x1") PU("1", "0x2", "0x1") END

static enum status load(const char *content, struct topology *topology, struct error *error)
{
    char path[] = "/tmp/acelera-test-rules-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    dprintf(file, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<topology version=\"2.0\">%s</topology>\n",
        content);
    close(file);
    *error = (struct error){""};
    enum status status = topology_load_foreign(path, topology, error);
    unlink(path);
    return status;
}

static void assert_classes(const char *kinds, const char *expected)
{
    struct text content = {0};
    struct topology topology;
    struct error error;
    text_add(&content, "%s%s", TWO_PUS, kinds);
    if (load(content.data, &topology, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    fixture_assert_numbers(expected, topology.class_cores, topology.class_count);
    topology_free(&topology);
    text_free(&content);
}

/* Documents are laid out as they nest. */
/* clang-format off */

static void spread_takes_domains_in_turn_where_packages_have_unequal_numbers(void **state)
{
    (void)state;
    static const char machine[] =
        MACHINE("0xff", "0x7")
            OBJECT("Package", "0", "0x0f", "0x3")
                OBJECT("Group", "0", "0x03", "0x1")
                    NODE("0", "0x03", "0x1") PU("0", "0x01", "0x1") PU("1", "0x02", "0x1")
                END
                OBJECT("Group", "1", "0x0c", "0x2")
                    NODE("1", "0x0c", "0x2") PU("2", "0x04", "0x2") PU("3", "0x08", "0x2")
                END
            END
            OBJECT("Package", "1", "0xf0", "0x4")
                NODE("2", "0xf0", "0x4")
                PU("4", "0x10", "0x4") PU("5", "0x20", "0x4") PU("6", "0x40", "0x4") PU("7", "0x80", "0x4")
            END
        END;
    struct topology topology;
    struct error error;
    if (load(machine, &topology, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    fixture_assert_numbers("2 2 4", topology.domain_cores, topology.domain_count);
    fixture_assert_numbers("0 4 2 1 5 3 6 7", topology.spread, topology.usable_pus);
    topology_free(&topology);
}

static void kinds_that_do_not_cover_the_usable_pus_make_no_classes(void **state)
{
    (void)state;
    static const char machine[] =
        MACHINE("0x7", "0x1")
            NODE("0", "0x7", "0x1") PU("0", "0x1", "0x1") PU("1", "0x2", "0x1") PU("2", "0x4", "0x1")
        END
        KIND("0x1", "0") INFO("CoreType", "a") END_KIND
        KIND("0x2", "1") INFO("CoreType", "b") END_KIND;
    struct topology topology;
    struct error error;
    if (load(machine, &topology, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    fixture_assert_numbers("3", topology.class_cores, topology.class_count);
    topology_free(&topology);
}

static void core_types_decide_before_frequencies(void **state)
{
    (void)state;
    assert_classes(
        KIND("0x1", "0") INFO("CoreType", "a") INFO("FrequencyMaxMHz", "1000") END_KIND
        KIND("0x2", "1") INFO("CoreType", "a") INFO("FrequencyMaxMHz", "5000") END_KIND,
        "2");
    assert_classes(
        KIND("0x1", "0") INFO("CoreType", "a") INFO("FrequencyMaxMHz", "5000") END_KIND
        KIND("0x2", "1") INFO("CoreType", "b") INFO("FrequencyMaxMHz", "5000") END_KIND,
        "1 1");
}

static void capacity_decides_before_frequency_and_tenths_before_less(void **state)
{
    (void)state;
    assert_classes(
        KIND("0x1", "0") INFO("LinuxCapacity", "1000") INFO("FrequencyMaxMHz", "1000") END_KIND
        KIND("0x2", "1") INFO("LinuxCapacity", "1024") INFO("FrequencyMaxMHz", "5000") END_KIND,
        "2");
    assert_classes(
        KIND("0x1", "0") INFO("FrequencyMaxMHz", "3600") INFO("FrequencyBaseMHz", "100") END_KIND
        KIND("0x2", "1") INFO("FrequencyMaxMHz", "4000") INFO("FrequencyBaseMHz", "3000") END_KIND,
        "2");
    assert_classes(
        KIND("0x1", "0") INFO("FrequencyMaxMHz", "3599") END_KIND
        KIND("0x2", "1") INFO("FrequencyMaxMHz", "4000") END_KIND,
        "1 1");
    assert_classes(
        KIND("0x1", "0") INFO("FrequencyBaseMHz", "1000") END_KIND
        KIND("0x2", "1") INFO("FrequencyBaseMHz", "4000") END_KIND,
        "1 1");
}

static void kinds_with_nothing_comparable_are_classes(void **state)
{
    (void)state;
    assert_classes(
        KIND("0x1", "0") END_KIND
        KIND("0x2", "1") END_KIND,
        "1 1");
    assert_classes(
        KIND("0x1", "0") INFO("FrequencyMaxMHz", "nan") END_KIND
        KIND("0x2", "1") INFO("FrequencyMaxMHz", "-5") END_KIND,
        "1 1");
}

static void kinds_of_unknown_efficiency_make_no_classes(void **state)
{
    (void)state;
    assert_classes(
        "<cpukind cpuset=\"0x1\">" INFO("Color", "red") END_KIND
        "<cpukind cpuset=\"0x2\">" INFO("Color", "blue") END_KIND,
        "2");
}

static void a_core_that_has_more_cpus_than_its_parts_is_refused(void **state)
{
    (void)state;
    static const char machine[] =
        MACHINE("0x3", "0x1")
            NODE("0", "0x3", "0x1")
            OBJECT("Package", "0", "0x3", "0x1")
                OBJECT("Core", "0", "0x3", "0x1") PU("0", "0x1", "0x1") END
                OBJECT("Core", "1", "0x2", "0x1") PU("1", "0x2", "0x1") END
            END
        END;
    struct topology topology;
    struct error error;
    assert_int_equal(load(machine, &topology, &error), STATUS_FAILED);
    if (strstr(error.text, "no machine can be like this") == NULL)
        fail_msg("%s", error.text);
}

/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spread_takes_domains_in_turn_where_packages_have_unequal_numbers),
        cmocka_unit_test(kinds_that_do_not_cover_the_usable_pus_make_no_classes),
        cmocka_unit_test(core_types_decide_before_frequencies),
        cmocka_unit_test(capacity_decides_before_frequency_and_tenths_before_less),
        cmocka_unit_test(kinds_with_nothing_comparable_are_classes),
        cmocka_unit_test(kinds_of_unknown_efficiency_make_no_classes),
        cmocka_unit_test(a_core_that_has_more_cpus_than_its_parts_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
