/* The sentences that the formats for people share: about the machine, the run, the marks in a table, what was
 * left out, and how to read it. Texts from the record are as they came: the writer makes them harmless. */
#ifndef ACELERA_SENTENCES_H
#define ACELERA_SENTENCES_H

#include "harness/base/text.h"
#include "harness/report/summary.h"

/* "vm: Some CPU · 4 cores, 8 PUs · quota 1.5 CPUs · 7.8 GiB of memory" */
void sentences_add_machine(struct text *text, const struct run_record *record);
/* "8 blocks in 52.1 s of a budget of 60 s · …"; how it ended. */
void sentences_add_run(struct text *text, const struct run_record *record);

/* The letters of the notes that apply to a row, "" for none. */
void sentences_letters(const struct summary_row *row, char letters[8]);
/* The note number i, with its letter, if any row needs it; NULL if none does. Notes are 0 … SENTENCES_NOTES
 * − 1. */
enum { SENTENCES_NOTES = 5 };
const char *sentences_note(const struct summary *summary, int i);

/* How to read a table, NULL-terminated lines. */
const char *const *sentences_how_to_read(const struct summary *summary);

/* Adds one line about skipped[first] and those after it that differ in threads only; returns the index after
 * them. */
int sentences_add_skipped(struct text *text, const struct run_record *record, int first);

/* "matmul packed f32, 4 threads, spread, x86-64-v3-gomp: what went wrong" */
void sentences_add_error(struct text *text, const struct summary_row *row);

#endif
