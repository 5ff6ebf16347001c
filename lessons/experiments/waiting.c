/* Several tasks that wait, or compute, one after another or each on a thread of its own. A wait is a real
 * sleep: the thread gives its CPU back until the time is over, as it does for a disk or the network. */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

#include <errno.h>
#include <string.h>
#include <time.h>

enum { CHUNK_ROUNDS = 20000 }; /* about 20 µs */

struct task {
    bool waits;
    int64_t wait_ns; /* or: */
    int64_t chunks;
};

static void wait_for(int64_t ns)
{
    struct timespec left = {.tv_sec = ns / 1000000000, .tv_nsec = ns % 1000000000};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        ;
}

static uint64_t carry_out(const struct task *task, uint64_t number, struct experiment_lane *lane)
{
    int64_t begin_ns = work_now_ns();
    uint64_t value = number;
    if (task->waits) {
        wait_for(task->wait_ns);
        experiment_add_chunk(lane, CHUNK_WAIT, begin_ns, work_now_ns(), false);
        return value;
    }
    for (int64_t c = 0; c < task->chunks; c++) {
        value = work_compute(value, CHUNK_ROUNDS);
        int64_t now_ns = work_now_ns();
        experiment_add_chunk(lane, CHUNK_WORK, begin_ns, now_ns, false);
        begin_ns = now_ns;
    }
    return value;
}

static const char *waiting_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct task task = {.waits = strcmp(experiment_text(setup, "kind", "wait"), "wait") == 0,
        .wait_ns = (int64_t)(1e9 * experiment_number(setup, "pause", 0.01)),
        .chunks = (int64_t)(1e9 * experiment_number(setup, "work", 0.005) / CHUNK_ROUNDS)};
    int64_t tasks = (int64_t)experiment_number(setup, "tasks", 8);
    uint64_t checksum = 0;
    (void)state;
    if (task.wait_ns < 0 || task.wait_ns > INT64_C(3600000000000) || task.chunks < 0 || tasks < 1)
        return "pause, work or tasks is out of range";
#pragma omp parallel num_threads(setup->threads) reduction(^ : checksum)
    {
        int64_t begin, end;
        struct experiment_lane *lane = &result->lane[team_rank()];
        team_share(tasks, team_rank(), team_size(), &begin, &end);
        experiment_lane_begin(lane);
        for (int64_t t = begin; t < end; t++)
            checksum ^= carry_out(&task, (uint64_t)t + 1, lane);
        experiment_lane_end(lane);
    }
    result->checksum = checksum;
    return NULL;
}

const struct experiment experiment_waiting = {
    .name = "waiting",
    .what = "tasks=N of kind=wait (pause=SECONDS) or kind=compute (work=SECONDS, about), shared out to the "
            "threads",
    .run = waiting_run,
};
