/* The table of commands, and what is true of all of them. Runs none. */
#include "harness/commands/command_list.h"

#include "harness/base/text.h"

#include <string.h>

const struct command *const command_list[] = {
    &command_run,
    &command_topology,
    &command_list_kernels,
    &command_report,
    &command_resume,
    &command_compare,
    &command_gallery,
    &command_doctor,
    &command_teach,
    &command_completion,
    &command_manual,
    &command_help,
    NULL,
};

const struct exit_code exit_codes[] = {
    {0, "Done"},
    {1, "Something failed at run time; what was measured is kept and reported"},
    {2, "The request is not valid, a problem larger than the memory that may be used included"},
    {3, "A result failed its verification"},
    {4, "compare found a slower row"},
    {130, "Interrupted; what was measured is kept and reported"},
    {0, NULL},
};

const struct environment_name environment_names[] = {
    {"NO_COLOR", "Set and not empty: no colour where --color does not say otherwise"},
    {"ACELERA_WORKER_PATH", "Folders to search for workers first, separated by colons"},
    {NULL, NULL},
};

const struct command *command_named(const char *name)
{
    for (int i = 0; command_list[i] != NULL; i++)
        if (strcmp(command_list[i]->name, name) == 0)
            return command_list[i];
    return NULL;
}

enum status command_unknown(const char *name, struct error *error)
{
    const char *names[32] = {"--help", "--version"};
    size_t count = 2;
    for (int i = 0; command_list[i] != NULL && count < sizeof names / sizeof names[0]; i++)
        names[count++] = command_list[i]->name;
    const char *nearest = text_nearest(name, names, count);
    return error_set(error, STATUS_USAGE, "%.100s: unknown %s%s%s%s See 'acelera --help'",
        name[0] != '\0' ? name : "''", name[0] == '-' ? "option" : "command",
        nearest != NULL ? "; did you mean " : ".", nearest != NULL ? nearest : "",
        nearest != NULL ? "?" : "");
}
