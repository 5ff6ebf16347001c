/* A function run in a child process with resource limits, and the bytes that it wrote.
 *
 * For code that hostile input may crash, hang or corrupt: whatever happens in the child, the caller gets an
 * answer within the deadline. The bytes are as trustworthy as the child. Refuses to know what they mean. */
#ifndef ACELERA_SANDBOX_H
#define ACELERA_SANDBOX_H

#include "harness/base/text.h"

#include <stdbool.h>

struct sandbox_limits {
    double deadline_s;   /* on the wall clock; afterwards the child is killed */
    double cpu_s;        /* of processor time, which no busy machine uses up; 0: deadline_s */
    size_t memory_bytes; /* address space, 0 unlimited; see sandbox_limits_memory() */
    size_t reply_bytes;  /* a longer reply ends the child */
    bool no_trace;       /* no core dump, not even to a crash handler of the system */
};

enum sandbox_end {
    SANDBOX_DONE,     /* exited with status 0 */
    SANDBOX_CRASHED,  /* any other end of its own */
    SANDBOX_TIMEOUT,  /* deadline passed, or processor time used up */
    SANDBOX_TOO_LONG, /* reply_bytes exceeded */
    SANDBOX_NONE      /* could not be started; errno says why */
};

/* `body` writes its reply to `out` and returns; it must not touch stdio of the caller. The reply is appended
 * to `reply` whatever the end. The caller must have one thread only. */
enum sandbox_end sandbox_run(const struct sandbox_limits *limits, void (*body)(int out, const void *argument),
    const void *argument, struct text *reply);

/* Whether this build can hold a child to memory_bytes. */
bool sandbox_limits_memory(void);

/* Writes everything or ends the process: for the child's use. */
void sandbox_write(int out, const void *bytes, size_t count);

#endif
