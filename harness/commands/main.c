/* Finds the command, has its words parsed, runs it, and prints the one line that says what went wrong.
 * Knows nothing of any command; only this file prints fatal errors and sets the exit code. */
#include "harness/commands/command_list.h"
#include "harness/commands/help.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A caller may have closed a standard stream: its number must not go to a file of a run. It is opened the
 * wrong way round, so that using it still fails, and is noticed. */
static void open_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

static enum status run_command(const struct command *command, int count, char **words, struct error *error)
{
    struct arguments arguments;
    enum status status = arguments_parse(command, count, words, &arguments, error);
    if (status == STATUS_OK && arguments.help)
        help_write_command(stdout, command);
    else if (status == STATUS_OK)
        status = command->run(&arguments, error);
    arguments_free(&arguments);
    return status;
}

static enum status dispatch(int count, char **words, const char **name, struct error *error)
{
    if (count == 0)
        return error_set(
            error, STATUS_USAGE, "no command given; begin with 'acelera run' or 'acelera --help'");
    const struct command *command = command_named(words[0]);
    if (command != NULL) {
        *name = command->name;
        return run_command(command, count, words, error);
    }
    bool help = strcmp(words[0], "--help") == 0;
    if (!help && strcmp(words[0], "--version") != 0)
        return command_unknown(words[0], error);
    if (count > 1)
        return error_set(error, STATUS_USAGE, "%.100s: unexpected argument after %s", words[1], words[0]);
    if (help)
        help_write_program(stdout);
    else
        puts("acelera " ACELERA_VERSION);
    return STATUS_OK;
}

int main(int argc, char **argv)
{
    open_standard_streams();
    struct error error = {0};
    const char *name = NULL;
    enum status status = dispatch(argc > 1 ? argc - 1 : 0, argv + 1, &name, &error);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        /* After a write that failed earlier, asking what kind of file it is may have been last. */
        const char *reason =
            errno != 0 && errno != ENOTTY ? strerror(errno) : "not everything could be written";
        if (status == STATUS_OK)
            status = error_set(&error, STATUS_FAILED, "standard output: %s", reason);
    }
    if (error.text[0] != '\0')
        fprintf(stderr, "acelera%s%s: %s\n", name != NULL ? " " : "", name != NULL ? name : "", error.text);
    return (int)status;
}
