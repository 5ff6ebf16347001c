/* Where the threads of the team are: bound one by one, then read back. */
#ifndef ACELERA_BINDING_H
#define ACELERA_BINDING_H

#include <stdbool.h>
#include <stddef.h>

/* Forms a team of `threads` and binds thread i to pus[i] (NULL: binds nothing). Writes into seen[i] the PU
 * that thread i was then found on, and into `delivered` the size that the team really had. False, with one
 * sentence in `why`, if that is another size, a thread could not be bound, or is not where it was put. */
bool binding_form_team(int threads, const int *pus, int *seen, int *delivered, char *why, size_t why_size);

/* Looks again, without binding: the same answer and the same failures. */
bool binding_read_back(int threads, const int *pus, int *seen, int *delivered, char *why, size_t why_size);

#endif
