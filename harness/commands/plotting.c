/* Finds gnuplot and the scripts, and runs the one on the others: an argument vector of fixed words, in the
 * run directory, for a bounded time. Nothing that comes from a run is a word of it. */
#include "harness/commands/plotting.h"

#include "harness/base/text.h"
#include "harness/commands/run_options.h"
#include "harness/report/printable.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/wait.h>
#include <unistd.h>

const char *const plotting_choices[] = {"svg", "png", "pdf", "none", NULL};
enum { FORMATS = 3 };
static const double plot_within_s = 10;

enum status plotting_of(const struct arguments *arguments, struct plotting *plotting, struct error *error)
{
    char **words = arguments_list(arguments, "--plots");
    unsigned formats = 0;
    bool none = false;
    for (char **word = words; *word != NULL; word++) {
        none = none || strcmp(*word, "none") == 0;
        for (unsigned f = 0; f < FORMATS; f++)
            formats |= strcmp(*word, plotting_choices[f]) == 0 ? 1U << f : 0;
    }
    text_split_free(words);
    if (none && formats != 0)
        return error_set(
            error, STATUS_USAGE, "--plots: none cannot stand beside a format; leave one of them out");
    *plotting = (struct plotting){formats, arguments->command->name};
    return STATUS_OK;
}

/* ---- finding things ---- */

/* Only folders with a whole path: the child runs in a directory that may come from anywhere. NULL if there is
 * none; the caller's to free. */
static char *find_gnuplot(void)
{
    const char *path = getenv("PATH");
    char *found = NULL;
    char **folders = text_split(path != NULL ? path : "", ':', &(size_t){0});
    for (char **folder = folders; *folder != NULL && found == NULL; folder++) {
        struct text candidate = {0};
        text_add(&candidate, "%s/gnuplot", *folder);
        if (candidate.data[0] == '/' && (*folder)[0] == '/' && access(candidate.data, X_OK) == 0)
            found = text_copy(candidate.data);
        text_free(&candidate);
    }
    text_split_free(folders);
    return found;
}

/* Beside the program, or where they are installed. NULL if in neither; the caller's to free. */
static char *find_scripts(void)
{
    static const char *const from_program[] = {"plots", ACELERA_PLOTS_FROM_PROGRAM};
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash = length > 0 ? memrchr(self, '/', (size_t)length) : NULL;
    for (size_t i = 0; slash != NULL && i < sizeof from_program / sizeof *from_program; i++) {
        struct text folder = {0}, style = {0};
        text_add(&folder, "%.*s/%s", (int)(slash - self), self, from_program[i]);
        text_add(&style, "%s/style.gp", folder.data);
        bool there = access(style.data, R_OK) == 0;
        text_free(&style);
        if (there)
            return folder.data;
        text_free(&folder);
    }
    return NULL;
}

/* ---- one child ---- */

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* In `directory`, with none of our signals or descriptors. Returns errno, 0 when it runs. */
static int start(char *const *words, const char *directory, int complaints, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, complaints, 2);
    int failure = posix_spawn_file_actions_addchdir_np(&actions, directory);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (failure == 0)
        failure = posix_spawn(pid, words[0], &actions, &attributes, words, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return failure;
}

/* What it says until it ends, its first bytes. False if it is still there at the deadline. */
static bool hear(int complaints, double deadline_s, struct text *said)
{
    enum { SAID_MAX = 2000 };
    char bytes[512];
    for (;;) {
        double left_s = deadline_s - now_s();
        struct pollfd watched = {.fd = complaints, .events = POLLIN};
        if (left_s <= 0)
            return false;
        if (poll(&watched, 1, (int)(1000 * left_s) + 1) <= 0)
            continue;
        ssize_t n = read(complaints, bytes, sizeof bytes);
        if (n == 0 || (n < 0 && errno != EINTR))
            return true;
        if (n > 0 && said->length < SAID_MAX)
            text_add_bytes(said, bytes, (size_t)n);
    }
}

/* Waits for its end, and kills it at the deadline. */
static int collect(pid_t pid, bool ended, double deadline_s)
{
    int status = 0;
    pid_t collected = 0;
    while (ended && collected == 0 && now_s() < deadline_s) {
        collected = waitpid(pid, &status, WNOHANG);
        if (collected == 0)
            nanosleep(&(struct timespec){.tv_nsec = 500000}, NULL);
    }
    if (collected == 0)
        kill(pid, SIGKILL);
    while (collected == 0 || (collected < 0 && errno == EINTR))
        collected = waitpid(pid, &status, 0);
    return status;
}

/* The line that says what went wrong: the last that is not empty. */
static void add_last_line(struct text *line, const struct text *said)
{
    size_t end = said->length;
    while (end > 0 && (said->data[end - 1] == '\n' || said->data[end - 1] == ' '))
        end--;
    size_t begin = end;
    while (begin > 0 && said->data[begin - 1] != '\n')
        begin--;
    char *last = end > begin ? strndup(said->data + begin, end - begin) : NULL;
    printable_add(line, last != NULL ? last : "it gave no reason", true);
    free(last);
}

/* Else `why` says why not. again: another one may do better than this. */
static bool run_gnuplot(char *const *words, const char *directory, struct text *why, bool *again)
{
    int ends[2];
    pid_t pid;
    struct text said = {0};
    double deadline_s = now_s() + plot_within_s;
    if (pipe2(ends, O_CLOEXEC) != 0) {
        text_add(why, "cannot make a pipe: %s", strerror(errno));
        return false;
    }
    int failure = start(words, directory, ends[1], &pid);
    close(ends[1]);
    if (failure != 0) {
        text_add(why, "cannot start %s: %s", words[0], strerror(failure));
        close(ends[0]);
        return false;
    }
    bool ended = hear(ends[0], deadline_s, &said);
    int status = collect(pid, ended, deadline_s);
    close(ends[0]);
    bool done = ended && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    bool interrupted = WIFSIGNALED(status) && (WTERMSIG(status) == SIGINT || WTERMSIG(status) == SIGTERM);
    *again = ended && !interrupted;
    if (!ended)
        text_add(why, "gnuplot took longer than %g s; no more are tried", plot_within_s);
    else if (interrupted)
        text_add(why, "interrupted; no more are tried");
    else if (!done)
        add_last_line(why, &said);
    text_free(&said);
    return done;
}

/* ---- all of them ---- */

/* A picture that cannot be drawn does not leave an older one behind, which would lie. False to stop. */
static bool draw(const struct plotting *plotting, const char *gnuplot, const char *scripts,
    const char *directory, const char *name, const char *format)
{
    struct text script = {0}, output = {0}, fresh = {0}, old = {0}, why = {0};
    bool again = false;
    text_add(&script, "%s/%s.gp", scripts, name);
    text_add(&output, "plots/%s.%s.new", name, format);
    text_add(&fresh, "%s/%s", directory, output.data);
    text_add(&old, "%s/plots/%s.%s", directory, name, format);
    char *words[] = {(char *)gnuplot, "-d", "-c", script.data, (char *)format, output.data, NULL};
    unlink(fresh.data);
    bool done = run_gnuplot(words, directory, &why, &again);
    if (done && rename(fresh.data, old.data) != 0) {
        text_add(&why, "cannot write it: %s", strerror(errno));
        done = false;
    }
    if (!done) {
        unlink(fresh.data);
        unlink(old.data);
        fprintf(
            stderr, "acelera %s: plots/%s.%s is not drawn: %s\n", plotting->command, name, format, why.data);
    }
    text_free(&script);
    text_free(&output);
    text_free(&fresh);
    text_free(&old);
    text_free(&why);
    return done || again;
}

static void say_missing(const struct plotting *plotting, const char *directory, const char *what)
{
    char *word = quoted_word(directory);
    struct text line = {0};
    printable_add(&line, word, true);
    fprintf(
        stderr, "acelera %s: no plots: %s, then: acelera report %s\n", plotting->command, what, line.data);
    text_free(&line);
    free(word);
}

void plotting_draw(const struct plotting *plotting, const char *directory, const bool drawn[PLOT_PICTURES])
{
    if (plotting->formats == 0)
        return;
    char *gnuplot = find_gnuplot(), *scripts = find_scripts();
    bool going = gnuplot != NULL && scripts != NULL;
    if (gnuplot == NULL)
        say_missing(plotting, directory, "gnuplot is not in PATH; install it (Debian, Ubuntu: gnuplot-nox)");
    else if (scripts == NULL)
        say_missing(plotting, directory,
            "their scripts are not beside the program, nor at " ACELERA_PLOTS_FROM_PROGRAM
            " from it; install it whole");
    for (int i = 0; i < PLOT_PICTURES && going; i++)
        for (unsigned f = 0; f < FORMATS && going; f++)
            if (drawn[i] && (plotting->formats & 1U << f) != 0)
                going = draw(plotting, gnuplot, scripts, directory, plot_names[i], plotting_choices[f]);
    free(gnuplot);
    free(scripts);
}
