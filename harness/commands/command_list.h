/* Every command, one line in command_list.c each. main dispatches by it; help, completion and the man page
 * walk it. */
#ifndef ACELERA_COMMAND_LIST_H
#define ACELERA_COMMAND_LIST_H

#include "harness/commands/options.h"

extern const struct command command_run, command_topology, command_list_kernels, command_report,
    command_resume, command_compare, command_gallery, command_doctor, command_completion, command_manual,
    command_help, command_teach;

extern const struct command *const command_list[]; /* NULL-terminated, in the order of the help */

/* NULL if there is none. */
const struct command *command_named(const char *name);

/* STATUS_USAGE with a line that names the nearest command. */
enum status command_unknown(const char *name, struct error *error);

/* What the exit codes mean, one line each: printed by the help and by the man page. */
struct exit_code {
    int code;
    const char *meaning;
};
extern const struct exit_code exit_codes[]; /* ends with meaning NULL */

/* What the program reads from its environment. */
struct environment_name {
    const char *name, *meaning;
};
extern const struct environment_name environment_names[]; /* ends with name NULL */

#endif
