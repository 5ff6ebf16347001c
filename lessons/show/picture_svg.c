/* The file around the pictures: its style, its height, and lines of words. */
#include "lessons/show/picture_svg.h"

#include "harness/report/printable.h"

extern const unsigned char lesson_style[];
extern const size_t lesson_style_length;

static const double letter = 7.2, title_letter = 9.2, line = 17;

double picture_svg_words(
    struct svg *svg, const char *class, double x, double y, double room, const char *words)
{
    bool title = class[0] == 't';
    struct text wrapped = {0};
    printable_add_wrapped(&wrapped, words, 0, 0, (size_t)(room / (title ? title_letter : letter)));
    char **lines = text_split(wrapped.data, '\n', &(size_t){0});
    for (char **one = lines; *one != NULL && (*one)[0] != '\0'; one++) {
        svg_text(svg, class, x, y, "start", *one);
        y += title ? line + 5 : line;
    }
    text_split_free(lines);
    text_free(&wrapped);
    return y;
}

void picture_svg_file(struct text *file, const char *title, const char *description, double height,
    void (*body)(struct svg *svg, const void *context), const void *context)
{
    struct svg svg = svg_open(file, "lesson", PICTURE_SVG_WIDTH, height, title, description);
    text_add(file, "<style>");
    text_add_bytes(file, (const char *)lesson_style, lesson_style_length);
    text_add(file, "</style>\n");
    svg_rectangle(&svg, "paper", 0, 0, PICTURE_SVG_WIDTH, height);
    body(&svg, context);
    svg_close(&svg);
}

struct drawn {
    const char *heading;
    const struct pictures *pictures;
};

static double draw(struct svg *svg, const struct drawn *drawn)
{
    const double room = PICTURE_SVG_WIDTH - 2 * PICTURE_SVG_MARGIN;
    double y =
        picture_svg_words(svg, "soft", PICTURE_SVG_MARGIN, PICTURE_SVG_MARGIN + 12, room, drawn->heading);
    for (int i = 0; i < drawn->pictures->count; i++) {
        const struct picture *picture = &drawn->pictures->picture[i];
        if (picture->parts == 0)
            continue;
        y = picture_svg_words(svg, "title", PICTURE_SVG_MARGIN, y + 32, room, picture->title) - 8;
        if (picture->kind == PICTURE_LANES)
            y = picture_svg_lanes(svg, picture, y);
        else if (picture->kind == PICTURE_BARS)
            y = picture_svg_bars(svg, picture, y);
        else
            y = picture_svg_curves(svg, picture, y);
    }
    return y + PICTURE_SVG_MARGIN;
}

static void draw_body(struct svg *svg, const void *context)
{
    draw(svg, context);
}

void picture_svg_add(struct text *file, const char *heading, const struct pictures *pictures)
{
    struct drawn drawn = {heading, pictures};
    /* Drawn once for its height. */
    struct text trial = {0};
    struct svg svg = {&trial};
    double height = draw(&svg, &drawn);
    text_free(&trial);
    struct text description = {0};
    for (int i = 0; i < pictures->count; i++)
        text_add(&description, "%s%s.", i > 0 ? " " : "", pictures->picture[i].title);
    picture_svg_file(
        file, heading, description.data != NULL ? description.data : heading, height, draw_body, &drawn);
    text_free(&description);
}
