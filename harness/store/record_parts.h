/* The two long parts of reading a run directory, each in a file of its own. Private to this folder. */
#ifndef ACELERA_RECORD_PARTS_H
#define ACELERA_RECORD_PARTS_H

#include "harness/store/json_fields.h"
#include "harness/store/run_record.h"

/* record_cells.c: "plan" of run.json → cell, skipped. Faults stick to `fields`. */
void record_read_plan(struct json_fields *fields, const json_t *run, struct run_record *record);

/* Adds to `skipped`; the cell is copied. */
void record_add_skipped(struct run_record *record, const struct cell *cell, const char *why);

/* record_samples.c: samples.jsonl → process, dropped, more of skipped, and how the run ended. */
enum status record_read_samples(const char *path, struct run_record *record, struct error *error);

/* Opens a regular file for reading; anything else is a fault. */
enum status record_open_file(const char *path, int *fd, long long *bytes, struct error *error);

#endif
