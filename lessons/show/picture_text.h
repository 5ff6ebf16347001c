/* Pictures in a terminal: at most the page's columns, in Unicode or ASCII, meaningful without colour. */
#ifndef ACELERA_LESSON_PICTURE_TEXT_H
#define ACELERA_LESSON_PICTURE_TEXT_H

#include "harness/report/gallery_axis.h"
#include "lessons/engine/picture.h"
#include "lessons/show/page.h"

/* Title, picture, and what its signs mean. */
void picture_text_add(struct page *page, const struct picture *picture);

/* The three kinds, without title. */
void picture_text_add_lanes(struct page *page, const struct picture *picture);
void picture_text_add_bars(struct page *page, const struct picture *picture);
void picture_text_add_curves(struct page *page, const struct picture *picture);

/* "1.93 (1.88–1.96)": value and interval, all with the decimals of the value. */
void picture_text_figures(struct text *text, const struct picture_bar *bar);

/* Axes that hold all its curves; from and to of both are kept. False if there is no point. */
bool picture_curves_range(const struct picture *picture, struct gallery_axis *x, struct gallery_axis *y);

/* Three significant digits, in the learner's language. */
char *picture_text_number(double value, char *buffer, size_t size);

#endif
