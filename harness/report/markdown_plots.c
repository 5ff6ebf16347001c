/* Links to pictures that were drawn beside speedup.md. Refuses to link to what is not there: the report stays
 * whole where nobody could draw. */
#include "harness/report/markdown_plots.h"

#include "harness/base/text.h"
#include "harness/report/printable.h"

#include <string.h>
#include <unistd.h>

static bool is_there(const struct run_record *record, const char *folder, const char *name)
{
    struct text path = {0};
    text_add(&path, "%s/%s%s.svg", record->directory, folder, name);
    bool there = access(path.data, R_OK) == 0;
    text_free(&path);
    return there;
}

bool plot_is_there(const struct run_record *record, int picture)
{
    return is_there(record, "plots/", plot_names[picture]);
}

static void write_picture(
    FILE *stream, const char *title, const char *folder, const char *name, const char *caption)
{
    struct text shown = {0};
    printable_add_markdown(&shown, title);
    fprintf(stream, "\n![%s](%s%s.svg)\n", shown.data, folder, name);
    text_free(&shown);
    printable_add_markdown(&shown, caption);
    if (caption[0] != '\0')
        fprintf(stream, "\n%s\n", shown.data);
    text_free(&shown);
}

void markdown_write_plot(FILE *stream, const struct summary *summary, const char *name)
{
    int picture = 0;
    struct text title = {0}, caption = {0};
    while (picture < PLOT_PICTURES && strcmp(plot_names[picture], name) != 0)
        picture++;
    if (picture == PLOT_PICTURES || !plot_is_there(summary->record, picture))
        return;
    plot_data_describe(summary, picture, &title, &caption);
    text_add(&title, "%s", "");
    text_add(&caption, "%s", "");
    write_picture(stream, title.data, "plots/", name, caption.data);
    text_free(&title);
    text_free(&caption);
}

void markdown_write_topology(FILE *stream, const struct summary *summary)
{
    const struct run_record *record = summary->record;
    struct text title = {0};
    if (!is_there(record, "", "topology"))
        return;
    text_add(&title, "Where the threads of each team ran: %d core%s, %d PU%s", record->usable_cores,
        record->usable_cores == 1 ? "" : "s", record->usable_pus, record->usable_pus == 1 ? "" : "s");
    fputs("\n## The machine and its teams\n", stream);
    write_picture(stream, title.data, "", "topology", "");
    text_free(&title);
}
