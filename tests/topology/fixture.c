/* Reads the tables beside the recorded machines. */
#include "fixture.h"

#include "harness/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *fixture_path(const char *name)
{
    static char path[4096];
    snprintf(path, sizeof path, "%s/topologies/%s", FIXTURES, name);
    return path;
}

char *fixture_find(const char *table, int column, ...)
{
    struct text key = {0};
    va_list fields;
    va_start(fields, column);
    for (const char *field; (field = va_arg(fields, const char *)) != NULL;)
        text_add(&key, "%s\t", field);
    va_end(fields);
    FILE *file = fopen(fixture_path(table), "r");
    assert_non_null(file);
    char *line = NULL, *found = NULL;
    size_t size = 0;
    while (found == NULL && getline(&line, &size, file) > 0) {
        if (strncmp(line, key.data, key.length) != 0)
            continue;
        line[strcspn(line, "\n")] = '\0';
        size_t fields_count;
        char **field = text_split(line, '\t', &fields_count);
        assert_true((size_t)column < fields_count);
        found = text_copy(field[column]);
        text_split_free(field);
    }
    fclose(file);
    free(line);
    if (found == NULL)
        fail_msg("%s has no row %s", table, key.data);
    text_free(&key);
    return found;
}

void fixture_assert_numbers(const char *expected, const int *number, int count)
{
    struct text text = {0};
    for (int i = 0; i < count; i++)
        text_add(&text, "%s%d", i > 0 ? " " : "", number[i]);
    assert_string_equal(text.data, expected);
    text_free(&text);
}
