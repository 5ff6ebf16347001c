/* Chooses the iteration that a timeline shows. */
#include "harness/report/row_lanes.h"

#include <math.h>

const struct process_record *row_lanes(const struct run_record *record, const struct summary_row *row)
{
    const struct process_record *nearest = NULL;
    double least = INFINITY;
    for (size_t i = 0; row->verified && i < record->process_count; i++) {
        const struct process_record *process = &record->process[i];
        if (process->cell != row->cell->id || process->block == 0 || !process->done ||
            process->lane == NULL || process->threads_delivered != row->cell->threads)
            continue;
        double apart = fabs(process->lane_s / (double)process->repeat - row->estimate.median_s);
        if (apart < least) {
            nearest = process;
            least = apart;
        }
    }
    return nearest;
}
