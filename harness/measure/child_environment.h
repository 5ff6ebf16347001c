/* The environment that a worker starts with: ours, without a single inherited OpenMP variable, and with the
 * ones that this cell needs said outright. A BLAS library that a worker opens gets the number of threads of
 * the cell; what a person chose for it otherwise (its core type) stays, and is to be recorded. */
#ifndef ACELERA_CHILD_ENVIRONMENT_H
#define ACELERA_CHILD_ENVIRONMENT_H

#include <stdbool.h>

/* Does the variable (NAME=VALUE or NAME) steer an OpenMP runtime? */
bool environment_is_openmp(const char *variable);

/* Does it steer a BLAS library? Those that say a number of threads are not passed on. */
bool environment_is_blas(const char *variable);

/* How threads of the team wait for work.
 * ACTIVE: spinning; each has a PU of its own. PASSIVE: asleep; some PU has more than one of them.
 * BRIEF: spinning for about a millisecond, then asleep. For a variant that computes on threads of a library
 * (its description says so): a spinning team would take half of each PU from them, and a sleeping one would
 * slow down a library that uses the same OpenMP runtime. */
enum environment_waiting { ENVIRONMENT_ACTIVE, ENVIRONMENT_PASSIVE, ENVIRONMENT_BRIEF };

/* envp for a team of `threads`. Free with environment_free(). */
char **environment_for_team(int threads, enum environment_waiting waiting);
void environment_free(char **environment);

#endif
