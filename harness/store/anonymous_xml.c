/* Names out of hwloc's XML: only elements, attributes and infos that are known to describe the shape of the
 * machine are written; devices, which have serial numbers and addresses, are left out whole. No parser of XML
 * in general: what is not as hwloc writes it is refused. */
#include "harness/store/anonymous.h"

#include <stdbool.h>
#include <string.h>

static const char *const elements[] = {"topology", "object", "page_type", "support", "cpukind", "distances2",
    "indexes", "u64values", "memattr", "memattr_value", NULL};
static const char *const attributes[] = {"version", "os_index", "cpuset", "complete_cpuset", "allowed_cpuset",
    "nodeset", "complete_nodeset", "allowed_nodeset", "gp_index", "cache_size", "depth", "cache_linesize",
    "cache_associativity", "cache_type", "local_memory", "size", "count", "kind", "nbobjs", "length",
    "efficiency", "forced_efficiency", "flags", "target_obj_gp_index", "initiator_obj_gp_index",
    "initiator_cpuset", "dont_merge", NULL};
static const char *const infos[] = {"CPUVendor", "CPUFamilyNumber", "CPUModelNumber", "CPUModel",
    "CPUStepping", "CPUImplementer", "CPUArchitecture", "CPUVariant", "CPUPart", "CPURevision", "Inclusive",
    "Architecture", "Backend", "hwlocVersion", "CoreType", "FrequencyMaxMHz", "FrequencyBaseMHz",
    "LinuxCapacity", "MemoryTier", NULL};
static const char *const devices[] = {"Bridge", "PCIDev", "OSDev", "Misc", NULL};

struct piece {
    const char *begin;
    size_t length;
};

static bool piece_is_one_of(struct piece piece, const char *const *names)
{
    for (; *names != NULL; names++)
        if (strlen(*names) == piece.length && strncmp(piece.begin, *names, piece.length) == 0)
            return true;
    return false;
}

static bool piece_is_made_of(struct piece piece, const char *characters)
{
    return strspn(piece.begin, characters) >= piece.length;
}

/* A tag from behind its < up to its >; where the next begins, NULL if it has no end. */
static const char *find_end(const char *tag)
{
    for (char quote = '\0'; *tag != '\0'; tag++) {
        if (quote == '\0' && *tag == '>')
            return tag;
        if (quote == '\0' && (*tag == '"' || *tag == '\''))
            quote = *tag;
        else if (*tag == quote)
            quote = '\0';
    }
    return NULL;
}

/* The next attribute of a tag, advancing; false at the end, or where it is none. */
static bool next_attribute(const char **at, const char *end, struct piece *name, struct piece *value)
{
    const char *next = *at + strspn(*at, " \t\r\n");
    name->begin = next;
    name->length = strcspn(next, "= \t\r\n/>");
    next += name->length;
    if (next + 1 >= end || name->length == 0 || next[0] != '=' || next[1] != '"')
        return false;
    value->begin = next + 2;
    value->length = strcspn(value->begin, "\"");
    *at = value->begin + value->length + 1;
    return *at <= end;
}

static struct piece attribute_of(const char *at, const char *end, const char *wanted)
{
    struct piece name, value;
    while (next_attribute(&at, end, &name, &value))
        if (strlen(wanted) == name.length && strncmp(name.begin, wanted, name.length) == 0)
            return value;
    return (struct piece){"", 0};
}

static const char numbers[] = "0123456789abcdefxABCDEF,.+-";
static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.";

static void add_attributes(struct text *text, struct piece element, const char *at, const char *end)
{
    static const char *const named[] = {"support", "memattr", "distances2", NULL};
    static const char *const type[] = {"type", NULL}, *const its_name[] = {"name", NULL};
    struct piece name, value;
    while (next_attribute(&at, end, &name, &value)) {
        bool number = piece_is_one_of(name, attributes) && piece_is_made_of(value, numbers);
        bool word = piece_is_one_of(name, type) ||
                    (piece_is_one_of(name, its_name) && piece_is_one_of(element, named));
        if (number || (word && piece_is_made_of(value, letters)))
            text_add(text, " %.*s=\"%.*s\"", (int)name.length, name.begin, (int)value.length, value.begin);
    }
}

static void add_tag(struct text *text, const char *tag, const char *end)
{
    static const char *const info[] = {"info", NULL};
    bool closing = tag[0] == '/';
    struct piece element = {tag + closing, strcspn(tag + closing, " \t\r\n/>")};
    const char *rest = element.begin + element.length;
    struct piece name = attribute_of(rest, end, "name"), value = attribute_of(rest, end, "value");
    if (!closing && piece_is_one_of(element, info) && piece_is_one_of(name, infos))
        text_add(text, "<info name=\"%.*s\" value=\"%.*s\"/>", (int)name.length, name.begin,
            (int)value.length, value.begin);
    if (!piece_is_one_of(element, elements))
        return;
    text_add(text, closing ? "</%.*s" : "<%.*s", (int)element.length, element.begin);
    if (!closing)
        add_attributes(text, element, rest, end);
    text_add(text, !closing && end[-1] == '/' ? "/>" : ">");
}

/* How many objects deep inside a device the place behind this tag is. */
static int depth_in_device(int depth, const char *tag, const char *end)
{
    bool object = strncmp(tag, "object", 6) == 0, leaf = end[-1] == '/';
    if (strncmp(tag, "/object", 7) == 0)
        return depth > 0 ? depth - 1 : 0;
    if (object && !leaf && (depth > 0 || piece_is_one_of(attribute_of(tag + 6, end, "type"), devices)))
        return depth + 1;
    return depth;
}

static bool is_device(const char *tag, const char *end)
{
    return strncmp(tag, "object", 6) == 0 && piece_is_one_of(attribute_of(tag + 6, end, "type"), devices);
}

char *anonymous_topology_xml(const char *document)
{
    struct text text = {0};
    int depth = 0;
    text_add(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<!DOCTYPE topology SYSTEM \"hwloc2.dtd\">\n");
    for (const char *at = document; *at != '\0';) {
        struct piece words = {at, strcspn(at, "<")};
        if (depth == 0 && piece_is_made_of(words, "0123456789 \t\r\n") && text.data[text.length - 1] == '>')
            text_add_bytes(&text, words.begin, words.length);
        if (at[words.length] == '\0')
            break;
        const char *tag = at + words.length + 1;
        const char *end = strncmp(tag, "!--", 3) == 0 ? strstr(tag, "-->") : find_end(tag);
        if (end == NULL) {
            text_free(&text);
            return NULL;
        }
        int now = depth_in_device(depth, tag, end);
        if (depth == 0 && now == 0 && !is_device(tag, end) && tag[0] != '!' && tag[0] != '?')
            add_tag(&text, tag, end);
        depth = now;
        at = end + (strncmp(end, "-->", 3) == 0 && tag[0] == '!' ? 3 : 1);
    }
    text_add(&text, "\n");
    return text.data;
}
