/* What tables say in words. Refuses to claim what was not measured. */
#include "harness/report/sentences.h"

#include "harness/analysis/interval.h"

#include <math.h>
#include <string.h>

static const char *plural(long long count)
{
    return count == 1 ? "" : "s";
}

void sentences_add_machine(struct text *text, const struct run_record *record)
{
    char memory[64];
    text_add(text, "%s: %s", record->host[0] != '\0' ? record->host : "unknown host",
        record->cpu_model[0] != '\0' ? record->cpu_model : "unknown CPU");
    if (record->usable_cores > 0)
        text_add(text, " · %d core%s, %d PU%s", record->usable_cores, plural(record->usable_cores),
            record->usable_pus, plural(record->usable_pus));
    else
        text_add(text, " · %d PU%s", record->usable_pus, plural(record->usable_pus));
    if (record->cpu_quota >= 0)
        text_add(text, " · quota %.3g CPU%s", record->cpu_quota, record->cpu_quota == 1 ? "" : "s");
    else
        text_add(text, " · no CPU quota");
    if (record->memory_available_bytes >= 0)
        text_add(text, " · %s of memory available",
            text_bytes(record->memory_available_bytes, memory, sizeof memory));
}

static const char *ending(const char *reason)
{
    static const char *const endings[][2] = {{"precision", "every row is as precise as asked"},
        {"budget", "ended by the budget"}, {"blocks", "ended after the planned blocks"},
        {"failed", "ended by a failure"}, {"interrupted", "interrupted, this was measured until then"},
        {"", "interrupted, this was measured until then"}};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (strcmp(endings[i][0], reason) == 0)
            return endings[i][1];
    return reason;
}

/* Three digits, or all before the point; whole numbers as they are. */
static int plain_decimals(double seconds)
{
    return seconds >= 100 || seconds == floor(seconds) ? 0 : seconds >= 10 ? 1 : 2;
}

void sentences_add_run(struct text *text, const struct summary *summary)
{
    const struct run_record *record = summary->record;
    text_add(text, "%d block%s", record->block_count, plural(record->block_count));
    if (record->elapsed_s >= 0)
        text_add(text, " in %.*f s", plain_decimals(record->elapsed_s), record->elapsed_s);
    if (summary->timed_share > 0)
        text_add(text, ", %.0f%% of it timed", 100 * summary->timed_share);
    text_add(text, " · budget %.*f s · precision asked for ±%.3g%% · %s", plain_decimals(record->budget_s),
        record->budget_s, 100 * record->precision, ending(record->end_reason));
}

static const struct {
    const char *flag;
    char letter; /* NUL: concerns the whole run */
    const char *sentence;
} notes[SENTENCES_NOTES] = {
    {"imprecise", 'p',
        "p: the interval of the time is wider than the precision asked for; a larger --budget narrows it"},
    {"few_blocks", 'n',
        "n: fewer than 6 processes or pairs: the interval is smallest to largest, and holds the true median "
        "with "
        "50% (2), 75% (3), 87.5% (4) or 93.75% (5), not 95%; of 1 there is none"},
    {"beyond_quota", 'q', "q: more threads than the CPU quota lets run at once"},
    {"worker_died", 'd', "d: at least one process of this row failed and is left out; the others count"},
    {"disturbed", 'x',
        "x: most iterations of this row were disturbed: a thread had no CPU for over 1% of the time"},
    {"over_budget", '\0', "The fewest blocks that give a 95% interval were expected to exceed the budget."},
};

static bool has_flag(const struct summary_row *row, const char *flag)
{
    for (char *const *own = row->flags; *own != NULL; own++)
        if (strcmp(*own, flag) == 0)
            return true;
    return false;
}

void sentences_letters(const struct summary_row *row, char letters[8])
{
    size_t count = 0;
    for (int i = 0; i < SENTENCES_NOTES; i++)
        if (notes[i].letter != '\0' && has_flag(row, notes[i].flag))
            letters[count++] = notes[i].letter;
    letters[count] = '\0';
}

const char *sentences_note(const struct summary *summary, int i)
{
    for (int r = 0; r < summary->row_count; r++)
        if (has_flag(&summary->row[r], notes[i].flag))
            return notes[i].sentence;
    return NULL;
}

static bool has_scaling(const struct summary *summary, const char *scaling)
{
    for (int i = 0; i < summary->row_count; i++)
        if (strcmp(summary->row[i].cell->scaling, scaling) == 0)
            return true;
    return false;
}

const char *sentences_how_to_read(const struct summary *summary, int i)
{
    static const struct {
        const char *scaling; /* NULL: of any */
        const char *sentence;
    } lines[SENTENCES_HOW_TO_READ] = {
        {NULL,
            "time: median over processes, one in each randomly ordered block; threads start and join inside"},
        {NULL, "interval: holds the true median in about 95 of 100 runs (n: fewer) if processes are "
               "independent"},
        {"strong", "speedup: time of one thread / time, paired block by block; vs serial: time without "
                   "OpenMP / time"},
        {"weak", "weak scaling: speedup is threads x time of one thread / time: the problem grows with the "
                 "threads"},
        {"strong", "efficiency: speedup / threads; at 100% every added thread does its full share"},
        {"weak", "weak scaling: at an efficiency of 100% p threads do p times the work in the same time"},
        {NULL,
            "of ceiling: rate / the highest that the ceilings measured in the same blocks allow (arithmetic, "
            "memory)"},
        {NULL,
            "limit: what costs most, as far as it was measured; else the ceiling, if half of it is reached"},
        {NULL,
            "verified: each process checked its result before and after timing against a separate reference"},
    };
    bool applies = lines[i].scaling == NULL || has_scaling(summary, lines[i].scaling);
    return applies ? lines[i].sentence : NULL;
}

static bool differ_in_threads_only(const struct skipped_cell *a, const struct skipped_cell *b)
{
    return strcmp(a->cell.kernel, b->cell.kernel) == 0 && strcmp(a->cell.variant, b->cell.variant) == 0 &&
           strcmp(a->cell.type, b->cell.type) == 0 && strcmp(a->cell.placement, b->cell.placement) == 0 &&
           strcmp(a->cell.worker, b->cell.worker) == 0 && strcmp(a->why, b->why) == 0;
}

static void add_known(struct text *text, const char *word)
{
    if (word[0] != '\0')
        text_add(text, " %s", word);
}

int sentences_add_skipped(struct text *text, const struct run_record *record, int first)
{
    const struct skipped_cell *skipped = &record->skipped[first];
    const struct cell *cell = &skipped->cell;
    int next = first;
    text_add(text, "%s", cell->kernel);
    add_known(text, cell->variant);
    add_known(text, cell->type);
    add_known(text, cell->placement);
    add_known(text, cell->worker);
    for (; next < record->skipped_count && differ_in_threads_only(skipped, &record->skipped[next]); next++)
        if (record->skipped[next].cell.threads > 0)
            text_add(text, "%s ×%d", next > first ? "," : "", record->skipped[next].cell.threads);
    text_add(text, ": %s", skipped->why);
    return next;
}

void sentences_add_quantile_title(struct text *text, const struct run_record *record)
{
    text_add(text, "Quantile %.6g of the process medians", record->quantile);
}

bool sentences_add_quantile(struct text *text, const struct run_record *record, const struct summary_row *row)
{
    const struct row_scatter *scatter = &row->scatter;
    const struct cell *cell = row->cell;
    char time[64], low[64], high[64];
    if (!(record->quantile > 0 && record->quantile < 1) || !row->verified)
        return false;
    text_add(text, "%s %s %s %s ×%d%s: ", cell->kernel, cell->variant, cell->type,
        cell->serial_base ? "serial" : cell->placement, cell->threads,
        strcmp(cell->scaling, "weak") == 0 ? " weak" : "");
    if (isnan(scatter->quantile_s))
        text_add(text, "no interval exists for it with %zu process%s; it takes %zu", row->estimate.processes,
            row->estimate.processes == 1 ? "" : "es", quantile_values_needed(record->quantile));
    else
        text_add(text, "%s (%s–%s, %.3g%%)", text_seconds(scatter->quantile_s, time, sizeof time),
            text_seconds(scatter->quantile.low, low, sizeof low),
            text_seconds(scatter->quantile.high, high, sizeof high), 100 * scatter->quantile.level);
    return true;
}

bool sentences_add_finding(struct text *text, const struct finding_record *finding)
{
    if (strcmp(finding->severity, "warning") != 0)
        return false;
    text_add(text, "%s: %s", finding->id, finding->found);
    if (finding->effect[0] != '\0')
        text_add(text, "; %s", finding->effect);
    if (finding->remedy[0] != '\0')
        text_add(text, "; remedy: %s", finding->remedy);
    return true;
}

void sentences_add_error(struct text *text, const struct summary_row *row)
{
    const struct cell *cell = row->cell;
    text_add(text, "%s %s %s, %d thread%s, %s, %s: %s", cell->kernel, cell->variant, cell->type,
        cell->threads, plural(cell->threads), cell->serial_base ? "serial" : cell->placement, cell->worker,
        row->error);
}
