/* Opens the run directory of an interrupted run again. Changes nothing but a torn last line. */
#include "harness/store/run_directory.h"

#include "harness/base/text.h"
#include "harness/store/anonymous.h"
#include "harness/store/record_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

/* The whole of a file that the run directory should have; NULL if it cannot be read. */
static char *read_whole(const char *folder, const char *name)
{
    struct text path = {0}, content = {0};
    struct error why;
    char buffer[65536];
    long long bytes;
    int fd = -1;
    ssize_t got = 0;
    text_add(&path, "%s/%s", folder, name);
    if (record_open_file(path.data, &fd, &bytes, &why) == STATUS_OK) {
        text_add(&content, "%s", "");
        while ((got = read(fd, buffer, sizeof buffer)) > 0)
            text_add_bytes(&content, buffer, (size_t)got);
        close(fd);
    }
    text_free(&path);
    if (got < 0)
        text_free(&content);
    return content.data;
}

static enum status open_and_lock(const char *path, int *fd, struct error *error)
{
    struct stat facts;
    int opened = open(path, O_RDWR | O_APPEND | O_CLOEXEC | O_NONBLOCK);
    if (opened < 0)
        return error_set(error, STATUS_FAILED, "%s: cannot be opened for writing: %s", path, strerror(errno));
    enum status status = STATUS_OK;
    if (fstat(opened, &facts) != 0 || !S_ISREG(facts.st_mode))
        status = error_set(error, STATUS_FAILED, "%s: not a regular file", path);
    else if (flock(opened, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
        status = error_set(error, STATUS_FAILED,
            "%s: another process is writing to this run; wait until it has ended, or stop it", path);
    if (status == STATUS_OK)
        *fd = opened;
    else
        close(opened);
    return status;
}

enum status run_directory_open(const char *path, struct run_directory *run, struct error *error)
{
    struct text samples = {0};
    int fd = -1;
    text_add(&samples, "%s/samples.jsonl", path);
    enum status status = open_and_lock(samples.data, &fd, error);
    text_free(&samples);
    if (status != STATUS_OK)
        return status;
    signal(SIGXFSZ, SIG_IGN); /* as for a run that begins */
    const char *name = strrchr(path, '/');
    *run = (struct run_directory){.path = text_copy(path),
        .id = text_copy(name != NULL ? name + 1 : path),
        .samples_fd = fd,
        .run_json = read_whole(path, "run.json"),
        .topology_xml = read_whole(path, "topology.xml")};
    struct utsname here;
    if (run->run_json != NULL && anonymous_is(run->run_json))
        run->hidden_host = text_copy(uname(&here) == 0 ? here.nodename : "");
    if (run->run_json != NULL)
        return STATUS_OK;
    run_directory_close(run);
    return error_set(error, STATUS_FAILED, "%s/run.json: cannot be read; a run directory holds it", path);
}

/* Where the last whole line ends; −1 if the file cannot be read. */
static off_t end_of_lines(int fd, off_t size)
{
    char buffer[65536];
    while (size > 0) {
        off_t begin = size > (off_t)sizeof buffer ? size - (off_t)sizeof buffer : 0;
        ssize_t got = pread(fd, buffer, (size_t)(size - begin), begin);
        if (got != size - begin)
            return -1;
        const char *newline = memrchr(buffer, '\n', (size_t)got);
        if (newline != NULL)
            return begin + (newline - buffer) + 1;
        size = begin;
    }
    return 0;
}

enum status run_directory_cut_torn_line(struct run_directory *run, struct error *error)
{
    struct stat facts;
    off_t end = -1;
    if (fstat(run->samples_fd, &facts) == 0)
        end = end_of_lines(run->samples_fd, facts.st_size);
    if (end < 0 || (end < facts.st_size && ftruncate(run->samples_fd, end) != 0))
        return error_set(error, STATUS_FAILED, "%s/samples.jsonl: its torn last line cannot be cut off: %s",
            run->path, strerror(errno));
    return STATUS_OK;
}
