#include "harness/measure/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_BYTES_MAX = 1 << 20 };

/* ---- signals: blocked except while we sleep, so that none is lost between a test and a sleep ---- */

static volatile sig_atomic_t interrupted;
static const int caught_signals[] = {SIGINT, SIGTERM, SIGHUP};
enum { CAUGHT = sizeof caught_signals / sizeof caught_signals[0] };
static sigset_t sleeping_mask;

static void note_interrupt(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

void interrupt_catch(void)
{
    sigset_t blocked;
    interrupted = 0;
    sigemptyset(&blocked);
    struct sigaction action = {.sa_handler = note_interrupt};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < CAUGHT; i++)
        sigaddset(&blocked, caught_signals[i]);
    sigprocmask(SIG_BLOCK, &blocked, &sleeping_mask);
    for (int i = 0; i < CAUGHT; i++) {
        struct sigaction previous;
        sigaction(caught_signals[i], NULL, &previous);
        /* nohup stays in force. (SIGINT may be ignored only because a script started us with `&`; one that is
         * sent to us all the same is meant.) */
        if (caught_signals[i] == SIGHUP && previous.sa_handler == SIG_IGN)
            continue;
        sigaction(caught_signals[i], &action, NULL);
        sigdelset(&sleeping_mask, caught_signals[i]);
    }
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGPIPE, &ignore, NULL);
}

bool interrupt_seen(void)
{
    return interrupted != 0;
}

bool interrupt_wait_readable(int fd)
{
    struct pollfd watched = {.fd = fd, .events = POLLIN};
    while (!interrupt_seen())
        if (ppoll(&watched, 1, NULL, &sleeping_mask) > 0 || errno != EINTR)
            return !interrupt_seen();
    return false;
}

double child_now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* ---- starting ---- */

static void close_fd(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* In the child: nothing of our signals, group or descriptors is left over. Returns errno of what failed: a
 * worker that could not be given its pipes would write into our own output. The pipes are not among the
 * standard descriptors, because those are open: main sees to it. */
static int become_worker(
    char *const *arguments, char *const *environment, pid_t harness, const int standard[3])
{
    sigset_t none;
    sigemptyset(&none);
    for (int i = 0; i < CAUGHT; i++)
        signal(caught_signals[i], SIG_DFL);
    signal(SIGPIPE, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != harness)
        _exit(1);
    for (int fd = 0; fd < 3; fd++)
        if (dup2(standard[fd], fd) < 0)
            return errno;
    execve(arguments[0], arguments, environment);
    return errno;
}

enum status child_start(
    char *const *arguments, char *const *environment, struct child *child, struct error *error)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
    enum status status = STATUS_OK;
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) {
        status = error_set(error, STATUS_FAILED, "cannot make a pipe: %s", strerror(errno));
        goto cleanup;
    }
    pid_t harness = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        status = error_set(error, STATUS_FAILED, "cannot start %s: %s", arguments[0], strerror(errno));
        goto cleanup;
    }
    if (pid == 0) {
        const int standard[3] = {in[0], out[1], err[1]};
        int failure = become_worker(arguments, environment, harness, standard);
        dprintf(err[1], "cannot run %s: %s\n", arguments[0], strerror(failure));
        _exit(127);
    }
    setpgid(pid, pid); /* also here: whichever comes first */
    *child = (struct child){.pid = pid, .lines_fd = out[0], .acknowledge_fd = in[1], .complaints_fd = err[0]};
    out[0] = in[1] = err[0] = -1;
cleanup:
    for (int end = 0; end < 2; end++) {
        close_fd(&in[end]);
        close_fd(&out[end]);
        close_fd(&err[end]);
    }
    return status;
}

/* ---- reading ---- */

/* Keeps the last non-empty line, cut to the buffer. */
static void read_complaint(struct child *child)
{
    char bytes[512];
    ssize_t n = read(child->complaints_fd, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR)
        return;
    if (n <= 0) {
        close_fd(&child->complaints_fd);
        return;
    }
    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] == '\n') {
            child->complaint_ended = true;
            continue;
        }
        if (child->complaint_ended)
            child->complaint_length = 0;
        child->complaint_ended = false;
        if (child->complaint_length + 1 < sizeof child->complaint)
            child->complaint[child->complaint_length++] = bytes[i];
        child->complaint[child->complaint_length] = '\0';
    }
}

/* Takes the first whole line out of `unread`, NULL if there is none. */
static char *take_line(struct text *unread)
{
    char *newline = unread->length > 0 ? memchr(unread->data, '\n', unread->length) : NULL;
    if (newline == NULL && unread->length > LINE_BYTES_MAX)
        newline = unread->data + LINE_BYTES_MAX; /* nobody's line is so long: the rest is not waited for */
    if (newline == NULL)
        return NULL;
    *newline = '\0';
    char *line = text_copy(unread->data);
    size_t used = (size_t)(newline - unread->data) + 1;
    unread->length -= used;
    memmove(unread->data, unread->data + used, unread->length);
    return line;
}

/* False at the end of the stream. */
static bool read_lines(struct child *child)
{
    char bytes[4096];
    ssize_t n = read(child->lines_fd, bytes, sizeof bytes);
    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    text_add_bytes(&child->unread, bytes, (size_t)n);
    return true;
}

enum child_event child_next_line(struct child *child, double deadline_s, char **line)
{
    for (;;) {
        *line = take_line(&child->unread);
        if (*line != NULL)
            return CHILD_LINE;
        if (interrupt_seen())
            return CHILD_INTERRUPT;
        double left_s = deadline_s - child_now_s();
        if (left_s <= 0)
            return CHILD_LATE;
        struct pollfd watched[2] = {
            {.fd = child->lines_fd, .events = POLLIN}, {.fd = child->complaints_fd, .events = POLLIN}};
        if (left_s > 3600)
            left_s = 3600;
        struct timespec wait = {
            .tv_sec = (time_t)left_s, .tv_nsec = (long)(1e9 * (left_s - (double)(time_t)left_s))};
        if (ppoll(watched, 2, &wait, &sleeping_mask) < 0 && errno != EINTR)
            return CHILD_END;
        if (watched[1].revents != 0 && child->complaints_fd >= 0)
            read_complaint(child);
        if (watched[0].revents != 0 && !read_lines(child))
            return CHILD_END;
    }
}

void child_acknowledge(struct child *child)
{
    ssize_t n;
    do
        n = write(child->acknowledge_fd, "\n", 1);
    while (n < 0 && errno == EINTR);
}

int child_finish(struct child *child, bool at_once)
{
    /* A child that has closed its stdout is about to end: it gets a moment, and its last words are read. */
    double patience_s = child_now_s() + (at_once ? 0 : 2);
    int status = 0;
    pid_t collected = 0;
    close_fd(&child->acknowledge_fd);
    close_fd(&child->lines_fd);
    while (collected == 0 && child_now_s() < patience_s) {
        struct pollfd complaints = {.fd = child->complaints_fd, .events = POLLIN};
        /* Once its stderr is closed it takes microseconds more to be gone. */
        struct timespec pause = {.tv_nsec = child->complaints_fd >= 0 ? 10000000 : 50000};
        if (ppoll(&complaints, 1, &pause, NULL) > 0)
            read_complaint(child);
        collected = waitpid(child->pid, &status, WNOHANG);
    }
    /* The whole group: a library may have started helpers. */
    kill(-child->pid, SIGKILL);
    while (collected == 0 || (collected < 0 && errno == EINTR))
        collected = waitpid(child->pid, &status, 0);
    while (child->complaints_fd >= 0 &&
           poll(&(struct pollfd){.fd = child->complaints_fd, .events = POLLIN}, 1, 0) > 0)
        read_complaint(child);
    close_fd(&child->complaints_fd);
    text_free(&child->unread);
    return status;
}

void child_explain_end(const struct child *child, int ended, char *why, size_t size)
{
    if (WIFSIGNALED(ended))
        snprintf(why, size, "the worker was ended by signal %d (%s)%s", WTERMSIG(ended),
            strsignal(WTERMSIG(ended)),
            WTERMSIG(ended) == SIGKILL ? ": out of memory, or killed by someone" : "");
    else if (child->complaint_length > 0)
        snprintf(why, size, "%s", child->complaint);
    else
        snprintf(why, size, "the worker exited with code %d and printed no message", WEXITSTATUS(ended));
}
