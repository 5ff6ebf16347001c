/* The gate before hwloc: refuses in words what hwloc would crash on, wait for or half accept. Knows of XML
 * only how a document begins and ends. */
#include "harness/machine/topology_source.h"

#include "harness/machine/topology.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { XML_BYTES_MAX = 64 << 20, NAME_BYTES = 200 };

#define EXPORT_HINT "export one with \"lstopo --of xml FILE\""

const char *topology_source_name(const char *source, char *buffer, size_t size)
{
    if (strlen(source) < size)
        snprintf(buffer, size, "%s", source[0] != '\0' ? source : "\"\"");
    else
        snprintf(buffer, size, "%.*s…", (int)size - 4, source);
    return buffer;
}

/* ---- files ---- */

static enum status xml_refuse(const char *name, const char *what, struct error *error)
{
    return error_set(error, STATUS_FAILED, "topology %s: %s: " EXPORT_HINT, name, what);
}

/* Blanks, comments and processing instructions may follow the document; true if nothing else does. */
static bool xml_tail_is_empty(const char *tail, const char *end)
{
    while (tail < end) {
        size_t left = (size_t)(end - tail);
        const char *close = NULL;
        if (strchr(" \t\r\n", *tail) != NULL)
            close = tail + 1;
        else if (left >= 4 && memcmp(tail, "<!--", 4) == 0 && (close = memmem(tail + 4, left - 4, "-->", 3)))
            close += 3;
        else if (left >= 2 && memcmp(tail, "<?", 2) == 0 && (close = memmem(tail + 2, left - 2, "?>", 2)))
            close += 2;
        if (close == NULL)
            return false;
        tail = close;
    }
    return true;
}

static const char *xml_find_fault(const char *text, size_t length)
{
    if (length == 0)
        return "the file is empty";
    if (length >= 2 && memcmp(text, "\x1f\x8b", 2) == 0)
        return "the file is compressed (decompress it first)";
    if (memchr(text, '\0', length) != NULL)
        return "not an hwloc XML export (it is not text in UTF-8)";
    if (memmem(text, length, "<!ENTITY", 8) != NULL)
        return "not an hwloc XML export (it defines entities)";
    const char *root = memmem(text, length, "<topology", 9);
    if (root == NULL)
        return "not an hwloc XML export (it has no topology element)";
    const char *end = text + length;
    const char *close = memmem(root, (size_t)(end - root), "</topology", 10);
    const char *bracket = close != NULL ? memchr(close, '>', (size_t)(end - close)) : NULL;
    if (bracket == NULL)
        return "not a whole hwloc XML export (its topology element does not end)";
    if (!xml_tail_is_empty(bracket + 1, end))
        return "not an hwloc XML export (something follows its topology element)";
    return NULL;
}

static enum status file_too_large(const char *name, struct error *error)
{
    return error_set(error, STATUS_FAILED,
        "topology %s: the file is larger than 64 MiB, which no hwloc export is: " EXPORT_HINT, name);
}

static enum status file_read(int file, const char *name, struct text *xml, struct error *error)
{
    char bytes[65536];
    for (;;) {
        ssize_t count = read(file, bytes, sizeof bytes);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return error_set(error, STATUS_FAILED, "topology %s: cannot be read: %s", name, strerror(errno));
        if (count == 0)
            return STATUS_OK;
        if (xml->length + (size_t)count > XML_BYTES_MAX)
            return file_too_large(name, error);
        text_add_bytes(xml, bytes, (size_t)count);
    }
}

/* Non-blocking, and only after stat() has seen a regular file: opening a FIFO or a device can wait or act. */
static enum status file_open(const char *path, const char *name, int *file, struct error *error)
{
    struct stat found;
    if (stat(path, &found) != 0)
        return error_set(error, STATUS_FAILED, "topology %s: cannot be read: %s", name, strerror(errno));
    if (!S_ISREG(found.st_mode))
        return error_set(error, STATUS_FAILED,
            "topology %s: is %s, not a file: give an hwloc XML export or a "
            "synthetic string",
            name, S_ISDIR(found.st_mode) ? "a directory" : "a device, pipe or socket");
    if (found.st_size > XML_BYTES_MAX) /* and if it grows: file_read() */
        return file_too_large(name, error);
    int opened = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (opened < 0)
        return error_set(error, STATUS_FAILED, "topology %s: cannot be opened: %s", name, strerror(errno));
    *file = opened;
    return STATUS_OK;
}

/* ---- synthetic strings ---- */

/* The PUs that a synthetic string asks for, saturated above TOPOLOGY_PU_LIMIT: the product of its level
 * counts. Brackets hold attributes and attached memory, whose numbers are no counts. hwloc itself would set
 * out to build any number of them. */
static long synthetic_count_pus(const char *string)
{
    long pus = 1;
    int nested = 0;
    bool level_begins = true;
    for (const char *c = string; *c != '\0';) {
        nested += *c == '(' || *c == '[';
        nested -= (*c == ')' || *c == ']') && nested > 0;
        bool counts = nested == 0 && (*c == ':' || (level_begins && *c >= '0' && *c <= '9'));
        level_begins = strchr(" \t\n)]", *c) != NULL;
        if (!counts) {
            c++;
            continue;
        }
        char *end;
        const char *number = c + (*c == ':');
        unsigned long count = strtoul(number, &end, 0);
        if (number[strspn(number, " \t")] == '-')
            return 0; /* hwloc has words for that */
        c = end > number ? end : number;
        if (count > TOPOLOGY_PU_LIMIT || (pus *= (long)count) > TOPOLOGY_PU_LIMIT)
            return TOPOLOGY_PU_LIMIT + 1L;
    }
    return pus;
}

static enum status synthetic_check(const char *string, const char *name, struct error *error)
{
    size_t length = strlen(string);
    if (strchr(string, '/') != NULL || (length >= 4 && strcasecmp(string + length - 4, ".xml") == 0))
        return error_set(error, STATUS_FAILED, "topology %s: no such file: " EXPORT_HINT, name);
    if (synthetic_count_pus(string) >= TOPOLOGY_PU_LIMIT)
        return error_set(error, STATUS_FAILED,
            "topology %s: asks for more than 65535 PUs: give smaller counts, as in \"package:2 core:4 pu:2\"",
            name);
    return STATUS_OK;
}

enum status topology_source_read(const char *source, struct text *xml, struct error *error)
{
    char name[NAME_BYTES];
    topology_source_name(source, name, sizeof name);
    struct stat found;
    if (stat(source, &found) != 0 && (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG))
        return synthetic_check(source, name, error);
    int file = -1;
    enum status status = file_open(source, name, &file, error);
    if (status != STATUS_OK)
        return status;
    status = file_read(file, name, xml, error);
    close(file);
    if (status != STATUS_OK)
        return status;
    const char *fault = xml_find_fault(xml->data != NULL ? xml->data : "", xml->length);
    return fault != NULL ? xml_refuse(name, fault, error) : STATUS_OK;
}
