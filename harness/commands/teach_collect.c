/* Merges what learners saved. Needs no machine and no worker. */
#include "harness/commands/teach_collect.h"

#include "harness/commands/teach.h"
#include "harness/report/printable.h"
#include "lessons/class/collection_page.h"
#include "lessons/engine/speak.h"

#include <stdio.h>
#include <stdlib.h>

/* Names of files are the learners' own words: shown on standard error only, and made harmless. */
static void say_left_out(const char *why)
{
    struct text line = {0};
    printable_add(&line, why, true);
    fprintf(stderr, "acelera teach: left out: %s\n", line.data);
    text_free(&line);
}

static enum status show(struct teach *teach, const struct collection *collection, struct error *error)
{
    if (teach->output.format == OUTPUT_JSON) {
        struct json_builder json = {0};
        collection_json_build(&json, collection);
        fwrite(json.text.data, 1, json.text.length, stdout);
        text_free(&json.text);
        return output_status(true, error);
    }
    struct page page = teach_page(teach);
    collection_page_add(&page, collection);
    teach_print(teach, &page);
    return output_status(true, error);
}

enum status teach_collect(const struct arguments *arguments, struct error *error)
{
    struct teach teach = {.output = output_of(arguments)};
    struct collection collection;
    char *folder = text_copy_path(arguments_text(arguments, "--collect"));
    enum status status = collection_read(folder, &collection, say_left_out, error);
    if (status == STATUS_OK && collection.lessons == 0)
        status = error_set(error, STATUS_FAILED, "%s: %s", folder,
            _("none of the files could be read; the lines above say why"));
    else if (status == STATUS_OK)
        status = show(&teach, &collection, error);
    if (status == STATUS_OK && collection.left_out > 0)
        status = error_set(
            error, STATUS_FAILED, _("%d files were left out; the others are shown"), collection.left_out);
    collection_free(&collection);
    free(folder);
    return status;
}
