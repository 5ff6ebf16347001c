/* Collects what a picture shows. Refuses to draw: that is show/'s. */
#include "lessons/engine/picture.h"

#include "harness/base/text.h"

#include <stdlib.h>

static char *copy_or_null(const char *string)
{
    return string != NULL ? text_copy(string) : NULL;
}

/* Past the last place: a mistake of the lesson, not of its reader. */
static void want_room(int count, int most)
{
    if (count >= most)
        abort();
}

struct picture *pictures_add(struct pictures *pictures, enum picture_kind kind, const char *title,
    const char *x_axis, const char *y_axis)
{
    want_room(pictures->count, PICTURES_MAX);
    struct picture *picture = &pictures->picture[pictures->count++];
    *picture = (struct picture){.kind = kind,
        .title = text_copy(title),
        .x_axis = copy_or_null(x_axis),
        .y_axis = copy_or_null(y_axis)};
    return picture;
}

void picture_add_lanes(struct picture *picture, const char *label, const struct observation *observation)
{
    want_room(picture->parts, PICTURE_PARTS_MAX);
    picture->lanes[picture->parts++] = (struct picture_lanes){text_copy(label), observation};
}

void picture_add_bar(struct picture *picture, const char *label, double value, double low, double high)
{
    want_room(picture->parts, PICTURE_PARTS_MAX);
    picture->bar[picture->parts++] = (struct picture_bar){text_copy(label), value, low, high};
}

struct picture_curve *picture_add_curve(struct picture *picture, const char *label, bool line_only)
{
    want_room(picture->parts, PICTURE_PARTS_MAX);
    struct picture_curve *curve = &picture->curve[picture->parts++];
    curve->label = text_copy(label);
    curve->line_only = line_only;
    return curve;
}

void picture_curve_add(struct picture_curve *curve, double x, double y, double low, double high)
{
    want_room(curve->points, PICTURE_POINTS_MAX);
    int i = curve->points++;
    curve->x[i] = x;
    curve->y[i] = y;
    curve->low[i] = low;
    curve->high[i] = high;
}

void pictures_free(struct pictures *pictures)
{
    for (int i = 0; i < pictures->count; i++) {
        struct picture *picture = &pictures->picture[i];
        for (int p = 0; p < picture->parts; p++) {
            free(picture->lanes[p].label);
            free(picture->bar[p].label);
            free(picture->curve[p].label);
        }
        free(picture->title);
        free(picture->x_axis);
        free(picture->y_axis);
    }
    *pictures = (struct pictures){0};
}
