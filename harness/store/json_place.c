/* Walks text and parsed tree side by side. The text is known to be JSON: it was parsed. */
#include "harness/store/json_place.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct walk {
    const char *at;
    int line;
    const json_t *wanted;
    const char *key;   /* of it; NULL: the value itself */
    struct text *path; /* to the value that the walk is in */
};

static void skip_space(struct walk *walk)
{
    for (; *walk->at != '\0' && strchr(" \t\r\n", *walk->at) != NULL; walk->at++)
        walk->line += *walk->at == '\n';
}

/* From the opening quote to behind the closing one; returns where the text of the string begins. */
static const char *skip_string(struct walk *walk)
{
    const char *begin = ++walk->at;
    for (; *walk->at != '"' && *walk->at != '\0'; walk->at++)
        walk->at += walk->at[0] == '\\' && walk->at[1] != '\0';
    walk->at += *walk->at == '"';
    return begin;
}

static void leave_to(struct walk *walk, size_t length)
{
    walk->path->length = length;
    if (walk->path->data != NULL)
        walk->path->data[length] = '\0';
}

static bool find(struct walk *walk, const json_t *node);

/* At a member: its name, a colon, its value. */
static bool find_in_member(struct walk *walk, const json_t *node)
{
    size_t length = walk->path->length;
    const char *begin = skip_string(walk);
    int name_length = (int)(walk->at - begin) - 1;
    char *name = memory_new((size_t)name_length + 1, 1);
    memcpy(name, begin, (size_t)name_length);
    bool found = node == walk->wanted && walk->key != NULL && strcmp(name, walk->key) == 0;
    const json_t *value = json_object_get(node, name); /* NULL for a name with escapes: nobody asks for it */
    if (!found) {
        skip_space(walk);
        walk->at += *walk->at == ':';
        text_add(walk->path, "%s%s", length > 0 ? "." : "", name);
        found = find(walk, value);
    }
    free(name);
    if (!found || node == walk->wanted)
        leave_to(walk, length);
    return found;
}

static bool find_in_entry(struct walk *walk, const json_t *node, size_t index)
{
    size_t length = walk->path->length;
    text_add(walk->path, "[%zu]", index);
    bool found = find(walk, json_array_get(node, index));
    if (!found)
        leave_to(walk, length);
    return found;
}

/* The brackets, and what is between the commas. */
static bool find_inside(struct walk *walk, const json_t *node, bool is_object)
{
    walk->at++;
    for (size_t index = 0;; index++) {
        skip_space(walk);
        if (*walk->at == ',') {
            walk->at++;
            skip_space(walk);
        }
        if (*walk->at == '}' || *walk->at == ']' || *walk->at == '\0')
            break;
        if (is_object ? find_in_member(walk, node) : find_in_entry(walk, node, index))
            return true;
    }
    walk->at += *walk->at != '\0';
    return false;
}

static bool find(struct walk *walk, const json_t *node)
{
    skip_space(walk);
    if (node != NULL && node == walk->wanted && walk->key == NULL)
        return true;
    if (*walk->at == '{' || *walk->at == '[')
        return find_inside(walk, node, *walk->at == '{');
    if (*walk->at == '"')
        skip_string(walk);
    else
        walk->at += strcspn(walk->at, ",]} \t\r\n");
    return false;
}

int json_place_line(
    const char *text, const json_t *root, const json_t *object, const char *key, struct text *path)
{
    const char *member = json_object_get(object, key) != NULL ? key : NULL;
    struct walk walk = {text, 1, object, member, path};
    return find(&walk, root) ? walk.line : 0;
}
