/* Damage to a run directory: cut or changed at any byte, it is read or refused in one line, and the writers
 * survive whatever was read. */
#include "tests/unit/run_files.h"

/* The bytes of the first `count` lines. */
static size_t lines_length(const struct text *text, int count)
{
    const char *at = text->data;
    while (count-- > 0)
        at = strchr(at, '\n') + 1;
    return (size_t)(at - text->data);
}

static void cut_at_every_byte_it_is_read_or_refused(void **state)
{
    (void)state;
    struct error error;
    size_t length = lines_length(&good_samples, 16);
    for (size_t cut = 0; cut <= length; cut++) {
        write_file(samples_path, good_samples.data, cut);
        if (!read_folder(&error)) /* only ever a torn last line, and that is dropped */
            fail_msg("cut at byte %zu: %s", cut, error.text);
    }
    write_file(samples_path, good_samples.data, good_samples.length);
    for (size_t cut = 0; cut + 2 < good_run.length; cut += 7) {
        write_file(run_path, good_run.data, cut);
        assert_false(read_folder(&error));
    }
}

static void changed_at_any_byte_it_is_read_or_refused(void **state)
{
    (void)state;
    static const char changes[] = {'\0', '9', '-', '"', '}', ',', '\n', '\xff'};
    struct error error;
    size_t length = lines_length(&good_samples, 16);
    int refused = 0, total = 0;
    char *bytes = memory_new(good_run.length + length, 1);
    for (size_t at = 0; at < length; at++, total++) {
        memcpy(bytes, good_samples.data, length);
        bytes[at] = changes[at % sizeof changes];
        write_file(samples_path, bytes, length);
        refused += !read_folder(&error);
    }
    write_file(samples_path, good_samples.data, length);
    for (size_t at = 0; at < good_run.length; at += 3, total++) {
        memcpy(bytes, good_run.data, good_run.length);
        bytes[at] = changes[(at / 3) % sizeof changes];
        write_file(run_path, bytes, good_run.length);
        refused += !read_folder(&error);
    }
    assert_true(refused > total / 4);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(cut_at_every_byte_it_is_read_or_refused, restore_files),
        cmocka_unit_test_setup(changed_at_any_byte_it_is_read_or_refused, restore_files),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
