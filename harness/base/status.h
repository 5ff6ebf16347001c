/* How the harness says that something went wrong: a status, and one line for the person.
 *
 * A function that can fail returns enum status, hands its results out through parameters that it leaves
 * untouched on failure, and writes one line into `struct error`: the thing, its value, the next step. Only
 * main prints that line and exits.
 */
#ifndef ACELERA_STATUS_H
#define ACELERA_STATUS_H

/* The values are the exit codes of the contract. */
enum status {
    STATUS_OK = 0,
    STATUS_FAILED = 1,       /* something failed at run time */
    STATUS_USAGE = 2,        /* the request cannot be meant */
    STATUS_UNVERIFIED = 3,   /* a result failed its verification */
    STATUS_SLOWER = 4,       /* compare found a slower row */
    STATUS_INTERRUPTED = 130 /* Ctrl-C; what was measured is kept */
};

struct error {
    char text[1024]; /* one line, no newline, cut if longer */
};

/* Formats the line (control characters in it become '?') and returns `status`, so that callers can
 * `return error_set(error, STATUS_FAILED, …)`. */
enum status error_set(struct error *error, enum status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
