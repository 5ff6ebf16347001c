/* One read-only mapping, and what happens when the file behind it goes away. Converts nothing: a kernel reads
 * the numbers as they lie. */
#include "harness/worker/table.h"
#include "harness/worker/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/* For the signal handler: the one mapping of this process. */
static const char *volatile mapped_begin;
static const char *volatile mapped_end;

static void die_of_short_file(int signal_number, siginfo_t *what, void *context)
{
    static const char line[] = "the file named by data= became shorter while it was read; run again\n";
    const char *where = what->si_addr;
    (void)context;
    if (where >= mapped_begin && where < mapped_end) {
        if (write(STDERR_FILENO, line, sizeof line - 1) < 0)
            raise(SIGKILL); /* unheard: at least the signal is seen */
        _exit(WORKER_FAILED);
    }
    signal(signal_number, SIG_DFL); /* not ours: it is raised again, and ends the process as it should */
}

static bool complain(const struct table_words *words, const char *why)
{
    fprintf(stderr, "data=%s: %s\n", words->path, why);
    return false;
}

static bool file_suits(const struct table_words *words, const struct stat *facts)
{
    int64_t bytes, mtime_ns = (int64_t)facts->st_mtim.tv_sec * 1000000000 + facts->st_mtim.tv_nsec;
    if (!S_ISREG(facts->st_mode))
        return complain(words, "not a regular file");
    if ((words->file_bytes >= 0 && words->file_bytes != (int64_t)facts->st_size) ||
        (words->mtime_ns >= 0 && words->mtime_ns != mtime_ns))
        return complain(words, "was changed after the run had been planned; run again");
    if (words->offset_bytes % (words->bits / 8) != 0)
        return complain(words, "data_offset is not a multiple of a number's size");
    if (__builtin_mul_overflow(words->rows, words->columns, &bytes) ||
        __builtin_mul_overflow(bytes, words->bits / 8, &bytes) ||
        __builtin_add_overflow(bytes, words->offset_bytes, &bytes) || bytes > (int64_t)facts->st_size)
        return complain(words, "is shorter than its shape says");
    return true;
}

bool table_map(const struct table_words *words, struct table *table)
{
    struct stat facts;
    int file = open(words->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return complain(words, strerror(errno));
    bool suits = fstat(file, &facts) == 0 && file_suits(words, &facts);
    void *map = suits ? mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_SHARED, file, 0) : MAP_FAILED;
    if (suits && map == MAP_FAILED)
        complain(words, strerror(errno));
    close(file);
    if (map == MAP_FAILED)
        return false;
    table->map = map;
    table->map_bytes = (size_t)facts.st_size;
    table->kernel = (struct kernel_table){.data = (const char *)map + words->offset_bytes,
        .bits = words->bits,
        .column_major = words->column_major};
    mapped_begin = map;
    mapped_end = mapped_begin + table->map_bytes;
    struct sigaction action = {.sa_sigaction = die_of_short_file, .sa_flags = SA_SIGINFO};
    sigaction(SIGBUS, &action, NULL);
    return true;
}

void table_unmap(struct table *table)
{
    if (table->map != NULL)
        munmap(table->map, table->map_bytes);
    *table = (struct table){0};
}
