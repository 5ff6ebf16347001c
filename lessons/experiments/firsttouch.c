/* firsttouch: memory belongs to nobody until somebody writes to it. A table is mapped, then written for the
 * first time either by the threads that will read it, each its own part (writer=own), or all of it by the
 * first thread (writer=one). Then each thread reads its part, again and again, and the kernel is asked where
 * the pages are. With faults=1 the first write to each page is timed, and the second. Refuses to move a page,
 * and to need a library for the question.
 */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGES_ASKED = 64, ACCUMULATORS = 8, CHUNK_BYTES = 1 << 18 };

struct firsttouch {
    unsigned char *table;
    size_t bytes, page_bytes;
    int *writer_node; /* of each thread's part: where its first writer ran; −1 unknown */
    int *reader_node;
};

static int node_here(void)
{
    unsigned cpu, node;
    return syscall(SYS_getcpu, &cpu, &node, NULL) == 0 ? (int)node : -1;
}

/* Part `rank` of the table, in whole pages. */
static void part_of(const struct firsttouch *f, int rank, int threads, size_t *begin, size_t *end)
{
    int64_t first, last;
    team_share((int64_t)(f->bytes / f->page_bytes), rank, threads, &first, &last);
    *begin = (size_t)first * f->page_bytes;
    *end = (size_t)last * f->page_bytes;
}

static void *map_table(size_t bytes)
{
    void *table = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (table == MAP_FAILED)
        return NULL;
    madvise(table, bytes, MADV_NOHUGEPAGE); /* pages of one size: what is counted is what is meant */
    return table;
}

static void release_firsttouch(void *state)
{
    struct firsttouch *f = state;
    if (f->table != NULL)
        munmap(f->table, f->bytes);
    free(f->writer_node);
    free(f->reader_node);
    free(f);
}

static void write_first(struct firsttouch *f, int threads, bool one)
{
#pragma omp parallel num_threads(threads)
    {
        int rank = team_rank();
        size_t begin, end;
        f->reader_node[rank] = node_here();
        if (!one || rank == 0)
            for (int part = one ? 0 : rank; part < (one ? threads : rank + 1); part++) {
                part_of(f, part, threads, &begin, &end);
                memset(f->table + begin, part + 1, end - begin);
                f->writer_node[part] = node_here();
            }
    }
}

static const char *prepare_firsttouch(const struct experiment_setup *setup, void **state)
{
    struct firsttouch *f = calloc(1, sizeof *f);
    if (f == NULL)
        return "no memory for the table";
    f->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    f->bytes = (size_t)experiment_number(setup, "bytes", 1 << 26) / f->page_bytes * f->page_bytes;
    f->writer_node = calloc((size_t)setup->threads, sizeof *f->writer_node);
    f->reader_node = calloc((size_t)setup->threads, sizeof *f->reader_node);
    f->table = map_table(f->bytes);
    if (f->table == NULL || f->writer_node == NULL || f->reader_node == NULL || f->bytes == 0) {
        release_firsttouch(f);
        return "no memory for the table";
    }
    if (experiment_number(setup, "faults", 0) == 0)
        write_first(f, setup->threads, strcmp(experiment_text(setup, "writer", "own"), "one") == 0);
    *state = f;
    return NULL;
}

static uint64_t sum_bytes(const unsigned char *from, size_t bytes)
{
    uint64_t sum[ACCUMULATORS] = {0}, word[ACCUMULATORS];
    for (size_t i = 0; i + sizeof word <= bytes; i += sizeof word) {
        memcpy(word, from + i, sizeof word);
        for (int a = 0; a < ACCUMULATORS; a++)
            sum[a] += word[a];
    }
    for (int a = 1; a < ACCUMULATORS; a++)
        sum[0] += sum[a];
    return sum[0];
}

/* Reads the part of one thread until the time is up, whole sweeps at the end of which all look at the clock
 * for themselves; returns the bytes read. */
static double read_part(const struct firsttouch *f, int rank, int threads, int64_t end_ns,
    struct experiment_lane *lane, uint64_t *sum)
{
    size_t begin, end;
    double bytes = 0;
    part_of(f, rank, threads, &begin, &end);
    for (int64_t now_ns = work_now_ns(); now_ns < end_ns;)
        for (size_t at = begin; at < end && now_ns < end_ns; at += CHUNK_BYTES) {
            size_t length = end - at < CHUNK_BYTES ? end - at : CHUNK_BYTES;
            int64_t begin_ns = now_ns;
            *sum += sum_bytes(f->table + at, length);
            now_ns = work_now_ns();
            experiment_add_chunk(lane, CHUNK_WORK, begin_ns, now_ns, false);
            bytes += (double)length;
        }
    return bytes;
}

/* Shares of the pages asked about that are on the node of the first writer, and on the reader's. */
static void ask_placement(const struct firsttouch *f, int threads, struct experiment_result *result)
{
    double asked = 0, with_writer = 0, with_reader = 0;
    for (int rank = 0; rank < threads; rank++) {
        void *page[PAGES_ASKED];
        int node[PAGES_ASKED];
        size_t begin, end;
        part_of(f, rank, threads, &begin, &end);
        size_t pages = (end - begin) / f->page_bytes;
        for (size_t i = 0; i < PAGES_ASKED; i++)
            page[i] =
                f->table + begin + (pages > 0 ? i * (pages - 1) / (PAGES_ASKED - 1) : 0) * f->page_bytes;
        if (pages == 0 || syscall(SYS_move_pages, 0, (unsigned long)PAGES_ASKED, page, NULL, node, 0) != 0)
            continue;
        for (int i = 0; i < PAGES_ASKED; i++) {
            if (node[i] < 0)
                continue;
            asked++;
            with_writer += node[i] == f->writer_node[rank];
            with_reader += node[i] == f->reader_node[rank];
        }
    }
    if (asked == 0)
        return; /* not allowed to ask: unknown */
    experiment_add_value(result, "pages_asked", asked, "1");
    experiment_add_value(result, "pages_with_writer", with_writer / asked, "1");
    experiment_add_value(result, "pages_with_reader", with_reader / asked, "1");
}

static void read_all(
    const struct experiment_setup *setup, const struct firsttouch *f, struct experiment_result *result)
{
    double bytes = 0;
    uint64_t sum = 0;
    int64_t begin_ns = work_now_ns(), end_ns = begin_ns + (int64_t)(1e9 * setup->seconds);
#pragma omp parallel num_threads(setup->threads) reduction(+ : bytes, sum)
    {
        int rank = team_rank();
        experiment_lane_begin(&result->lane[rank]);
        bytes = read_part(f, rank, setup->threads, end_ns, &result->lane[rank], &sum);
        experiment_lane_end(&result->lane[rank]);
    }
    __asm__ volatile("" : : "r"(sum)); /* the reading is wanted */
    double seconds = 1e-9 * (double)(work_now_ns() - begin_ns);
    experiment_add_value(result, "bandwidth", bytes / seconds, "B/s");
}

/* One byte of each page; returns seconds for a page. */
static double write_pages(const struct firsttouch *f, unsigned char value, struct experiment_lane *lane)
{
    int64_t begin_ns = work_now_ns();
    for (size_t at = 0; at < f->bytes; at += f->page_bytes)
        *(volatile unsigned char *)(f->table + at) = value;
    int64_t end_ns = work_now_ns();
    experiment_add_chunk(lane, CHUNK_WORK, begin_ns, end_ns, false);
    return 1e-9 * (double)(end_ns - begin_ns) / (double)(f->bytes / f->page_bytes);
}

static void time_faults(struct firsttouch *f, struct experiment_result *result)
{
    struct rusage before, between, after;
    experiment_lane_begin(&result->lane[0]);
    getrusage(RUSAGE_SELF, &before);
    double first_s = write_pages(f, 1, &result->lane[0]);
    getrusage(RUSAGE_SELF, &between);
    double second_s = write_pages(f, 2, &result->lane[0]);
    getrusage(RUSAGE_SELF, &after);
    experiment_lane_end(&result->lane[0]);
    double pages = (double)(f->bytes / f->page_bytes);
    experiment_add_value(result, "first_write", first_s, "s");
    experiment_add_value(result, "second_write", second_s, "s");
    experiment_add_value(result, "first_faults", (double)(between.ru_minflt - before.ru_minflt) / pages, "1");
    experiment_add_value(result, "second_faults", (double)(after.ru_minflt - between.ru_minflt) / pages, "1");
    experiment_add_value(result, "page", (double)f->page_bytes, "B");
}

static const char *run_firsttouch(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct firsttouch *f = state;
    if (experiment_number(setup, "faults", 0) != 0) {
        time_faults(f, result);
        return NULL;
    }
    read_all(setup, f, result);
    ask_placement(f, setup->threads, result);
    return NULL;
}

const struct experiment experiment_firsttouch = {
    .name = "firsttouch",
    .what = "who writes a page first, and what reading costs; bytes=TABLE writer=own|one, or faults=1",
    .prepare = prepare_firsttouch,
    .run = run_firsttouch,
    .release = release_firsttouch,
};
