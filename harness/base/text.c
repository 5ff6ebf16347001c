/* Growing strings, whole-string numbers, suggestions and figures for people. Knows nothing of options,
 * files or terminals, and of UTF-8 only how many code points a string has. */
#include "harness/base/text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void memory_exhausted(void) __attribute__((noreturn));

static void memory_exhausted(void)
{
    fputs("acelera: out of memory\n", stderr);
    exit(1);
}

void *memory_new(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size > 0 ? size : 1);
    if (memory == NULL)
        memory_exhausted();
    return memory;
}

void *memory_grow(void *old, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        memory_exhausted();
    void *memory = realloc(old, bytes > 0 ? bytes : 1);
    if (memory == NULL)
        memory_exhausted();
    return memory;
}

char *text_copy(const char *string)
{
    size_t bytes = strlen(string) + 1;
    return memcpy(memory_new(bytes, 1), string, bytes);
}

char *text_copy_path(const char *path)
{
    char *copy = text_copy(path);
    for (size_t length = strlen(copy); length > 1 && copy[length - 1] == '/'; length--)
        copy[length - 1] = '\0';
    return copy;
}

/* ---- growing strings ---- */

static void text_reserve(struct text *text, size_t more)
{
    size_t need;
    if (__builtin_add_overflow(text->length, more, &need) || need > SIZE_MAX / 2 - 1)
        memory_exhausted();
    if (text->data != NULL && need < text->capacity)
        return;
    text->capacity = 2 * need + 16;
    text->data = memory_grow(text->data, text->capacity, 1);
}

void text_add(struct text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length >= 0) {
        text_reserve(text, (size_t)length);
        vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
    va_end(arguments);
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
    text_reserve(text, length);
    if (length > 0)
        memcpy(text->data + text->length, bytes, length);
    text->length += length;
    text->data[text->length] = '\0';
}

void text_free(struct text *text)
{
    free(text->data);
    *text = (struct text){0};
}

/* ---- suggestions ---- */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours, each costing 1. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t rows = strlen(a), columns = strlen(b), stride = columns + 1;
    size_t *cells = memory_new(3 * stride, sizeof *cells);
    size_t *two_above = cells, *above = cells + stride, *here = cells + 2 * stride;
    for (size_t j = 0; j <= columns; j++)
        here[j] = j;
    for (size_t i = 1; i <= rows; i++) {
        size_t *recycled = two_above;
        two_above = above;
        above = here;
        here = recycled;
        here[0] = i;
        for (size_t j = 1; j <= columns; j++) {
            size_t best = smaller(above[j], here[j - 1]) + 1;
            best = smaller(best, above[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = smaller(best, two_above[j - 2] + 1);
            here[j] = best;
        }
    }
    size_t distance = here[columns];
    free(cells);
    return distance;
}

const char *text_nearest(const char *wrong, const char *const *names, size_t count)
{
    size_t length = strlen(wrong);
    size_t allowed = length / 3 > 1 ? length / 3 : 1;
    const char *nearest = NULL, *completed = NULL;
    size_t nearest_distance = allowed + 1;
    for (size_t i = 0; i < count; i++) {
        size_t name_length = strlen(names[i]);
        if (completed == NULL && length > 0 && strncmp(wrong, names[i], length) == 0)
            completed = names[i];
        size_t difference = name_length > length ? name_length - length : length - name_length;
        if (difference > allowed)
            continue;
        size_t distance = edit_distance(wrong, names[i]);
        if (distance < nearest_distance) {
            nearest_distance = distance;
            nearest = names[i];
        }
    }
    return nearest != NULL ? nearest : completed;
}

void text_add_choices(struct text *text, const char *wrong, const char *const *names, size_t count)
{
    text_add(text, "not one of");
    for (size_t i = 0; i < count; i++)
        text_add(text, "%s %s", i > 0 ? "," : "", names[i]);
    const char *nearest = text_nearest(wrong, names, count);
    if (nearest != NULL)
        text_add(text, "; did you mean %s?", nearest);
}

/* ---- numbers ---- */

bool text_to_int64(const char *string, int64_t *value)
{
    size_t sign = string[0] == '-';
    if (string[sign] == '\0' || strspn(string + sign, "0123456789") != strlen(string + sign))
        return false;
    errno = 0;
    long long number = strtoll(string, NULL, 10);
    if (errno != 0)
        return false;
    *value = number;
    return true;
}

bool text_to_double(const char *string, double *value)
{
    /* The alphabet keeps out what strtod would take: blanks, hexadecimal, "nan" and "inf". */
    if (string[0] == '\0' || strspn(string, "0123456789+-.eE") != strlen(string))
        return false;
    char *end;
    double number = strtod(string, &end);
    if (end == string || *end != '\0' || !isfinite(number))
        return false;
    *value = number;
    return true;
}

bool text_to_seconds(const char *string, double *seconds)
{
    size_t length = strlen(string);
    if (length < 2 || length > 40)
        return false;
    double unit = string[length - 1] == 's'   ? 1
                  : string[length - 1] == 'm' ? 60
                  : string[length - 1] == 'h' ? 3600
                                              : 0;
    char digits[48];
    snprintf(digits, sizeof digits, "%.*s", (int)(length - 1), string);
    double number;
    if (unit == 0 || !text_to_double(digits, &number) || !(number > 0) || !isfinite(number * unit))
        return false;
    *seconds = number * unit;
    return true;
}

/* ---- lists ---- */

char **text_split(const char *string, char separator, size_t *count)
{
    size_t parts = 1;
    for (const char *c = string; *c != '\0'; c++)
        parts += *c == separator;
    char **part = memory_new(parts + 1, sizeof *part);
    const char *begin = string;
    for (size_t i = 0; i < parts; i++) {
        const char *end = strchr(begin, separator);
        size_t length = end != NULL ? (size_t)(end - begin) : strlen(begin);
        part[i] = memory_new(length + 1, 1);
        memcpy(part[i], begin, length);
        begin += length + 1;
    }
    *count = parts;
    return part;
}

void text_split_free(char **parts)
{
    if (parts == NULL)
        return;
    for (char **part = parts; *part != NULL; part++)
        free(*part);
    free(parts);
}

/* ---- figures for people ---- */

/* Three significant digits, never in exponent form. */
static void write_figure(double value, const char *unit, char *buffer, size_t size)
{
    int decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    snprintf(buffer, size, "%.*f %s", decimals, value, unit);
}

char *text_bytes(double bytes, char *buffer, size_t size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    if (!isfinite(bytes) || bytes < 0) {
        snprintf(buffer, size, "unknown");
        return buffer;
    }
    size_t unit = 0;
    for (; bytes >= 1024 && unit + 1 < sizeof units / sizeof units[0]; unit++)
        bytes /= 1024;
    if (bytes == floor(bytes))
        snprintf(buffer, size, "%.0f %s", bytes, units[unit]);
    else
        snprintf(buffer, size, "%.*f %s", bytes < 99.95 ? 1 : 0, bytes, units[unit]);
    return buffer;
}

char *text_seconds(double seconds, char *buffer, size_t size)
{
    if (!isfinite(seconds) || seconds < 0)
        snprintf(buffer, size, "unknown");
    else if (seconds >= 0.9995 || seconds == 0)
        write_figure(seconds, "s", buffer, size);
    else if (seconds >= 0.9995e-3)
        write_figure(seconds * 1e3, "ms", buffer, size);
    else if (seconds >= 0.9995e-6)
        write_figure(seconds * 1e6, "µs", buffer, size);
    else
        write_figure(seconds * 1e9, "ns", buffer, size);
    return buffer;
}

/* Bytes of the code point that starts at `c`; 1 for a byte that starts none. */
static size_t code_point_bytes(const unsigned char *c)
{
    size_t bytes = c[0] >= 0xf0 && c[0] < 0xf8 ? 4 : c[0] >= 0xe0 ? 3 : c[0] >= 0xc2 ? 2 : 1;
    if (c[0] >= 0xf8)
        return 1;
    for (size_t i = 1; i < bytes; i++)
        if ((c[i] & 0xc0) != 0x80)
            return 1;
    return bytes;
}

size_t text_columns(const char *utf8)
{
    size_t columns = 0;
    for (const unsigned char *c = (const unsigned char *)utf8; *c != '\0'; c += code_point_bytes(c))
        columns++;
    return columns;
}
