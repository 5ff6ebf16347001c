/* The way of a comparison: groups, then rows or refusals, then one family of verdicts, then warnings. */
#include "harness/report/compare.h"

#include "harness/analysis/interval.h"
#include "harness/report/compare_pair.h"
#include "harness/store/anonymous.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void compared_run_make(struct compared_run *run, enum cell_side side, struct run_record *record)
{
    *run = (struct compared_run){.side = side, .record = *record};
    *record = (struct run_record){0};
    summary_make(&run->record, &run->summary);
    counted_make(&run->record, &run->counted);
}

void compared_run_free(struct compared_run *run)
{
    counted_free(&run->counted);
    summary_free(&run->summary);
    run_record_free(&run->record);
    *run = (struct compared_run){0};
}

bool compared_run_is_live(const struct run_record *record)
{
    for (int c = 0; c < record->cell_count; c++)
        if (record->cell[c].side[0] != '\0')
            return true;
    return false;
}

/* ---- rows ---- */

static void make_rows(struct comparison *comparison)
{
    struct compare_groups groups;
    compare_groups_make(comparison, false, &groups);
    comparison->row = memory_new((size_t)groups.count, sizeof *comparison->row);
    comparison->refused = memory_new((size_t)groups.count, sizeof *comparison->refused);
    for (int g = 0; g < groups.count; g++) {
        struct compared_row row;
        struct refused_row refused;
        if (compare_pair_make(comparison, &groups.group[g], &row, &refused))
            comparison->row[comparison->row_count++] = row;
        else
            comparison->refused[comparison->refused_count++] = refused;
    }
    compare_groups_free(&groups);
}

/* What the machine itself did between two runs: their ceilings are the same work. */
static void find_machine_change(struct comparison *comparison)
{
    struct compare_groups groups;
    compare_groups_make(comparison, true, &groups);
    for (int g = 0; g < groups.count; g++) {
        struct compared_row row;
        struct refused_row refused;
        if (!compare_pair_make(comparison, &groups.group[g], &row, &refused)) {
            free(refused.reason);
            continue;
        }
        double change = row.median_s[SIDE_B] / row.median_s[SIDE_A];
        comparison->machine_low = fmin(comparison->machine_low, change); /* which take a number before NaN */
        comparison->machine_high = fmax(comparison->machine_high, change);
        free(row.value[SIDE_A]);
        free(row.value[SIDE_B]);
    }
    compare_groups_free(&groups);
}

static void decide(struct comparison *comparison)
{
    size_t count = (size_t)comparison->row_count;
    struct verdict_row *family = memory_new(count, sizeof *family);
    for (size_t i = 0; i < count; i++)
        family[i] = comparison->row[i].verdict;
    if (comparison->of_processes)
        verdict_between_two_runs(
            family, count, comparison->delta, comparison->machine_low, comparison->machine_high);
    else
        verdict_decide(family, count, comparison->delta);
    for (size_t i = 0; i < count; i++)
        comparison->row[i].verdict = family[i];
    free(family);
}

/* ---- warnings ---- */

static void warn(struct comparison *comparison, struct text *text)
{
    size_t count = (size_t)comparison->warning_count + 1;
    comparison->warning = memory_grow(comparison->warning, count, sizeof *comparison->warning);
    comparison->warning[comparison->warning_count++] = text->data;
    *text = (struct text){0};
}

/* Rows whose data are too few for any verdict. */
static void warn_of_too_few(struct comparison *comparison)
{
    struct text text = {0};
    size_t family = (size_t)comparison->row_count, least = SIZE_MAX;
    const char *why = NULL;
    for (int i = 0; i < comparison->row_count; i++) {
        const struct compared_row *row = &comparison->row[i];
        size_t count = row->count[SIDE_A] < row->count[SIDE_B] ? row->count[SIDE_A] : row->count[SIDE_B];
        why = row->verdict.why != NULL ? row->verdict.why : why;
        least = count < least ? count : least;
    }
    if (why == NULL)
        return;
    text_add(&text, "%s", why);
    if (comparison->live)
        text_add(&text, ": %zu row%s need%s %zu pairs, and there are %zu", family, family == 1 ? "" : "s",
            family == 1 ? "s" : "", verdict_pairs_needed(family), least);
    else if (!comparison->of_processes)
        text_add(&text, ": %zu row%s need%s %zu runs a side, and there are %zu", family,
            family == 1 ? "" : "s", family == 1 ? "s" : "", verdict_runs_needed(family), least);
    warn(comparison, &text);
}

/* The next step, where the rows are few enough blocks away from a verdict. */
static void warn_of_inconclusive(struct comparison *comparison)
{
    struct text text = {0};
    int count = comparison_count(comparison, VERDICT_INCONCLUSIVE);
    bool spent = comparison->live && strcmp(comparison->run[0].record.end_reason, "budget") == 0;
    for (int i = 0; i < comparison->row_count; i++)
        if (comparison->row[i].verdict.why != NULL)
            return; /* it was said that blocks are wanting */
    if (!spent || count == 0)
        return;
    text_add(&text,
        "%d row%s not known well enough for a verdict within the budget; a larger --budget narrows the "
        "interval%s",
        count, count == 1 ? " is" : "s are", count == 1 ? "" : "s");
    warn(comparison, &text);
}

static void warn_of_machine_change(struct comparison *comparison)
{
    struct text text = {0};
    text_add(&text, "between-run variance not measured: one run a side; ");
    if (isnan(comparison->machine_low))
        text_add(&text, "no ceiling is in both, so what the machine changed is unknown");
    else
        text_add(&text,
            "slower or faster must lie beyond what their own ceilings changed, %.3f to %.3f times",
            comparison->machine_low, comparison->machine_high);
    text_add(&text, "; give several runs a side, or use --live");
    warn(comparison, &text);
}

static void make_warnings(struct comparison *comparison)
{
    struct text text = {0};
    int others = 0;
    if (comparison->of_processes)
        warn_of_machine_change(comparison);
    warn_of_too_few(comparison);
    warn_of_inconclusive(comparison);
    for (int r = 0; r < comparison->run_count; r++) {
        const struct run_record *record = &comparison->run[r].record;
        if (!record->interrupted)
            continue;
        text_add(&text, "%s was interrupted; what it measured is compared", anonymous_place(record));
        warn(comparison, &text);
    }
    for (int i = 0; i < comparison->row_count; i++)
        others += comparison->row[i].other_bits ? 1 : 0;
    if (others > 0) {
        text_add(&text, "%d row%s: the runs did not compute the same bits; the code or its compiler changed",
            others, others == 1 ? "" : "s");
        warn(comparison, &text);
    }
}

/* ---- the whole ---- */

static unsigned difference_of(const struct run_record *record)
{
    struct cell_sides sides;
    cell_sides_of(record->cell, record->cell_count, &sides);
    return sides.difference;
}

void comparison_make(const struct compared_run *runs, int count, double delta, struct comparison *comparison)
{
    int on_side[CELL_SIDES] = {0};
    for (int r = 0; r < count; r++)
        on_side[runs[r].side]++;
    *comparison = (struct comparison){.live = count == 1,
        .of_processes = on_side[SIDE_A] == 1 && on_side[SIDE_B] == 1,
        .delta = delta,
        .run = runs,
        .run_count = count,
        .machine_low = NAN,
        .machine_high = NAN};
    if (comparison->live)
        comparison->ignored = difference_of(&runs[0].record);
    make_rows(comparison);
    if (comparison->of_processes)
        find_machine_change(comparison);
    decide(comparison);
    make_warnings(comparison);
}

void comparison_free(struct comparison *comparison)
{
    for (int i = 0; i < comparison->row_count; i++)
        for (int side = 0; side < CELL_SIDES; side++)
            free(comparison->row[i].value[side]);
    for (int i = 0; i < comparison->refused_count; i++)
        free(comparison->refused[i].reason);
    for (int i = 0; i < comparison->warning_count; i++)
        free(comparison->warning[i]);
    free(comparison->row);
    free(comparison->refused);
    free(comparison->warning);
    *comparison = (struct comparison){0};
}

int comparison_count(const struct comparison *comparison, enum verdict verdict)
{
    int count = 0;
    for (int i = 0; i < comparison->row_count; i++)
        count += comparison->row[i].verdict.verdict == verdict ? 1 : 0;
    return count;
}

int comparison_exit_code(const struct comparison *comparison)
{
    for (int i = 0; i < comparison->refused_count; i++)
        if (comparison->refused[i].refuted)
            return STATUS_UNVERIFIED;
    if (comparison->row_count == 0)
        return STATUS_FAILED;
    return comparison_count(comparison, VERDICT_SLOWER) > 0 ? STATUS_SLOWER : STATUS_OK;
}
