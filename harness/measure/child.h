/* A worker as a child process: started in a group of its own, dying with us, read line by line, and ended
 * when it takes too long. Knows nothing of what the lines mean. */
#ifndef ACELERA_CHILD_H
#define ACELERA_CHILD_H

#include "harness/base/status.h"
#include "harness/base/text.h"

#include <stdbool.h>

#include <sys/types.h>

struct child {
    pid_t pid;
    int lines_fd, acknowledge_fd, complaints_fd; /* its stdout, stdin and stderr; −1 closed */
    struct text unread;                          /* bytes of stdout that are not yet a line */
    char complaint[512];                         /* the last line of its stderr */
    size_t complaint_length;
    bool complaint_ended;
};

enum child_event {
    CHILD_LINE,     /* a whole line */
    CHILD_END,      /* its stdout is closed */
    CHILD_LATE,     /* the deadline passed */
    CHILD_INTERRUPT /* a signal that interrupt_catch() catches arrived */
};

/* arguments: argv, NULL-terminated; argv[0] is the program's path. environment: envp. */
enum status child_start(
    char *const *arguments, char *const *environment, struct child *child, struct error *error);

/* Sleeps until there is a line, the end, or the deadline (seconds on CLOCK_MONOTONIC). The line, without its
 * newline, is the caller's to free. */
enum child_event child_next_line(struct child *child, double deadline_s, char **line);

/* Lets the child go on. A child that is gone is no error here: the next event says so. */
void child_acknowledge(struct child *child);

/* Collects it, with its group; one that still runs after a moment (at_once: now) is killed. Returns the
 * status of waitpid(). `complaint` stays readable. */
int child_finish(struct child *child, bool at_once);

/* Why a worker ended that did not say so in a line: its signal, its complaint, or its code. `ended`: what
 * child_finish() returned. */
void child_explain_end(const struct child *child, int ended, char *why, size_t size);

/* Seconds on CLOCK_MONOTONIC. */
double child_now_s(void);

/* From here to the end of the program, SIGINT, SIGTERM and SIGHUP are noticed only while child_next_line()
 * sleeps, and reported by interrupt_seen(); one that comes later is too late. */
void interrupt_catch(void);
bool interrupt_seen(void);

/* Sleeps until there is something to read (the end included); false if a caught signal came. After
 * interrupt_catch(). */
bool interrupt_wait_readable(int fd);

#endif
