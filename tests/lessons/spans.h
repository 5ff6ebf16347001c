/* Made-up chunks of work for the lanes of an observation. */
#ifndef ACELERA_TEST_SPANS_H
#define ACELERA_TEST_SPANS_H

#include "lessons/engine/observation.h"

#include <stdlib.h>

enum { SPANS_OF_LANE = 100 };

/* Of each lane's hundred chunks of 20 µs the first `at_once` run while the other lanes' do, the rest in turn.
 */
static inline void give_spans(struct observation *made, int at_once)
{
    const double chunk_s = 20e-6;
    for (int l = 0; l < made->lanes; l++) {
        struct observed_lane *lane = &made->lane[l];
        free(lane->span);
        lane->span = calloc(SPANS_OF_LANE, sizeof *lane->span);
        lane->spans = SPANS_OF_LANE;
        for (int k = 0; k < SPANS_OF_LANE; k++) {
            int place = k < at_once ? k : at_once + (k - at_once) * made->lanes + l;
            lane->span[k].begin_s = place * chunk_s;
            lane->span[k].end_s = (place + 1) * chunk_s;
        }
    }
}

#endif
