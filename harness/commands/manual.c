/* The `manual` command: the man page in troff, generated from the option tables. It carries no date, so that
 * the same program always prints the same page. */
#include "harness/base/text.h"
#include "harness/commands/command_list.h"
#include "harness/commands/help.h"

#include <stdint.h>
#include <stdio.h>

/* Code points outside ASCII are named, so that no roff has to guess the encoding; a hyphen stays one that
 * can be copied; a full stop or quote at the beginning of a line would be a request. */
static void add_escaped(struct text *page, const char *words)
{
    const unsigned char *c = (const unsigned char *)words;
    if (*c == '.' || *c == '\'')
        text_add(page, "\\&");
    while (*c != '\0') {
        if (*c == '\\')
            text_add(page, "\\e");
        else if (*c == '-')
            text_add(page, "\\-");
        else if (*c == '\'')
            text_add(page, "\\(aq");
        else if (*c < 0x80)
            text_add_bytes(page, (const char *)c, 1);
        if (*c < 0x80) {
            c++;
            continue;
        }
        /* The words are the program's own, so they are valid UTF-8. */
        uint32_t point = *c >= 0xf0 ? *c & 0x07u : *c >= 0xe0 ? *c & 0x0fu : *c & 0x1fu;
        for (c++; (*c & 0xc0) == 0x80; c++)
            point = point << 6 | (*c & 0x3fu);
        text_add(page, "\\[u%04X]", (unsigned)point);
    }
}

static void add_paragraph(struct text *page, const char *heading, const char *words)
{
    text_add(page, ".TP\n.B ");
    add_escaped(page, heading);
    text_add(page, "\n");
    add_escaped(page, words);
    text_add(page, "\n");
}

static void add_option(struct text *page, const struct option *option)
{
    char heading[120];
    struct text words = {0};
    help_describe_option(option, &words);
    add_paragraph(page, help_option_heading(option, heading, sizeof heading), words.data);
    text_free(&words);
}

static void add_command(struct text *page, const struct command *command)
{
    text_add(page, ".SS acelera %s", command->name);
    if (command->operand != NULL)
        text_add(page, command->operand_required ? " %s%s" : " [%s%s]", command->operand,
            command->operand_repeats ? "\\[u2026]" : "");
    text_add(page, "\n");
    add_escaped(page, command->summary);
    text_add(page, ".\n.PP\n.EX\n");
    for (int i = 0; command->examples[i] != NULL; i++) {
        add_escaped(page, command->examples[i]);
        text_add(page, "\n");
    }
    text_add(page, ".EE\n");
    if (command->operand != NULL)
        add_paragraph(page, command->operand, command->operand_help);
    for (int i = 0; command_option(command, i) != NULL; i++)
        add_option(page, command_option(command, i));
}

static enum status manual_run(const struct arguments *arguments, struct error *error)
{
    (void)arguments;
    (void)error;
    struct text page = {0};
    text_add(&page,
        ".TH ACELERA 1 \"\" \"acelera " ACELERA_VERSION "\" \"User Commands\"\n"
        ".SH NAME\nacelera \\- how much faster numerical workloads get with more threads\n"
        ".SH SYNOPSIS\n.B acelera\n.I COMMAND\n[\\fIOPTION\\fR]\n"
        ".SH DESCRIPTION\nMeasures kernels at every useful number of threads of this machine, checks "
        "every result, and prints speedups with their intervals.\n.SH COMMANDS\n");
    for (int i = 0; command_list[i] != NULL; i++)
        add_command(&page, command_list[i]);
    text_add(&page, ".SH EXIT STATUS\n");
    for (int i = 0; exit_codes[i].meaning != NULL; i++) {
        char code[16];
        snprintf(code, sizeof code, "%d", exit_codes[i].code);
        add_paragraph(&page, code, exit_codes[i].meaning);
    }
    text_add(&page, ".SH ENVIRONMENT\n");
    for (int i = 0; environment_names[i].name != NULL; i++)
        add_paragraph(&page, environment_names[i].name, environment_names[i].meaning);
    fputs(page.data, stdout);
    text_free(&page);
    return STATUS_OK;
}

static const char *const examples[] = {"acelera manual | man -l -", NULL};

const struct command command_manual = {
    .name = "manual",
    .summary = "print the man page",
    .examples = examples,
    .run = manual_run,
};
