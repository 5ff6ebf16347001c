/* Transliterates. Refuses to know what is said. */
#include "lessons/show/plain.h"

#include "harness/report/printable.h"
#include "harness/store/utf8.h"

#include <stdint.h>
#include <string.h>

/* Latin-1 from U+00A0 on; "?" what has no likeness. */
static const char *const latin[96] = {" ", "!", "c", "L", "?", "Y", "|", "S", "\"", "(c)", "a", "<<", "-", "",
    "(R)", "-", " deg", "+/-", "2", "3", "'", "u", "P", "-", ",", "1", "o", ">>", "1/4", "1/2", "3/4", "?",
    "A", "A", "A", "A", "A", "A", "AE", "C", "E", "E", "E", "E", "I", "I", "I", "I", "D", "N", "O", "O", "O",
    "O", "O", "x", "O", "U", "U", "U", "U", "Y", "TH", "ss", "a", "a", "a", "a", "a", "a", "ae", "c", "e",
    "e", "e", "e", "i", "i", "i", "i", "d", "n", "o", "o", "o", "o", "o", "/", "o", "u", "u", "u", "u", "y",
    "th", "y"};

static const struct {
    uint32_t code;
    const char *ascii;
} signs[] = {
    {0x2009, " "},
    {0x2010, "-"},
    {0x2011, "-"},
    {0x2012, "-"},
    {0x2013, "-"},
    {0x2014, "-"},
    {0x2018, "'"},
    {0x2019, "'"},
    {0x201c, "\""},
    {0x201d, "\""},
    {0x2022, "*"},
    {0x2026, "..."},
    {0x202f, " "},
    {0x2080, "0"},
    {0x2081, "1"},
    {0x2082, "2"},
    {0x2190, "<-"},
    {0x2192, "->"},
    {0x21d2, "=>"},
    {0x2212, "-"},
    {0x221a, "sqrt"},
    {0x221e, "inf"},
    {0x2248, "~"},
    {0x2260, "!="},
    {0x2264, "<="},
    {0x2265, ">="},
    {0x2713, "x"},
};

static const char *ascii_for(uint32_t code)
{
    if (code >= 0xa0 && code < 0x100)
        return latin[code - 0xa0];
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].code == code)
            return signs[i].ascii;
    return "?";
}

void plain_add(struct text *text, const char *string, bool unicode)
{
    if (unicode) {
        printable_add(text, string, true);
        return;
    }
    for (const char *next = string; *string != '\0'; string = next) {
        uint32_t code = utf8_next(&next);
        if (code < 0x80 && !utf8_acts(code))
            text_add_bytes(text, string, 1);
        else
            text_add(text, "%s", utf8_acts(code) ? "?" : ascii_for(code));
    }
    text_add(text, "%s", "");
}
