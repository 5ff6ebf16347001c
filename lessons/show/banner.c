/* A font of 5 × 5 for capitals, with accents above and a cedilla below. */
#include "lessons/show/banner.h"

#include "harness/store/utf8.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

enum { HEIGHT = 7, WIDTH = 5, LETTERS_MAX = 40 };

static const char *const font[26][5] = {
    {" ### ", "#   #", "#####", "#   #", "#   #"},
    {"#### ", "#   #", "#### ", "#   #", "#### "},
    {" ####", "#    ", "#    ", "#    ", " ####"},
    {"#### ", "#   #", "#   #", "#   #", "#### "},
    {"#####", "#    ", "#### ", "#    ", "#####"},
    {"#####", "#    ", "#### ", "#    ", "#    "},
    {" ####", "#    ", "#  ##", "#   #", " ####"},
    {"#   #", "#   #", "#####", "#   #", "#   #"},
    {" ### ", "  #  ", "  #  ", "  #  ", " ### "},
    {"  ###", "   # ", "   # ", "#  # ", " ##  "},
    {"#  # ", "# #  ", "##   ", "# #  ", "#  # "},
    {"#    ", "#    ", "#    ", "#    ", "#####"},
    {"#   #", "## ##", "# # #", "#   #", "#   #"},
    {"#   #", "##  #", "# # #", "#  ##", "#   #"},
    {" ### ", "#   #", "#   #", "#   #", " ### "},
    {"#### ", "#   #", "#### ", "#    ", "#    "},
    {" ### ", "#   #", "#   #", "#  # ", " ## #"},
    {"#### ", "#   #", "#### ", "#  # ", "#   #"},
    {" ####", "#    ", " ### ", "    #", "#### "},
    {"#####", "  #  ", "  #  ", "  #  ", "  #  "},
    {"#   #", "#   #", "#   #", "#   #", " ### "},
    {"#   #", "#   #", "#   #", " # # ", "  #  "},
    {"#   #", "#   #", "# # #", "## ##", "#   #"},
    {"#   #", " # # ", "  #  ", " # # ", "#   #"},
    {"#   #", " # # ", "  #  ", "  #  ", "  #  "},
    {"#####", "   # ", "  #  ", " #   ", "#####"},
};

/* Small and capital letters with marks, of the languages that are spoken. */
static const struct {
    uint32_t code;
    char letter;
    const char *above, *below;
} marked[] = {
    {0xe1, 'A', "   # ", ""},
    {0xe0, 'A', " #   ", ""},
    {0xe2, 'A', "  #  ", ""},
    {0xe3, 'A', " ## #", ""},
    {0xe7, 'C', "", "  #  "},
    {0xe9, 'E', "   # ", ""},
    {0xea, 'E', "  #  ", ""},
    {0xed, 'I', "   # ", ""},
    {0xf3, 'O', "   # ", ""},
    {0xf4, 'O', "  #  ", ""},
    {0xf5, 'O', " ## #", ""},
    {0xfa, 'U', "   # ", ""},
};

struct line {
    char cell[HEIGHT][LETTERS_MAX * (WIDTH + 1)];
    size_t columns;
};

static void put(struct line *line, int row, const char *bits)
{
    for (size_t i = 0; bits[i] != '\0'; i++)
        line->cell[row][line->columns + i] = bits[i];
}

static void put_letter(struct line *line, uint32_t code)
{
    const char *above = "", *below = "";
    int letter = code < 0x80 ? toupper((int)code) : 0;
    uint32_t small = code >= 0xc0 && code <= 0xdd ? code + 0x20 : code;
    for (size_t i = 0; i < sizeof marked / sizeof *marked; i++)
        if (marked[i].code == small) {
            letter = marked[i].letter;
            above = marked[i].above;
            below = marked[i].below;
        }
    if (letter < 'A' || letter > 'Z')
        return;
    put(line, 0, above);
    for (int row = 0; row < 5; row++)
        put(line, row + 1, font[letter - 'A'][row]);
    put(line, 6, below);
    line->columns += WIDTH + 1;
}

static void flush(struct page *page, struct line *line)
{
    for (int row = 0; row < HEIGHT; row++) {
        struct text signs = {0};
        for (size_t c = 0; c < line->columns; c++)
            text_add(&signs, "%s", line->cell[row][c] != '#' ? " " : page->unicode ? "█" : "#");
        if (signs.data != NULL)
            page_add_signs(page, INK_PLAIN, signs.data);
        page_end_line(page);
        text_free(&signs);
    }
    memset(line, 0, sizeof *line);
}

void banner_add(struct page *page, const char *words)
{
    struct line line = {0};
    char **word = text_split(words, ' ', &(size_t){0});
    for (char **one = word; *one != NULL; one++) {
        size_t letters = text_columns(*one);
        size_t needed = letters * (WIDTH + 1) + (line.columns > 0 ? WIDTH : 0);
        if (line.columns > 0 && line.columns + needed > (size_t)page->columns)
            flush(page, &line);
        if (line.columns > 0)
            line.columns += WIDTH - 1;
        uint32_t code;
        for (const char *next = *one; letters <= LETTERS_MAX / 2 && (code = utf8_next(&next)) != 0;)
            put_letter(&line, code);
    }
    if (line.columns > 0)
        flush(page, &line);
    text_split_free(word);
    text_add(&page->text, "\n");
}
