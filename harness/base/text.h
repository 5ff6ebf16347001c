/* Growing strings, and the few questions about strings that every command asks. */
#ifndef ACELERA_TEXT_H
#define ACELERA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing string. Start with `= {0}`. Memory exhaustion ends the process with a line: no caller could do
 * better. */
struct text {
    char *data; /* NUL-terminated once anything was added; NULL before */
    size_t length, capacity;
};

void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_free(struct text *text);

/* malloc and friends that end the process with a line when memory is exhausted. count·size is checked. */
void *memory_new(size_t count, size_t size); /* zeroed */
void *memory_grow(void *old, size_t count, size_t size);
char *text_copy(const char *string);
/* A path without the slashes at its end, "/" itself kept: so that one folder has one name. */
char *text_copy_path(const char *path);

/* The entry of `names` nearest to `wrong` (Damerau–Levenshtein distance of at most a third of its length,
 * at least 1; or `wrong` is a prefix), or NULL. */
const char *text_nearest(const char *wrong, const char *const *names, size_t count);

/* Adds "not one of a, b, c", and "; did you mean b?" where a name is near: how every refusal of a word ends.
 */
void text_add_choices(struct text *text, const char *wrong, const char *const *names, size_t count);

/* Whole-string numbers: false for empty, trailing characters, overflow, and (double) NaN and infinities. */
bool text_to_int64(const char *string, int64_t *value);
bool text_to_double(const char *string, double *value);

/* "60s", "5m", "1.5h" → seconds; false for anything else, negatives and zero included. */
bool text_to_seconds(const char *string, double *seconds);

/* Splits at `separator` into a NULL-terminated array of copies; empty parts are kept. Free with
 * text_split_free(). An empty string gives one empty part. */
char **text_split(const char *string, char separator, size_t *count);
void text_split_free(char **parts);

/* For people: "1.5 GiB", "12.3 ms". Writes into `buffer` and returns it. */
char *text_bytes(double bytes, char *buffer, size_t size);
char *text_seconds(double seconds, char *buffer, size_t size);

/* Columns that a UTF-8 string takes on a terminal (code points; combining marks and East Asian widths are
 * not known here; an invalid byte counts 1). */
size_t text_columns(const char *utf8);

#endif
