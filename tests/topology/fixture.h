/* The recorded machines and what is expected of them, for the tests of this folder. */
#ifndef ACELERA_TEST_FIXTURE_H
#define ACELERA_TEST_FIXTURE_H

#include <stddef.h>

/* cmocka needs these first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* The value of the row of `table` (below FIXTURES/topologies) whose first fields are these, NULL-terminated;
 * `column` counts from 0. Fails the test if there is no such row. The caller frees. */
char *fixture_find(const char *table, int column, ...);

/* FIXTURES/topologies/NAME; a static buffer. */
const char *fixture_path(const char *name);

/* Fails the test unless the numbers, separated by blanks, are those of `expected`. */
void fixture_assert_numbers(const char *expected, const int *number, int count);

#endif
