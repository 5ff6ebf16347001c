/* The environment that a worker starts with: ours, without a single inherited OpenMP variable, and with the
 * ones that this cell needs said outright. */
#ifndef ACELERA_CHILD_ENVIRONMENT_H
#define ACELERA_CHILD_ENVIRONMENT_H

#include <stdbool.h>

/* Does the variable (NAME=VALUE or NAME) steer an OpenMP runtime? */
bool environment_is_openmp(const char *variable);

/* envp for a team of `threads`. crowded: some PU has more than one of them, so waiting must be passive; else
 * waiting is active. Free with environment_free(). */
char **environment_for_team(int threads, bool crowded);
void environment_free(char **environment);

#endif
