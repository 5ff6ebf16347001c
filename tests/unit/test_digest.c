/* The hash of results: what must change it, does. Its values are nobody's business. */
#include "kernels/digest.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { MOST_BYTES = 70 };

/* Past two rounds of all chains, and every rest. */
static void seed_length_and_each_byte_count(void **state)
{
    (void)state;
    unsigned char data[MOST_BYTES] = {0};
    for (size_t bytes = 0; bytes <= MOST_BYTES; bytes++) {
        const uint64_t digest = digest_bytes(0, data, bytes);
        assert_true(digest == digest_bytes(0, data, bytes));
        assert_true(digest != digest_bytes(1, data, bytes));
        assert_true(digest != digest_bytes(UINT64_MAX, data, bytes));
        assert_true(bytes == 0 || digest != digest_bytes(0, data, bytes - 1));
        for (size_t i = 0; i < bytes; i++) {
            data[i] = 1;
            assert_true(digest != digest_bytes(0, data, bytes));
            data[i] = 0;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(seed_length_and_each_byte_count)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
