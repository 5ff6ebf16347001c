/* Draws the bar, the current cell and the time left, once for each worker process. */
#include "harness/commands/progress.h"

#include "harness/base/text.h"
#include "harness/commands/output.h"
#include "harness/measure/supervisor.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BAR_COLUMNS = 20, TERMINAL_COLUMNS = 80 };

/* Carriage return and "erase to the end of the line" (ECMA-48 EL). */
static const char erase_line[] = "\r\033[K";

struct progress progress_begin(void)
{
    return (struct progress){.on_terminal = terminal_can_redraw(STDERR_FILENO)};
}

static void add_bar(struct text *line, int done, int total)
{
    int filled = total > 0 && done > 0 ? (int)((double)BAR_COLUMNS * done / total) : 0;
    text_add(line, "[");
    for (int i = 0; i < BAR_COLUMNS; i++)
        text_add(line, i < filled ? "#" : "-");
    text_add(line, "] ");
}

/* Cuts at a whole code point, so that the line never wraps: a wrapped line cannot be erased. */
static void cut_to_columns(struct text *line, size_t columns)
{
    while (line->length > 0 && text_columns(line->data) > columns) {
        do
            line->length--;
        while (line->length > 0 && ((unsigned char)line->data[line->length] & 0xc0) == 0x80);
        line->data[line->length] = '\0';
    }
}

void progress_draw(struct progress *progress, const struct supervisor_progress *now)
{
    if (now->note != NULL) {
        progress_end(progress);
        fprintf(stderr, "acelera: %s\n", now->note);
    }
    if (!progress->on_terminal || now->cell == NULL)
        return;
    struct text line = {0};
    add_bar(&line, now->done, now->total);
    if (now->remaining_s >= 0)
        text_add(&line, "%.0f s left | ", now->remaining_s);
    if (now->block == 0)
        text_add(&line, "pilot | ");
    else
        text_add(&line, "block %d of %d | ", now->block, now->blocks_planned);
    const struct cell *cell = now->cell;
    text_add(&line, "%s %s %s x%d %s %s", cell->kernel, cell->variant, cell->type, cell->threads,
        cell->placement, cell->worker);
    cut_to_columns(&line, (size_t)terminal_columns(STDERR_FILENO, TERMINAL_COLUMNS) - 1);
    fprintf(stderr, "%s%s", erase_line, line.data);
    fflush(stderr);
    progress->drawn = true;
    text_free(&line);
}

void progress_end(struct progress *progress)
{
    if (progress->drawn)
        fputs(erase_line, stderr);
    progress->drawn = false;
}
