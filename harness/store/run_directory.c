/* Makes a run directory and appends to its samples. Refuses to change anything that was once written.
 *
 * Every line reaches the kernel in one write() before append returns, so it survives whatever happens to this
 * process, kill -9 included. It is not forced to the disk line by line: that would disturb the measurement,
 * and a machine that loses its power loses at most the last seconds. */
#include "harness/store/run_directory.h"

#include "harness/base/text.h"
#include "harness/machine/machine.h"
#include "harness/store/anonymous.h"
#include "harness/store/file_write.h"
#include "harness/store/run_json.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char *path_in(const char *folder, const char *name)
{
    struct text path = {0};
    text_add(&path, "%s/%s", folder, name);
    return path.data;
}

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* The host as it may stand in a file name: at most 64 characters, not hidden, not looking like an option. */
static void host_restrict(const char *host, char restricted[65])
{
    while (*host != '\0' && !is_letter_or_digit(*host))
        host++;
    snprintf(restricted, 65, "%s", *host != '\0' ? host : "unknown");
    for (char *c = restricted; *c != '\0'; c++)
        if (!is_letter_or_digit(*c) && *c != '.' && *c != '_')
            *c = '-';
}

/* mkdir is the lock: two runs that start in the same second get different names. */
static enum status claim_folder(const char *parent, const char *host, const struct tm *now,
    struct run_directory *run, struct error *error)
{
    char stamp[32];
    strftime(stamp, sizeof stamp, "%Y%m%dT%H%M%SZ", now);
    for (int n = 1; n < 10000; n++) {
        struct text id = {0};
        text_add(&id, n == 1 ? "%s-%s" : "%s-%s-%d", host, stamp, n);
        char *path = path_in(parent, id.data);
        if (mkdir(path, 0777) == 0) {
            run->id = id.data;
            run->path = path;
            return STATUS_OK;
        }
        int fault = errno;
        if (fault != EEXIST)
            error_set(error, STATUS_FAILED,
                "%s: cannot make the run directory: %s; choose another folder with --out", path,
                strerror(fault));
        text_free(&id);
        free(path);
        if (fault != EEXIST)
            return STATUS_FAILED;
    }
    return error_set(error, STATUS_FAILED, "%s: no free name for a run of %s at %s", parent, host, stamp);
}

static enum status open_samples(struct run_directory *run, int *fd, struct error *error)
{
    enum status status = STATUS_OK;
    char *path = path_in(run->path, "samples.jsonl");
    int opened = open(path, O_RDWR | O_APPEND | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (opened < 0)
        status = error_set(error, STATUS_FAILED, "%s: cannot make this file: %s", path, strerror(errno));
    else
        *fd = opened;
    if (opened >= 0)
        flock(opened, LOCK_EX | LOCK_NB); /* `resume` looks for it; some file systems have none */
    free(path);
    return status;
}

/* run.json comes last: a directory without it is not a run. */
static enum status write_facts(const struct run_directory *run, struct error *error)
{
    char *run_json = path_in(run->path, "run.json"), *topology_xml = path_in(run->path, "topology.xml");
    enum status status = STATUS_OK;
    if (run->topology_xml != NULL)
        status = file_write_whole(topology_xml, run->topology_xml, strlen(run->topology_xml), error);
    if (status == STATUS_OK)
        status = file_write_whole(run_json, run->run_json, strlen(run->run_json), error);
    free(run_json);
    free(topology_xml);
    return status;
}

static void remove_folder(const struct run_directory *run)
{
    const char *const names[] = {"run.json", "topology.xml", "samples.jsonl"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = path_in(run->path, names[i]);
        unlink(path);
        free(path);
    }
    rmdir(run->path);
}

/* What the two files will hold. */
static void make_facts(const struct run_facts *facts, const char *started, struct run_directory *run)
{
    const char *xml = facts->machine->topology.xml;
    run->run_json = run_json_make(facts, run->id, started);
    if (!facts->anonymous) {
        run->topology_xml = xml != NULL ? text_copy(xml) : NULL;
        return;
    }
    char *named = run->run_json;
    run->run_json = anonymous_run_json(named, run->id);
    run->topology_xml = xml != NULL ? anonymous_topology_xml(xml) : NULL;
    run->hidden_host = text_copy(facts->machine->host);
    free(named);
}

enum status run_directory_create(
    const char *parent, const struct run_facts *facts, struct run_directory *run, struct error *error)
{
    struct run_directory made = {.samples_fd = -1};
    char host[65], started[32];
    struct tm now;
    time_t seconds = time(NULL);
    char *folder = text_copy_path(parent[0] != '\0' ? parent : ".");

    gmtime_r(&seconds, &now);
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", &now);
    host_restrict(facts->anonymous ? ANONYMOUS_NAME : facts->machine->host, host);
    /* A limit on the size of files is to be an error of write(), which is reported, and not a death. */
    signal(SIGXFSZ, SIG_IGN);

    struct error why;
    enum status status = folder_make_all(folder, &why);
    if (status != STATUS_OK)
        error_set(error, status, "%.900s with --out", why.text);
    if (status == STATUS_OK)
        status = claim_folder(folder, host, &now, &made, error);
    if (status != STATUS_OK)
        goto cleanup;
    make_facts(facts, started, &made);
    status = open_samples(&made, &made.samples_fd, error);
    if (status == STATUS_OK)
        status = write_facts(&made, error);
    if (status == STATUS_OK) {
        *run = made;
        made = (struct run_directory){.samples_fd = -1};
    } else {
        remove_folder(&made);
    }
cleanup:
    run_directory_close(&made);
    free(folder);
    return status;
}

/* Appends the bytes whole or not at all; 0 or an error number. */
static int append_whole(struct run_directory *run, const char *bytes, size_t length)
{
    off_t before = lseek(run->samples_fd, 0, SEEK_END);
    for (size_t done = 0; done < length;) {
        ssize_t written = write(run->samples_fd, bytes + done, length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            int fault = written < 0 ? errno : EIO;
            if (done > 0 && ftruncate(run->samples_fd, before) != 0) {
                /* The torn line must stay the last one: readers drop it. */
                close(run->samples_fd);
                run->samples_fd = -1;
            }
            return fault;
        }
        done += (size_t)written;
    }
    return 0;
}

/* The directory was removed under a running measurement. The samples still exist behind the open descriptor:
 * the files are written again under the old name. */
static enum status restore(struct run_directory *run, struct error *error)
{
    int lost = run->samples_fd, fresh = -1;
    char buffer[65536];
    ssize_t got = 0;
    enum status status = folder_make_all(run->path, error);
    if (status == STATUS_OK)
        status = open_samples(run, &fresh, error);
    if (status != STATUS_OK)
        return status;
    run->samples_fd = fresh;
    for (off_t at = 0; (got = pread(lost, buffer, sizeof buffer, at)) > 0 && status == STATUS_OK; at += got) {
        int fault = append_whole(run, buffer, (size_t)got);
        if (fault != 0)
            status = error_set(error, STATUS_FAILED, "%s: %s", run->path, strerror(fault));
    }
    if (got < 0 && status == STATUS_OK)
        status = error_set(error, STATUS_FAILED, "%s: the samples cannot be read back", run->path);
    close(lost);
    return status == STATUS_OK ? write_facts(run, error) : status;
}

enum status run_directory_append(struct run_directory *run, const char *json_line, struct error *error)
{
    struct stat facts;
    struct error why = {""};
    if (run->samples_fd < 0)
        return error_set(
            error, STATUS_FAILED, "%s: samples.jsonl is closed after an earlier fault", run->path);
    bool removed = fstat(run->samples_fd, &facts) == 0 && facts.st_nlink == 0;
    bool restored = removed && restore(run, &why) == STATUS_OK;

    struct text line = {0};
    char *hidden = run->hidden_host != NULL ? anonymous_sample_line(json_line, run->hidden_host) : NULL;
    text_add(&line, "%s\n", hidden != NULL ? hidden : json_line);
    free(hidden);
    int fault = run->samples_fd < 0 ? EIO : append_whole(run, line.data, line.length);
    text_free(&line);

    if (removed && !restored)
        return error_set(error, STATUS_FAILED,
            "%s: the run directory was removed during the run, and what was measured cannot be written "
            "again: %s",
            run->path, why.text);
    if (fault != 0)
        return error_set(error, STATUS_FAILED,
            "%s/samples.jsonl: cannot append: %s; what was measured before is kept; carry on with 'acelera "
            "resume %s'",
            run->path, strerror(fault), run->path);
    if (removed)
        return error_set(error, STATUS_FAILED,
            "%s: the run directory was removed during the run; it was written again with everything measured "
            "so "
            "far, and the run ends here",
            run->path);
    return STATUS_OK;
}

void run_directory_close(struct run_directory *run)
{
    if (run->samples_fd >= 0)
        close(run->samples_fd);
    free(run->path);
    free(run->id);
    free(run->run_json);
    free(run->topology_xml);
    free(run->hidden_host);
    *run = (struct run_directory){.samples_fd = -1};
}
