/* Texts from outside, made fit to be seen. Refuses to interpret them. */
#include "harness/report/printable.h"

#include "harness/store/utf8.h"

#include <string.h>

static const char markdown_marks[] = "\\`*_{}[]<>#|~&!@";

/* The few marks of our own sentences, for terminals that know ASCII only; '?' for anything else. */
static const char *ascii_for(uint32_t code)
{
    switch (code) {
    case 0x00b1: /* plus-minus */
        return "+/-";
    case 0x00b5: /* micro */
        return "u";
    case 0x00b7: /* middle dot */
        return "|";
    case 0x00d7: /* times */
        return "x";
    case 0x2013: /* en dash */
        return "-";
    default:
        return "?";
    }
}

static void add_code_points(struct text *text, const char *string, bool unicode, const char *escaped)
{
    for (const char *next = string; *string != '\0'; string = next) {
        uint32_t code = utf8_next(&next);
        if (code == UTF8_INVALID || utf8_acts(code))
            text_add(text, "?");
        else if (code >= 0x80 && !unicode)
            text_add(text, "%s", ascii_for(code));
        else if (code < 0x80 && strchr(escaped, (int)code) != NULL)
            text_add(text, "\\%c", (char)code);
        else
            text_add_bytes(text, string, (size_t)(next - string));
    }
    text_add(text, "%s", ""); /* an empty text has data too */
}

void printable_add(struct text *text, const char *string, bool unicode)
{
    add_code_points(text, string, unicode, "");
}

void printable_add_markdown(struct text *text, const char *string)
{
    add_code_points(text, string, true, markdown_marks);
}

/* Bytes of the longest beginning of `string` that takes at most `columns`. */
static size_t bytes_within(const char *string, size_t columns)
{
    const char *cursor = string;
    while (columns > 0 && utf8_next(&cursor) != 0)
        columns--;
    return (size_t)(cursor - string);
}

void printable_add_wrapped(struct text *text, const char *string, size_t at, size_t indent, size_t columns)
{
    size_t room = columns > at + 8 ? columns - at : 8;
    for (;;) {
        size_t length = bytes_within(string, room);
        if (string[length] != '\0') {
            size_t space = length;
            while (space > 0 && string[space] != ' ')
                space--;
            length = space > 0 ? space : length;
        }
        text_add_bytes(text, string, length);
        text_add(text, "\n");
        string += length;
        string += strspn(string, " ");
        if (*string == '\0')
            return;
        text_add(text, "%*s", (int)indent, "");
        room = columns > indent + 8 ? columns - indent : 8;
    }
}

void printable_write_csv(FILE *stream, const char *string)
{
    bool formula = string[0] != '\0' && strchr("=+-@", string[0]) != NULL;
    bool quoted = formula || strpbrk(string, ",\"\r\n") != NULL;
    fputs(formula ? "\"'" : quoted ? "\"" : "", stream);
    for (; *string != '\0'; string++)
        fputs(*string == '"' ? "\"\"" : (char[]){*string, '\0'}, stream);
    fputs(quoted ? "\"" : "", stream);
}
