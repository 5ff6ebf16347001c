#include "harness/commands/workers.h"

#include <stdio.h>

enum status workers_find(struct worker_list *workers, struct error *error)
{
    enum status status = worker_list_find(workers, error);
    for (int i = 0; status == STATUS_OK && i < workers->left_out_count; i++)
        fprintf(stderr, "acelera: worker left out: %s\n", workers->left_out[i]);
    return status;
}
