/* The probe itself is kernels/clock_chain.h; here the team runs it. Refuses to average: what interrupts a
 * window only makes it slower, so the best one is the clock. */
#include "harness/worker/clock_probe.h"
#include "kernels/clock_chain.h"
#include "kernels/team.h"

enum { CLOCK_PROBE_WINDOWS = 20 };

void clock_probe(int threads, double *ghz)
{
    for (int t = 0; t < threads; t++)
        ghz[t] = 0;
#pragma omp parallel num_threads(threads)
    {
        double best = 0;
#pragma omp barrier
        for (int w = 0; w < CLOCK_PROBE_WINDOWS; w++) {
            double pace = clock_chain_ghz();
            best = pace > best ? pace : best;
        }
        ghz[team_rank()] = best;
    }
}
