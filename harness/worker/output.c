#include "harness/worker/output.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

/* A line is far shorter than this; a line that would not fit is a fault of this file. */
enum { LINE_ROOM = 16 * 1024 };

void output_add(struct output *output, const char *format, ...)
{
    size_t room = sizeof output->buffer - output->length;
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(output->buffer + output->length, room, format, arguments);
    va_end(arguments);
    if (n < 0 || (size_t)n >= room) {
        fprintf(stderr, "a protocol line outgrew its buffer\n");
        exit(1);
    }
    output->length += (size_t)n;
}

void output_add_string(struct output *output, const char *text)
{
    if (text == NULL) {
        output_add(output, "null");
        return;
    }
    output_add(output, "\"");
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        if (*c == '"' || *c == '\\')
            output_add(output, "\\%c", *c);
        else if (*c < 0x20)
            output_add(output, "\\u%04x", *c);
        else
            output_add(output, "%c", *c);
    }
    output_add(output, "\"");
}

void output_add_number(struct output *output, double value)
{
    if (isfinite(value))
        output_add(output, "%.17g", value);
    else
        output_add(output, "null");
}

void output_end_line(struct output *output)
{
    output_add(output, "\n");
    output->lines++;
    if (output->length > sizeof output->buffer - LINE_ROOM)
        output_flush(output);
}

void output_flush(struct output *output)
{
    size_t written = 0;
    if (output->length == 0)
        return;
    while (written < output->length) {
        ssize_t n = write(STDOUT_FILENO, output->buffer + written, output->length - written);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fprintf(stderr, "cannot write to stdout: %s\n", strerror(errno));
            exit(1);
        }
        written += (size_t)n;
    }
    output->length = 0;
    while (output->acknowledge && output->lines > 0) {
        char bytes[256];
        size_t wanted = (size_t)output->lines < sizeof bytes ? (size_t)output->lines : sizeof bytes;
        ssize_t n = read(STDIN_FILENO, bytes, wanted);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            exit(1);
        output->lines -= n;
    }
    output->lines = 0;
}
