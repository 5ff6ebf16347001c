/* Some machines run faster for the first half minute of work than ever after. This keeps the largest team of
 * the plan busy with its own work before anything is measured. Nothing that the workers say is kept, except
 * the clock that they ended with. */
#include "harness/base/text.h"
#include "harness/measure/child.h"
#include "harness/measure/process.h"
#include "harness/measure/protocol.h"
#include "harness/measure/supervisor_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double process_patience_s = 60; /* beyond the time asked for: filling and checks */

static enum status keep_last(void *context, const char *json_line, struct error *error)
{
    char **last = context;
    (void)error; /* memory is not an error that comes back */
    free(*last);
    *last = text_copy(json_line);
    return STATUS_OK;
}

/* Of two cells the one that keeps more of the machine busy: a row, more threads, the parallel build, more
 * work.
 */
static bool is_harder(const struct cell *cell, const struct cell *other)
{
    if (cell->is_reference != other->is_reference)
        return other->is_reference;
    if (cell->threads != other->threads)
        return cell->threads > other->threads;
    if (cell->serial_base != other->serial_base)
        return other->serial_base;
    return fmax(cell->flop, cell->bytes) > fmax(other->flop, other->bytes);
}

static const struct cell *hardest_cell(const struct plan *plan)
{
    const struct cell *hardest = &plan->cell[0];
    for (int c = 1; c < plan->cell_count; c++)
        if (is_harder(&plan->cell[c], hardest))
            hardest = &plan->cell[c];
    return hardest;
}

static void say_warming(const struct supervisor *supervisor, const struct cell *cell)
{
    char note[200], time[32];
    text_seconds(supervisor->request->warm_s, time, sizeof time);
    snprintf(note, sizeof note, "warming up for %s with %.60s on %d thread%s; the budget begins after it",
        time, cell->kernel, cell->threads, cell->threads == 1 ? "" : "s");
    supervisor_tell(supervisor, NULL, 0, 0, note);
}

enum status supervisor_warm(struct supervisor *supervisor)
{
    const struct cell *cell = hardest_cell(supervisor->plan);
    double began_s = child_now_s(), warm_s = supervisor->request->warm_s, left_s = warm_s;
    char *last = NULL;
    struct supervisor_sink sink = {.append = keep_last, .context = &last};
    struct process_result result = {.done = true};
    supervisor->warmed = true;
    say_warming(supervisor, cell);
    /* A worker that fails here fails in the pilot too, and is reported there. */
    for (; left_s > 0 && result.done && !interrupt_seen(); left_s = warm_s - (child_now_s() - began_s)) {
        struct process_order order = {.data = supervisor->request->data,
            .cell = cell,
            .worker = worker_list_named(supervisor->workers, cell->worker),
            .machine = supervisor->machine,
            .key = {.cell = cell->id, .worker = cell->worker, .started = ""},
            .seed = supervisor->request->seed,
            .pilot_s = left_s,
            .timeout_s = left_s + process_patience_s};
        enum status status = process_run(&order, &sink, &result, supervisor->error);
        if (status != STATUS_OK) {
            free(last);
            return status;
        }
    }
    char *line = protocol_warm(child_now_s() - began_s, last);
    enum status status = supervisor->sink->append(supervisor->sink->context, line, supervisor->error);
    free(line);
    free(last);
    return status == STATUS_OK && interrupt_seen() ? STATUS_INTERRUPTED : status;
}
