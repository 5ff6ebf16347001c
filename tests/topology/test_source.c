/* Arguments that are neither a sound file nor a synthetic string, and XML that is not a whole document. */
#include "fixture.h"

#include "harness/base/text.h"
#include "harness/machine/topology.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/acelera-test-source-XXXXXX";

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) != NULL ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

static void assert_refused(const char *source, const char *why)
{
    struct topology topology;
    struct error error = {""};
    assert_int_equal(topology_load_foreign(source, &topology, &error), STATUS_FAILED);
    if (strstr(error.text, why) == NULL)
        fail_msg("'%s' is not in: %s", why, error.text);
}

static const char *path_in_folder(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void a_name_that_looks_like_a_path_is_called_a_missing_file(void **state)
{
    (void)state;
    assert_refused("no-such-machine.xml", "no such file");
    assert_refused("no/such/machine", "no such file");
    assert_refused("nonsense", "neither a file nor a synthetic string");
    assert_refused("", "topology \"\"");
}

static void folders_devices_and_pipes_are_refused_without_waiting(void **state)
{
    (void)state;
    assert_refused(folder, "a directory");
    assert_refused("/dev/zero", "a device, pipe or socket");
    const char *pipe = path_in_folder("pipe.xml");
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_refused(pipe, "a device, pipe or socket");
    unlink(pipe);
}

static void a_file_of_more_than_64_mebibytes_is_refused(void **state)
{
    (void)state;
    const char *path = path_in_folder("large.xml");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(ftruncate(fileno(file), (64L << 20) + 1), 0);
    fclose(file);
    assert_refused(path, "larger than 64 MiB");
    unlink(path);
}

/* Writes the valid control file with `before` and `after` around it. */
static const char *write_framed(const char *before, const char *after)
{
    FILE *valid = fopen(fixture_path("bad/b00-control-minimal-valid.xml"), "r");
    assert_non_null(valid);
    char content[4096];
    size_t length = fread(content, 1, sizeof content, valid);
    fclose(valid);
    const char *path = path_in_folder("framed.xml");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "%s", before);
    fwrite(content, 1, length, file);
    fprintf(file, "%s", after);
    fclose(file);
    return path;
}

static void what_follows_the_document_is_refused_unless_it_says_nothing(void **state)
{
    (void)state;
    assert_refused(write_framed("", "garbage"), "something follows");
    assert_refused(write_framed("", "<object/>"), "something follows");
    assert_refused(write_framed("", "<!-- unclosed"), "something follows");
    assert_refused(write_framed("", "</topology>"), "something follows");
    struct topology topology;
    struct error error;
    assert_int_equal(
        topology_load_foreign(write_framed("", "\r\n<!-- done --> <?ok?>\n"), &topology, &error), STATUS_OK);
    topology_free(&topology);
    unlink(path_in_folder("framed.xml"));
}

static void entities_are_refused(void **state)
{
    (void)state;
    assert_refused(write_framed("<!DOCTYPE topology [<!ENTITY a \"b\">]>", ""), "defines entities");
    unlink(path_in_folder("framed.xml"));
}

static void an_object_nested_a_hundred_thousand_times_is_refused(void **state)
{
    (void)state;
    const char *path = path_in_folder("deep.xml");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "<topology version=\"2.0\">");
    for (int i = 0; i < 100000; i++)
        fprintf(file, "<object type=\"Group\" cpuset=\"0x1\" complete_cpuset=\"0x1\" nodeset=\"0x1\" "
                      "complete_nodeset=\"0x1\">");
    for (int i = 0; i < 100000; i++)
        fprintf(file, "</object>");
    fprintf(file, "</topology>\n");
    fclose(file);
    assert_refused(path, "topology ");
    unlink(path);
}

static void the_name_in_a_message_is_cut_and_made_one_line(void **state)
{
    (void)state;
    char name[2000];
    memset(name, 'x', sizeof name);
    name[10] = '\n';
    name[sizeof name - 1] = '\0';
    struct topology topology;
    struct error error;
    assert_int_equal(topology_load_foreign(name, &topology, &error), STATUS_FAILED);
    assert_null(strchr(error.text, '\n'));
    assert_in_range(strlen(error.text), 20, 600);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_that_looks_like_a_path_is_called_a_missing_file),
        cmocka_unit_test(folders_devices_and_pipes_are_refused_without_waiting),
        cmocka_unit_test(a_file_of_more_than_64_mebibytes_is_refused),
        cmocka_unit_test(what_follows_the_document_is_refused_unless_it_says_nothing),
        cmocka_unit_test(entities_are_refused),
        cmocka_unit_test(an_object_nested_a_hundred_thousand_times_is_refused),
        cmocka_unit_test(the_name_in_a_message_is_cut_and_made_one_line),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
