/* Decides about colour and width once, so that no writer looks at a terminal or at the environment. */
#include "harness/commands/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sys/ioctl.h>

enum { COLUMNS_DEFAULT = 100, COLUMNS_MIN = 40 };

int terminal_columns(int fd, int otherwise)
{
    struct winsize size;
    if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return otherwise;
    return size.ws_col;
}

bool terminal_can_redraw(int fd)
{
    const char *kind = getenv("TERM");
    return isatty(fd) && kind != NULL && strcmp(kind, "dumb") != 0;
}

static bool color_wanted(const char *when)
{
    if (strcmp(when, "auto") != 0)
        return strcmp(when, "always") == 0;
    const char *no_color = getenv("NO_COLOR"); /* no-color.org: any value but the empty one */
    return (no_color == NULL || no_color[0] == '\0') && terminal_can_redraw(STDOUT_FILENO);
}

/* By name: asking the C library would need the locale to be installed, and bare systems have none. */
static bool locale_is_utf8(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
        const char *locale = getenv(variables[i]);
        if (locale != NULL && locale[0] != '\0')
            return strcasestr(locale, "utf-8") != NULL || strcasestr(locale, "utf8") != NULL;
    }
    return false;
}

struct output output_of(const struct arguments *arguments)
{
    const char *format = arguments_text(arguments, "--format");
    int columns = terminal_columns(STDOUT_FILENO, COLUMNS_DEFAULT);
    return (struct output){
        .stream = stdout,
        .format = strcmp(format, "markdown") == 0 ? OUTPUT_MARKDOWN
                  : strcmp(format, "csv") == 0    ? OUTPUT_CSV
                  : strcmp(format, "json") == 0   ? OUTPUT_JSON
                                                  : OUTPUT_TABLE,
        .color = color_wanted(arguments_text(arguments, "--color")),
        .unicode = locale_is_utf8(),
        .columns = columns < COLUMNS_MIN ? COLUMNS_MIN : columns,
    };
}

enum status output_status(bool written, struct error *error)
{
    if (written && fflush(stdout) == 0)
        return STATUS_OK;
    return error_set(
        error, STATUS_FAILED, "standard output: %s", errno != 0 ? strerror(errno) : "write error");
}
