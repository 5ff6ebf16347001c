/* Bars in letters: solid up to the low end of the interval, shaded up to its high end, the figures beside. */
#include "lessons/engine/speak.h"
#include "lessons/show/picture_text.h"

#include "harness/report/printable.h"
#include "lessons/show/plain.h"

#include <math.h>
#include <string.h>

enum { BAR_LABEL_MAX = 30, BAR_LABEL_MIN = 8, BAR_MIN = 8 };

static bool is_whole(double value)
{
    return !isfinite(value) || value == floor(value);
}

void picture_text_figures(struct text *text, const struct picture_bar *bar)
{
    char value[40], low[40], high[40];
    double figure = fabs(bar->value);
    bool whole = is_whole(bar->value) && is_whole(bar->low) && is_whole(bar->high);
    int decimals = whole || figure >= 99.95 ? 0 : figure >= 9.995 ? 1 : figure >= 0.0995 ? 2 : 3;
    text_add(text, "%s", speak_number(bar->value, decimals, value, sizeof value));
    if (isfinite(bar->low) && isfinite(bar->high))
        text_add(text, " (%s–%s)", speak_number(bar->low, decimals, low, sizeof low),
            speak_number(bar->high, decimals, high, sizeof high));
}

struct bars {
    struct page *page;
    size_t label, figures, room; /* columns */
    double most;
    bool shaded;
};

static struct bars bars_of(struct page *page, const struct picture *picture)
{
    struct bars bars = {.page = page, .label = BAR_LABEL_MIN};
    for (int i = 0; i < picture->parts; i++) {
        const struct picture_bar *bar = &picture->bar[i];
        struct text figures = {0};
        picture_text_figures(&figures, bar);
        size_t label = page_columns_of(page, bar->label), width = page_columns_of(page, figures.data);
        bars.label = label > bars.label ? label : bars.label;
        bars.figures = width > bars.figures ? width : bars.figures;
        bars.most = isfinite(bar->value) ? fmax(bars.most, bar->value) : bars.most;
        bars.most = isfinite(bar->high) ? fmax(bars.most, bar->high) : bars.most;
        text_free(&figures);
    }
    size_t beside = 2 + 1 + 1 + bars.figures + BAR_MIN, columns = (size_t)page->columns;
    size_t most = columns > beside + BAR_LABEL_MIN ? columns - beside : BAR_LABEL_MIN;
    most = most > BAR_LABEL_MAX ? BAR_LABEL_MAX : most;
    bars.label = bars.label > most ? most : bars.label;
    size_t taken = 2 + bars.label + 1 + 1 + bars.figures;
    bars.room = (size_t)page->columns > taken + 8 ? (size_t)page->columns - taken : 8;
    return bars;
}

/* Cells of the bar's end, rounded; anything above 0 is seen. */
static size_t cells_of(const struct bars *bars, double value)
{
    if (!(value > 0) || !(bars->most > 0))
        return 0;
    double cells = value / bars->most * (double)bars->room;
    return cells < 1 ? 1 : (size_t)(cells + 0.5);
}

/* The sign that a bar ends with shows eighths, where there is no interval. */
static void add_solid(struct bars *bars, double value)
{
    static const char *const eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    struct text signs = {0};
    double cells = value > 0 && bars->most > 0 ? value / bars->most * (double)bars->room : 0;
    size_t whole = bars->page->unicode ? (size_t)cells : cells_of(bars, value);
    for (size_t i = 0; i < whole; i++)
        text_add(&signs, "%s", bars->page->unicode ? "█" : "=");
    if (bars->page->unicode && whole < bars->room)
        text_add(&signs, "%s",
            whole == 0 && cells > 0 && cells < 0.125 ? "▏" : eighths[(int)(8 * (cells - (double)whole))]);
    text_add(&signs, "%s", "");
    page_add_signs(bars->page, INK_FIRST, signs.data);
    page_add_blanks(bars->page,
        bars->room - (text_columns(signs.data) < bars->room ? text_columns(signs.data) : bars->room));
    text_free(&signs);
}

static void add_ranged(struct bars *bars, size_t low, size_t high)
{
    struct text solid = {0}, shade = {0};
    for (size_t i = 0; i < low; i++)
        text_add(&solid, "%s", bars->page->unicode ? "█" : "=");
    for (size_t i = low; i < high; i++)
        text_add(&shade, "%s", bars->page->unicode ? "▒" : "-");
    if (solid.data != NULL)
        page_add_signs(bars->page, INK_FIRST, solid.data);
    if (shade.data != NULL)
        page_add_signs(bars->page, INK_SECOND, shade.data);
    page_add_blanks(bars->page, bars->room > high ? bars->room - high : 0);
    bars->shaded = true;
    text_free(&solid);
    text_free(&shade);
}

static void add_bar(struct bars *bars, const struct picture_bar *bar)
{
    struct page *page = bars->page;
    struct text label = {0}, wrapped = {0}, figures = {0};
    plain_add(&label, bar->label, page->unicode);
    printable_add_wrapped(&wrapped, label.data, 0, 0, bars->label);
    char **lines = text_split(wrapped.data, '\n', &(size_t){0});
    page_add_blanks(page, 2);
    page_add_signs(page, INK_PLAIN, lines[0]);
    size_t columns = text_columns(lines[0]);
    page_add_blanks(page, bars->label + 1 - (columns < bars->label ? columns : bars->label));
    size_t low = cells_of(bars, bar->low), high = cells_of(bars, bar->high);
    if (isfinite(bar->low) && isfinite(bar->high) && high > low)
        add_ranged(bars, low, high);
    else
        add_solid(bars, isfinite(bar->value) ? bar->value : 0);
    page_add_blanks(page, 1);
    picture_text_figures(&figures, bar);
    page_add_words(page, INK_BOLD, figures.data);
    page_end_line(page);
    for (char **line = lines + 1; *line != NULL && (*line)[0] != '\0'; line++) {
        page_add_blanks(page, 2);
        page_add_signs(page, INK_PLAIN, *line);
        page_end_line(page);
    }
    text_split_free(lines);
    text_free(&label);
    text_free(&wrapped);
    text_free(&figures);
}

void picture_text_add_bars(struct page *page, const struct picture *picture)
{
    struct bars bars = bars_of(page, picture);
    for (int i = 0; i < picture->parts; i++)
        add_bar(&bars, &picture->bar[i]);
    struct text line = {0};
    if (picture->y_axis != NULL)
        text_add(&line, "  %s", picture->y_axis);
    if (bars.shaded) {
        text_add(&line, "%s", line.length > 0 ? "; " : "  ");
        text_add(&line,
            page->unicode ? _("█ to the low end of the interval (%s), ▒ to its high end")
                          : _("= to the low end of the interval (%s), - to its high end"),
            "99 %");
    }
    if (line.length > 0)
        page_add_note(page, line.data + 2);
    text_free(&line);
}
