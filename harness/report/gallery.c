/* From many runs to panels of curves. Everything is ordered by content, so that the same runs make the same
 * gallery whatever their folders are called. Draws nothing. */
#include "harness/report/gallery.h"

#include "harness/base/text.h"
#include "harness/store/anonymous.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* As many panels as a page can hold and a person can look at; the CSV has all. */
enum { PANELS_SHOWN = 24 };

/* ---- machines ---- */

/* FNV-1a (Fowler, Noll, Vo), 64 bits. */
static unsigned long long digest_bytes(unsigned long long digest, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        digest = (digest ^ ((const unsigned char *)bytes)[i]) * 1099511628211ULL;
    return digest;
}

static unsigned long long digest_of(const struct run_record *record)
{
    unsigned long long digest = 14695981039346656037ULL;
    digest = digest_bytes(digest, record->host, strlen(record->host));
    digest = digest_bytes(digest, record->started, strlen(record->started));
    digest = digest_bytes(digest, &record->order_seed, sizeof record->order_seed);
    for (size_t i = 0; i < record->process_count; i++) {
        const struct process_record *process = &record->process[i];
        digest = digest_bytes(digest, &process->cell, sizeof process->cell);
        digest = digest_bytes(digest, &process->block, sizeof process->block);
        digest = digest_bytes(digest, process->seconds, process->samples * sizeof *process->seconds);
    }
    return digest;
}

static void add_warning(struct gallery_machine *machine, size_t *count, const char *id)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp(machine->warnings[i], id) == 0)
            return;
    machine->warnings = memory_grow(machine->warnings, *count + 2, sizeof *machine->warnings);
    machine->warnings[(*count)++] = text_copy(id);
    machine->warnings[*count] = NULL;
}

static void find_warnings(struct gallery_machine *machine)
{
    const struct run_record *record = &machine->record;
    size_t count = 0;
    machine->warnings = memory_new(1, sizeof *machine->warnings);
    for (int i = 0; i < record->warning_count; i++)
        add_warning(machine, &count, record->warning[i].id);
    for (int i = 0; i < record->finding_count; i++)
        if (strcmp(record->finding[i].severity, "warning") == 0)
            add_warning(machine, &count, record->finding[i].id);
    if (record->interrupted)
        add_warning(machine, &count, "interrupted");
}

static void find_clock(struct gallery_machine *machine)
{
    const struct summary *summary = &machine->summary;
    machine->clock_ghz = NAN;
    for (int i = 0; i < summary->row_count; i++)
        machine->clock_ghz = fmax(machine->clock_ghz, summary->row[i].clock_ghz);
}

/* The doctor looked, or the processor says so of itself. */
static const char *find_hypervisor(const struct run_record *record)
{
    for (int i = 0; i < record->finding_count; i++)
        if (strcmp(record->finding[i].id, "hypervisor") == 0 &&
            strcmp(record->finding[i].severity, "unknown") != 0)
            return strcmp(record->finding[i].severity, "fine") == 0 ? "no" : "yes";
    for (int i = 0; i < record->environment_count; i++)
        if (strcmp(record->environment[i].name, "hypervisor") == 0)
            return "yes";
    return NULL;
}

void gallery_add(struct gallery *gallery, struct run_record *record, const char *data_digest)
{
    unsigned long long digest = digest_of(record);
    for (int i = 0; i < gallery->machine_count; i++)
        if (gallery->machine[i]->digest == digest) {
            gallery->repeated++;
            run_record_free(record);
            return;
        }
    struct gallery_machine *machine = memory_new(1, sizeof *machine);
    machine->record = *record;
    *record = (struct run_record){0};
    machine->digest = digest;
    machine->data_digest = data_digest != NULL ? text_copy(data_digest) : NULL;
    summary_make(&machine->record, &machine->summary);
    find_warnings(machine);
    find_clock(machine);
    machine->hypervisor = find_hypervisor(&machine->record);
    gallery->machine =
        memory_grow(gallery->machine, (size_t)gallery->machine_count + 1, sizeof *gallery->machine);
    gallery->machine[gallery->machine_count++] = machine;
}

void gallery_leave_out(struct gallery *gallery, const char *path, const char *reason)
{
    gallery->left_out =
        memory_grow(gallery->left_out, (size_t)gallery->left_out_count + 1, sizeof *gallery->left_out);
    gallery->left_out[gallery->left_out_count++] =
        (struct gallery_left_out){text_copy(path), text_copy(reason)};
}

/* By size and processor; among equals by what was measured, which tells nothing of names. */
static int machine_order(const void *left, const void *right)
{
    const struct gallery_machine *a = *(struct gallery_machine *const *)left,
                                 *b = *(struct gallery_machine *const *)right;
    int order = (a->record.usable_pus > b->record.usable_pus) - (a->record.usable_pus < b->record.usable_pus);
    if (order == 0)
        order = strcmp(a->record.cpu_model, b->record.cpu_model);
    return order != 0 ? order : (a->digest > b->digest) - (a->digest < b->digest);
}

/* Where names are shown, people look for them. */
static int named_order(const void *left, const void *right)
{
    const struct run_record *a = &(*(struct gallery_machine *const *)left)->record,
                            *b = &(*(struct gallery_machine *const *)right)->record;
    int order = strcmp(a->host, b->host);
    order = order != 0 ? order : strcmp(a->started, b->started);
    return order != 0 ? order : machine_order(left, right);
}

/* A … Z, AA, AB … */
static char *letters(int number)
{
    char reversed[8];
    int length = 0;
    struct text text = {0};
    for (int rest = number + 1; rest > 0; rest = (rest - 1) / 26)
        reversed[length++] = (char)('A' + (rest - 1) % 26);
    while (length > 0)
        text_add(&text, "%c", reversed[--length]);
    return text.data;
}

/* Hosts that have several runs here are told apart by the time of each, and at last by a number. */
static char *host_label(const struct gallery *gallery, int number)
{
    const struct run_record *record = &gallery->machine[number]->record;
    struct text text = {0};
    bool repeats = false;
    int before = 0;
    for (int i = 0; i < gallery->machine_count; i++) {
        const struct run_record *other = &gallery->machine[i]->record;
        if (i == number || strcmp(other->host, record->host) != 0)
            continue;
        repeats = true;
        before += i < number && strcmp(other->started, record->started) == 0;
    }
    text_add(&text, "%s", record->host[0] != '\0' ? record->host : "unknown");
    if (repeats)
        text_add(&text, " %s", record->started);
    if (before > 0)
        text_add(&text, " (%d)", before + 1);
    return text.data;
}

/* ---- panels ---- */

static struct gallery_panel *panel_of(struct gallery *gallery, int machine, const struct cell *cell)
{
    const struct gallery_machine *from = gallery->machine[machine];
    struct text name = {0}, details = {0}, key = {0};
    bool weak = strcmp(cell->scaling, "weak") == 0;
    text_add(&name, "%s %s %s %s", cell->kernel, cell->variant, cell->type, cell->size);
    /* Under weak scaling the shape grows with the team: that of one thread stands for all. */
    const struct cell *shape = weak && cell->base >= 0 ? &from->record.cell[cell->base] : cell;
    text_add(&details, "%s · %s%s%s · %s scaling · ", shape->shape, cell->options,
        cell->options[0] != '\0' ? " · " : "", cell->placement, cell->scaling);
    if (from->data_digest != NULL)
        text_add(&details, "data of digest %s", from->data_digest);
    else
        text_add(&details, "data of seed %llu", from->record.seed);
    text_add(&key, "%s\n%s", name.data, details.data);
    struct gallery_panel *found = NULL;
    for (int i = 0; i < gallery->panel_count && found == NULL; i++)
        if (strcmp(gallery->panel[i].key, key.data) == 0)
            found = &gallery->panel[i];
    if (found == NULL) {
        gallery->panel =
            memory_grow(gallery->panel, (size_t)gallery->panel_count + 1, sizeof *gallery->panel);
        found = &gallery->panel[gallery->panel_count++];
        *found = (struct gallery_panel){.name = gallery_words(gallery, machine, name.data),
            .details = gallery_words(gallery, machine, details.data),
            .key = text_copy(key.data),
            .rate = cell->rate};
    }
    text_free(&name);
    text_free(&details);
    text_free(&key);
    return found;
}

static struct gallery_curve *curve_of(struct gallery_panel *panel, int machine, const struct cell *cell)
{
    bool known = false;
    for (int i = 0; i < panel->curve_count; i++) {
        struct gallery_curve *curve = &panel->curve[i];
        if (curve->machine == machine && strcmp(curve->worker, cell->worker) == 0 &&
            strcmp(curve->side, cell->side) == 0)
            return curve;
        known = known || curve->machine == machine;
    }
    panel->machine_count += !known;
    panel->curve = memory_grow(panel->curve, (size_t)panel->curve_count + 1, sizeof *panel->curve);
    panel->curve[panel->curve_count] =
        (struct gallery_curve){.machine = machine, .worker = cell->worker, .side = cell->side};
    return &panel->curve[panel->curve_count++];
}

static void add_row(struct gallery *gallery, int machine, const struct summary_row *row)
{
    const struct cell *cell = row->cell;
    int cores = gallery->machine[machine]->record.usable_cores;
    struct gallery_curve *curve = curve_of(panel_of(gallery, machine, cell), machine, cell);
    curve->row = memory_grow(curve->row, (size_t)curve->count + 1, sizeof *curve->row);
    curve->row[curve->count++] = row;
    if (!row->verified)
        return;
    if (curve->largest == NULL || cell->threads > curve->largest->cell->threads)
        curve->largest = row;
    if (cell->threads == cores && cell->sharing <= 1)
        curve->cores = row;
}

static int row_order(const void *left, const void *right)
{
    const struct cell *a = (*(const struct summary_row *const *)left)->cell,
                      *b = (*(const struct summary_row *const *)right)->cell;
    return (a->threads > b->threads) - (a->threads < b->threads);
}

/* Those on most machines first, then by name. */
static int panel_order(const void *left, const void *right)
{
    const struct gallery_panel *a = left, *b = right;
    int order = (a->machine_count < b->machine_count) - (a->machine_count > b->machine_count);
    return order != 0 ? order : strcmp(a->key, b->key);
}

void gallery_arrange(struct gallery *gallery, bool anonymous)
{
    gallery->anonymous = anonymous;
    if (gallery->machine_count > 0)
        qsort(gallery->machine, (size_t)gallery->machine_count, sizeof *gallery->machine,
            anonymous ? machine_order : named_order);
    for (int i = 0; i < gallery->machine_count; i++)
        gallery->machine[i]->label = anonymous ? letters(i) : host_label(gallery, i);
    for (int i = 0; i < gallery->machine_count; i++) {
        const struct summary *summary = &gallery->machine[i]->summary;
        for (int r = 0; r < summary->row_count; r++)
            if (!summary->row[r].cell->serial_base)
                add_row(gallery, i, &summary->row[r]);
    }
    if (gallery->panel_count > 0)
        qsort(gallery->panel, (size_t)gallery->panel_count, sizeof *gallery->panel, panel_order);
    for (int p = 0; p < gallery->panel_count; p++) {
        struct gallery_panel *panel = &gallery->panel[p];
        for (int c = 0; c < panel->curve_count; c++)
            qsort(panel->curve[c].row, (size_t)panel->curve[c].count, sizeof *panel->curve[c].row, row_order);
        panel->shown = 2 * panel->machine_count >= gallery->machine_count && p < PANELS_SHOWN;
    }
    /* Where no problem is on half of the machines, some of them are better than none. */
    if (gallery->panel_count > 0 && !gallery->panel[0].shown)
        for (int p = 0; p < gallery->panel_count && p < PANELS_SHOWN; p++)
            gallery->panel[p].shown = true;
    while (gallery->shown_count < gallery->panel_count && gallery->panel[gallery->shown_count].shown)
        gallery->shown_count++;
}

void gallery_free(struct gallery *gallery)
{
    for (int p = 0; p < gallery->panel_count; p++) {
        struct gallery_panel *panel = &gallery->panel[p];
        for (int c = 0; c < panel->curve_count; c++)
            free(panel->curve[c].row);
        free(panel->curve);
        free(panel->name);
        free(panel->details);
        free(panel->key);
    }
    for (int i = 0; i < gallery->machine_count; i++) {
        struct gallery_machine *machine = gallery->machine[i];
        summary_free(&machine->summary);
        run_record_free(&machine->record);
        text_split_free(machine->warnings);
        free(machine->data_digest);
        free(machine->label);
        free(machine);
    }
    for (int i = 0; i < gallery->left_out_count; i++) {
        free(gallery->left_out[i].path);
        free(gallery->left_out[i].reason);
    }
    free(gallery->panel);
    free(gallery->machine);
    free(gallery->left_out);
    *gallery = (struct gallery){0};
}

/* ---- questions of those who show it ---- */

char *gallery_words(const struct gallery *gallery, int machine, const char *string)
{
    struct text words = {0};
    if (!gallery->anonymous)
        return text_copy(string);
    anonymous_add(&words, string, gallery->machine[machine]->record.host);
    return words.data;
}

char *gallery_curve_label(
    const struct gallery *gallery, const struct gallery_panel *panel, const struct gallery_curve *curve)
{
    struct text label = {0};
    bool workers = false, sides = curve->side[0] != '\0';
    for (int i = 0; i < panel->curve_count; i++)
        workers = workers || (panel->curve[i].machine == curve->machine &&
                                 strcmp(panel->curve[i].worker, curve->worker) != 0);
    text_add(&label, "%s", gallery->machine[curve->machine]->label);
    if (workers)
        text_add(&label, " %s", curve->worker);
    if (sides)
        text_add(&label, " side %s", curve->side);
    return label.data;
}

bool gallery_joined(const struct summary_row *left, const struct summary_row *right)
{
    const struct cell *a = left->cell, *b = right->cell;
    return a->sharing == b->sharing && a->classes == b->classes && a->domains == b->domains;
}
