/* Picks rows and puts them in words. Refuses to compute: times, gains and shares are the rows' own. */
#include "harness/report/ladder.h"

#include "harness/report/cell_order.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char ladder_legend[] =
    "gain: how many times faster than the rung above it, paired by block (with its interval at the "
    "level of its row); of ceiling: share of the measured limit";

static int most_threads(const struct summary *summary, const struct cell *first)
{
    int most = 1;
    for (int i = 0; i < summary->row_count; i++)
        if (cell_same_ladder(first, summary->row[i].cell) && summary->row[i].cell->threads > most)
            most = summary->row[i].cell->threads;
    return most;
}

/* The row of this variant on `threads` threads, NULL. */
static const struct summary_row *find_row(
    const struct summary *summary, const struct cell *first, const char *variant, int threads)
{
    for (int i = 0; i < summary->row_count; i++) {
        const struct cell *cell = summary->row[i].cell;
        if (cell->threads == threads && strcmp(cell->variant, variant) == 0 && cell_same_ladder(first, cell))
            return &summary->row[i];
    }
    return NULL;
}

/* Three words: time, gain, share of the ceiling. */
static void add_words(const struct summary_row *row, bool intervals, char word[3][64])
{
    char time[64];
    for (int i = 0; i < 3; i++)
        snprintf(word[i], sizeof word[i], "–");
    if (row == NULL || !row->verified)
        return;
    const struct row_estimate *estimate = &row->estimate;
    snprintf(word[0], sizeof word[0], "%s", text_seconds(estimate->median_s, time, sizeof time));
    if (row->below == NULL)
        snprintf(word[1], sizeof word[1], "first");
    else if (!intervals || isnan(row->gain_interval.low))
        snprintf(word[1], sizeof word[1], "×%.3g", row->gain);
    else
        snprintf(word[1], sizeof word[1], "×%.3g (%.3g–%.3g)", row->gain, row->gain_interval.low,
            row->gain_interval.high);
    if (!isnan(row->ceiling))
        snprintf(word[2], sizeof word[2], "%.0f%%", 100 * estimate->rate / row->ceiling);
}

static void add_rung(
    struct ladder *ladder, const struct summary *summary, const struct cell *cell, int most, bool intervals)
{
    char word[6][64];
    add_words(find_row(summary, cell, cell->variant, 1), intervals, word);
    add_words(most > 1 ? find_row(summary, cell, cell->variant, most) : NULL, intervals, word + 3);
    const char *words[LADDER_COLUMNS] = {cell->variant, word[0], word[1], word[2], word[3], word[4], word[5]};
    grid_add(&ladder->grid, words);
}

static void begin(struct ladder *ladder, const struct cell *cell, int most)
{
    *ladder = (struct ladder){.grid = {.heading = ladder->heading, .columns = most > 1 ? LADDER_COLUMNS : 4}};
    const char *const words[] = {"variant", "1 thread", "gain", "of ceiling", "", "gain", "of ceiling"};
    for (int c = 0; c < LADDER_COLUMNS; c++) {
        snprintf(ladder->word[c], sizeof ladder->word[c], "%s", words[c]);
        ladder->heading[c] = ladder->word[c];
    }
    snprintf(ladder->word[4], sizeof ladder->word[4], "%d threads", most);
    text_add(&ladder->title, "ladder of %s %s · %s · %s · %s", cell->kernel, cell->type, cell->size,
        cell->worker, cell->placement);
}

bool ladder_next(const struct summary *summary, int *from, bool intervals, struct ladder *ladder)
{
    for (int first = *from; first < summary->row_count; first++) {
        const struct cell *cell = summary->row[first].cell;
        bool seen = cell->serial_base, several = false;
        for (int i = 0; i < first && !seen; i++)
            seen = cell_same_ladder(cell, summary->row[i].cell);
        for (int i = first + 1; i < summary->row_count && !seen; i++)
            several = several || (cell_same_ladder(cell, summary->row[i].cell) &&
                                     strcmp(cell->variant, summary->row[i].cell->variant) != 0);
        if (seen || !several)
            continue;
        int most = most_threads(summary, cell);
        const char *last = "";
        begin(ladder, cell, most);
        for (int i = first; i < summary->row_count; i++) {
            const struct cell *other = summary->row[i].cell;
            if (!cell_same_ladder(cell, other) || strcmp(other->variant, last) == 0)
                continue;
            last = other->variant;
            add_rung(ladder, summary, other, most, intervals);
        }
        *from = first + 1;
        return true;
    }
    return false;
}

void ladder_free(struct ladder *ladder)
{
    text_free(&ladder->title);
    grid_free(&ladder->grid);
}
