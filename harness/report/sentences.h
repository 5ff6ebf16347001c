/* The sentences that the formats for people share: about the machine, the run, the marks in a table, what was
 * left out, and how to read it. Texts from the record are as they came: the writer makes them harmless. */
#ifndef ACELERA_SENTENCES_H
#define ACELERA_SENTENCES_H

#include "harness/base/text.h"
#include "harness/report/summary.h"

/* "vm: Some CPU · 4 cores, 8 PUs · quota 1.5 CPUs · 7.8 GiB of memory" */
void sentences_add_machine(struct text *text, const struct run_record *record);
/* "8 blocks in 52.1 s, 64% of it timed · budget 60 s · …"; how it ended. */
void sentences_add_run(struct text *text, const struct summary *summary);

/* The letters of the notes that apply to a row, "" for none. */
void sentences_letters(const struct summary_row *row, char letters[8]);
/* The note number i, with its letter, if any row needs it; NULL if none does. Notes are 0 … SENTENCES_NOTES
 * − 1. */
enum { SENTENCES_NOTES = 6 };
const char *sentences_note(const struct summary *summary, int i);

/* How to read a table, line i of SENTENCES_HOW_TO_READ; NULL where it does not apply to any row. */
enum { SENTENCES_HOW_TO_READ = 9 };
const char *sentences_how_to_read(const struct summary *summary, int i);

/* Adds one line about skipped[first] and those after it that differ in threads only; returns the index after
 * them. */
int sentences_add_skipped(struct text *text, const struct run_record *record, int first);

/* "matmul packed f32 ×2 spread: 12.3 ms (12.1 ms–12.6 ms, 96.1%)": the quantile that was asked for, or how
 * many processes it takes. False, and nothing added, if none was asked for or the row has no time. */
bool sentences_add_quantile(
    struct text *text, const struct run_record *record, const struct summary_row *row);
/* "Quantile 0.9 of the process medians" */
void sentences_add_quantile_title(struct text *text, const struct run_record *record);

/* "governor: powersave on PU 0; it …; remedy", for a finding that may spoil a measurement; false, and nothing
 * added, for any other. */
bool sentences_add_finding(struct text *text, const struct finding_record *finding);

/* "matmul packed f32, 4 threads, spread, x86-64-v3-gomp: what went wrong" */
void sentences_add_error(struct text *text, const struct summary_row *row);

#endif
