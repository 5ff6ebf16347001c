/* The plan for people: which thread counts and why, which cells, what was left out. */
#include "harness/base/text.h"
#include "harness/report/grid.h"
#include "harness/report/plan.h"
#include "harness/report/printable.h"

#include <stdlib.h>
#include <string.h>

static char *pus_text(const struct cell *cell)
{
    struct text text = {0};
    if (cell->pus == NULL)
        text_add(&text, "unbound");
    for (int i = 0; cell->pus != NULL && i < cell->threads; i++)
        text_add(&text, "%s%d", i > 0 ? ";" : "", cell->pus[i]);
    return text.data;
}

/* Cells of one heading differ in where and how wide they run only. */
static bool same_heading(const struct cell *a, const struct cell *b)
{
    return strcmp(a->kernel, b->kernel) == 0 && strcmp(a->variant, b->variant) == 0 &&
           strcmp(a->type, b->type) == 0 && strcmp(a->shape, b->shape) == 0 &&
           strcmp(a->options, b->options) == 0 && strcmp(a->scaling, b->scaling) == 0;
}

static const char *const cell_headings[] = {"threads", "placement", "worker", "memory", "why"};
static const char *const point_headings[] = {"threads", "why"};
static const char *const skipped_headings[] = {"cell", "why"};

static void add_cell(struct grid *grid, const struct cell *cell)
{
    char threads[16], memory[32];
    snprintf(threads, sizeof threads, "%d", cell->threads);
    const char *words[] = {threads, cell->placement, cell->worker,
        text_bytes(cell->memory_bytes, memory, sizeof memory), cell->reason};
    grid_add(grid, words);
}

static void write_cells(FILE *stream, const struct plan_view *plan, int columns)
{
    for (int first = 0; first < plan->cell_count;) {
        const struct cell *head = &plan->cell[first];
        struct grid grid = {.heading = cell_headings, .columns = 5};
        fprintf(stream, "\n%s %s, %s, %s: %s%s%s\n", head->kernel, head->variant, head->type, head->size,
            head->shape, head->options[0] != '\0' ? "; " : "", head->options);
        int next = first;
        for (; next < plan->cell_count && same_heading(head, &plan->cell[next]); next++)
            add_cell(&grid, &plan->cell[next]);
        grid_write_text(stream, &grid, 2, columns);
        grid_free(&grid);
        first = next;
    }
}

static void fill_points(const struct plan_view *plan, struct grid *grid)
{
    for (int i = 0; i < plan->point_count; i++) {
        char threads[16];
        snprintf(threads, sizeof threads, "%d", plan->point[i].threads);
        const char *words[] = {threads, plan->point[i].reason};
        grid_add(grid, words);
    }
}

static void fill_skipped(const struct plan_view *plan, struct grid *grid)
{
    for (int i = 0; i < plan->skipped_count; i++) {
        char label[400];
        const char *words[] = {cell_label(&plan->skipped[i].cell, label, sizeof label), plan->skipped[i].why};
        grid_add(grid, words);
    }
}

static void write_opening(FILE *stream, const struct plan_view *plan)
{
    struct text source = {0};
    printable_add(&source, plan->topology->source, true);
    fprintf(stream, "Plan for %s: %d usable cores, %d usable PUs; %d cells", source.data,
        plan->topology->usable_cores, plan->topology->usable_pus, plan->cell_count);
    text_free(&source);
    if (plan->blocks > 0)
        fprintf(stream, ", %d blocks", plan->blocks);
    fprintf(stream, "; at most %g s, until every median is within ±%g %%\n", plan->budget_s,
        plan->precision * 100);
    fprintf(stream, "Data seed %llu, order seed %llu. Nothing was measured.\n", plan->seed, plan->order_seed);
    if (!plan->comparable)
        fputs("The size depends on this machine's caches: not comparable with other machines.\n", stream);
}

bool plan_text_write(FILE *stream, const struct plan_view *plan, int columns)
{
    struct grid points = {.heading = point_headings, .columns = 2};
    struct grid skipped = {.heading = skipped_headings, .columns = 2};
    fill_points(plan, &points);
    fill_skipped(plan, &skipped);
    write_opening(stream, plan);
    fputc('\n', stream);
    grid_write_text(stream, &points, 0, columns);
    write_cells(stream, plan, columns);
    if (plan->skipped_count > 0)
        fputs("\nLeft out\n", stream);
    grid_write_text(stream, &skipped, 2, columns);
    grid_free(&points);
    grid_free(&skipped);
    return ferror(stream) == 0;
}

/* ---- the same rows for Markdown and CSV ---- */

static const char *const row_headings[] = {"kernel", "variant", "type", "size", "shape", "options",
    "placement", "scaling", "worker", "threads_requested", "pus", "measured", "reason"};
enum { ROW_COLUMNS = sizeof row_headings / sizeof row_headings[0] };

static void add_row(struct grid *grid, const struct cell *cell, bool measured, const char *reason)
{
    char threads[16];
    char *pus = pus_text(cell);
    snprintf(threads, sizeof threads, "%d", cell->threads);
    const char *words[ROW_COLUMNS] = {cell->kernel, cell->variant, cell->type, cell->size, cell->shape,
        cell->options, cell->placement, cell->scaling, cell->worker, threads, pus,
        measured ? "true" : "false", reason};
    grid_add(grid, words);
    free(pus);
}

static struct grid all_rows(const struct plan_view *plan)
{
    struct grid grid = {.heading = row_headings, .columns = ROW_COLUMNS};
    for (int i = 0; i < plan->cell_count; i++)
        add_row(&grid, &plan->cell[i], true, plan->cell[i].reason);
    for (int i = 0; i < plan->skipped_count; i++)
        add_row(&grid, &plan->skipped[i].cell, false, plan->skipped[i].why);
    return grid;
}

bool plan_markdown_write(FILE *stream, const struct plan_view *plan)
{
    struct grid grid = all_rows(plan);
    write_opening(stream, plan);
    fputc('\n', stream);
    grid_write_markdown(stream, &grid);
    grid_free(&grid);
    return ferror(stream) == 0;
}

bool plan_csv_write(FILE *stream, const struct plan_view *plan)
{
    struct grid grid = all_rows(plan);
    grid_write_csv(stream, &grid);
    grid_free(&grid);
    return ferror(stream) == 0;
}
