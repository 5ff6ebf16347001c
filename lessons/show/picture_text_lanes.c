/* Lanes over time in letters: each column is a window of time, each row a thread. */
#include "lessons/engine/speak.h"
#include "lessons/show/lane_view.h"
#include "lessons/show/picture_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LANES_ALONE = 16, LANES_BESIDE = 8, LABEL_MAX = 26 };

struct sign {
    const char *unicode, *ascii;
    enum ink ink;
};

static const struct sign signs[] = {
    [LANE_NOTHING] = {" ", " ", INK_PLAIN},
    [LANE_WORK] = {"█", "#", INK_FIRST},
    [LANE_PARTLY] = {"▒", "+", INK_FIRST},
    [LANE_WAIT] = {"·", ".", INK_SOFT},
    [LANE_INTERRUPTED] = {"─", "-", INK_SECOND},
};

static const char *sign_of(const struct page *page, enum lane_doing doing)
{
    return page->unicode ? signs[doing].unicode : signs[doing].ascii;
}

struct drawing {
    struct page *page;
    size_t label; /* columns */
    int windows;
    double end_s;
    bool seen[LANE_INTERRUPTED + 1];
};

static int lanes_shown(const struct picture *picture, const struct observation *observation)
{
    int most = picture->parts > 1 ? LANES_BESIDE : LANES_ALONE;
    return observation->lanes < most ? observation->lanes : most;
}

static struct drawing drawing_of(struct page *page, const struct picture *picture)
{
    struct drawing drawing = {.page = page};
    for (int p = 0; p < picture->parts; p++) {
        const struct observation *observation = picture->lanes[p].observation;
        for (int l = 0; l < lanes_shown(picture, observation); l++) {
            char *label = lane_view_label(observation, l);
            size_t columns = page_columns_of(page, label);
            drawing.label = columns > drawing.label ? columns : drawing.label;
            free(label);
        }
    }
    if (drawing.label > LABEL_MAX)
        drawing.label = LABEL_MAX;
    drawing.windows = page->columns - (int)drawing.label - 6;
    return drawing;
}

static const char *edge(const struct page *page)
{
    return page->unicode ? "│" : "|";
}

static void add_lane(struct drawing *drawing, const struct observation *observation, int lane)
{
    struct page *page = drawing->page;
    enum lane_doing *doing = memory_new((size_t)drawing->windows, sizeof *doing);
    char *label = lane_view_label(observation, lane);
    page_add_blanks(page, 2);
    size_t columns = page_add_words(page, INK_PLAIN, label);
    page_add_blanks(page, drawing->label + 1 > columns ? drawing->label + 1 - columns : 1);
    page_add_signs(page, INK_SOFT, edge(page));
    lane_view_windows(observation, lane, drawing->end_s, drawing->windows, doing);
    for (int w = 0, end; w < drawing->windows; w = end) {
        struct text run = {0};
        for (end = w; end < drawing->windows && doing[end] == doing[w]; end++)
            text_add(&run, "%s", sign_of(page, doing[w]));
        drawing->seen[doing[w]] = true;
        page_add_signs(page, signs[doing[w]].ink, run.data);
        text_free(&run);
    }
    page_add_signs(page, INK_SOFT, edge(page));
    page_end_line(page);
    free(label);
    free(doing);
}

static void add_axis(struct drawing *drawing)
{
    struct page *page = drawing->page;
    char end[40];
    speak_seconds(drawing->end_s, end, sizeof end);
    page_add_blanks(page, 2 + drawing->label + 1);
    size_t columns = page_add_words(page, INK_SOFT, "0");
    size_t room = (size_t)drawing->windows + 2, width = page_columns_of(page, end);
    page_add_blanks(page, room > columns + width ? room - columns - width : 1);
    page_add_words(page, INK_SOFT, end);
    page_end_line(page);
}

/* One sign with its meaning; what does not fit begins a new line. */
static size_t add_meaning(struct page *page, const char *sign, const char *meaning, size_t at)
{
    size_t width = 2 + page_columns_of(page, meaning);
    if (at > 0 && at + 3 + width > (size_t)page->columns) {
        page_end_line(page);
        at = 0;
    }
    if (2 + width > (size_t)page->columns) {
        struct text line = {0};
        text_add(&line, "%s %s", sign, meaning);
        page_add_note(page, line.data);
        text_free(&line);
        return 0;
    }
    size_t gap = at == 0 ? 2 : 3;
    page_add_blanks(page, gap);
    text_add(&page->text, "%s ", sign);
    page_add_words(page, INK_SOFT, meaning);
    return at + gap + width;
}

static void add_legend(struct drawing *drawing)
{
    static const char *const meaning[] = {
        [LANE_WORK] = N_("computing"),
        [LANE_PARTLY] = N_("computing part of that time"),
        [LANE_WAIT] = N_("waiting"),
        [LANE_INTERRUPTED] = N_("interrupted: begun, but without a CPU for a while"),
    };
    size_t at = 0;
    for (enum lane_doing d = LANE_WORK; d <= LANE_INTERRUPTED; d++)
        if (drawing->seen[d])
            at = add_meaning(drawing->page, sign_of(drawing->page, d), _(meaning[d]), at);
    if (at > 0)
        page_end_line(drawing->page);
}

void picture_text_add_lanes(struct page *page, const struct picture *picture)
{
    struct drawing drawing = drawing_of(page, picture);
    double end_s[PICTURE_PARTS_MAX];
    bool shared = lane_view_scales(picture, end_s);
    for (int p = 0; p < picture->parts; p++) {
        const struct observation *observation = picture->lanes[p].observation;
        int shown = lanes_shown(picture, observation);
        char *heading = lane_view_heading(picture, p, shared, end_s[p]);
        drawing.end_s = end_s[p];
        page_add_line(page, INK_PLAIN, heading);
        free(heading);
        for (int l = 0; l < shown; l++)
            add_lane(&drawing, observation, l);
        if (observation->lanes > shown) {
            struct text more = {0};
            text_add(&more, _("… and %d more"), observation->lanes - shown);
            page_add_line(page, INK_SOFT, more.data);
            text_free(&more);
        }
    }
    if (shared)
        add_axis(&drawing);
    else
        page_add_note(page, _("Each has a time scale of its own."));
    add_legend(&drawing);
}
