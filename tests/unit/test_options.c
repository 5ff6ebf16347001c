/* The parser against a table of its own: what is taken, and that whatever is refused is named. */
#include "harness/base/text.h"
#include "harness/commands/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char *const colours[] = {"red", "green", NULL};

static const struct option options[] = {
    {"G", "--count", OPTION_INTEGER, "N", .standard = "4", .low = 1, .high = 100, .help = "A number"},
    {"G", "--share", OPTION_PERCENT, "P%", .standard = "2%", .low = 0, .high = 50, .help = "A share"},
    {"G", "--limit", OPTION_TIME, "TIME", .standard = "60s", .high = 3600, .help = "A time"},
    {"G", "--paint", OPTION_LIST, "COLOUR,…", .choices = colours, .help = "Colours"},
    {"G", "--mood", OPTION_CHOICE, "COLOUR", .standard = "green", .choices = colours, .help = "A colour"},
    {"G", "--label", OPTION_TEXT, "WORDS", .help = "Any text"},
    {"G", "--dry", OPTION_FLAG, .help = "A flag"},
};

static enum status never_run(const struct arguments *arguments, struct error *error)
{
    (void)arguments;
    return error_set(error, STATUS_FAILED, "the parser must not run a command");
}

static const struct command command = {
    .name = "try",
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .operand = "PLACE",
    .operand_help = "a place",
    .run = never_run,
};

static struct error error;

/* Parses a line split at blanks; "~" stands for an empty word. */
static enum status parse(const char *line, struct arguments *arguments)
{
    static char *words[40];
    static char storage[1000];
    int count = 0;
    assert_true(snprintf(storage, sizeof storage, "%s", line) < (int)sizeof storage);
    for (char *word = strtok(storage, " "); word != NULL; word = strtok(NULL, " "))
        words[count++] = strcmp(word, "~") == 0 ? (char *)"" : word;
    error = (struct error){0};
    return arguments_parse(&command, count, words, arguments, &error);
}

/* The line must be refused, and the error must hold both words. */
static void refused(const char *line, const char *one, const char *other)
{
    struct arguments arguments;
    assert_int_equal(parse(line, &arguments), STATUS_USAGE);
    arguments_free(&arguments);
    if (strstr(error.text, one) == NULL || strstr(error.text, other) == NULL)
        fail_msg("'%s' was refused with '%s', which lacks '%s' or '%s'", line, error.text, one, other);
}

static void defaults_count_where_nothing_is_given(void **state)
{
    (void)state;
    struct arguments arguments;
    assert_int_equal(parse("try", &arguments), STATUS_OK);
    assert_true(arguments_number(&arguments, "--count") == 4);
    assert_true(arguments_number(&arguments, "--share") == 0.02);
    assert_true(arguments_number(&arguments, "--limit") == 60);
    assert_string_equal(arguments_text(&arguments, "--mood"), "green");
    assert_null(arguments_text(&arguments, "--label"));
    assert_false(arguments_given(&arguments, "--dry"));
    char **list = arguments_list(&arguments, "--paint");
    assert_null(list[0]);
    text_split_free(list);
    arguments_free(&arguments);
}

static void both_spellings_of_a_value_are_taken(void **state)
{
    (void)state;
    struct arguments arguments;
    assert_int_equal(
        parse("try --count=7 --share 2.5 --limit=1m --label=a=b --dry here", &arguments), STATUS_OK);
    assert_true(arguments_number(&arguments, "--count") == 7);
    assert_true(arguments_number(&arguments, "--share") == 0.025);
    assert_true(arguments_number(&arguments, "--limit") == 60);
    assert_string_equal(arguments_text(&arguments, "--label"), "a=b");
    assert_true(arguments_given(&arguments, "--dry"));
    assert_string_equal(arguments.operand, "here");
    arguments_free(&arguments);
}

static void a_list_may_be_given_in_parts(void **state)
{
    (void)state;
    struct arguments arguments;
    assert_int_equal(parse("try --paint red,green --paint=red", &arguments), STATUS_OK);
    char **list = arguments_list(&arguments, "--paint");
    assert_string_equal(list[0], "red");
    assert_string_equal(list[1], "green");
    assert_string_equal(list[2], "red");
    assert_null(list[3]);
    text_split_free(list);
    arguments_free(&arguments);
}

static void words_after_two_dashes_are_operands(void **state)
{
    (void)state;
    struct arguments arguments;
    assert_int_equal(parse("try -- --dry", &arguments), STATUS_OK);
    assert_string_equal(arguments.operand, "--dry");
    assert_false(arguments_given(&arguments, "--dry"));
    arguments_free(&arguments);
}

static void help_ends_the_reading(void **state)
{
    (void)state;
    struct arguments arguments;
    assert_int_equal(parse("try --help --no-such-thing", &arguments), STATUS_OK);
    assert_true(arguments.help);
    arguments_free(&arguments);
}

static void unknown_options_are_refused_with_the_nearest_name(void **state)
{
    (void)state;
    refused("try --cuont 3", "--cuont 3: unknown option", "--count?");
    refused("try --coun=3", "--coun=3", "--count?"); /* no abbreviations */
    refused("try -c", "-c: unknown option", "try --help");
    refused("try --format json", "--format json", "unknown option"); /* the command prints no results */
}

static void values_that_cannot_be_meant_are_refused(void **state)
{
    (void)state;
    refused("try --count 0", "--count 0", "1 to 100");
    refused("try --count -1", "--count -1", "1 to 100");
    refused("try --count 99999999999999999999", "--count", "1 to 100");
    refused("try --count 3.5", "--count 3.5", "whole number");
    refused("try --share NaN", "--share NaN", "percentage above 0 and up to 50");
    refused("try --share 0", "--share 0", "above 0");
    refused("try --share 50.1%", "--share 50.1%", "up to 50");
    refused("try --share %", "--share %", "percentage");
    refused("try --share -1%", "--share -1%", "above 0");
    refused("try --limit 60", "--limit 60", "60s, 5m or 1.5h");
    refused("try --limit 61m", "--limit 61m", "up to 1h");
    refused("try --mood gren", "--mood gren", "did you mean green?");
    refused("try --paint red,blue", "--paint red,blue", "not one of red, green");
    refused("try --paint red,,green", "--paint", "empty");
    refused("try --label ~", "--label ''", "empty");
    refused("try --dry=yes", "--dry yes", "takes no value");
}

static void what_is_missing_twice_or_too_much_is_refused(void **state)
{
    (void)state;
    refused("try --count", "--count", "value is missing");
    refused("try --count --dry", "--count", "value is missing");
    refused("try --count 1 --count 1", "--count 1", "twice");
    refused("try --dry --dry", "--dry", "twice");
    refused("try here there", "there", "unexpected argument");
    refused("try ~", "''", "PLACE is empty");
}

static void an_endless_value_is_cut_in_the_message(void **state)
{
    (void)state;
    char *endless = memory_new(1 << 16, 1);
    memset(endless, 'x', (1 << 16) - 1);
    char *words[] = {(char *)"try", (char *)"--mood", endless};
    struct arguments arguments;
    assert_int_equal(arguments_parse(&command, 3, words, &arguments, &error), STATUS_USAGE);
    assert_non_null(strstr(error.text, "not one of red, green"));
    arguments_free(&arguments);
    free(endless);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_count_where_nothing_is_given),
        cmocka_unit_test(both_spellings_of_a_value_are_taken),
        cmocka_unit_test(a_list_may_be_given_in_parts),
        cmocka_unit_test(words_after_two_dashes_are_operands),
        cmocka_unit_test(help_ends_the_reading),
        cmocka_unit_test(unknown_options_are_refused_with_the_nearest_name),
        cmocka_unit_test(values_that_cannot_be_meant_are_refused),
        cmocka_unit_test(what_is_missing_twice_or_too_much_is_refused),
        cmocka_unit_test(an_endless_value_is_cut_in_the_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
