/* What the words on the command line ask of one process: parsed and checked. */
#ifndef ACELERA_EXPERIMENT_SETUP_H
#define ACELERA_EXPERIMENT_SETUP_H

#include "lessons/experiments/experiment.h"

#include <sys/types.h>

/* Arrays are owned; words point into argv. */
struct process_setup {
    const struct experiment *experiment;
    struct experiment_setup told; /* `shared` is still NULL */
    int *pus;
    const char **words;
    pid_t parent;  /* 0: none was named */
    int shared_fd; /* −1 none */
};

extern const struct experiment *const experiment_list[]; /* NULL-terminated */

/* False with one line on stderr that names the word. Free with process_setup_free() in any case. */
bool process_setup_parse(char **words, int count, struct process_setup *setup);
void process_setup_free(struct process_setup *setup);

#endif
