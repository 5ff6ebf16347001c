/* The worker's half of the line protocol: JSON objects, one a line, on stdout.
 *
 * Lines are held back until output_flush(), which writes them in one piece and, where the harness asked for
 * it, waits until they are stored: so nothing of the harness runs while a timed iteration does. */
#ifndef ACELERA_OUTPUT_H
#define ACELERA_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

struct output {
    bool acknowledge;
    long lines; /* since the last flush: the harness answers each with one byte */
    size_t length;
    char buffer[1 << 20];
};

/* Appends printf-style text. A full buffer is flushed at the next output_end_line(). */
void output_add(struct output *output, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A JSON string with its quotes, escaped. NULL is written as null. */
void output_add_string(struct output *output, const char *text);
/* A JSON number that reads back as the same double; NaN and infinities are written as null. */
void output_add_number(struct output *output, double value);
void output_end_line(struct output *output);

/* Ends the process when the reader is gone: nobody wants the rest. */
void output_flush(struct output *output);

#endif
