/* Names out of texts, run.json and the lines of samples.jsonl. Works on what is written down, so that a run
 * that begins without names and one that loses them later pass through the same hands. */
#include "harness/store/anonymous.h"

#include "harness/store/run_record.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const char path_mark[] = "(path)", between_words[] = " \t\r\n\"'`()[]{}<>,;|";

/* ---- texts ---- */

/* What the kernel says of the machine is the same for everybody; control groups have the names of users. */
static bool path_is_public(const char *path, size_t length)
{
    static const char *const public[] = {"/proc/", "/sys/devices/", "/sys/kernel/"};
    for (size_t i = 0; i < sizeof public / sizeof *public; i++)
        if (length > strlen(public[i]) && strncmp(path, public[i], strlen(public[i])) == 0)
            return true;
    return false;
}

/* "GB/s" */
static bool word_is_unit(const char *word, size_t length)
{
    const char *slash = memchr(word, '/', length);
    return slash > word && word + length == slash + 2 && slash[1] == 's';
}

/* A word with a slash in it is a path, but what stands before the last = in front of it is not. */
static void add_word(struct text *text, const char *word, size_t length)
{
    const char *slash = memchr(word, '/', length);
    const char *equals = slash != NULL ? memrchr(word, '=', (size_t)(slash - word)) : NULL;
    size_t kept = equals != NULL ? (size_t)(equals + 1 - word) : 0;
    if (slash == NULL || word_is_unit(word, length) || path_is_public(word + kept, length - kept)) {
        text_add_bytes(text, word, length);
        return;
    }
    text_add_bytes(text, word, kept);
    text_add(text, "%s", path_mark);
}

static bool is_of_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || (c & 0x80) != 0;
}

/* Copies `string` with the host replaced where it stands alone. */
static char *without_host(const char *string, const char *host)
{
    struct text text = {0};
    size_t length = strlen(host);
    text_add(&text, "%s", "");
    for (const char *at = string; *at != '\0';) {
        bool alone = length > 0 && strncasecmp(at, host, length) == 0 && !is_of_name(at[length]) &&
                     (at == string || !is_of_name(at[-1]));
        text_add(&text, "%s", alone ? ANONYMOUS_NAME : "");
        if (!alone)
            text_add_bytes(&text, at, 1);
        at += alone ? length : 1;
    }
    return text.data;
}

void anonymous_add(struct text *text, const char *string, const char *host)
{
    char *words = without_host(string, host);
    text_add(text, "%s", "");
    for (const char *at = words; *at != '\0';) {
        size_t gap = strspn(at, between_words);
        text_add_bytes(text, at, gap);
        at += gap;
        size_t length = strcspn(at, between_words);
        add_word(text, at, length);
        at += length;
    }
    free(words);
}

/* ---- the command line ---- */

/* Of these the value says what was measured, and nothing of who did it. */
static bool option_is_harmless(const char *name, size_t length)
{
    static const char *const harmless[] = {"--kernel", "--variants", "--size", "--shape", "--type",
        "--scaling", "--seed", "--threads", "--placement", "--worker", "--precision", "--budget", "--blocks",
        "--quantile", "--warm", "--timeout", "--order-seed", "--format"};
    for (size_t i = 0; i < sizeof harmless / sizeof *harmless; i++)
        if (strlen(harmless[i]) == length && strncmp(name, harmless[i], length) == 0)
            return true;
    return false;
}

/* Letters, digits and what lists are made of: what a shell would have to quote is no value of those. */
static bool value_is_plain(const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_of_name(value[i]) && strchr(".,:=+%", value[i]) == NULL)
            return false;
    return length > 0 && (value[0] & 0x80) == 0;
}

/* The options that can be told; an option that is left out is not hidden. */
static char *command_without_names(const char *command)
{
    static const char own[] = "--anonymous";
    struct text text = {0};
    bool left_out = strpbrk(command, "'\"\\") != NULL;
    text_add(&text, "acelera run");
    /* Inside quotes there may be anything, also what looks like an option. */
    for (const char *at = left_out ? NULL : strstr(command, " --"); at != NULL; at = strstr(at, " --")) {
        at++;
        size_t name = strcspn(at, " =");
        const char *value = at + name + (at[name] != '\0' ? 1 : 0);
        size_t length = strcspn(value, " ");
        if (option_is_harmless(at, name) && value_is_plain(value, length))
            text_add(&text, " %.*s %.*s", (int)name, at, (int)length, value);
        else
            left_out = left_out || name != strlen(own) || strncmp(at, own, name) != 0;
    }
    text_add(&text, left_out ? " --anonymous (and what would tell names)" : " --anonymous");
    return text.data;
}

/* ---- JSON ---- */

/* Words of the format itself, in which a host that is called "done" or "f32" must not be found. */
static bool key_is_of_format(const char *key)
{
    static const char *const words[] = {"id", "started", "version", "seed", "order_seed", "kind", "status",
        "digest", "when", "reason", "worker", "runtime", "wait_policy", "severity", "name", "level", "what",
        "command"};
    for (size_t i = 0; key != NULL && i < sizeof words / sizeof *words; i++)
        if (strcmp(key, words[i]) == 0)
            return true;
    return false;
}

static void clean(json_t *value, const char *host);

static json_t *cleaned(const char *key, json_t *value, const char *host)
{
    if (key != NULL && strcmp(key, "schema") == 0)
        return NULL; /* has slashes, and is no path */
    if (!json_is_string(value)) {
        clean(value, host);
        return NULL;
    }
    struct text text = {0};
    if (key != NULL && strcmp(key, "path") == 0)
        text_add(&text, "%s", path_mark);
    else
        anonymous_add(&text, json_string_value(value), key_is_of_format(key) ? "" : host);
    json_t *made = json_string(text.data);
    text_free(&text);
    return made;
}

/* Every string below `value`. The depth is bounded by the parser. */
static void clean(json_t *value, const char *host)
{
    const char *key;
    json_t *member;
    size_t index;
    json_object_foreach(value, key, member)
    {
        json_t *made = cleaned(key, member, host);
        if (made != NULL)
            json_object_set_new(value, key, made);
    }
    json_array_foreach(value, index, member)
    {
        json_t *made = cleaned(NULL, member, host);
        if (made != NULL)
            json_array_set_new(value, index, made);
    }
}

/* Facts about the board and its owner. */
static void drop_dmi(json_t *machine)
{
    json_t *facts = json_object_get(machine, "facts");
    for (size_t i = json_array_size(facts); i > 0; i--) {
        const char *name = json_string_value(json_object_get(json_array_get(facts, i - 1), "name"));
        if (name == NULL || strncasecmp(name, "dmi", 3) == 0)
            json_array_remove(facts, i - 1);
    }
}

char *anonymous_run_json(const char *document, const char *id)
{
    json_t *run = json_loads(document, JSON_REJECT_DUPLICATES, NULL);
    json_t *machine = json_object_get(run, "machine");
    const char *host = json_string_value(json_object_get(machine, "host"));
    const char *command = json_string_value(json_object_get(run, "command"));
    char *made = NULL;
    if (host != NULL && command != NULL) {
        static const char *const of_choice[] = {"request", "plan"};
        char *name = text_copy(host), *line = command_without_names(command);
        json_object_set_new(machine, "host", json_string(ANONYMOUS_NAME));
        json_object_set_new(run, "command", json_string(line));
        json_object_set_new(run, "id", json_string(id));
        drop_dmi(machine);
        /* What was asked for is in words of the program: a host's name among them is none. */
        for (size_t i = 0; i < sizeof of_choice / sizeof *of_choice; i++)
            clean(json_object_get(run, of_choice[i]), "");
        json_t *choice[2] = {
            json_incref(json_object_get(run, "request")), json_incref(json_object_get(run, "plan"))};
        json_object_del(run, "request");
        json_object_del(run, "plan");
        clean(run, name);
        for (size_t i = 0; i < sizeof of_choice / sizeof *of_choice; i++)
            if (choice[i] != NULL)
                json_object_set_new(run, of_choice[i], choice[i]);
        made = json_dumps(run, JSON_INDENT(1) | JSON_ENSURE_ASCII);
        free(name);
        free(line);
    }
    json_decref(run);
    return made;
}

/* "20260101T120000Z" */
static bool is_time(const char *text)
{
    static const char form[] = "00000000T000000Z";
    size_t i = 0;
    while (form[i] != '\0' && (form[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i]))
        i++;
    return form[i] == '\0';
}

char *anonymous_id(const char *id)
{
    struct text text = {0};
    const char *tail = ""; /* the host may look like a time, so the last one counts */
    for (const char *dash = strchr(id, '-'); dash != NULL; dash = strchr(dash + 1, '-'))
        if (is_time(dash + 1))
            tail = dash;
    text_add(&text, "%s%s", ANONYMOUS_NAME, tail);
    return text.data;
}

char *anonymous_sample_line(const char *line, const char *host)
{
    /* Most lines are numbers: they stay as they are, digit by digit. */
    if (strpbrk(line, "/\\") == NULL && (host[0] == '\0' || strcasestr(line, host) == NULL))
        return text_copy(line);
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    if (object == NULL)
        return NULL;
    clean(object, host);
    char *made = json_dumps(object, JSON_COMPACT | JSON_ENSURE_ASCII);
    json_decref(object);
    return made;
}

bool anonymous_is(const char *document)
{
    json_t *run = json_loads(document, JSON_REJECT_DUPLICATES, NULL);
    const char *host = json_string_value(json_object_get(json_object_get(run, "machine"), "host"));
    bool is = host != NULL && strcmp(host, ANONYMOUS_NAME) == 0;
    json_decref(run);
    return is;
}

const char *anonymous_place(const struct run_record *record)
{
    return strcmp(record->host, ANONYMOUS_NAME) == 0 ? record->id : record->directory;
}
