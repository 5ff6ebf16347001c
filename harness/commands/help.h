/* The help texts, written from the tables. */
#ifndef ACELERA_HELP_H
#define ACELERA_HELP_H

#include "harness/commands/options.h"

#include <stdio.h>

struct text;

/* The whole program, or one command: examples first, then the options by purpose. At most 100 columns. */
void help_write_program(FILE *stream);
void help_write_command(FILE *stream, const struct command *command);

/* The sentence on an option with what is allowed, its unit and its default, as one line of any length. */
void help_describe_option(const struct option *option, struct text *text);

/* "--threads LIST" into `buffer`, returned. */
char *help_option_heading(const struct option *option, char *buffer, unsigned long size);

#endif
