/* The strict parser: whole option names only, nothing twice, no value that is not valid. */
#include "harness/commands/options.h"

#include "harness/base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const formats[] = {"table", "markdown", "csv", "json", NULL};
static const char *const color_choices[] = {"auto", "always", "never", NULL};

/* Options that commands share: results first, so that a command without results has only the last. */
static const struct option shared_options[] = {
    {.group = "Output",
        .name = "--format",
        .kind = OPTION_CHOICE,
        .argument = "FORMAT",
        .standard = "table",
        .choices = formats,
        .help = "What standard output gets"},
    {.group = "Output",
        .name = "--color",
        .kind = OPTION_CHOICE,
        .argument = "WHEN",
        .standard = "auto",
        .choices = color_choices,
        .help = "Colour in tables; auto means on a terminal, unless NO_COLOR is set"},
    {.group = "Output", .name = "--help", .kind = OPTION_FLAG, .help = "Print this help and do nothing else"},
};
enum { SHARED_COUNT = sizeof shared_options / sizeof shared_options[0] };

static int lent_count(const struct command *command)
{
    int count = 0;
    while (command->lent_names != NULL && command->lent_names[count] != NULL)
        count++;
    return count;
}

static const struct option *lent_option(const struct command *command, int index)
{
    const struct option *option = command->lent;
    while (strcmp(option->name, command->lent_names[index]) != 0)
        option++;
    return option;
}

const struct option *command_option(const struct command *command, int index)
{
    if (index < command->option_count)
        return &command->options[index];
    int lent = lent_count(command), own = command->option_count + lent;
    if (index < own)
        return lent_option(command, index - command->option_count);
    int shared = index - own + (command->prints_results ? 0 : SHARED_COUNT - 1);
    return shared < SHARED_COUNT ? &shared_options[shared] : NULL;
}

static int option_count(const struct command *command)
{
    return command->option_count + lent_count(command) + (command->prints_results ? SHARED_COUNT : 1);
}

/* Index of the option called by the first `length` bytes of `name`; −1 if there is none. */
static int option_index(const struct command *command, const char *name, size_t length)
{
    for (int i = 0; i < option_count(command); i++) {
        const char *known = command_option(command, i)->name;
        if (strlen(known) == length && memcmp(known, name, length) == 0)
            return i;
    }
    return -1;
}

/* ---- the form of values ---- */

char *choices_describe(const char *wrong, const char *const *choices, char *buffer, unsigned long size)
{
    struct text text = {0};
    size_t count = 0;
    while (choices[count] != NULL)
        count++;
    text_add_choices(&text, wrong, choices, count);
    snprintf(buffer, size, "%s", text.data);
    text_free(&text);
    return buffer;
}

static bool is_choice(const char *value, const char *const *choices)
{
    for (; *choices != NULL; choices++)
        if (strcmp(value, *choices) == 0)
            return true;
    return false;
}

/* A value of a kind that is a number. False if it is not in the form and range of the option. */
static bool number_parse(const struct option *option, const char *value, double *number)
{
    double parsed;
    if (option->kind == OPTION_TIME) {
        if (!text_to_seconds(value, &parsed) || parsed > option->high)
            return false;
    } else if (option->kind == OPTION_PERCENT) {
        char digits[40];
        size_t length = strlen(value);
        if (length > 0 && value[length - 1] == '%')
            length--;
        if (length >= sizeof digits)
            return false;
        snprintf(digits, sizeof digits, "%.*s", (int)length, value);
        if (!text_to_double(digits, &parsed) || !(parsed > option->low) || parsed > option->high)
            return false;
        parsed /= 100;
    } else {
        int64_t whole;
        if (!text_to_int64(value, &whole) || (double)whole < option->low || (double)whole > option->high)
            return false;
        parsed = (double)whole;
    }
    *number = parsed;
    return true;
}

/* NULL if the value has the form of the option, else what is wrong with it, into `buffer`. */
static const char *value_fault(const struct option *option, const char *value, char *buffer, size_t size)
{
    double number;
    switch (option->kind) {
    case OPTION_FLAG:
        return "takes no value";
    case OPTION_TEXT:
        return value[0] != '\0' ? NULL : "the value is empty";
    case OPTION_CHOICE:
        return is_choice(value, option->choices) ? NULL
                                                 : choices_describe(value, option->choices, buffer, size);
    case OPTION_LIST: {
        const char *fault = NULL;
        size_t count;
        char **parts = text_split(value, ',', &count);
        for (size_t i = 0; i < count && fault == NULL; i++) {
            if (parts[i][0] == '\0')
                fault = "a part of the list is empty";
            else if (option->choices != NULL && !is_choice(parts[i], option->choices))
                fault = choices_describe(parts[i], option->choices, buffer, size);
        }
        text_split_free(parts);
        return fault;
    }
    case OPTION_TIME:
        snprintf(
            buffer, size, "not a time above 0 and up to %.0fh, such as 60s, 5m or 1.5h", option->high / 3600);
        break;
    case OPTION_PERCENT:
        snprintf(buffer, size, "not a percentage above %.0f and up to %.0f, such as 2%%", option->low,
            option->high);
        break;
    case OPTION_INTEGER:
        snprintf(buffer, size, "not a whole number from %.0f to %.0f", option->low, option->high);
        break;
    }
    return number_parse(option, value, &number) ? NULL : buffer;
}

/* ---- the parser ---- */

/* Long values are cut, so that the line stays one that can be read. */
enum { SHOWN_BYTES = 100 };

static enum status refuse(const struct command *command, const char *word, const char *value,
    const char *fault, struct error *error)
{
    bool has_value = value != NULL;
    return error_set(error, STATUS_USAGE, "%.*s%s%s%.*s%s: %s%s See 'acelera %s --help'", SHOWN_BYTES, word,
        strlen(word) > SHOWN_BYTES ? "…" : "", has_value ? " " : "", SHOWN_BYTES,
        !has_value         ? ""
        : value[0] == '\0' ? "''"
                           : value,
        has_value && strlen(value) > SHOWN_BYTES ? "…" : "", fault,
        fault[strlen(fault) - 1] == '?' ? "" : ".", command->name);
}

static enum status refuse_unknown(
    const struct command *command, const char *word, const char *next, struct error *error)
{
    const char *names[64];
    size_t count = 0;
    for (int i = 0; i < option_count(command) && count < sizeof names / sizeof names[0]; i++)
        names[count++] = command_option(command, i)->name;
    size_t length = strcspn(word, "=");
    struct text name = {0};
    text_add_bytes(&name, word, length);
    const char *nearest = text_nearest(name.data, names, count);
    text_free(&name);
    char fault[80];
    snprintf(fault, sizeof fault, "unknown option%s%s%s", nearest != NULL ? "; did you mean " : "",
        nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
    bool next_is_value = word[length] == '\0' && next != NULL && next[0] != '-';
    return refuse(command, word, next_is_value ? next : NULL, fault, error);
}

static enum status take_operand(struct arguments *arguments, const char *word, struct error *error)
{
    const struct command *command = arguments->command;
    char buffer[256];
    if (command->operand == NULL)
        return refuse(command, word, NULL, "unexpected argument; this command takes options only", error);
    if (arguments->operand != NULL && !command->operand_repeats) {
        snprintf(buffer, sizeof buffer, "unexpected argument; only one %s is taken", command->operand);
        return refuse(command, word, NULL, buffer, error);
    }
    if (word[0] == '\0') {
        snprintf(buffer, sizeof buffer, "%s is empty", command->operand);
        return refuse(command, "''", NULL, buffer, error);
    }
    if (command->operand_choices != NULL && !is_choice(word, command->operand_choices))
        return refuse(command, word, NULL,
            choices_describe(word, command->operand_choices, buffer, sizeof buffer), error);
    size_t count = (size_t)arguments->operand_count + 1;
    arguments->operands = memory_grow(arguments->operands, count, sizeof *arguments->operands);
    arguments->operands[arguments->operand_count++] = word;
    arguments->operand = arguments->operands[0];
    return STATUS_OK;
}

/* Checks and stores a value; what a list already holds stays in front of it. */
static enum status store_value(struct arguments *arguments, int index, const char *value, struct error *error)
{
    const struct option *option = command_option(arguments->command, index);
    char buffer[400];
    const char *fault = value_fault(option, value, buffer, sizeof buffer);
    char **stored = &arguments->value[index];
    if (fault == NULL && *stored != NULL && option->kind != OPTION_LIST)
        fault = "given twice; give it once";
    if (fault != NULL)
        return refuse(arguments->command, option->name, value, fault, error);
    struct text joined = {0};
    text_add(&joined, "%s%s%s", *stored != NULL ? *stored : "", *stored != NULL ? "," : "", value);
    free(*stored);
    *stored = joined.data;
    return STATUS_OK;
}

/* Takes the option at words[*at] and its value, which may be the next word: *at is then moved on to it. */
static enum status take_option(struct arguments *arguments, int *at, struct error *error)
{
    const struct command *command = arguments->command;
    const char *word = arguments->words[*at];
    const char *next = *at + 1 < arguments->word_count ? arguments->words[*at + 1] : NULL;
    size_t length = strcspn(word, "=");
    int index = option_index(command, word, length);
    if (index < 0)
        return refuse_unknown(command, word, next, error);
    const struct option *option = command_option(command, index);
    const char *value = word[length] == '=' ? word + length + 1 : NULL;
    if (option->kind == OPTION_FLAG && value == NULL) {
        if (arguments->value[index] != NULL)
            return refuse(command, option->name, NULL, "given twice; give it once", error);
        arguments->value[index] = text_copy("");
        arguments->help = strcmp(option->name, "--help") == 0;
        return STATUS_OK;
    }
    if (value == NULL) {
        if (next == NULL || strncmp(next, "--", 2) == 0) {
            char fault[80];
            snprintf(fault, sizeof fault, "the value is missing: %s %s", option->name, option->argument);
            return refuse(command, option->name, NULL, fault, error);
        }
        value = next;
        ++*at;
    }
    return store_value(arguments, index, value, error);
}

enum status arguments_parse(const struct command *command, int word_count, char **words,
    struct arguments *arguments, struct error *error)
{
    *arguments = (struct arguments){.command = command, .word_count = word_count, .words = words};
    arguments->value = memory_new((size_t)option_count(command), sizeof *arguments->value);
    bool only_operands = false;
    for (int i = 1; i < word_count && !arguments->help; i++) {
        enum status status = STATUS_OK;
        if (!only_operands && strcmp(words[i], "--") == 0)
            only_operands = true;
        else if (!only_operands && words[i][0] == '-')
            status = take_option(arguments, &i, error);
        else
            status = take_operand(arguments, words[i], error);
        if (status != STATUS_OK)
            return status;
    }
    if (command->operand_required && arguments->operand == NULL && !arguments->help)
        return error_set(error, STATUS_USAGE, "%s is missing: %s. See 'acelera %s --help'", command->operand,
            command->operand_help, command->name);
    return STATUS_OK;
}

void arguments_free(struct arguments *arguments)
{
    for (int i = 0; arguments->value != NULL && i < option_count(arguments->command); i++)
        free(arguments->value[i]);
    free(arguments->value);
    free(arguments->operands);
    *arguments = (struct arguments){0};
}

/* ---- what was given ---- */

/* A name that is not in the table is a mistake of this program, not of its user. */
static int index_of(const struct arguments *arguments, const char *name)
{
    int index = option_index(arguments->command, name, strlen(name));
    if (index < 0)
        abort();
    return index;
}

bool arguments_given(const struct arguments *arguments, const char *name)
{
    return arguments->value[index_of(arguments, name)] != NULL;
}

const char *arguments_text(const struct arguments *arguments, const char *name)
{
    int index = index_of(arguments, name);
    const char *given = arguments->value[index];
    return given != NULL ? given : command_option(arguments->command, index)->standard;
}

double arguments_number(const struct arguments *arguments, const char *name)
{
    const char *text = arguments_text(arguments, name);
    double number = 0;
    if (text != NULL)
        number_parse(command_option(arguments->command, index_of(arguments, name)), text, &number);
    return number;
}

char **arguments_list(const struct arguments *arguments, const char *name)
{
    const char *text = arguments_text(arguments, name);
    size_t count;
    if (text == NULL)
        return memory_new(1, sizeof(char *));
    return text_split(text, ',', &count);
}
