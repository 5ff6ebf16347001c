/* A limited child process. The deadline is enforced from outside, by the parent that polls the pipe: a child
 * that was stopped, that sleeps or that blocks every signal is ended all the same. */
#include "harness/machine/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#if defined(__has_feature)
#    if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#        define SANITIZED 1
#    endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#    define SANITIZED 1
#endif
#ifndef SANITIZED
#    define SANITIZED 0
#endif

/* Sanitizers reserve terabytes of address space. */
bool sandbox_limits_memory(void)
{
    return !SANITIZED;
}

static double clock_now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void sandbox_write(int out, const void *bytes, size_t count)
{
    const char *next = bytes;
    while (count > 0) {
        ssize_t written = write(out, next, count);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            _exit(EXIT_FAILURE);
        next += written;
        count -= (size_t)written;
    }
}

/* Lowers one limit, and the hard one to `slack` above it; a hard limit that is lower already stays. */
static void sandbox_set_limit(__rlimit_resource_t resource, rlim_t value, rlim_t slack)
{
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0)
        return;
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > value + slack)
        limit.rlim_max = value + slack;
    limit.rlim_cur = limit.rlim_max < value ? limit.rlim_max : value;
    setrlimit(resource, &limit);
}

static void sandbox_prepare(const struct sandbox_limits *limits, pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) /* it died before the line above */
        _exit(EXIT_FAILURE);
    /* No handler of the caller may run here, one that survives a crash least of all. */
    for (int number = 1; number < NSIG; number++)
        signal(number, SIG_DFL);
    if (limits->no_trace)
        prctl(PR_SET_DUMPABLE, 0);
    sandbox_set_limit(RLIMIT_CORE, 0, 0);
    sandbox_set_limit(RLIMIT_FSIZE, 0, 0);
    /* SIGPROF comes at the limit and tells why; should it not end the child, SIGXCPU and SIGKILL do. */
    double cpu_s = limits->cpu_s > 0 ? limits->cpu_s : limits->deadline_s;
    struct itimerval timer = {
        .it_value = {.tv_sec = (time_t)cpu_s, .tv_usec = (suseconds_t)(fmod(cpu_s, 1) * 1e6)}};
    setitimer(ITIMER_PROF, &timer, NULL);
    sandbox_set_limit(RLIMIT_CPU, (rlim_t)ceil(cpu_s) + 1, 1);
    if (limits->memory_bytes > 0 && sandbox_limits_memory())
        sandbox_set_limit(RLIMIT_AS, limits->memory_bytes, 0);
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int stream = 0; null >= 0 && stream < 3; stream++)
        dup2(null, stream);
}

/* Reads until the end of the pipe, the deadline or the size limit. SANDBOX_DONE: the pipe was closed. */
static enum sandbox_end sandbox_collect(int in, const struct sandbox_limits *limits, struct text *reply)
{
    double deadline = clock_now_s() + limits->deadline_s;
    size_t received = 0;
    for (;;) {
        double left_s = deadline - clock_now_s();
        if (left_s <= 0)
            return SANDBOX_TIMEOUT;
        struct pollfd pipe_end = {.fd = in, .events = POLLIN};
        if (poll(&pipe_end, 1, (int)ceil(left_s * 1e3)) <= 0)
            continue; /* a signal to us, or the deadline: the clock tells */
        char bytes[65536];
        ssize_t count = read(in, bytes, sizeof bytes);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return SANDBOX_DONE;
        received += (size_t)count;
        if (received > limits->reply_bytes)
            return SANDBOX_TOO_LONG;
        text_add_bytes(reply, bytes, (size_t)count);
    }
}

enum sandbox_end sandbox_run(const struct sandbox_limits *limits, void (*body)(int out, const void *argument),
    const void *argument, struct text *reply)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return SANDBOX_NONE;
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid < 0) {
        int cause = errno;
        close(ends[0]);
        close(ends[1]);
        errno = cause;
        return SANDBOX_NONE;
    }
    if (pid == 0) {
        /* Above the streams that sandbox_prepare() replaces, should the parent have none of those. */
        int out = fcntl(ends[1], F_DUPFD_CLOEXEC, 3);
        close(ends[0]);
        sandbox_prepare(limits, parent);
        body(out, argument);
        _exit(EXIT_SUCCESS);
    }
    close(ends[1]);
    enum sandbox_end end = sandbox_collect(ends[0], limits, reply);
    close(ends[0]);
    /* A child on its way out has its status already and keeps it; any other must not outlive its reply. */
    kill(pid, SIGKILL);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    if (end != SANDBOX_DONE)
        return end;
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGPROF || WTERMSIG(status) == SIGXCPU))
        return SANDBOX_TIMEOUT;
    return WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS ? SANDBOX_DONE : SANDBOX_CRASHED;
}
