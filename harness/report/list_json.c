/* The list as JSON, schema "acelera/list/1": kernels with everything of theirs inside, placements, workers.
 */
#include "harness/base/text.h"
#include "harness/report/list.h"
#include "harness/store/json_builder.h"

#define LIST_JSON_SCHEMA "acelera/list/1"

static void add_words(struct json_builder *json, const char *key, const char *words)
{
    json_build_open(json, key, '[', false);
    size_t count;
    char **part = text_split(words, ' ', &count);
    for (size_t i = 0; i < count; i++)
        if (part[i][0] != '\0')
            json_build_string(json, NULL, part[i]);
    text_split_free(part);
    json_build_close(json);
}

static void add_entry(struct json_builder *json, const struct list_entry *entry)
{
    json_build_open(json, NULL, '{', false);
    json_build_string(json, "name", entry->name);
    switch (entry->kind) {
    case LIST_KERNEL:
        break;
    case LIST_VARIANT:
        json_build_string(json, "what", entry->meaning);
        json_build_string(json, "why", entry->why);
        json_build_bool(json, "default", entry->chosen);
        break;
    case LIST_SIZE:
        json_build_string(json, "shape", entry->value);
        json_build_bool(json, "default", entry->chosen);
        break;
    case LIST_DIMENSION:
        json_build_string(json, "meaning", entry->meaning);
        break;
    case LIST_OPTION:
        json_build_string(json, "meaning", entry->meaning);
        add_words(json, "choices", entry->value);
        break;
    case LIST_PLACEMENT:
        json_build_string(json, "meaning", entry->meaning);
        json_build_bool(json, "default", entry->chosen);
        break;
    case LIST_WORKER:
        json_build_string(json, "build", entry->value);
        json_build_bool(json, "runnable", entry->chosen);
        add_words(json, "missing", entry->why);
        break;
    }
    json_build_close(json);
}

/* The entries of one kind and one kernel ("": of none), as an array. */
static void add_kind(struct json_builder *json, const char *key, const struct list_entry *entry, int count,
    int first, enum list_kind kind)
{
    json_build_open(json, key, '[', true);
    for (int i = first; i < count && (i == first || entry[i].kind != LIST_KERNEL); i++)
        if (entry[i].kind == kind)
            add_entry(json, &entry[i]);
    json_build_close(json);
}

static void add_kernel(struct json_builder *json, const struct list_entry *entry, int count, int at)
{
    json_build_open(json, NULL, '{', true);
    json_build_string(json, "name", entry[at].name);
    json_build_string(json, "summary", entry[at].meaning);
    add_words(json, "types", entry[at].value);
    json_build_string(json, "rate_unit", entry[at].why);
    add_kind(json, "variants", entry, count, at, LIST_VARIANT);
    add_kind(json, "sizes", entry, count, at, LIST_SIZE);
    add_kind(json, "dimensions", entry, count, at, LIST_DIMENSION);
    add_kind(json, "options", entry, count, at, LIST_OPTION);
    json_build_close(json);
}

bool list_json_write(FILE *stream, const struct list_entry *entry, int count)
{
    struct json_builder json = {0};
    int last_kernel = 0;
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "schema", LIST_JSON_SCHEMA);
    json_build_open(&json, "kernels", '[', true);
    for (int i = 0; i < count; i++)
        if (entry[i].kind == LIST_KERNEL) {
            add_kernel(&json, entry, count, i);
            last_kernel = i;
        }
    json_build_close(&json);
    add_kind(&json, "placements", entry, count, last_kernel, LIST_PLACEMENT);
    add_kind(&json, "workers", entry, count, last_kernel, LIST_WORKER);
    json_build_close(&json);
    fputs(json.text.data, stream);
    text_free(&json.text);
    return ferror(stream) == 0;
}
