/* The two lines about a timed region: the sample, and once for each process the stamps of its threads. Writes
 * what was read, divided by the calls of run() where it is a time; derives nothing else. */
#ifndef ACELERA_SAMPLE_LINES_H
#define ACELERA_SAMPLE_LINES_H

#include "harness/worker/output.h"
#include "harness/worker/sentinels.h"

/* `repeat` calls of run() took region_ns. */
struct sample {
    long iteration;
    bool warmup;
    int64_t begin_ns, region_ns;
    long repeat;
};

void sample_lines_add(
    struct output *output, const struct sample *sample, const struct sentinel_reading *reading);

/* Flushes, for the line may be long. Nothing for a team so large that the line would be too long, or for
 * threads that leave no stamps. */
void sample_lines_add_lanes(struct output *output, const struct sample *sample,
    const struct sentinels *sentinels, const struct kernel_lane *lanes);

#endif
