/* Numbers of the gallery as people read them, the same in every table. */
#ifndef ACELERA_GALLERY_WORDS_H
#define ACELERA_GALLERY_WORDS_H

#include "harness/base/text.h"
#include "harness/report/gallery.h"

enum gallery_column {
    GALLERY_MACHINE,
    GALLERY_CPU,
    GALLERY_CORES,
    GALLERY_PUS,
    GALLERY_QUOTA,
    GALLERY_CLOCK,
    GALLERY_HYPERVISOR,
    GALLERY_VERSION,
    GALLERY_WARNINGS,
    GALLERY_COLUMNS
};

extern const char *const gallery_headings[GALLERY_COLUMNS];

/* Owned by the caller; what is unknown is an en dash, what is not there (no quota, no warning) says so. */
char *gallery_word(const struct gallery *gallery, int machine, enum gallery_column column);

/* "–" where unknown, into `word`, returned. */
char *gallery_number(char *word, size_t size, int decimals, double value);

/* What a panel shows, in a sentence without its name. */
void gallery_add_finding(struct text *text, const struct gallery *gallery, const struct gallery_panel *panel);
/* How many machines, runs that were there twice, and runs that could not be read. */
void gallery_add_count(struct text *text, const struct gallery *gallery);

#endif
