/* Lanes over time as SVG: windows half a pixel wide, neighbours that did the same drawn as one. */
#include "lessons/engine/speak.h"
#include "lessons/show/lane_view.h"
#include "lessons/show/picture_svg.h"

#include <math.h>
#include <stdlib.h>

enum { LABEL = 200, WINDOWS = 1160, LANE = 20, LANES_SHOWN = 32 };

static const char *const classes[] = {[LANE_NOTHING] = "",
    [LANE_WORK] = "work",
    [LANE_PARTLY] = "part",
    [LANE_WAIT] = "wait",
    [LANE_INTERRUPTED] = "cut"};

struct drawing {
    struct svg *svg;
    double end_s, room;
    bool seen[LANE_INTERRUPTED + 1];
};

static void add_lane(struct drawing *drawing, const struct observation *observation, int lane, double y)
{
    /* Less than their full height, lower the less was done: seen without colour. */
    static const double height[] = {
        [LANE_WORK] = 14, [LANE_PARTLY] = 10, [LANE_WAIT] = 6, [LANE_INTERRUPTED] = 3};
    enum lane_doing doing[WINDOWS];
    char *label = lane_view_label(observation, lane);
    svg_text(drawing->svg, "soft", PICTURE_SVG_MARGIN + 8, y + 14, "start", label);
    svg_rectangle(drawing->svg, "lane", LABEL, y + 3, drawing->room, 14);
    lane_view_windows(observation, lane, drawing->end_s, WINDOWS, doing);
    for (int w = 0, end; w < WINDOWS; w = end) {
        for (end = w; end < WINDOWS && doing[end] == doing[w]; end++)
            continue;
        drawing->seen[doing[w]] = true;
        if (doing[w] != LANE_NOTHING)
            svg_rectangle(drawing->svg, classes[doing[w]], LABEL + drawing->room * w / WINDOWS,
                y + 10 - height[doing[w]] / 2, drawing->room * (end - w) / WINDOWS, height[doing[w]]);
    }
    free(label);
}

static double add_legend(struct drawing *drawing, double y)
{
    static const char *const meaning[] = {
        [LANE_WORK] = N_("computing"),
        [LANE_PARTLY] = N_("computing part of that time"),
        [LANE_WAIT] = N_("waiting"),
        [LANE_INTERRUPTED] = N_("interrupted: begun, but without a CPU for a while"),
    };
    static const double height[] = {
        [LANE_WORK] = 14, [LANE_PARTLY] = 10, [LANE_WAIT] = 6, [LANE_INTERRUPTED] = 3};
    double x = PICTURE_SVG_MARGIN;
    for (enum lane_doing d = LANE_WORK; d <= LANE_INTERRUPTED; d++) {
        if (!drawing->seen[d])
            continue;
        const char *words = _(meaning[d]);
        double width = 26 + 6.6 * (double)text_columns(words) + 18;
        if (x > PICTURE_SVG_MARGIN && x + width > PICTURE_SVG_WIDTH) {
            x = PICTURE_SVG_MARGIN;
            y += 20;
        }
        svg_rectangle(drawing->svg, classes[d], x, y + 10 - height[d] / 2, 18, height[d]);
        svg_text(drawing->svg, "soft", x + 24, y + 14, "start", words);
        x += width;
    }
    return y + 22;
}

double picture_svg_lanes(struct svg *svg, const struct picture *picture, double y)
{
    struct drawing drawing = {.svg = svg, .room = PICTURE_SVG_WIDTH - LABEL - PICTURE_SVG_MARGIN};
    double end_s[PICTURE_PARTS_MAX];
    bool shared = lane_view_scales(picture, end_s);
    for (int p = 0; p < picture->parts; p++) {
        const struct observation *observation = picture->lanes[p].observation;
        char *heading = lane_view_heading(picture, p, shared, end_s[p]);
        drawing.end_s = end_s[p];
        svg_text(svg, "name", PICTURE_SVG_MARGIN, y + 18, "start", heading);
        free(heading);
        y += 22;
        for (int l = 0; l < observation->lanes && l < LANES_SHOWN; l++, y += LANE)
            add_lane(&drawing, observation, l, y);
        if (observation->lanes > LANES_SHOWN) {
            struct text more = {0};
            text_add(&more, _("… and %d more"), observation->lanes - LANES_SHOWN);
            svg_text(svg, "soft", PICTURE_SVG_MARGIN + 8, y + 14, "start", more.data);
            text_free(&more);
            y += LANE;
        }
    }
    if (!shared) {
        svg_text(svg, "soft", LABEL, y + 14, "start", _("Each has a time scale of its own."));
        return add_legend(&drawing, y + 22);
    }
    char end[40];
    svg_line(svg, "axis", LABEL, y + 3, LABEL + drawing.room, y + 3);
    svg_text(svg, "soft", LABEL, y + 17, "start", "0");
    svg_text(svg, "soft", LABEL + drawing.room, y + 17, "end", speak_seconds(drawing.end_s, end, sizeof end));
    return add_legend(&drawing, y + 22);
}
