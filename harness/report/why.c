/* Puts diagnoses in words. Each number is the run's own; what was not measured is not said. */
#include "harness/report/why.h"

#include "harness/report/cell_order.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Of the time of a row. A daemon that wakes up takes less, a program that computes far more. */
static const double disturbed_from = 0.05;

/* Medians of clocks scatter by some 1 %. */
static const double clock_differs_from = 0.02;

static const char *plural(long long count)
{
    return count == 1 ? "" : "s";
}

/* A rate in 10⁹: "40.4", "453", "3170", and never an exponent. */
static char *giga(double rate, char *buffer, size_t size)
{
    snprintf(buffer, size, rate >= 999.5e9 ? "%.0f" : "%.3g", rate / 1e9);
    return buffer;
}

static bool same_sweep(const struct cell *a, const struct cell *b)
{
    return !a->serial_base && !b->serial_base && cell_same_table(a, b) &&
           strcmp(a->placement, b->placement) == 0;
}

/* ---- one sentence for each limit ---- */

static double bandwidth_use(const struct summary_row *row)
{
    return row->cell->bytes / row->estimate.median_s / row->diagnosis.memory->estimate.rate;
}

/* The smallest team of the sweep whose bandwidth the largest does not exceed by more than 5 %, whatever its
 * interval leaves open; NULL. */
static const struct summary_row *saturated(const struct summary *summary, const struct summary_row *row)
{
    const struct summary_row *memory = row->diagnosis.memory, *found = NULL;
    double most = memory->cell->bytes / memory->estimate.time.low;
    for (const struct summary_row *at = row; at-- > summary->row && same_sweep(at->cell, row->cell);) {
        const struct summary_row *ceiling = at->diagnosis.memory;
        if (at->verified && ceiling != NULL && most <= 1.05 * ceiling->estimate.rate &&
            at->cell->threads < row->cell->threads)
            found = at;
    }
    return found;
}

static void say_bandwidth(struct text *text, const struct summary *summary, const struct summary_row *row)
{
    const struct summary_row *memory = row->diagnosis.memory, *at = saturated(summary, row);
    int threads = row->cell->threads;
    const struct summary_row *shown = at != NULL ? at : row;
    const struct summary_row *ceiling = shown->diagnosis.memory;
    char rate[32];
    text_add(text, "%d thread%s use%s %.0f%% of the bandwidth that %d thread%s can get (%s GB/s, %s %s)",
        shown->cell->threads, plural(shown->cell->threads), shown->cell->threads == 1 ? "s" : "",
        100 * bandwidth_use(shown), shown->cell->threads, plural(shown->cell->threads),
        giga(ceiling->estimate.rate, rate, sizeof rate), ceiling->cell->kernel, ceiling->cell->variant);
    if (at != NULL) {
        double more = memory->estimate.rate / ceiling->estimate.rate - 1;
        if (more >= 0.005)
            text_add(text, ", and %d get only %.0f%% more", threads, 100 * more);
        else if (more <= -0.05)
            text_add(text, ", and %d get %.0f%% less", threads, -100 * more);
        else
            text_add(text, ", and %d get no more", threads);
    } else if (threads < summary->record->usable_pus) {
        text_add(text, "; more threads may help");
    }
    if (why_is_disturbed(ceiling))
        text_add(text, "; but that ceiling was disturbed");
}

static void say_compute(struct text *text, const struct summary_row *row)
{
    char rate[32];
    const struct cell *cell = row->cell, *roof = row->roof->cell;
    bool same_type = strcmp(cell->type, roof->type) == 0;
    text_add(text, "%d thread%s reach%s %.0f%% of what %s %s%s%s reaches with them (%s %s)", cell->threads,
        plural(cell->threads), cell->threads == 1 ? "es" : "", 100 * row->estimate.rate / row->ceiling,
        roof->kernel, roof->variant, same_type ? "" : " in ", same_type ? "" : roof->type,
        giga(row->roof->estimate.rate, rate, sizeof rate), cell_rate_unit(roof->rate));
    if (fabs(row->ceiling_at_clock / row->ceiling - 1) >= clock_differs_from)
        text_add(text, ", %.0f%% of it at its own clock (%.3g GHz, %s %.3g)",
            100 * row->estimate.rate / row->ceiling_at_clock, row->clock_ghz, row->roof->cell->kernel,
            row->roof->clock_ghz);
    if (why_is_disturbed(row->roof))
        text_add(text, "; but that ceiling was disturbed");
}

static void say_overhead(struct text *text, const struct summary_row *row)
{
    const struct row_diagnosis *diagnosis = &row->diagnosis;
    char one[64];
    text_add(text, "regions and barriers take %.0f%% of the time:",
        100 * diagnosis->overhead_s / row->estimate.median_s);
    if (row->cell->regions > 0)
        text_add(text, " %.0f region%s at %s", row->cell->regions, plural((long long)row->cell->regions),
            text_seconds(diagnosis->region_s, one, sizeof one));
    if (row->cell->barriers > 0)
        text_add(text, "%s %.0f barrier%s at %s", row->cell->regions > 0 ? "," : "", row->cell->barriers,
            plural((long long)row->cell->barriers), text_seconds(diagnosis->barrier_s, one, sizeof one));
}

static void say_cores(struct text *text, const struct summary_row *row)
{
    const struct cell *cell = row->cell;
    if (row->diagnosis.limit == LIMIT_SMT && cell->cores > 0)
        text_add(text, "%d threads share %d core%s, and", cell->threads, cell->cores, plural(cell->cores));
    else
        text_add(text, "%d threads on cores of different kinds", cell->threads);
    text_add(text, " together are worth %.3g times one; the row reaches %.3g", row->diagnosis.ideal,
        row->estimate.speedup);
}

/* Nothing at all was measured that could explain a loss. */
static bool nothing_measured(const struct waterfall *waterfall)
{
    for (int part = PART_CLOCK; part < PART_REST; part++)
        if (waterfall->status[part] != PART_UNAVAILABLE)
            return false;
    return true;
}

/* A ceiling that is none says nothing of the row, and something of the run. */
static void say_passed(struct text *text, const struct summary_row *row)
{
    char rate[32];
    const struct cell *roof = row->roof->cell;
    text_add(text,
        "it reaches %.0f%% of what %s %s reached with as many threads (%s %s), so that was no ceiling%s",
        100 * row->estimate.rate / row->ceiling, roof->kernel, roof->variant,
        giga(row->roof->estimate.rate, rate, sizeof rate), cell_rate_unit(roof->rate),
        why_is_disturbed(row->roof) ? ", but disturbed" : "");
}

static void say_unknown(struct text *text, const struct summary_row *row)
{
    const struct row_diagnosis *diagnosis = &row->diagnosis;
    double rest = diagnosis->waterfall.seconds[PART_REST] / row->estimate.median_s;
    if (diagnosis->passes_roof)
        say_passed(text, row);
    else if (diagnosis->has_waterfall && rest >= 0.05)
        text_add(text, "%.0f%% of its time is lost, and %s", 100 * rest,
            nothing_measured(&diagnosis->waterfall) ? "nothing was measured that could say why"
                                                    : "what was measured beside it does not say why");
    else if (row->estimate.efficiency >= 0.95)
        text_add(text, "nothing that was measured holds it back");
    else
        text_add(text, "it was not determined");
}

/* How much of the time without a CPU the quota explains. */
static double quota_part(const struct summary_row *row)
{
    return row->marks.lost_s > 0 ? row->marks.quota_s / row->marks.lost_s : 0;
}

/* Where the median iteration shows less of it, the time is that of all of them. */
static const char *over_what(const struct summary_row *row)
{
    return row->diagnosis.lost_s > row->diagnosis.off_cpu_s ? " of all iterations together" : "";
}

/* Where no iteration could be judged the quota is all that is known to hold a team back. */
static double quota_loss(const struct summary_row *row)
{
    if (isnan(row->diagnosis.lost_s))
        return fmin(row->diagnosis.throttled_s, row->estimate.median_s);
    return row->diagnosis.lost_s * (quota_part(row) > 0 ? quota_part(row) : 1);
}

static void say(struct text *text, const struct summary *summary, const struct summary_row *row)
{
    const struct row_diagnosis *diagnosis = &row->diagnosis;
    double share = 100 / row->estimate.median_s;
    char time[64];
    switch (diagnosis->limit) {
    case LIMIT_BANDWIDTH:
        say_bandwidth(text, summary, row);
        break;
    case LIMIT_COMPUTE:
        say_compute(text, row);
        break;
    case LIMIT_OVERHEAD:
        say_overhead(text, row);
        break;
    case LIMIT_IMBALANCE:
        text_add(text, "the busiest thread works %s longer than the mean of them, %.0f%% of the time",
            text_seconds(diagnosis->imbalance_s, time, sizeof time), share * diagnosis->imbalance_s);
        break;
    case LIMIT_SMT:
    case LIMIT_KIND:
        say_cores(text, row);
        break;
    case LIMIT_NUMA:
        text_add(text, "over %d memory domains it gets %.0f%% of the bandwidth that they give one by one",
            row->cell->domains, 100 * diagnosis->bandwidth_kept);
        break;
    case LIMIT_CLOCK:
        text_add(text, "the clock is %.3g GHz with %d threads and %.3g GHz with one", row->clock_ghz,
            row->cell->threads, row->base->clock_ghz);
        break;
    case LIMIT_QUOTA:
        text_add(text, "the CPU quota held its threads back for %.0f%% of the time%s",
            share * quota_loss(row), over_what(row));
        break;
    case LIMIT_INTERFERENCE:
        text_add(text, "another program had a CPU that its threads wanted for %.0f%% of the time%s",
            share * (1 - quota_part(row)) * diagnosis->lost_s, over_what(row));
        break;
    default:
        say_unknown(text, row);
    }
}

/* A limit that explains less of the time than is left over does not explain the row. */
static void say_rest(struct text *text, const struct summary_row *row)
{
    const struct row_diagnosis *diagnosis = &row->diagnosis;
    double rest = diagnosis->waterfall.seconds[PART_REST] / row->estimate.median_s;
    switch (diagnosis->limit) {
    case LIMIT_OVERHEAD:
    case LIMIT_IMBALANCE:
    case LIMIT_CLOCK:
    case LIMIT_BANDWIDTH:
    case LIMIT_NUMA:
        if (diagnosis->has_waterfall && rest >= 0.1)
            text_add(text, "; %.0f%% more is lost, and nothing that was measured says why", 100 * rest);
        break;
    default:
        break;
    }
}

/* More than its threads are worth surprises; where the memory itself grows faster than the threads, that is
 * measured. */
static void say_beyond_linear(struct text *text, const struct summary_row *row)
{
    const struct summary_row *memory = row->diagnosis.memory;
    const struct summary_row *alone = row->base != NULL ? row->base->diagnosis.memory : NULL;
    int threads = row->cell->threads;
    if (strcmp(row->cell->scaling, "strong") != 0 || !(row->estimate.speedup_interval.low > threads))
        return;
    text_add(text, "; the whole interval of the speedup lies above %d", threads);
    if (memory != NULL && alone != NULL && memory->estimate.time.high < alone->estimate.time.low / threads)
        text_add(text, ": the bandwidth of %s %s grows %.3g times", memory->cell->kernel,
            memory->cell->variant, memory->estimate.rate / alone->estimate.rate);
    else
        text_add(text, ", and nothing that was measured says why");
}

void why_make(const struct summary *summary, struct summary_row *row)
{
    struct text text = {0};
    if (!row->verified)
        return;
    say(&text, summary, row);
    say_rest(&text, row);
    say_beyond_linear(&text, row);
    row->why = text.data;
}

/* ---- lines ---- */

const struct summary_row *why_next(const struct summary *summary, int *from)
{
    while (*from < summary->row_count) {
        const struct summary_row *first = &summary->row[*from], *largest = NULL;
        if (first->cell->serial_base) {
            ++*from;
            continue;
        }
        for (; *from < summary->row_count && same_sweep(first->cell, summary->row[*from].cell); ++*from)
            if (summary->row[*from].verified)
                largest = &summary->row[*from];
        if (largest != NULL)
            return largest;
    }
    return NULL;
}

static void add_name(struct text *text, const struct summary_row *row)
{
    const struct cell *cell = row->cell;
    text_add(text, "%s %s %s ×%d", cell->kernel, cell->variant, cell->type, cell->threads);
    if (cell->serial_base || cell->threads > 1)
        text_add(text, " %s", cell->serial_base ? "serial" : cell->placement);
    if (strcmp(cell->scaling, "weak") == 0)
        text_add(text, " weak");
}

void why_add_reason(struct text *text, const struct summary_row *row)
{
    double ideal = row->diagnosis.ideal;
    text_add(text, "%s", row->why);
    if (row->diagnosis.limit != LIMIT_SMT && row->diagnosis.limit != LIMIT_KIND &&
        ideal < 0.95 * row->cell->threads)
        text_add(text, "; its PUs together are worth %.3g times one", ideal);
}

void why_add_line(struct text *text, const struct summary_row *row)
{
    add_name(text, row);
    if (row->cell->threads > 1 && !isnan(row->estimate.speedup))
        text_add(text, ", %.3g times one thread", row->estimate.speedup);
    text_add(text, ", %s: ", limit_name(row->diagnosis.limit));
    why_add_reason(text, row);
}

bool why_is_disturbed(const struct summary_row *row)
{
    return row->marks.marked_processes >= 2 && row->marks.lost_share >= disturbed_from;
}

void why_add_disturbance(struct text *text, const struct summary_row *row)
{
    const struct row_marks *marks = &row->marks;
    char without[64], with[64];
    text_add(text, "%zu of %zu iterations of ", marks->marked, marks->known);
    add_name(text, row);
    text_add(text, " were disturbed: %s; ",
        2 * marks->quota_s > marks->lost_s ? "the CPU quota held them back" : "another program had a CPU");
    if (isnan(marks->unmarked_s))
        text_add(text, "without them nothing is left");
    else
        text_add(text, "without them %s instead of %s",
            text_seconds(marks->unmarked_s, without, sizeof without),
            text_seconds(row->estimate.median_s, with, sizeof with));
}

bool why_add_disturbed_run(struct text *text, const struct summary *summary)
{
    size_t marked = 0, known = 0;
    double lost = 0, quota = 0;
    bool any = false;
    for (int i = 0; i < summary->row_count + summary->ceiling_count; i++) {
        const struct summary_row *row = &summary->row[i];
        marked += row->marks.marked;
        known += row->marks.known;
        lost += row->marks.lost_s;
        quota += row->marks.quota_s;
        any = any || (i < summary->row_count && why_is_disturbed(row));
    }
    if (any)
        text_add(text,
            "%s while this was measured: %zu of %zu iterations (%.0f%%) were disturbed, and are "
            "in the times above",
            2 * quota > lost ? "A CPU quota held threads back" : "Other programs had CPUs", marked, known,
            100 * (double)marked / (double)known);
    return any;
}
