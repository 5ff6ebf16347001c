/* What the gallery says, in words. Decides nothing about how they look. */
#include "harness/report/gallery_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const gallery_headings[GALLERY_COLUMNS] = {
    "machine", "CPU", "cores", "PUs", "quota", "GHz", "virtual", "version", "warnings"};

char *gallery_number(char *word, size_t size, int decimals, double value)
{
    if (isfinite(value))
        snprintf(word, size, "%.*f", decimals, value);
    else
        snprintf(word, size, "–");
    return word;
}

static char *warnings_of(const struct gallery_machine *machine)
{
    struct text text = {0};
    for (char *const *word = machine->warnings; *word != NULL; word++)
        text_add(&text, "%s%s", text.length > 0 ? ", " : "", *word);
    return text.length > 0 ? text.data : text_copy("none");
}

static char *known_or_dash(char *words)
{
    if (words[0] != '\0')
        return words;
    free(words);
    return text_copy("–");
}

char *gallery_word(const struct gallery *gallery, int machine, enum gallery_column column)
{
    const struct gallery_machine *from = gallery->machine[machine];
    const struct run_record *record = &from->record;
    char word[40];
    switch (column) {
    case GALLERY_MACHINE:
        return text_copy(from->label);
    case GALLERY_CPU:
        return known_or_dash(gallery_words(gallery, machine, record->cpu_model));
    case GALLERY_CORES:
        snprintf(word, sizeof word, "%d", record->usable_cores);
        break;
    case GALLERY_PUS:
        snprintf(word, sizeof word, "%d", record->usable_pus);
        break;
    case GALLERY_QUOTA:
        snprintf(word, sizeof word, "none");
        if (record->cpu_quota >= 0)
            gallery_number(word, sizeof word, 2, record->cpu_quota);
        break;
    case GALLERY_CLOCK:
        gallery_number(word, sizeof word, 2, from->clock_ghz);
        break;
    case GALLERY_HYPERVISOR:
        snprintf(word, sizeof word, "%s", from->hypervisor != NULL ? from->hypervisor : "–");
        break;
    case GALLERY_VERSION:
        return known_or_dash(gallery_words(gallery, machine, record->version));
    case GALLERY_WARNINGS:
    case GALLERY_COLUMNS:
        return warnings_of(from);
    }
    return text_copy(word);
}

void gallery_add_count(struct text *text, const struct gallery *gallery)
{
    int left_out = gallery->left_out_count;
    text_add(text, "%d machine%s", gallery->machine_count, gallery->machine_count == 1 ? "" : "s");
    if (gallery->repeated > 0)
        text_add(text, "; %d run%s came more than once and %s taken once", gallery->repeated,
            gallery->repeated == 1 ? "" : "s", gallery->repeated == 1 ? "was" : "were");
    if (left_out > 0)
        text_add(text, "; %d run%s could not be read and %s left out", left_out, left_out == 1 ? "" : "s",
            left_out == 1 ? "was" : "were");
}

/* ---- what a panel shows ---- */

static void add_limits(struct text *text, const struct gallery_panel *panel)
{
    bool first = true;
    for (enum limit limit = LIMIT_UNKNOWN; limit < LIMITS; limit++) {
        /* What is known comes first. */
        enum limit which = limit + 1 < LIMITS ? limit + 1 : LIMIT_UNKNOWN;
        int count = 0;
        for (int c = 0; c < panel->curve_count; c++)
            count += panel->curve[c].largest != NULL && panel->curve[c].largest->diagnosis.limit == which;
        if (count == 0)
            continue;
        text_add(text, "%s%s on %d",
            !first                   ? ", "
            : which != LIMIT_UNKNOWN ? " Limited by "
                                     : " Limit ",
            limit_name(which), count);
        first = false;
    }
    text_add(text, "%s", first ? "" : ".");
}

static void add_end(struct text *text, const struct gallery *gallery, const struct gallery_panel *panel,
    const struct gallery_curve *curve)
{
    char *label = gallery_curve_label(gallery, panel, curve);
    int threads = curve->largest->cell->threads;
    text_add(text, "%.2f× with %d thread%s on %s", curve->largest->estimate.speedup, threads,
        threads == 1 ? "" : "s", label);
    free(label);
}

void gallery_add_finding(struct text *text, const struct gallery *gallery, const struct gallery_panel *panel)
{
    const struct gallery_curve *low = NULL, *high = NULL;
    for (int c = 0; c < panel->curve_count; c++) {
        const struct gallery_curve *curve = &panel->curve[c];
        if (curve->largest == NULL || !isfinite(curve->largest->estimate.speedup))
            continue;
        double speedup = curve->largest->estimate.speedup;
        low = low == NULL || speedup < low->largest->estimate.speedup ? curve : low;
        high = high == NULL || speedup > high->largest->estimate.speedup ? curve : high;
    }
    if (low == NULL) {
        text_add(text, "no verified speedup on any machine.");
        return;
    }
    if (low != high) {
        text_add(text, "from ");
        add_end(text, gallery, panel, low);
        text_add(text, " to ");
    }
    add_end(text, gallery, panel, high);
    text_add(text, ".");
    add_limits(text, panel);
}
