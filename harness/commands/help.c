/* The `help` command, and --help of every command. Holds no text about any option: that is in the tables. */
#include "harness/commands/help.h"

#include "harness/base/text.h"
#include "harness/commands/command_list.h"
#include "harness/report/printable.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMNS = 100, HELP_INDENT = 30 };

char *help_option_heading(const struct option *option, char *buffer, unsigned long size)
{
    bool has_argument = option->argument != NULL;
    snprintf(
        buffer, size, "%s%s%s", option->name, has_argument ? " " : "", has_argument ? option->argument : "");
    return buffer;
}

void help_describe_option(const struct option *option, struct text *text)
{
    text_add(text, "%s.", option->help);
    if (option->choices != NULL && option->choices[1] != NULL) {
        text_add(text, " One%s of", option->kind == OPTION_LIST ? " or more" : "");
        for (int i = 0; option->choices[i] != NULL; i++)
            text_add(text, " %s", option->choices[i]);
        text_add(text, ".");
    }
    if (option->unit != NULL)
        text_add(text, " Unit: %s.", option->unit);
    if (option->standard != NULL)
        text_add(text, " Default: %s.", option->standard);
    else if (option->otherwise != NULL)
        text_add(text, " Default: %s.", option->otherwise);
}

/* `left` in the first column, `words` wrapped in the second. */
static void write_entry(FILE *stream, const char *left, const char *words)
{
    fprintf(stream, "  %s", left);
    size_t column = 2 + text_columns(left);
    if (column + 2 > HELP_INDENT) {
        fputc('\n', stream);
        column = 0;
    }
    fprintf(stream, "%*s", HELP_INDENT - (int)column, "");
    struct text wrapped = {0};
    printable_add_wrapped(&wrapped, words, HELP_INDENT, HELP_INDENT, HELP_COLUMNS);
    fputs(wrapped.data, stream);
    text_free(&wrapped);
}

static void write_option(FILE *stream, const struct option *option)
{
    char heading[120];
    struct text words = {0};
    help_describe_option(option, &words);
    write_entry(stream, help_option_heading(option, heading, sizeof heading), words.data);
    text_free(&words);
}

void help_write_command(FILE *stream, const struct command *command)
{
    fprintf(stream, "acelera %s: %s\n\nExamples\n", command->name, command->summary);
    for (int i = 0; command->examples[i] != NULL; i++)
        fprintf(stream, "  %s\n", command->examples[i]);
    fprintf(stream, "\nUsage\n  acelera %s [OPTION…]", command->name);
    if (command->operand != NULL)
        fprintf(stream, command->operand_required ? " %s%s" : " [%s%s]", command->operand,
            command->operand_repeats ? "…" : "");
    fputc('\n', stream);
    if (command->operand != NULL) {
        fputc('\n', stream);
        write_entry(stream, command->operand, command->operand_help);
    }
    const char *group = "";
    for (int i = 0; command_option(command, i) != NULL; i++) {
        const struct option *option = command_option(command, i);
        if (strcmp(option->group, group) != 0)
            fprintf(stream, "\n%s\n", option->group);
        group = option->group;
        write_option(stream, option);
    }
}

void help_write_program(FILE *stream)
{
    fputs("acelera: how much faster numerical workloads get with more threads on this machine\n\n"
          "Examples\n"
          "  acelera run                      measure, and print the speedup table\n"
          "  acelera run --dry-run            what would be measured, and why\n"
          "  acelera topology                 the machine as it may be used\n\n"
          "Commands ('acelera COMMAND --help' says more)\n",
        stream);
    for (int i = 0; command_list[i] != NULL; i++)
        write_entry(stream, command_list[i]->name, command_list[i]->summary);
    fputs("\nOptions\n", stream);
    write_entry(stream, "--help", "Print this help.");
    write_entry(stream, "--version", "Print the version.");
    fputs("\nExit codes\n", stream);
    for (int i = 0; exit_codes[i].meaning != NULL; i++) {
        char code[16];
        snprintf(code, sizeof code, "%d", exit_codes[i].code);
        write_entry(stream, code, exit_codes[i].meaning);
    }
    fputs("\nEnvironment\n", stream);
    for (int i = 0; environment_names[i].name != NULL; i++)
        write_entry(stream, environment_names[i].name, environment_names[i].meaning);
}

static enum status help_run(const struct arguments *arguments, struct error *error)
{
    if (arguments->operand == NULL) {
        help_write_program(stdout);
        return STATUS_OK;
    }
    const struct command *command = command_named(arguments->operand);
    if (command == NULL)
        return command_unknown(arguments->operand, error);
    help_write_command(stdout, command);
    return STATUS_OK;
}

static const char *const examples[] = {"acelera help run", NULL};

const struct command command_help = {
    .name = "help",
    .summary = "print the help of the program or of one command",
    .examples = examples,
    .operand = "COMMAND",
    .operand_help = "the command to explain; without it, the whole program",
    .run = help_run,
};
