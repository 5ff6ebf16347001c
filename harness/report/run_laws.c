/* Fits the laws of scaling to rows that differ in threads only. Never across threads that share a core or
 * mix kinds of cores: a law of one machine says nothing of two. */
#include "harness/base/text.h"
#include "harness/report/cell_order.h"
#include "harness/report/run_facts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *law_name(enum law law)
{
    static const char *const names[] = {"amdahl", "gustafson", "usl"};
    return names[law];
}

const struct law_fit *laws_best(const struct row_laws *laws, enum law *which)
{
    const struct law_fit *best = NULL;
    for (enum law law = LAW_AMDAHL; laws != NULL && laws->why_none == NULL && law <= LAW_USL; law++) {
        const struct law_fit *fit = &laws->fit[law][0];
        if (!fit->fitted || (best != NULL && best->worst_residual <= fit->worst_residual))
            continue;
        best = fit;
        *which = law;
    }
    return best;
}

void laws_add_words(struct text *words, enum law law, const struct law_fit *fit)
{
    static const char *const names[] = {"Amdahl", "Gustafson", "USL"};
    if (fit == NULL)
        return;
    text_add(words, "%s: σ = %.2g%%", names[law], 100 * fit->serial);
    if (isfinite(fit->serial_interval.low))
        text_add(words, " (%.2g–%.2g%%)", 100 * fit->serial_interval.low, 100 * fit->serial_interval.high);
    if (law == LAW_USL)
        text_add(words, ", κ = %.2g", fit->coherency);
}

static bool same_sweep(const struct cell *a, const struct cell *b)
{
    return cell_same_table(a, b) && strcmp(a->placement, b->placement) == 0 && !b->serial_base;
}

/* One thread for each core of one kind, as far as is known. */
static bool in_region(const struct summary_row *row)
{
    const struct cell *cell = row->cell;
    return row->verified && cell->sharing == 1 && cell->classes == 1 && !cell->beyond_quota;
}

static void fit_laws(struct row_laws *laws, const struct summary *summary,
    const struct counted_processes *counted, const struct summary_row *const *in)
{
    int one = in[0]->cell->id;
    size_t count = (size_t)laws->points, blocks = counted->first[one + 1] - counted->first[one];
    bool weak = strcmp(laws->first->cell->scaling, "weak") == 0, clocks = true;
    struct law_point *point = memory_new(count, sizeof *point);
    double *seconds = memory_new(count * blocks, sizeof *seconds);
    for (size_t i = 0; i < count; i++) {
        counted_align(counted, one, in[i]->cell->id, seconds + i * blocks);
        point[i] = (struct law_point){in[i]->cell->threads, seconds + i * blocks, 1};
        clocks = clocks && in[i]->clock_ghz > 0;
    }
    for (enum law law = LAW_AMDAHL; law <= LAW_USL; law++)
        law_fit(law, point, count, blocks, weak, summary->record->seed, &laws->fit[law][0]);
    for (size_t i = 0; i < count && clocks; i++)
        point[i].clock = in[i]->clock_ghz / in[0]->clock_ghz;
    for (enum law law = LAW_AMDAHL; law <= LAW_USL; law++) {
        law_fit(law, point, count, blocks, weak, summary->record->seed, &laws->fit[law][1]);
        if (!clocks)
            laws->fit[law][1] = (struct law_fit){.why_not = "the clock is not known at every thread count"};
    }
    free(point);
    free(seconds);
}

/* The reason why nothing can be tried. */
static const char *reason_against(const struct row_laws *laws, const struct summary_row *const *in)
{
    if (laws->points == 0)
        return "no thread count is known to have a core of one kind for each thread";
    return in[0]->cell->threads != 1 ? "there is no time of one thread" : NULL;
}

void laws_make(struct summary *summary, const struct counted_processes *counted)
{
    const struct summary_row **in = memory_new((size_t)summary->row_count, sizeof *in);
    summary->laws = memory_new((size_t)summary->row_count, sizeof *summary->laws);
    for (int i = 0; i < summary->row_count;) {
        const struct summary_row *first = &summary->row[i];
        if (first->cell->serial_base) {
            i++;
            continue;
        }
        struct row_laws *laws = &summary->laws[summary->laws_count++];
        *laws = (struct row_laws){.first = first};
        for (; i < summary->row_count && same_sweep(first->cell, summary->row[i].cell); i++) {
            if (in_region(&summary->row[i]))
                laws->last = in[laws->points++] = &summary->row[i];
        }
        laws->why_none = reason_against(laws, in);
        if (laws->why_none == NULL)
            fit_laws(laws, summary, counted, in);
    }
    free(in);
}
