/* Bounded in size, strict in form. */
#include "lessons/class/json_file.h"

#include "harness/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

static bool read_all(int opened, char *data, size_t length)
{
    size_t have = 0;
    while (have < length) {
        ssize_t n = read(opened, data + have, length - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        have += (size_t)n;
    }
    return true;
}

enum status json_file_read(const char *path, json_t **root, struct error *error)
{
    struct stat facts;
    json_error_t fault;
    enum status status = STATUS_OK;
    char *data = NULL;
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (opened < 0)
        return error_set(error, STATUS_FAILED, "%s: %s", path, strerror(errno));
    if (fstat(opened, &facts) != 0 || !S_ISREG(facts.st_mode)) {
        status = error_set(error, STATUS_FAILED, "%s: not a regular file", path);
    } else if (facts.st_size > JSON_FILE_BYTES_MAX) {
        status = error_set(error, STATUS_FAILED, "%s: larger than %d MiB, which no lesson writes", path,
            JSON_FILE_BYTES_MAX >> 20);
    } else {
        data = memory_new((size_t)facts.st_size + 1, 1);
        json_t *read = read_all(opened, data, (size_t)facts.st_size)
                           ? json_loadb(data, (size_t)facts.st_size, JSON_REJECT_DUPLICATES, &fault)
                           : NULL;
        if (read == NULL || !json_is_object(read)) {
            json_decref(read);
            status = error_set(error, STATUS_FAILED, "%s: not a JSON object", path);
        } else {
            *root = read;
        }
    }
    free(data);
    close(opened);
    return status;
}
