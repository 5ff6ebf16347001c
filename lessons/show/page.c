/* Wraps and colours. Markdown keeps its lines: whoever shows it wraps them. */
#include "lessons/show/page.h"

#include "harness/report/printable.h"
#include "lessons/show/plain.h"

#include <string.h>

/* Select Graphic Rendition (ECMA-48): basic colours, which every theme keeps readable. */
static const char *const escapes[INKS] = {
    [INK_BOLD] = "1",
    [INK_SOFT] = "2",
    [INK_GOOD] = "1;32",
    [INK_BAD] = "1;31",
    [INK_UNSURE] = "1;33",
    [INK_FIRST] = "34",
    [INK_SECOND] = "35",
};

static bool ends_with(const struct page *page, const char *end)
{
    size_t length = strlen(end);
    return page->text.length >= length &&
           memcmp(page->text.data + page->text.length - length, end, length) == 0;
}

void page_add_gap(struct page *page)
{
    if (page->text.length == 0 && page->follows)
        text_add(&page->text, "\n");
    else if (page->text.length > 1 && !ends_with(page, "\n\n"))
        text_add(&page->text, ends_with(page, "\n") ? "\n" : "\n\n");
}

static void ink_on(struct page *page, enum ink ink)
{
    if (page->color && escapes[ink] != NULL)
        text_add(&page->text, "\033[%sm", escapes[ink]);
}

static void ink_off(struct page *page, enum ink ink)
{
    if (page->color && escapes[ink] != NULL)
        text_add(&page->text, "\033[0m");
}

size_t page_columns_of(const struct page *page, const char *words)
{
    struct text plain = {0};
    plain_add(&plain, words, page->unicode);
    size_t columns = text_columns(plain.data);
    text_free(&plain);
    return columns;
}

/* ---- lines ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A unit is a word of these, and not a word of the sentence that happens to begin like one. */
static bool begins_with_unit(const char *words)
{
    static const char *const units[] = {"%", "s", "ms", "µs", "us", "ns", "GB/s", "GHz"};
    size_t length = strcspn(words, " .,;:)");
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strlen(units[i]) == length && strncmp(words, units[i], length) == 0)
            return true;
    return false;
}

static const char no_break[] = "\u00a0";

/* The blank between a number and its unit must not end a line: it does not break while lines are made, and is
 * a plain one afterwards, so that what is copied or searched for is what it looks like. */
static void glue_units(struct text *glued, const char *words)
{
    for (size_t i = 0; words[i] != '\0'; i++)
        if (i > 0 && words[i] == ' ' && is_digit(words[i - 1]) && begins_with_unit(words + i + 1))
            text_add(glued, no_break);
        else
            text_add_bytes(glued, words + i, 1);
    text_add(glued, "%s", "");
}

static void add_unglued(struct text *text, const char *lines)
{
    const char *found;
    for (; (found = strstr(lines, no_break)) != NULL; lines = found + strlen(no_break)) {
        text_add_bytes(text, lines, (size_t)(found - lines));
        text_add(text, " ");
    }
    text_add(text, "%s", lines);
}

/* Words that begin at column `at`; each further line begins at `indent`. */
static void add_wrapped(struct page *page, const char *words, size_t at, size_t indent)
{
    struct text plain = {0}, glued = {0}, wrapped = {0};
    plain_add(&plain, words, page->unicode);
    if (page->markdown) {
        text_add(&page->text, "%s\n", plain.data);
    } else {
        glue_units(&glued, plain.data);
        printable_add_wrapped(&wrapped, glued.data, at, indent, (size_t)page->columns);
        add_unglued(&page->text, wrapped.data);
    }
    text_free(&plain);
    text_free(&glued);
    text_free(&wrapped);
}

void page_add_line(struct page *page, enum ink ink, const char *words)
{
    ink_on(page, ink);
    add_wrapped(page, words, 0, 0);
    if (page->color && escapes[ink] != NULL) { /* before the newline, so that nothing leaks into it */
        page->text.length--;
        ink_off(page, ink);
        text_add(&page->text, "\n");
    }
}

size_t page_add_words(struct page *page, enum ink ink, const char *words)
{
    struct text plain = {0};
    plain_add(&plain, words, page->unicode);
    ink_on(page, ink);
    text_add(&page->text, "%s", plain.data);
    ink_off(page, ink);
    size_t columns = text_columns(plain.data);
    text_free(&plain);
    return columns;
}

void page_add_signs(struct page *page, enum ink ink, const char *signs)
{
    ink_on(page, ink);
    text_add(&page->text, "%s", signs);
    ink_off(page, ink);
}

void page_add_blanks(struct page *page, size_t count)
{
    text_add(&page->text, "%*s", (int)count, "");
}

void page_end_line(struct page *page)
{
    while (ends_with(page, " "))
        page->text.data[--page->text.length] = '\0';
    text_add(&page->text, "\n");
}

/* ---- pieces ---- */

void page_add_heading(struct page *page, int level, const char *words)
{
    page_add_gap(page);
    if (page->markdown) {
        text_add(&page->text, "%.*s ", level, "######");
        add_wrapped(page, words, 0, 0);
        page_add_gap(page);
        return;
    }
    page_add_line(page, INK_BOLD, words);
    size_t columns = page_columns_of(page, words);
    if (columns > (size_t)page->columns)
        columns = (size_t)page->columns;
    for (size_t i = 0; level == 1 && i < columns; i++)
        text_add(&page->text, page->unicode ? "═" : "=");
    if (level == 1)
        text_add(&page->text, "\n\n");
}

void page_fence(struct page *page)
{
    if (page->markdown)
        text_add(&page->text, "```\n");
}

/* A line of code: as it is, whatever its length. */
static void add_code(struct page *page, const char *line, bool *in_code)
{
    struct text plain = {0};
    plain_add(&plain, line, page->unicode);
    if (!*in_code)
        page_fence(page);
    *in_code = true;
    text_add(&page->text, "%s\n", plain.data);
    text_free(&plain);
}

/* Lines of one paragraph that do not begin with blanks are joined. */
static void flush(struct page *page, struct text *joined)
{
    if (joined->length > 0)
        add_wrapped(page, joined->data, 0, 0);
    text_free(joined);
}

void page_add_paragraphs(struct page *page, const char *words)
{
    struct text joined = {0};
    bool in_code = false;
    char **lines = text_split(words, '\n', &(size_t){0});
    for (char **line = lines; *line != NULL; line++) {
        bool code = (*line)[0] == ' ';
        if (in_code && !code) {
            page_fence(page);
            in_code = false;
        }
        if (code || (*line)[0] == '\0')
            flush(page, &joined);
        if (code)
            add_code(page, *line, &in_code);
        else if ((*line)[0] == '\0')
            page_add_gap(page);
        else
            text_add(&joined, "%s%s", joined.length > 0 ? " " : "", *line);
    }
    flush(page, &joined);
    if (in_code)
        page_fence(page);
    text_split_free(lines);
}

void page_add_note(struct page *page, const char *words)
{
    struct text plain = {0}, wrapped = {0};
    plain_add(&plain, words, page->unicode);
    printable_add_wrapped(&wrapped, plain.data, 2, 0, (size_t)page->columns - 2);
    char **lines = text_split(wrapped.data, '\n', &(size_t){0});
    for (char **line = lines; *line != NULL && (*line)[0] != '\0'; line++) {
        page_add_blanks(page, 2);
        page_add_signs(page, INK_SOFT, *line);
        page_end_line(page);
    }
    text_split_free(lines);
    text_free(&plain);
    text_free(&wrapped);
}

void page_add_item(struct page *page, const char *mark, const char *words)
{
    if (page->markdown) {
        bool bullet = strcmp(mark, "•") == 0;
        text_add(&page->text, "%s ", bullet ? "-" : mark);
        add_wrapped(page, words, 0, 0);
        return;
    }
    page_add_blanks(page, 2);
    size_t indent = 3 + page_add_words(page, INK_PLAIN, mark);
    page_add_blanks(page, 1);
    add_wrapped(page, words, indent, indent);
}
