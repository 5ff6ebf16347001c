/* How the command's words reach the person. */
#include "harness/commands/teach.h"

#include "lessons/engine/speak.h"
#include "lessons/show/plain.h"

#include <stdio.h>

struct page teach_page(const struct teach *teach)
{
    int columns = teach->output.columns < PAGE_COLUMNS_MAX ? teach->output.columns : PAGE_COLUMNS_MAX;
    return (struct page){.columns = columns,
        .unicode = teach->output.unicode,
        .color = teach->output.color && teach->output.format == OUTPUT_TABLE,
        .markdown = teach->output.format == OUTPUT_MARKDOWN,
        .follows = teach->printed};
}

void teach_print(struct teach *teach, struct page *page)
{
    if (page->text.length > 0) {
        fwrite(page->text.data, 1, page->text.length, teach->output.stream);
        fflush(teach->output.stream);
        teach->printed = true;
    }
    text_free(&page->text);
}

void teach_say(const struct teach *teach, const char *words)
{
    struct text line = {0};
    fflush(stdout);
    plain_add(&line, words, teach->output.unicode);
    fprintf(stderr, "acelera teach: %s\n", line.data);
    text_free(&line);
}

void teach_say_trouble(struct teach *teach)
{
    if (teach->learner.trouble[0] != '\0' && !teach->trouble_said)
        teach_say(teach, teach->learner.trouble);
    teach->trouble_said = teach->trouble_said || teach->learner.trouble[0] != '\0';
}
