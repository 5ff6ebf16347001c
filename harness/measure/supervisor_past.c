/* A run that is carried on: what the supervisor had learnt from its processes, learnt again from what was
 * written down. The cells that a block still lacks are left to be measured. */
#include "harness/analysis/interval.h"
#include "harness/measure/supervisor_parts.h"

#include <math.h>

static struct process_outcome outcome_of(const struct past_process *process)
{
    struct process_outcome outcome = {.done = process->done && process->samples > 0,
        .unverified = process->unverified,
        .median_s = NAN,
        .iterations = (long)process->samples,
        .repeat = process->repeat};
    for (size_t i = 0; i < process->samples; i++)
        outcome.timed_s += process->seconds[i] * (double)process->repeat;
    if (process->samples > 0)
        outcome.median_s = median_of(process->seconds, process->samples);
    outcome.wall_s = isnan(process->wall_s) ? outcome.timed_s : process->wall_s;
    return outcome;
}

double supervisor_recall(struct supervisor *supervisor, int block)
{
    double took_s = 0;
    for (int c = 0; c < supervisor->plan->cell_count; c++)
        supervisor->state[c].ran = false;
    while (supervisor_remembers_more(supervisor) &&
           supervisor->past->process[supervisor->recalled].block <= block) {
        const struct past_process *process = &supervisor->past->process[supervisor->recalled++];
        struct process_outcome outcome = outcome_of(process);
        supervisor_learn(supervisor, &supervisor->plan->cell[process->cell], process->block, &outcome);
        supervisor->state[process->cell].ran = true;
        took_s += outcome.wall_s;
    }
    return took_s;
}

bool supervisor_remembers_more(const struct supervisor *supervisor)
{
    return supervisor->past != NULL && supervisor->recalled < supervisor->past->process_count;
}
