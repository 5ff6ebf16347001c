/* One verified run, written to disk: everything under a temporary name first, so that a full disk leaves
 * nothing behind. Takes no time of anything. */
#include "harness/worker/save.h"
#include "harness/data/npy_header.h"
#include "harness/worker/request.h"
#include "harness/worker/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/prctl.h>
#include <unistd.h>

static const struct number {
    const char *descr;
    int64_t bytes;
} numbers[] = {[KERNEL_F32] = {"<f4", 4},
    [KERNEL_F64] = {"<f8", 8},
    [KERNEL_I32] = {"<i4", 4},
    [KERNEL_I64] = {"<i8", 8}};

/* A file that is written under `temporary` and then gets its name. */
struct file {
    char name[PATH_MAX], temporary[PATH_MAX];
    bool made;
};

static bool complain(const char *path, const char *why)
{
    fprintf(stderr, "%s: cannot write this file: %s; nothing was saved\n", path, why);
    return false;
}

static bool write_bytes(int file, const char *bytes, int64_t count)
{
    while (count > 0) {
        ssize_t written = write(file, bytes, count < 1 << 30 ? (size_t)count : (size_t)1 << 30);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        bytes += written;
        count -= written;
    }
    return true;
}

static bool name_file(const struct request *request, const struct kernel_result *result, struct file *file)
{
    int length = snprintf(file->name, sizeof file->name, "%s/%s-%s-%s-%s.npy", request->save,
        request->kernel->name, request->variant->name, request->kernel->element, result->name);
    if (length < 0 || (size_t)length >= sizeof file->name)
        return complain(request->save, "its name is too long");
    size_t stem = (size_t)length, room = sizeof file->temporary - stem;
    memcpy(file->temporary, file->name, stem);
    length = snprintf(file->temporary + stem, room, ".%ld.tmp", (long)getpid());
    return (size_t)length < room || complain(file->name, "its name is too long");
}

static bool write_file(const struct kernel_result *result, struct file *file)
{
    char header[NPY_HEADER_ROOM];
    const struct number *number = &numbers[result->number];
    size_t header_bytes = npy_header_make(header, number->descr, result->rows, result->columns);
    int64_t count = result->rows * (result->columns > 0 ? result->columns : 1);
    int fd = open(file->temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return complain(file->name, strerror(errno));
    file->made = true;
    bool written = write_bytes(fd, header, (int64_t)header_bytes) &&
                   write_bytes(fd, result->data, count * number->bytes) && fsync(fd) == 0;
    int fault = errno;
    if (close(fd) != 0 && written) {
        written = false;
        fault = errno;
    }
    return written || complain(file->name, strerror(fault));
}

/* All arrays are on the disk before the first gets its name. */
static bool write_results(const struct request *request, const struct kernel_result *result, int count)
{
    static struct file files[KERNEL_RESULTS_MAX];
    bool good = true;
    for (int i = 0; i < count && good; i++)
        good = name_file(request, &result[i], &files[i]) && write_file(&result[i], &files[i]);
    for (int i = 0; i < count && good; i++) {
        good = rename(files[i].temporary, files[i].name) == 0 || complain(files[i].name, strerror(errno));
        files[i].made = !good;
    }
    for (int i = 0; i < count; i++) {
        if (files[i].made)
            unlink(files[i].temporary);
        else if (good)
            printf("%s\n", files[i].name);
    }
    return good;
}

static int compute_and_write(const struct request *request, void *state)
{
    const struct kernel *kernel = request->kernel;
    size_t threads = (size_t)request->config.threads;
    struct kernel_lane *lanes = aligned_alloc(_Alignof(struct kernel_lane), threads * sizeof *lanes);
    struct kernel_check check = {.what = "", .index = -1};
    struct kernel_result result[KERNEL_RESULTS_MAX];
    if (lanes == NULL) {
        fprintf(stderr, "no memory for a team of %zu threads\n", threads);
        return WORKER_FAILED;
    }
    memset(lanes, 0, threads * sizeof *lanes);
    kernel->fill(state);
    kernel->spoil(state, true);
    request->variant->run(state, lanes);
    free(lanes);
    kernel->check(state, &check);
    if (!check.passed) {
        fprintf(stderr,
            "the result of %s %s is wrong and was not saved: %s: at %lld got %.17g, expected %.17g\n",
            kernel->name, request->variant->name, check.what, (long long)check.index, check.got,
            check.expected);
        return WORKER_UNVERIFIED;
    }
    return write_results(request, result, kernel->results(state, result)) ? WORKER_DONE : WORKER_FAILED;
}

static int save(const struct request *request)
{
    const struct kernel *kernel = request->kernel;
    const char *why = kernel->reject(&request->config);
    if (why == NULL && kernel->unavailable != NULL)
        why = kernel->unavailable(&request->config, request->variant);
    if (why == NULL && request->save == NULL)
        why = "save=FOLDER is missing";
    if (why != NULL) {
        fprintf(stderr, "%s\n", why);
        return WORKER_USAGE;
    }
    if (kernel->results == NULL) {
        printf("%s has nothing to save\n", kernel->name);
        return WORKER_DONE;
    }
    void *state = kernel->create(&request->config, request->variant);
    if (state == NULL) {
        fprintf(stderr, "no memory for the problem\n");
        return WORKER_FAILED;
    }
    int code = compute_and_write(request, state);
    kernel->destroy(state);
    return code;
}

int worker_save(char **words, int count)
{
    static struct request request;
    if (!request_parse(words, count, &request))
        return WORKER_USAGE;
    signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is to be an error of write() */
    int code = WORKER_FAILED;
    bool orphan = false;
    if (request.parent > 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        orphan = getppid() != (pid_t)request.parent;
    }
    if (!orphan)
        code = save(&request);
    if (fflush(stdout) != 0)
        code = WORKER_FAILED;
    request_free(&request);
    return code;
}
