/* The clock of every core of the team, in the kernel's own process: wide vectors change the frequency, so it
 * has to be asked for right after them. */
#ifndef ACELERA_CLOCK_PROBE_H
#define ACELERA_CLOCK_PROBE_H

/* Writes into ghz[t] what thread t of a team of `threads` ran at: the best of 20 windows of about 50 µs,
 * taken by all threads at once. 0 where it is unknown: no chain is written for this processor, or the team
 * came out smaller. Takes one to two milliseconds. */
void clock_probe(int threads, double *ghz);

#endif
