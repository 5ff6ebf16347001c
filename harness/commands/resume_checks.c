#include "harness/commands/resume_checks.h"

#include "harness/base/text.h"
#include "harness/store/anonymous.h"

#include <stdio.h>
#include <string.h>

#include <sys/stat.h>

static enum status refuse(
    const struct run_record *record, const char *what, const char *then, const char *now, struct error *error)
{
    return error_set(error, STATUS_FAILED,
        "%.200s: %s was %.150s when the run began, and is %.150s now; resume it as it was, or begin a new "
        "run",
        record->directory, what, then[0] != '\0' ? then : "not there", now[0] != '\0' ? now : "not there");
}

static enum status compare_text(
    const struct run_record *record, const char *what, const char *then, const char *now, struct error *error)
{
    return strcmp(then, now) == 0 ? STATUS_OK : refuse(record, what, then, now, error);
}

static enum status compare_number(
    const struct run_record *record, const char *what, double then, double now, struct error *error)
{
    char old[40], new[40];
    if (then == now)
        return STATUS_OK;
    snprintf(old, sizeof old, then < 0 ? "none" : "%.10g", then);
    snprintf(new, sizeof new, now < 0 ? "none" : "%.10g", now);
    return refuse(record, what, old, new, error);
}

enum status resume_check_program(const struct run_record *record, struct error *error)
{
    return compare_text(record, "the version of acelera", record->version, ACELERA_VERSION, error);
}

/* ---- the machine ---- */

static bool is_usable(const struct topology *topology, int os_index)
{
    for (int p = 0; p < topology->usable_pus; p++)
        if (topology->pu[p].os_index == os_index)
            return true;
    return false;
}

static enum status check_pus(
    const struct run_record *record, const struct topology *topology, struct error *error)
{
    for (int c = 0; c < record->cell_count; c++) {
        const struct cell *cell = &record->cell[c];
        for (int t = 0; cell->pus != NULL && t < cell->threads; t++)
            if (!is_usable(topology, cell->pus[t]))
                return error_set(error, STATUS_FAILED,
                    "%.200s: needs PU %d, which may not be used now (see 'acelera topology'); free it, or "
                    "begin a new run",
                    record->directory, cell->pus[t]);
    }
    return STATUS_OK;
}

enum status resume_check_machine(const struct run_record *record, const struct run_origin *origin,
    const struct machine *machine, struct error *error)
{
    const struct topology *topology = &machine->topology;
    const struct {
        const char *what;
        double then, now;
    } numbers[] = {{"the number of packages", origin->packages, topology->packages},
        {"the number of NUMA nodes", origin->numa_nodes, topology->numa_nodes},
        {"the number of usable cores", record->usable_cores, topology->usable_cores},
        {"the number of usable PUs", record->usable_pus, topology->usable_pus},
        {"the CPU quota", origin->cpu_quota, machine->cpu_quota >= 0 ? machine->cpu_quota : -1},
        {"the L1 cache in bytes", origin->l1d, (double)machine->l1d_bytes},
        {"the L2 cache in bytes", origin->l2, (double)machine->l2_bytes},
        {"the L3 cache in bytes", origin->l3, (double)machine->l3_bytes}};
    /* Where names are left out, the machine is known by the rest. */
    bool named = strcmp(record->host, ANONYMOUS_NAME) != 0;
    enum status status =
        named ? compare_text(record, "the machine", record->host, machine->host, error) : STATUS_OK;
    if (status == STATUS_OK)
        status = compare_text(record, "the CPU", record->cpu_model, machine->cpu_model, error);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers && status == STATUS_OK; i++)
        status = compare_number(record, numbers[i].what, numbers[i].then, numbers[i].now, error);
    return status == STATUS_OK ? check_pus(record, topology, error) : status;
}

/* ---- workers ---- */

static enum status check_file(const struct run_record *record, const struct origin_worker *then,
    const struct worker *now, struct error *error)
{
    struct stat facts;
    if (then->bytes < 0 || then->mtime_ns < 0 || stat(now->path, &facts) != 0)
        return STATUS_OK; /* an older run says nothing of the file; one that is gone fails when started */
    long long mtime_ns = (long long)facts.st_mtim.tv_sec * 1000000000 + facts.st_mtim.tv_nsec;
    if (then->bytes == facts.st_size && then->mtime_ns == mtime_ns)
        return STATUS_OK;
    return error_set(error, STATUS_FAILED,
        "%.200s: the worker %.60s (%.200s) is another file than the one that the run began with; begin a new "
        "run",
        record->directory, now->name, now->path);
}

static enum status check_worker(const struct run_record *record, const struct origin_worker *then,
    const struct worker *now, struct error *error)
{
    char what[120];
    const char *const words[][3] = {{"compiler", then->compiler, now->compiler},
        {"flags", then->flags, now->flags}, {"OpenMP version", then->openmp, now->openmp}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        snprintf(what, sizeof what, "worker %.60s: its %s", then->name, words[i][0]);
        if (compare_text(record, what, words[i][1], words[i][2], error) != STATUS_OK)
            return STATUS_FAILED;
    }
    return check_file(record, then, now, error);
}

enum status resume_check_workers(const struct run_record *record, const struct run_origin *origin,
    const struct worker_list *workers, struct error *error)
{
    for (int i = 0; i < origin->worker_count; i++) {
        const struct worker *now = worker_list_named(workers, origin->worker[i].name);
        if (now == NULL || !now->runnable)
            return error_set(error, STATUS_FAILED,
                "%.200s: the run needs the worker %.60s, which %s %.300s; bring it back, or begin a new run",
                record->directory, origin->worker[i].name,
                now == NULL ? "is not in" : "cannot run on this CPU; it lacks",
                now == NULL ? workers->searched : now->missing);
        if (check_worker(record, &origin->worker[i], now, error) != STATUS_OK)
            return STATUS_FAILED;
    }
    for (int c = 0; c < record->cell_count; c++) {
        const struct cell *cell = &record->cell[c];
        const struct worker *worker = worker_list_named(workers, cell->worker);
        if (worker == NULL || worker_kernel_named(worker, cell->kernel) == NULL)
            return error_set(error, STATUS_FAILED,
                "%.200s: cell %d needs the kernel %.60s of the worker %.60s, which is not there; begin a new "
                "run",
                record->directory, c, cell->kernel, cell->worker);
    }
    return STATUS_OK;
}

/* ---- variables ---- */

/* The first of `these` that is not among `those`; NULL if all are. */
static const char *first_missing(char *const *these, char *const *those)
{
    for (; *these != NULL; these++) {
        char *const *other = those;
        while (*other != NULL && strcmp(*other, *these) != 0)
            other++;
        if (*other == NULL)
            return *these;
    }
    return NULL;
}

enum status resume_check_variables(
    const struct run_record *record, const struct run_origin *origin, char *const *kept, struct error *error)
{
    const char *gone = first_missing(origin->kept, kept), *new = first_missing(kept, origin->kept);
    if (gone == NULL && new == NULL)
        return STATUS_OK;
    return error_set(error, STATUS_FAILED,
        "%.200s: %.200s was %s the environment when the run began; %s it, or begin a new run",
        record->directory, gone != NULL ? gone : new, gone != NULL ? "in" : "not in",
        gone != NULL ? "set" : "unset");
}
