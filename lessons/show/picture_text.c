/* What the three kinds of pictures have in common. */
#include "lessons/show/picture_text.h"

#include "lessons/engine/speak.h"

#include <math.h>

char *picture_text_number(double value, char *buffer, size_t size)
{
    double figure = fabs(value);
    bool whole = figure == floor(figure) && figure < 1e6;
    int decimals = whole || figure >= 99.95 ? 0 : figure >= 9.995 ? 1 : figure >= 0.0995 ? 2 : 3;
    return speak_number(value, decimals, buffer, size);
}

void picture_text_add(struct page *page, const struct picture *picture)
{
    if (picture->parts == 0)
        return;
    page_add_gap(page);
    page_add_line(page, INK_BOLD, picture->title);
    if (page->markdown)
        page_add_gap(page);
    page_fence(page);
    if (picture->kind == PICTURE_LANES)
        picture_text_add_lanes(page, picture);
    else if (picture->kind == PICTURE_BARS)
        picture_text_add_bars(page, picture);
    else
        picture_text_add_curves(page, picture);
    page_fence(page);
}
