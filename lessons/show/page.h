/* A page of text for a terminal or a file: headings, paragraphs, items and pictures within a width, in UTF-8
 * or ASCII, with colour or without. Whatever colour says is also said in words or signs. Prints nothing: the
 * text is taken from it. Knows no lesson. */
#ifndef ACELERA_LESSON_PAGE_H
#define ACELERA_LESSON_PAGE_H

#include "harness/base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum ink { INK_PLAIN, INK_BOLD, INK_SOFT, INK_GOOD, INK_BAD, INK_UNSURE, INK_FIRST, INK_SECOND, INKS };

enum { PAGE_COLUMNS_MAX = 80, PAGE_COLUMNS_MIN = 40 };

struct page {
    struct text text; /* free with text_free(); never NULL data once anything was added */
    int columns;      /* PAGE_COLUMNS_MIN … PAGE_COLUMNS_MAX */
    bool unicode, color;
    bool markdown;
    bool follows; /* other text stands above it already: it begins with an empty line */
};

/* An empty line, unless the page is empty (and nothing stands above it) or ends with one. */
void page_add_gap(struct page *page);
/* Markdown: of the given level (1 …); text: level 1 is underlined. */
void page_add_heading(struct page *page, int level, const char *words);
/* Paragraphs are separated by empty lines; a line that begins with blanks stays as it is (code). In Markdown
 * such lines become a code block. */
void page_add_paragraphs(struct page *page, const char *words);
/* One paragraph behind a mark: "• words", wrapped and indented. mark: "•", "1.", "a)". */
void page_add_item(struct page *page, const char *mark, const char *words);
/* One line, coloured as a whole; longer ones are wrapped. */
void page_add_line(struct page *page, enum ink ink, const char *words);

/* A soft line indented by two, wrapped with the same indent. */
void page_add_note(struct page *page, const char *words);

/* Within a line that the caller lays out: words in this ink; columns that they take are returned. */
size_t page_add_words(struct page *page, enum ink ink, const char *words);
/* The same of signs that were chosen for this page already: as they are. */
void page_add_signs(struct page *page, enum ink ink, const char *signs);
void page_add_blanks(struct page *page, size_t count);
void page_end_line(struct page *page);

/* Markdown: what follows stands in a code block, until it is closed. Text: nothing. */
void page_fence(struct page *page);

/* Columns of `words` on this page (fewer letters may be more in ASCII). */
size_t page_columns_of(const struct page *page, const char *words);

#endif
