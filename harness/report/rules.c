/* The twelve rules of Hoefler & Belli, "Scientific Benchmarking of Parallel Computing Systems" (SC15, doi
 * 10.1145/2807591.2807644), judged from the numbers of one run. Refuses to call a rule kept because the
 * program could keep it: what counts is what this run holds. */
#include "harness/analysis/interval.h"
#include "harness/base/text.h"
#include "harness/report/markdown_plots.h"
#include "harness/report/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What the rules ask of the rows, counted once. */
struct census {
    const struct summary *summary;
    int rows, verified, without_result;
    int speedups, unbased,
        without_serial; /* rows of a team; of these without a base, without a serial time */
    int most_threads;
    int rates, intervals, nominal, paired;
    size_t fewest, most; /* processes a row */
    size_t iterations, far_out, stamped;
    int unstamped; /* rows without stamps of their threads */
    int bounded, quantiles;
    double between; /* largest share of the variance between processes */
};

static void count_row(struct census *census, const struct summary_row *row)
{
    const struct row_estimate *estimate = &row->estimate;
    bool team = !row->cell->serial_base;
    census->rows++;
    census->without_result += !row->verified;
    if (!row->verified)
        return;
    census->verified++;
    census->speedups += team;
    census->unbased += team && row->base == NULL;
    census->without_serial += team && row->serial == NULL;
    census->most_threads =
        row->cell->threads > census->most_threads ? row->cell->threads : census->most_threads;
    census->rates += !isnan(estimate->rate);
    census->intervals += !isnan(estimate->time.level);
    census->nominal += estimate->level >= 0.95;
    census->paired += team && !isnan(estimate->speedup_interval.level);
    census->fewest = estimate->processes < census->fewest ? estimate->processes : census->fewest;
    census->most = estimate->processes > census->most ? estimate->processes : census->most;
    census->iterations += row->samples;
    census->far_out += row->scatter.far_out;
    census->stamped += isnan(row->diagnosis.imbalance_s) ? 0 : row->samples;
    census->unstamped += isnan(row->diagnosis.imbalance_s) ? 1 : 0;
    census->bounded += !isnan(row->ceiling);
    census->quantiles += !isnan(row->scatter.quantile_s);
    census->between = fmax(census->between, row->scatter.variance.share_between);
}

static enum rule_kept kept_by(int good, int all)
{
    return all == 0 ? RULE_NOT_APPLICABLE : good == all ? RULE_YES : good > 0 ? RULE_PARTLY : RULE_NO;
}

/* ---- one function for each rule ---- */

static enum rule_kept judge_base(struct text *evidence, const struct census *c)
{
    int based = c->speedups - c->unbased;
    text_add(evidence, "%d of %d rows with threads have a base of one thread with its time, %d a serial time",
        based, c->speedups, c->speedups - c->without_serial);
    enum rule_kept kept = kept_by(based, c->speedups);
    return kept == RULE_YES && c->without_serial > 0 ? RULE_PARTLY : kept;
}

/* A sweep that stops before the last PU, or a cell left out without a word, hides where it stops scaling. */
static enum rule_kept judge_subset(struct text *evidence, const struct census *c)
{
    const struct run_record *record = c->summary->record;
    int silent = 0;
    for (int i = 0; i < record->skipped_count; i++)
        silent += record->skipped[i].why[0] == '\0';
    text_add(evidence, "up to %d threads of %d usable PUs; %d of %d rows without a result; ", c->most_threads,
        record->usable_pus, c->without_result, c->rows);
    text_add(evidence, "%d cell%s skipped, %d of them without a reason", record->skipped_count,
        record->skipped_count == 1 ? "" : "s", silent);
    if (c->most_threads < record->usable_pus || silent > 0 || c->verified == 0)
        return RULE_NO;
    return record->interrupted || c->without_result > 0 ? RULE_PARTLY : RULE_YES;
}

static enum rule_kept judge_means(struct text *evidence, const struct census *c)
{
    double apart = 0;
    for (int i = 0; i < c->summary->row_count; i++) {
        const struct summary_row *row = &c->summary->row[i];
        apart = fmax(apart, fabs(row->rate_total / row->estimate.rate - 1));
    }
    text_add(
        evidence, "%d rates, each with rate_total beside it, at most %.2g%% apart", c->rates, 100 * apart);
    return c->rates > 0 ? RULE_YES : RULE_NOT_APPLICABLE;
}

static enum rule_kept judge_ratios(struct text *evidence, const struct census *c)
{
    text_add(evidence, "%d speedups, each from its own blocks; none is averaged over rows", c->paired);
    return c->speedups > 0 ? RULE_YES : RULE_NOT_APPLICABLE;
}

static enum rule_kept judge_intervals(struct text *evidence, const struct census *c)
{
    text_add(evidence, "%d of %d rows have intervals of 95%%, %d one of a lower level that is said; ",
        c->nominal, c->verified, c->intervals - c->nominal);
    if (c->verified > 0 && c->fewest < c->most)
        text_add(evidence, "%zu to ", c->fewest);
    text_add(evidence, "%zu processes a row", c->most);
    return kept_by(c->nominal, c->verified);
}

static enum rule_kept judge_normality(struct text *evidence, const struct census *c)
{
    if (isnan(c->between))
        text_add(evidence, "too few iterations or processes to tell where the variance is");
    else
        text_add(evidence, "up to %.0f%% of a row's variance is between processes", 100 * c->between);
    text_add(evidence, "; %d of %d rows have an interval of order statistics", c->intervals, c->verified);
    return kept_by(c->intervals, c->verified);
}

static enum rule_kept judge_comparison(struct text *evidence, const struct census *c)
{
    text_add(evidence, "%d of %d speedups are paired within %d randomly ordered blocks and have an interval",
        c->paired, c->speedups, c->summary->record->block_count);
    return kept_by(c->paired, c->speedups);
}

static enum rule_kept judge_quantity(struct text *evidence, const struct census *c)
{
    double asked = c->summary->record->quantile;
    text_add(evidence,
        "median, quartiles and extremes of %zu iterations, %zu of them far out (Tukey), all kept; ",
        c->iterations, c->far_out);
    if (isnan(asked)) {
        text_add(evidence, "no other quantile was asked for");
        return c->verified > 0 ? RULE_PARTLY : RULE_NOT_APPLICABLE;
    }
    text_add(evidence, "quantile %.4g in %d of %d rows (it takes %zu processes)", asked, c->quantiles,
        c->verified, quantile_values_needed(asked));
    return kept_by(c->quantiles, c->verified);
}

static enum rule_kept judge_factors(struct text *evidence, const struct census *c)
{
    const struct run_record *record = c->summary->record;
    const char *const known[] = {
        record->host, record->cpu_model, record->version, record->command, record->started};
    int good = record->environment_count > 0, all = 1;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++, all++)
        good += known[i][0] != '\0';
    text_add(evidence,
        "%d facts of the environment, seed %llu, order seed %llu; %d of %d of host, CPU, version, "
        "command, date and environment are known",
        record->environment_count, record->seed, record->order_seed, good, all);
    return record->environment_count == 0 || record->cpu_model[0] == '\0' ? RULE_NO : kept_by(good, all);
}

static enum rule_kept judge_parallel_time(struct text *evidence, const struct census *c)
{
    text_add(evidence, "stamps of every thread in %zu of %zu iterations; %d of %d rows have none", c->stamped,
        c->iterations, c->unstamped, c->verified);
    return kept_by(c->verified - c->unstamped, c->verified);
}

static enum rule_kept judge_bounds(struct text *evidence, const struct census *c)
{
    text_add(evidence, "%d of %d rows stand under a measured ceiling; %d ceilings in the same blocks",
        c->bounded, c->verified, c->summary->ceiling_count);
    return kept_by(c->bounded, c->verified);
}

static enum rule_kept judge_plots(struct text *evidence, const struct census *c)
{
    const char *before = "";
    int there = 0;
    for (int i = 0; i < PLOT_PICTURES; i++) {
        if (!plot_is_there(c->summary->record, i))
            continue;
        text_add(evidence, "%s%s", before, plot_names[i]);
        before = ", ";
        there++;
    }
    if (there == 0)
        text_add(evidence, "none was drawn into plots/; the pictures of report.html have intervals");
    else
        text_add(evidence, " (%d of %d that there can be), from the data beside them", there, PLOT_PICTURES);
    return there > 0 ? RULE_YES : RULE_PARTLY;
}

static const struct {
    const char *rule, *how;
    enum rule_kept (*judge)(struct text *evidence, const struct census *c);
} rules[RULES] = {
    {"name the base of a speedup and its absolute time",
        "two bases, both rows: one thread of the same variant, and the serial build", judge_base},
    {"justify any subset; report everything",
        "the sweep goes on to the last usable PU; what is left out is listed with its reason", judge_subset},
    {"arithmetic mean for costs, harmonic for rates",
        "rate is work / median time; rate_total total work / total time", judge_means},
    {"do not average ratios", "no average of speedups anywhere", judge_ratios},
    {"intervals, unless deterministic",
        "an interval with its true level on every time and speedup; those of vs serial and efficiency are in "
        "summary.csv",
        judge_intervals},
    {"do not assume normality", "order statistics over processes; iterations are not taken for independent",
        judge_normality},
    {"compare soundly", "pairs within randomly ordered blocks; intervals of the paired ratio",
        judge_comparison},
    {"is the median the right quantity?",
        "the spread stands beside it; another quantile on demand, refused where "
        "no interval exists for it",
        judge_quantity},
    {"document every factor", "run.json: machine, limits, environment, compiler, options, seeds",
        judge_factors},
    {"say how parallel time was taken",
        "the first thread's clock around run(), fork and join inside; stamps of each "
        "thread beside it",
        judge_parallel_time},
    {"show bounds", "ceilings measured in the same blocks at every thread count", judge_bounds},
    {"plots that can be read", "raw points, intervals, no line across a boundary of the machine",
        judge_plots},
};

const char *rule_kept_name(enum rule_kept kept)
{
    static const char *const names[] = {"yes", "partly", "no", "not applicable"};
    return names[kept];
}

void rules_make(const struct summary *summary, struct rule rule[RULES])
{
    struct census census = {.summary = summary, .fewest = SIZE_MAX, .between = NAN};
    for (int i = 0; i < summary->row_count; i++)
        count_row(&census, &summary->row[i]);
    for (int i = 0; i < RULES; i++) {
        struct text evidence = {0};
        enum rule_kept kept = rules[i].judge(&evidence, &census);
        rule[i] = (struct rule){rules[i].rule, rules[i].how, kept, evidence.data};
    }
}

void rules_free(struct rule rule[RULES])
{
    for (int i = 0; i < RULES; i++)
        free(rule[i].evidence);
}
