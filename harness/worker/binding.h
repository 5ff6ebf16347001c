/* Where the threads are: those of the team bound one by one, then those of libraries, each read back. */
#ifndef ACELERA_BINDING_H
#define ACELERA_BINDING_H

#include <stdbool.h>
#include <stddef.h>

/* Forms a team of `threads` and binds thread i to pus[i] (NULL: binds nothing). Writes into seen[i] the PU
 * that thread i was then found on, and into `delivered` the size that the team really had. False, with one
 * sentence in `why`, if that is another size, a thread could not be bound, or is not where it was put. */
bool binding_form_team(int threads, const int *pus, int *seen, int *delivered, char *why, size_t why_size);

/* Binds the strangers: every thread of this process that is not in the team (those of a library that starts
 * its own). The i-th of them, in the order of thread ids, goes to pus[(1 + i) % threads], because the initial
 * thread, which is on pus[0], works with them; then each mask is read back. pus NULL: only counts. *strangers
 * is how many there are. Threads that a library starts later, as some do in each call, are sent to the other
 * PUs than the initial thread's, instead of inheriting its one (with glibc). Call it after the first run():
 * by then they exist. False, with one sentence in `why`, if one could not be bound. */
bool binding_bind_strangers(int threads, const int *pus, int *strangers, char *why, size_t why_size);

/* Looks again, without binding, at the team and, once they were bound, at the strangers: the same answer and
 * the same failures. */
bool binding_read_back(int threads, const int *pus, int *seen, int *delivered, char *why, size_t why_size);

#endif
