/* Whole files and folders, all or nothing. Knows nothing of what is in them. */
#include "harness/store/file_write.h"

#include "harness/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int write_all(int fd, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t written = write(fd, data, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return -1;
        data += written;
        length -= (size_t)written;
    }
    return 0;
}

enum status file_write_whole(const char *path, const char *data, size_t length, struct error *error)
{
    enum status status = STATUS_OK;
    struct text temporary = {0};
    text_add(&temporary, "%s.%ld.tmp", path, (long)getpid());
    int fd = open(temporary.data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    bool written = fd >= 0 && write_all(fd, data, length) == 0 && fsync(fd) == 0;
    int fault = errno;
    if (fd >= 0 && close(fd) != 0 && written) {
        written = false;
        fault = errno;
    }
    if (written && rename(temporary.data, path) != 0) {
        written = false;
        fault = errno;
    }
    if (!written) {
        status = error_set(error, STATUS_FAILED, "%s: cannot write this file: %s", path, strerror(fault));
        if (fd >= 0)
            unlink(temporary.data);
    }
    text_free(&temporary);
    return status;
}

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

enum status folder_make_all(const char *path, struct error *error)
{
    enum status status = STATUS_OK;
    char *prefix = text_copy(path);
    size_t length = strlen(prefix);
    for (size_t i = 1; i <= length && status == STATUS_OK; i++) {
        if (prefix[i] != '/' && prefix[i] != '\0')
            continue;
        char separator = prefix[i];
        prefix[i] = '\0';
        if (mkdir(prefix, 0777) != 0) {
            int fault = errno;
            if (!is_folder(prefix))
                status = error_set(error, STATUS_FAILED, "%s: cannot make this folder: %s; choose another",
                    prefix, fault == EEXIST ? "a file of that name is in the way" : strerror(fault));
        }
        prefix[i] = separator;
    }
    free(prefix);
    return status;
}
