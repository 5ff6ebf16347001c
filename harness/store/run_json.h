/* run.json: what was asked for, planned and found, before anything ran. Schema "acelera/run/1". */
#ifndef ACELERA_RUN_JSON_H
#define ACELERA_RUN_JSON_H

#include "harness/store/run_directory.h"

#define RUN_JSON_SCHEMA "acelera/run/1"

/* The whole document; owned by the caller. started: ISO 8601 UTC. */
char *run_json_make(const struct run_facts *facts, const char *id, const char *started);

#endif
