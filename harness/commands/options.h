/* What a command takes: one table for each command, from which the parser, the help, the shell completion
 * and the man page all come. Knows the form of values (a time, a percentage, a choice), never their meaning:
 * whether a kernel exists or a thread count fits the machine is for the planner to say. */
#ifndef ACELERA_OPTIONS_H
#define ACELERA_OPTIONS_H

#include "harness/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum option_kind {
    OPTION_FLAG,    /* takes no value */
    OPTION_TEXT,    /* anything but nothing */
    OPTION_CHOICE,  /* one of `choices` */
    OPTION_LIST,    /* comma-separated, may be repeated; each part one of `choices`, where there are any */
    OPTION_TIME,    /* 60s 5m 1.5h, in seconds */
    OPTION_PERCENT, /* "2%" or "2", as a fraction; above `low`, at most `high` percent */
    OPTION_INTEGER, /* whole, from `low` to `high`, exact in a double */
};

struct option {
    const char *group; /* the purpose; options of one group stand together */
    const char *name;  /* "--threads" */
    enum option_kind kind;
    const char *argument;       /* "LIST"; NULL for a flag */
    const char *unit;           /* "%"; NULL none */
    const char *standard;       /* the default, in the form a person would type; NULL none */
    const char *otherwise;      /* what happens without it, in words, where there is no `standard` */
    const char *const *choices; /* NULL-terminated, or NULL */
    double low, high;
    const char *help; /* one sentence, no full stop */
};

struct arguments;

struct command {
    const char *name, *summary;
    const char *const *examples; /* NULL-terminated lines */
    const struct option *options;
    int option_count;
    /* Rows of another command's table that this one takes as they stand, behind its own; NULL none. */
    const struct option *lent;
    const char *const *lent_names; /* in the order of that table, NULL-terminated */
    const char *operand;           /* "RUN"; NULL none */
    const char *operand_help;
    const char *const *operand_choices; /* NULL-terminated, or NULL */
    bool operand_required;
    bool operand_repeats; /* as many as there are words */
    bool prints_results;  /* also takes --format and --color */
    enum status (*run)(const struct arguments *arguments, struct error *error);
};

/* The command's own options first, then lent ones, then those that commands share; NULL past the end. */
const struct option *command_option(const struct command *command, int index);

/* What the person typed, checked against the table. Strings are the caller's argv or owned here. */
struct arguments {
    const struct command *command;
    char **value;        /* one for each option of the command; NULL: not given. A list is joined by commas */
    const char *operand; /* the first; NULL: not given */
    const char **operands; /* all of them */
    int operand_count;
    bool help;      /* --help was met: nothing after it was looked at */
    int word_count; /* what followed the program's name, the command included */
    char **words;
};

/* words[0] is the command's name. STATUS_USAGE with a line that names the option, the value, what is
 * allowed and the nearest valid name. Free with arguments_free() in any case. */
enum status arguments_parse(const struct command *command, int word_count, char **words,
    struct arguments *arguments, struct error *error);
void arguments_free(struct arguments *arguments);

/* `name` must be in the command's table. Without a value given, the default counts. */
bool arguments_given(const struct arguments *arguments, const char *name);
const char *arguments_text(const struct arguments *arguments, const char *name); /* NULL: no default */
double arguments_number(const struct arguments *arguments, const char *name);    /* 0: no default */
char **arguments_list(const struct arguments *arguments, const char *name);      /* text_split_free() */

/* "not one of a b c; did you mean b?" into `buffer`, returned. */
char *choices_describe(const char *wrong, const char *const *choices, char *buffer, unsigned long size);

#endif
