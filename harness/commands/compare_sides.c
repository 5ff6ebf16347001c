/* A side is a request with a few things replaced. Knows the form of the words only. */
#include "harness/commands/compare_sides.h"

#include "harness/base/text.h"

#include <stdlib.h>
#include <string.h>

static void replace_list(char ***list, const char *only)
{
    char **made = memory_new(2, sizeof *made);
    made[0] = text_copy(only);
    text_split_free(*list);
    *list = made;
}

/* Takes out the entries that begin with the first `length` bytes of `entry` and go on with one of `ends`, and
 * puts `entry` at the end. */
static void replace_entry(char ***list, const char *entry, size_t length, const char *ends)
{
    size_t count = 0;
    for (size_t i = 0; (*list)[i] != NULL; i++) {
        char *old = (*list)[i];
        if (strncmp(old, entry, length) == 0 && (old[length] == '\0' || strchr(ends, old[length]) != NULL))
            free(old);
        else
            (*list)[count++] = old;
    }
    *list = memory_grow(*list, count + 2, sizeof **list);
    (*list)[count] = text_copy(entry);
    (*list)[count + 1] = NULL;
}

static enum status apply_setting(
    const char *word, const char *setting, struct plan_request *request, struct error *error)
{
    static const char *const keys[] = {"worker", "placement", "type", "variant"};
    enum { KEYS = sizeof keys / sizeof keys[0] };
    size_t length = strcspn(setting, "="), key = 0;
    const char *value = setting + length + (setting[length] == '=' ? 1 : 0);
    if (setting[length] != '=' || length == 0 || value[0] == '\0')
        return error_set(error, STATUS_USAGE,
            "%.200s: '%.100s' is not KEY=VALUE; a side is a worker's name, or KEY=VALUE[,KEY=VALUE…]", word,
            setting);
    while (key < KEYS && (strlen(keys[key]) != length || strncmp(keys[key], setting, length) != 0))
        key++;
    if (key < 3) {
        char ***lists[] = {&request->workers, &request->placements, &request->types};
        replace_list(lists[key], value);
    } else if (key == 3) {
        if (strchr(value, ':') == NULL)
            return error_set(
                error, STATUS_USAGE, "%.200s: the variant '%.100s' is not KERNEL:VARIANT", word, value);
        replace_entry(&request->kernels, value, strcspn(value, ":"), ":");
    } else if (memchr(setting, '.', length) != NULL) {
        replace_entry(&request->settings, setting, length, "=");
    } else {
        struct text line = {0}, name = {0};
        text_add_bytes(&name, setting, length);
        text_add_choices(&line, name.data, keys, KEYS);
        error_set(error, STATUS_USAGE, "%.200s: %.100s is %s; or KERNEL.KEY, as in --set", word, name.data,
            line.data);
        text_free(&line);
        text_free(&name);
        return STATUS_USAGE;
    }
    return STATUS_OK;
}

enum status compare_side_apply(const char *word, struct plan_request *request, struct error *error)
{
    enum status status = STATUS_OK;
    size_t count;
    if (strchr(word, '=') == NULL) {
        replace_list(&request->workers, word);
        return STATUS_OK;
    }
    char **settings = text_split(word, ',', &count);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = apply_setting(word, settings[i], request, error);
    text_split_free(settings);
    return status;
}
