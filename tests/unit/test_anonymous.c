/* What goes and what stays where names are left out. */
#include "harness/store/anonymous.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_becomes(const char *given, const char *host, const char *wanted)
{
    struct text text = {0};
    anonymous_add(&text, given, host);
    assert_string_equal(text.data, wanted);
    text_free(&text);
}

static void paths_go_and_units_stay(void **state)
{
    (void)state;
    assert_becomes("", "", "");
    assert_becomes("12 GB/s of 20 GFLOP/s", "", "12 GB/s of 20 GFLOP/s");
    assert_becomes("cannot start /home/ada/w: no such file", "", "cannot start (path) no such file");
    assert_becomes("results/ada/x", "", "(path)");
    assert_becomes("blas=/home/ada/lib.so,data=integer", "", "blas=(path),data=integer");
    assert_becomes("MemAvailable in /proc/meminfo", "", "MemAvailable in /proc/meminfo");
    assert_becomes("/sys/fs/cgroup/ada.slice/cpu.max", "", "(path)");
    assert_becomes("'/a b'/c", "", "'(path) b'(path)");
}

static void hosts_go_where_they_stand_alone(void **state)
{
    (void)state;
    assert_becomes("on Ada: ada, ada-2 and Adam", "ada", "on anonymous: anonymous, ada-2 and Adam");
    assert_becomes("ada", "", "ada");
}

static const char document[] =
    "{\"schema\": \"acelera/run/1\", \"id\": \"ada-1\", \"command\": \"acelera run --size tiny --out "
    "/home/ada "
    "--save ada --data ada.npy --seed 7\", \"request\": {\"size\": \"tiny\", \"settings\": "
    "[\"matmul.blas=/home/ada/x.so\"]}, \"machine\": {\"host\": \"ada\", \"facts\": [{\"name\": "
    "\"DMIProductName\", \"value\": \"Ada's Laptop\"}, {\"name\": \"kernel\", \"value\": \"6.1 of ada\"}]}, "
    "\"data\": {\"path\": \"ada.npy\", \"rows\": 3}, \"workers\": [{\"path\": \"w\", \"flags\": "
    "\"-O3 -I/home/ada\"}], \"kept\": [\"BLAS=/home/ada\"], \"plan\": {\"cells\": [{\"kernel\": "
    "\"matmul\"}]}}";

static void run_json_keeps_what_was_measured_and_names_nobody(void **state)
{
    (void)state;
    char *made = anonymous_run_json(document, "anonymous-1");
    assert_non_null(made);
    assert_null(strcasestr(made, "ada"));
    assert_non_null(strstr(made, "\"acelera/run/1\""));
    assert_non_null(
        strstr(made, "\"acelera run --size tiny --seed 7 --anonymous (and what would tell names)\""));
    assert_non_null(strstr(made, "\"anonymous-1\""));
    assert_non_null(strstr(made, "\"tiny\""));
    assert_non_null(strstr(made, "\"kernel\": \"matmul\""));
    assert_non_null(strstr(made, "\"-O3 (path)\""));
    assert_true(anonymous_is(made));
    assert_false(anonymous_is(document));
    free(made);
    assert_null(anonymous_run_json("{", "x"));
    assert_null(anonymous_run_json("{\"machine\": {}}", "x"));
}

static void sample_lines_change_only_where_they_tell_something(void **state)
{
    (void)state;
    static const char plain[] = "{\"kind\":\"sample\",\"seconds\":2e-8,\"process\":0}";
    char *made = anonymous_sample_line(plain, "ada");
    assert_string_equal(made, plain);
    free(made);
    made = anonymous_sample_line(
        "{\"kind\":\"end_process\",\"status\":\"failed\",\"error\":\"ada: cannot start \\/home\\/ada\\/w\"}",
        "ada");
    assert_string_equal(made,
        "{\"kind\":\"end_process\",\"status\":\"failed\",\"error\":\"anonymous: cannot start (path)\"}");
    free(made);
    assert_null(anonymous_sample_line("{\"a\":\"/", "ada"));
}

static void topology_keeps_its_shape_alone(void **state)
{
    (void)state;
    char *made = anonymous_topology_xml(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n<!-- of <ada> -->\n"
        "<topology version=\"2.0\"><object type=\"Machine\" os_index=\"0\" name=\"ada\" owner=\"ada\">"
        "<info name=\"HostName\" value=\"ada\"/><info name=\"DMIBoardSerial\" value=\"ada > 1\"/>"
        "<info name=\"CPUModel\" value=\"X\"/><object type=\"Bridge\" gp_index=\"9\"><object type=\"PCIDev\">"
        "<object type=\"OSDev\" name=\"eth-ada\"/></object></object><object type=\"PU\" os_index=\"3\"/>"
        "<userdata length=\"3\">ada</userdata><indexes length=\"3\">0 1</indexes></object></topology>");
    assert_non_null(made);
    assert_null(strstr(made, "ada"));
    assert_non_null(strstr(made,
        "<topology version=\"2.0\"><object type=\"Machine\" os_index=\"0\"><info name=\"CPUModel\" "
        "value=\"X\"/><object type=\"PU\" os_index=\"3\"/><indexes length=\"3\">0 1</indexes></object>"
        "</topology>"));
    assert_null(strstr(made, "Bridge"));
    free(made);
    assert_null(anonymous_topology_xml("<topology version=\"2"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_go_and_units_stay),
        cmocka_unit_test(hosts_go_where_they_stand_alone),
        cmocka_unit_test(run_json_keeps_what_was_measured_and_names_nobody),
        cmocka_unit_test(sample_lines_change_only_where_they_tell_something),
        cmocka_unit_test(topology_keeps_its_shape_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
