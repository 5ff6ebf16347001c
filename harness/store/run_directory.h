/* Writing a run directory: made once, run.json whole before the first cell, samples.jsonl append-only. */
#ifndef ACELERA_RUN_DIRECTORY_H
#define ACELERA_RUN_DIRECTORY_H

#include "harness/base/status.h"

#include <stdbool.h>
#include <stdint.h>

struct plan;         /* harness/measure/plan.h */
struct plan_request; /* harness/measure/plan.h */
struct machine;      /* harness/machine/machine.h */
struct worker_list;  /* harness/measure/worker_list.h */

struct run_directory {
    char *path, *id;
    int samples_fd; /* −1 closed */
    char *run_json,
        *topology_xml; /* what the two files hold, should the directory be removed; xml may be NULL */
    char *hidden_host; /* no line that is appended may tell it, nor a path; NULL: names may stay */
};

/* What run.json holds. `command` is the line as the person typed it; `cleared` names the OpenMP variables
 * that were taken out of the workers' environment (NULL-terminated "NAME=VALUE"). */
struct run_facts {
    const struct plan_request *request;
    const struct plan *plan;
    const struct machine *machine;
    const struct worker_list *workers;
    const char *command, *version;
    char *const *cleared;
    char *const *kept; /* variables that steer a BLAS library, and are passed on */
    bool anonymous;    /* no host, path or command line goes into any file */
};

/* Makes PARENT/<host>-<YYYYMMDDTHHMMSSZ>[-N] (parents too), writes run.json and topology.xml, opens
 * samples.jsonl. On failure nothing is left behind that looks like a run. From here on
 * SIGXFSZ is ignored by this process: a file size limit shows as an error of append. */
enum status run_directory_create(
    const char *parent, const struct run_facts *facts, struct run_directory *run, struct error *error);

/* Opens the run directory of an interrupted run for going on with it, and keeps everybody else from writing
 * to it. Nothing in it is changed yet. STATUS_FAILED if another process is writing to it. */
enum status run_directory_open(const char *path, struct run_directory *run, struct error *error);

/* Cuts off a torn last line, which every reader drops; a line appended after it would be torn as well. */
enum status run_directory_cut_torn_line(struct run_directory *run, struct error *error);

/* Appends a line and its newline in one write(); retries when interrupted; a short write (disk full) is cut
 * back so that the file ends with a whole line. If the directory was removed meanwhile, it is written again
 * under its old name with everything measured so far, and the call fails to say so. */
enum status run_directory_append(struct run_directory *run, const char *json_line, struct error *error);

/* Closes the file and frees everything; the directory stays. */
void run_directory_close(struct run_directory *run);

#endif
