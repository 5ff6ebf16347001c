/* The long parts of reading a run directory, each in a file of its own. Private to this folder. */
#ifndef ACELERA_RECORD_PARTS_H
#define ACELERA_RECORD_PARTS_H

#include "harness/store/json_fields.h"
#include "harness/store/run_record.h"

/* record_cells.c: "plan" of run.json → cell, skipped. Faults stick to `fields`. */
void record_read_plan(struct json_fields *fields, const json_t *run, struct run_record *record);

/* Adds to `skipped`; the cell is copied. */
void record_add_skipped(struct run_record *record, const struct cell *cell, const char *why);

/* record_samples.c: samples.jsonl → process, dropped, more of skipped, and how the run ended. hidden_host:
 * names are left out of what is read, and that of this host; NULL: they stay. */
enum status record_read_samples(
    const char *path, const char *hidden_host, struct run_record *record, struct error *error);

/* Processes follow one another, so only the last one can get further lines. */
struct sample_reader {
    struct run_record *record;
    struct json_fields fields;
    const char *hidden_host; /* NULL: names stay */
    size_t process_room, sample_room;
    size_t line;      /* the one that is being read */
    long long number; /* of the last process; −1 none yet */
    bool before_passed, after_passed;
    char *failed_check; /* a sentence about the first check that failed, or NULL */
    double *iterations; /* for each cell, of a process after the pilot; NULL while there is no schedule */
};

/* record_run_lines.c: the lines that are about no process. */
void record_read_schedule(struct sample_reader *reader, const json_t *line);
void record_read_end_run(struct sample_reader *reader, const json_t *line);
void record_read_warm(struct sample_reader *reader, const json_t *line);
void record_read_resume(struct sample_reader *reader, const json_t *line);
/* A run that goes on has not ended. */
void record_forget_end(struct run_record *record);

/* A line of samples.jsonl about one iteration. */
struct sample_line {
    bool warmup;
    long long process, iteration; /* iteration: of its kind, warm-up or timed; −1 unknown */
    double seconds;
    struct sample_record beside;
};

/* sample_line.c: reads such a line if it has the very layout that our own program writes, and nothing in it
 * is out of range. False: somebody has to look closer. */
bool sample_line_scan(const char *bytes, size_t length, struct sample_line *line);
/* The same from parsed JSON, of any layout, with faults said. */
void sample_line_read(struct json_fields *fields, const json_t *object, struct sample_line *line);

/* record_lanes.c: a line of lanes, into the process that it belongs to. */
void record_read_lanes(struct json_fields *fields, const json_t *object, struct process_record *process);

/* run.json as it stands and as it was parsed, and fields that know where in it they are; its strings are
 * borrowed. Free with record_free_document(). */
struct record_document {
    char *text;
    json_t *root;
};
enum status record_load_document(
    const char *path, struct record_document *document, struct json_fields *fields, struct error *error);
void record_free_document(struct record_document *document);

/* Opens a regular file for reading; anything else is a fault. */
enum status record_open_file(const char *path, int *fd, long long *bytes, struct error *error);

#endif
