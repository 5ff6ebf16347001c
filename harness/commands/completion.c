/* The `completion` command: a script for bash, zsh or fish, generated from the option tables. Completes what
 * the tables know (commands, options, choices, files); kernels are known to the workers only. */
#include "harness/base/text.h"
#include "harness/commands/command_list.h"
#include "harness/commands/help.h"

#include <stdio.h>
#include <string.h>

/* What may follow an option or stand as an operand: words, or a kind of path. */
enum path_kind { PATH_NONE, PATH_FILE, PATH_FOLDER };

static enum path_kind path_kind_of(const char *argument)
{
    if (strcmp(argument, "DIR") == 0 || strcmp(argument, "RUN") == 0)
        return PATH_FOLDER;
    return strcmp(argument, "FILE") == 0 ? PATH_FILE : PATH_NONE;
}

static void add_words(struct text *text, const char *const *words)
{
    for (; words != NULL && *words != NULL; words++)
        text_add(text, "%s%s", text->length > 0 ? " " : "", *words);
}

static void add_command_names(struct text *text)
{
    for (int i = 0; command_list[i] != NULL; i++)
        text_add(text, "%s%s", i > 0 ? " " : "", command_list[i]->name);
}

/* The words of an operand: its choices, or the commands for `help COMMAND`. */
static void add_operand_words(struct text *text, const struct command *command)
{
    add_words(text, command->operand_choices);
    if (command->operand != NULL && strcmp(command->operand, "COMMAND") == 0)
        add_command_names(text);
}

/* ---- bash ---- */

static void bash_add_value(struct text *script, const struct command *command, const struct option *option)
{
    struct text words = {0};
    add_words(&words, option->choices);
    enum path_kind kind = path_kind_of(option->argument);
    text_add(script, "        '%s %s')", command->name, option->name);
    if (kind != PATH_NONE)
        text_add(script, " kind=%s words='' ;;\n", kind == PATH_FOLDER ? "directory" : "file");
    else
        text_add(script, " words='%s' ;;\n", words.data != NULL ? words.data : "");
    text_free(&words);
}

static void bash_add_command(struct text *script, const struct command *command)
{
    struct text words = {0};
    add_operand_words(&words, command);
    for (int i = 0; command_option(command, i) != NULL; i++) {
        const struct option *option = command_option(command, i);
        text_add(&words, "%s%s", words.length > 0 ? " " : "", option->name);
        if (option->argument != NULL)
            bash_add_value(script, command, option);
    }
    bool folder = command->operand != NULL && path_kind_of(command->operand) == PATH_FOLDER;
    text_add(script, "        '%s '*) words='%s'%s ;;\n", command->name, words.data,
        folder ? " kind=directory" : "");
    text_free(&words);
}

static void bash_add_script(struct text *script)
{
    text_add(script, "# bash completion for acelera, written by 'acelera completion bash'\n"
                     "_acelera()\n{\n"
                     "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
                     "    local words='' kind=''\n"
                     "    COMPREPLY=()\n"
                     "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                     "        words='");
    add_command_names(script);
    text_add(script, " --help --version'\n"
                     "    else\n"
                     "        case \"${COMP_WORDS[1]} $previous\" in\n");
    for (int i = 0; command_list[i] != NULL; i++)
        bash_add_command(script, command_list[i]);
    text_add(script, "        esac\n"
                     "    fi\n"
                     "    local candidate\n"
                     "    while IFS= read -r candidate; do\n"
                     "        COMPREPLY+=(\"$candidate\")\n"
                     "    done < <(compgen -W \"$words\" ${kind:+-A \"$kind\"} -- \"$current\")\n"
                     "    if [ -n \"$kind\" ]; then compopt -o filenames; fi\n"
                     "}\n"
                     "complete -F _acelera acelera\n");
}

/* ---- zsh and fish ---- */

/* Single quotes cannot be escaped inside single quotes; `special` lists what needs a backslash as well. */
static void add_quoted(struct text *text, const char *words, const char *special)
{
    for (; *words != '\0'; words++) {
        if (*words == '\'')
            text_add(text, "'\\''");
        else if (strchr(special, *words) != NULL)
            text_add(text, "\\%c", *words);
        else
            text_add_bytes(text, words, 1);
    }
}

static const char *zsh_action(enum path_kind kind)
{
    return kind == PATH_FOLDER ? "_directories" : kind == PATH_FILE ? "_files" : " ";
}

static void zsh_add_option(struct text *script, const struct option *option)
{
    text_add(script, "                '%s%s%s[", option->kind == OPTION_LIST ? "*" : "", option->name,
        option->argument != NULL ? "=" : "");
    add_quoted(script, option->help, "[]:\\");
    text_add(script, "]");
    if (option->argument != NULL) {
        struct text words = {0};
        add_words(&words, option->choices);
        text_add(script, ":");
        add_quoted(script, option->argument, ":\\");
        if (words.data != NULL)
            text_add(script, ":(%s)", words.data);
        else
            text_add(script, ":%s", zsh_action(path_kind_of(option->argument)));
        text_free(&words);
    }
    text_add(script, "' \\\n");
}

static void zsh_add_command(struct text *script, const struct command *command)
{
    text_add(script, "        %s)\n            _arguments \\\n", command->name);
    for (int i = 0; command_option(command, i) != NULL; i++)
        zsh_add_option(script, command_option(command, i));
    const char *place = command->operand_repeats ? "*" : "1";
    struct text words = {0};
    add_operand_words(&words, command);
    if (words.data != NULL)
        text_add(script, "                '%s:%s:(%s)'", place, command->operand, words.data);
    else if (command->operand != NULL)
        text_add(script, "                '%s:%s:%s'", place, command->operand,
            zsh_action(path_kind_of(command->operand)));
    else
        text_add(script, "                '*: : '");
    text_add(script, " ;;\n");
    text_free(&words);
}

static void zsh_add_script(struct text *script)
{
    text_add(script, "#compdef acelera\n"
                     "# zsh completion for acelera, written by 'acelera completion zsh'\n"
                     "_acelera()\n{\n"
                     "    local -a commands\n    commands=(\n");
    for (int i = 0; command_list[i] != NULL; i++) {
        text_add(script, "        '%s:", command_list[i]->name);
        add_quoted(script, command_list[i]->summary, ":\\");
        text_add(script, "'\n");
    }
    text_add(script, "    )\n"
                     "    if (( CURRENT == 2 )); then\n"
                     "        _describe command commands\n"
                     "        return\n"
                     "    fi\n"
                     "    local command=$words[2]\n"
                     "    shift words\n"
                     "    (( CURRENT-- ))\n"
                     "    case $command in\n");
    for (int i = 0; command_list[i] != NULL; i++)
        zsh_add_command(script, command_list[i]);
    text_add(script,
        "    esac\n}\n"
        "if [ \"$funcstack[1]\" = _acelera ]; then _acelera \"$@\"; else compdef _acelera acelera; fi\n");
}

static void fish_add_option(struct text *script, const struct command *command, const struct option *option)
{
    text_add(script, "complete -c acelera -n '__fish_seen_subcommand_from %s' -l %s -d '", command->name,
        option->name + 2);
    add_quoted(script, option->help, "\\");
    text_add(script, "'");
    if (option->argument != NULL) {
        struct text words = {0};
        add_words(&words, option->choices);
        if (words.data != NULL)
            text_add(script, " -x -a '%s'", words.data);
        else if (path_kind_of(option->argument) == PATH_NONE)
            text_add(script, " -x");
        else
            text_add(script, " -r -F");
        text_free(&words);
    }
    text_add(script, "\n");
}

static void fish_add_script(struct text *script)
{
    text_add(script, "# fish completion for acelera, written by 'acelera completion fish'\n"
                     "complete -c acelera -f\n");
    for (int i = 0; command_list[i] != NULL; i++) {
        const struct command *command = command_list[i];
        text_add(script, "complete -c acelera -n __fish_use_subcommand -a %s -d '", command->name);
        add_quoted(script, command->summary, "\\");
        text_add(script, "'\n");
        struct text words = {0};
        add_operand_words(&words, command);
        if (words.data != NULL)
            text_add(script, "complete -c acelera -n '__fish_seen_subcommand_from %s' -a '%s'\n",
                command->name, words.data);
        else if (command->operand != NULL && path_kind_of(command->operand) != PATH_NONE)
            text_add(script, "complete -c acelera -n '__fish_seen_subcommand_from %s' -F\n", command->name);
        text_free(&words);
        for (int j = 0; command_option(command, j) != NULL; j++)
            fish_add_option(script, command, command_option(command, j));
    }
}

/* ---- the command ---- */

static enum status completion_run(const struct arguments *arguments, struct error *error)
{
    (void)error; /* the parser has checked the shell */
    struct text script = {0};
    if (strcmp(arguments->operand, "bash") == 0)
        bash_add_script(&script);
    else if (strcmp(arguments->operand, "zsh") == 0)
        zsh_add_script(&script);
    else
        fish_add_script(&script);
    fputs(script.data, stdout);
    text_free(&script);
    return STATUS_OK;
}

static const char *const shells[] = {"bash", "zsh", "fish", NULL};
static const char *const examples[] = {
    "acelera completion bash > ~/.local/share/bash-completion/completions/acelera", NULL};

const struct command command_completion = {
    .name = "completion",
    .summary = "print a completion script for a shell",
    .examples = examples,
    .operand = "SHELL",
    .operand_help = "one of bash zsh fish",
    .operand_choices = shells,
    .operand_required = true,
    .run = completion_run,
};
