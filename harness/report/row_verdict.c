/* Correctness gates timing: judges rows by the checks and digests of their processes. Looks at no time. */
#include "harness/report/row_verdict.h"

#include "harness/analysis/interval.h"
#include "harness/base/text.h"
#include "harness/report/cell_order.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What keeps a process out of the estimates although it ended well; NULL: it counts. */
static const char *objection(const struct process_record *process, const struct cell *cell)
{
    if (process->samples == 0)
        return "it has no timed iteration";
    if (process->threads_delivered != cell->threads)
        return "its team was not of the size asked for";
    return NULL;
}

static bool counts(const struct process_record *process, const struct cell *cell)
{
    return process->block > 0 && process->done && objection(process, cell) == NULL;
}

void counted_make(const struct run_record *record, struct counted_processes *counted)
{
    size_t count = 0, cells = (size_t)record->cell_count;
    counted->process = memory_new(record->process_count, sizeof *counted->process);
    counted->seconds = memory_new(record->process_count, sizeof *counted->seconds);
    counted->first = memory_new(cells + 1, sizeof *counted->first);
    counted->pilot = memory_new(cells, sizeof *counted->pilot);
    for (size_t i = 0; i < record->process_count; i++) {
        const struct process_record *process = &record->process[i];
        if (counts(process, &record->cell[process->cell]))
            counted->process[count++] = process;
        else if (process->block == 0 && process->done)
            counted->pilot[process->cell] = process;
    }
    qsort(counted->process, count, sizeof *counted->process, process_record_order);
    for (size_t i = 0; i < count; i++) {
        const struct process_record *process = counted->process[i];
        counted->seconds[i] = median_of(process->seconds, process->samples);
        counted->first[process->cell + 1] = i + 1;
    }
    for (size_t c = 1; c <= cells; c++)
        if (counted->first[c] < counted->first[c - 1])
            counted->first[c] = counted->first[c - 1];
}

void counted_free(struct counted_processes *counted)
{
    free(counted->process);
    free(counted->seconds);
    free(counted->first);
    free(counted->pilot);
    *counted = (struct counted_processes){0};
}

void counted_align(const struct counted_processes *counted, int cell, int other, double *seconds)
{
    size_t begin = counted->first[cell], end = counted->first[cell + 1];
    size_t at = counted->first[other], at_end = counted->first[other + 1];
    for (size_t i = begin; i < end; i++) {
        while (at < at_end && counted->process[at]->block < counted->process[i]->block)
            at++;
        bool paired = at < at_end && counted->process[at]->block == counted->process[i]->block;
        seconds[i - begin] = paired ? counted->seconds[at] : NAN;
    }
}

static void set_error(struct summary_row *row, const char *before, const char *text)
{
    struct text error = {0};
    text_add(&error, "%s%s", before, text);
    free(row->error);
    row->error = error.data;
}

static void refute(struct summary_row *row, const char *before, const char *text)
{
    if (row->refuted)
        return;
    set_error(row, before, text);
    row->refuted = true;
    row->verified = false;
}

/* Every process has a say, the pilot's too: a wrong result is wrong in any block. */
static void hear_process(struct summary_row *row, const struct process_record *process)
{
    if (process->threads_delivered > 0 && row->threads_delivered == 0) {
        row->threads_delivered = process->threads_delivered;
        row->pus = process->pus;
        row->pu_count = process->pus != NULL ? process->threads_delivered : 0;
    }
    if (process->check_failed) {
        refute(row, "wrong result: ", process->error != NULL ? process->error : "its check failed");
    } else if (process->ended && !process->interrupted && !process->done) {
        row->lost = true;
        if (row->error == NULL)
            set_error(row, "", process->error != NULL ? process->error : "it failed");
    } else if (process->done && objection(process, row->cell) != NULL) {
        row->lost = true;
        if (row->error == NULL)
            set_error(row, "a process does not count: ", objection(process, row->cell));
    } else if (process->done && process->digest_before[0] != '\0' && process->digest[0] != '\0' &&
               strcmp(process->digest_before, process->digest) != 0) {
        row->differs = !row->refuted;
        refute(row, "", "the result changed between the first and the last iteration");
    }
}

/* What a row without a verdict on its result is: verified, or without any complete process. */
static void conclude(struct summary_row *row, size_t count, bool interrupted)
{
    if (row->pus == NULL && row->threads_delivered == 0 && row->cell->pus != NULL) {
        row->pus = row->cell->pus;
        row->pu_count = row->cell->threads;
    }
    if (row->refuted)
        return;
    row->verified = count > 0;
    if (row->verified) {
        free(row->error);
        row->error = NULL;
    } else if (row->error == NULL) {
        set_error(row, "",
            interrupted ? "the run was interrupted before a process of this cell was complete"
                        : "no process of this cell was complete");
    }
}

static int by_problem_variant_and_place(const void *left, const void *right)
{
    const struct summary_row *a = *(struct summary_row *const *)left,
                             *b = *(struct summary_row *const *)right;
    int order = cell_compare_problem(a->cell, b->cell);
    order = order != 0 ? order : strcmp(a->cell->variant, b->cell->variant);
    return order != 0 ? order : (a > b) - (a < b);
}

/* The first digest that the row has, or NULL. */
static const char *row_digest(const struct summary_row *row, const struct counted_processes *counted)
{
    for (size_t i = counted->first[row->cell->id]; i < counted->first[row->cell->id + 1]; i++)
        if (counted->process[i]->digest[0] != '\0')
            return counted->process[i]->digest;
    return NULL;
}

static void compare_digests(struct summary_row *row, const struct summary_row *model, const char *expected,
    const struct counted_processes *counted)
{
    char label[400];
    for (size_t i = counted->first[row->cell->id]; i < counted->first[row->cell->id + 1]; i++) {
        const char *digest = counted->process[i]->digest;
        if (digest[0] == '\0' || strcmp(digest, expected) == 0)
            continue;
        row->differs = true;
        if (row == model)
            refute(row, "", "result differs from one process to the next");
        else
            refute(row, "result differs from that of ", cell_label(model->cell, label, sizeof label));
    }
}

static void judge_siblings(struct summary *summary, const struct counted_processes *counted)
{
    size_t count = (size_t)summary->row_count;
    struct summary_row **sorted = memory_new(count, sizeof *sorted);
    const struct summary_row *model = NULL;
    const char *expected = NULL;
    for (size_t i = 0; i < count; i++)
        sorted[i] = &summary->row[i];
    qsort(sorted, count, sizeof *sorted, by_problem_variant_and_place);
    for (size_t i = 0; i < count; i++) {
        struct summary_row *row = sorted[i];
        bool sibling = model != NULL && cell_compare_problem(model->cell, row->cell) == 0 &&
                       strcmp(model->cell->variant, row->cell->variant) == 0;
        if (!row->verified)
            continue;
        if (!sibling || expected == NULL) {
            model = row;
            expected = row_digest(row, counted);
        }
        if (expected != NULL)
            compare_digests(row, model, expected, counted);
    }
    free(sorted);
}

void rows_judge(struct summary *summary, const struct counted_processes *counted)
{
    const struct run_record *record = summary->record;
    struct summary_row **row_of = memory_new((size_t)record->cell_count, sizeof *row_of);
    for (int i = 0; i < summary->row_count; i++)
        row_of[summary->row[i].cell->id] = &summary->row[i];
    for (size_t i = 0; i < record->process_count; i++)
        if (row_of[record->process[i].cell] != NULL)
            hear_process(row_of[record->process[i].cell], &record->process[i]);
    for (int i = 0; i < summary->row_count; i++) {
        int cell = summary->row[i].cell->id;
        conclude(&summary->row[i], counted->first[cell + 1] - counted->first[cell], record->interrupted);
    }
    judge_siblings(summary, counted);
    free(row_of);
}
