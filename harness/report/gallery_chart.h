/* One panel of the gallery as a picture: a line for each machine. */
#ifndef ACELERA_GALLERY_CHART_H
#define ACELERA_GALLERY_CHART_H

#include "harness/base/text.h"
#include "harness/report/gallery.h"

enum gallery_value { GALLERY_SPEEDUP, GALLERY_TIME, GALLERY_RATE };

/* Whether any row has such a value. */
bool gallery_chart_has(const struct gallery_panel *panel, enum gallery_value value);

/* Adds the picture of one value of a panel against threads, by markup.h. Each curve is a group of class
 * "curve kK dD" with data-row "mMACHINE"; wide pictures have labels beside the ends, where there is room. */
void gallery_chart_add(
    struct text *page, const struct gallery *gallery, int panel, enum gallery_value value, bool wide);

/* The sign of a machine, for the table: a small picture without words. */
void gallery_chart_add_sign(struct text *page, int machine);

#endif
