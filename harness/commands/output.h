/* Where results go and how they look: the format that was asked for, colour, and the width to fit. */
#ifndef ACELERA_OUTPUT_H
#define ACELERA_OUTPUT_H

#include "harness/commands/options.h"
#include "harness/commands/plotting.h"

#include <stdbool.h>
#include <stdio.h>

enum output_format { OUTPUT_TABLE, OUTPUT_MARKDOWN, OUTPUT_CSV, OUTPUT_JSON };

struct output {
    FILE *stream;
    enum output_format format;
    bool color;            /* escapes may be added */
    bool unicode;          /* the locale's characters are UTF-8 */
    int columns;           /* of the terminal; 100 for anything else */
    bool unnamed;          /* names are left out of what is derived from a run directory */
    struct plotting plots; /* of a run directory; none unless the command says so */
};

/* From --format and --color of a command that prints results; standard output. */
struct output output_of(const struct arguments *arguments);

/* Columns of the terminal behind `fd`; `otherwise` if there is none, or it does not say. */
int terminal_columns(int fd, int otherwise);

/* A terminal that understands more than plain lines. */
bool terminal_can_redraw(int fd);

/* Whether a writer's stream is still good, as a status with its line. */
enum status output_status(bool written, struct error *error);

#endif
