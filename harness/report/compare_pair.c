/* Refuses what would compare unlike things, and collects the times of what is left. */
#include "harness/report/compare_pair.h"

#include "harness/analysis/interval.h"
#include "harness/store/anonymous.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- refusals: each adds its reason, or nothing ---- */

static const char *run_name(const struct compare_entry *entry)
{
    return anonymous_place(&entry->run->record);
}

static void refuse_one_sided(
    const struct comparison *comparison, const struct compare_group *group, struct text *why)
{
    enum cell_side first = group->entry[0].side, last = group->entry[group->count - 1].side;
    if (first != last)
        return;
    text_add(why, "only on side %c", first == SIDE_A ? 'A' : 'B');
    if (comparison->live && group->entry[0].only_base)
        text_add(why, ": the serial base of its speedups");
}

static void refuse_repeated(const struct compare_group *group, struct text *why)
{
    for (int i = 1; i < group->count && why->length == 0; i++)
        if (group->entry[i].run == group->entry[i - 1].run &&
            group->entry[i].side == group->entry[i - 1].side)
            text_add(why, "%s has this row twice", run_name(&group->entry[i]));
}

/* A wrong result is wrong in any run; a row that merely has no time leaves its run out. */
static void refuse_unverified(const struct compare_group *group, struct text *why, bool *refuted)
{
    int verified[CELL_SIDES] = {0};
    const struct compare_entry *without[CELL_SIDES] = {NULL};
    for (int i = 0; i < group->count && why->length == 0; i++) {
        const struct compare_entry *entry = &group->entry[i];
        if (entry->row->refuted) {
            text_add(why, "not verified in %s: %s", run_name(entry), entry->row->error);
            *refuted = true;
        }
        verified[entry->side] += entry->row->verified ? 1 : 0;
        if (!entry->row->verified)
            without[entry->side] = entry;
    }
    for (int side = 0; side < CELL_SIDES && why->length == 0; side++)
        if (verified[side] == 0 && without[side] != NULL)
            text_add(why, "no result in %s: %s", run_name(without[side]), without[side]->row->error);
}

static bool same_pus(const struct summary_row *a, const struct summary_row *b)
{
    return a->pu_count == b->pu_count && (a->pus == NULL) == (b->pus == NULL) &&
           (a->pus == NULL || memcmp(a->pus, b->pus, (size_t)a->pu_count * sizeof *a->pus) == 0);
}

static void add_pus(struct text *text, const struct summary_row *row)
{
    for (int i = 0; i < row->pu_count; i++)
        text_add(text, "%s%d", i > 0 ? "," : "", row->pus[i]);
    if (row->pus == NULL)
        text_add(text, "none");
}

/* Whatever of data and machine is not as in the first run that has a result. */
static void refuse_other_conditions(
    const struct compare_entry *model, const struct compare_entry *entry, struct text *why)
{
    const struct run_record *a = &model->run->record, *b = &entry->run->record;
    if (a->seed != b->seed)
        text_add(why, "other data: seed %llu in %s, %llu in %s", a->seed, run_name(model), b->seed,
            run_name(entry));
    else if (strcmp(a->data_digest, b->data_digest) != 0)
        text_add(why, "other data: the tables behind %s and %s are not the same", run_name(model),
            run_name(entry));
    else if (strcmp(a->cpu_model, b->cpu_model) != 0)
        text_add(why, "other machine: '%s' in %s, '%s' in %s", a->cpu_model, run_name(model), b->cpu_model,
            run_name(entry));
    else if (!same_pus(model->row, entry->row)) {
        text_add(why, "other PUs: ");
        add_pus(why, model->row);
        text_add(why, " in %s, ", run_name(model));
        add_pus(why, entry->row);
        text_add(why, " in %s", run_name(entry));
    }
}

static void refuse_other_runs(const struct compare_group *group, struct text *why)
{
    const struct compare_entry *model = NULL;
    if (strcmp(group->entry[0].row->cell->size, "auto") == 0) {
        text_add(why, "size auto follows the machine and is not comparable");
        return;
    }
    for (int i = 0; i < group->count && why->length == 0; i++) {
        const struct compare_entry *entry = &group->entry[i];
        if (!entry->row->verified)
            continue;
        if (model == NULL)
            model = entry;
        refuse_other_conditions(model, entry, why);
    }
}

/* ---- the times ---- */

static void take_blocks(const struct compare_group *group, struct compared_row *row)
{
    const struct compare_entry *a = &group->entry[0], *b = &group->entry[group->count - 1];
    const struct counted_processes *counted = &a->run->counted;
    size_t first = counted->first[a->row->cell->id];
    size_t blocks = counted->first[a->row->cell->id + 1] - first;
    double *ratio = memory_new(blocks, sizeof *ratio);
    counted_align(counted, a->row->cell->id, b->row->cell->id, ratio);
    for (size_t i = 0; i < blocks; i++) {
        ratio[i] /= counted->seconds[first + i];
        row->count[SIDE_A] += isnan(ratio[i]) ? 0 : 1;
    }
    row->count[SIDE_B] = row->count[SIDE_A];
    row->value[0] = ratio;
    row->median_s[SIDE_A] = a->row->estimate.median_s;
    row->median_s[SIDE_B] = b->row->estimate.median_s;
    row->verdict.ratio = ratio;
    row->verdict.pairs = blocks;
}

static void take_processes(const struct compare_entry *entry, struct compared_row *row)
{
    const struct counted_processes *counted = &entry->run->counted;
    size_t first = counted->first[entry->row->cell->id];
    size_t count = counted->first[entry->row->cell->id + 1] - first;
    row->value[entry->side] = memory_new(count, sizeof(double));
    memcpy(row->value[entry->side], &counted->seconds[first], count * sizeof(double));
    row->count[entry->side] = count;
}

static const char *digest_of(const struct compare_entry *entry)
{
    const struct counted_processes *counted = &entry->run->counted;
    return counted->process[counted->first[entry->row->cell->id]]->digest;
}

static void take_runs(
    const struct comparison *comparison, const struct compare_group *group, struct compared_row *row)
{
    const char *digest = "";
    for (int i = 0; i < group->count; i++) {
        const struct compare_entry *entry = &group->entry[i];
        double **value = &row->value[entry->side];
        if (!entry->row->verified)
            continue;
        row->other_bits = row->other_bits || (digest[0] != '\0' && digest_of(entry)[0] != '\0' &&
                                                 strcmp(digest, digest_of(entry)) != 0);
        digest = digest[0] != '\0' ? digest : digest_of(entry);
        if (comparison->of_processes) {
            take_processes(entry, row);
            continue;
        }
        *value = memory_grow(*value, row->count[entry->side] + 1, sizeof **value);
        (*value)[row->count[entry->side]++] = entry->row->estimate.median_s;
    }
    for (int side = 0; side < CELL_SIDES; side++)
        row->median_s[side] = median_of(row->value[side], row->count[side]);
    row->verdict.a = row->value[SIDE_A];
    row->verdict.b = row->value[SIDE_B];
    row->verdict.a_count = row->count[SIDE_A];
    row->verdict.b_count = row->count[SIDE_B];
}

bool compare_pair_make(const struct comparison *comparison, const struct compare_group *group,
    struct compared_row *row, struct refused_row *refused)
{
    const struct compare_entry *first = &group->entry[0], *last = &group->entry[group->count - 1];
    struct text why = {0};
    *refused = (struct refused_row){.cell = first->row->cell};
    *row = (struct compared_row){.cell = {first->row->cell, last->row->cell}, .only_base = first->only_base};
    refuse_repeated(group, &why);
    if (why.length == 0)
        refuse_unverified(group, &why, &refused->refuted);
    if (why.length == 0)
        refuse_one_sided(comparison, group, &why);
    if (why.length == 0 && !comparison->live)
        refuse_other_runs(group, &why);
    if (why.length == 0 && comparison->live) {
        take_blocks(group, row);
        if (row->count[SIDE_A] == 0) {
            text_add(&why, "no block has both sides");
            free(row->value[0]);
        }
    } else if (why.length == 0) {
        take_runs(comparison, group, row);
    }
    if (first->side == last->side)
        refused->side = first->side == SIDE_A ? 'A' : 'B';
    refused->reason = why.data;
    return why.length == 0;
}
