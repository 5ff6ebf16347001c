/* A class side by side: for each lesson a table, a chart of predictions against measurements, and why the
 * curves differ, as far as the evidence says it. */
#ifndef ACELERA_LESSON_COLLECTION_PAGE_H
#define ACELERA_LESSON_COLLECTION_PAGE_H

#include "harness/store/json_builder.h"
#include "lessons/class/collection.h"
#include "lessons/show/page.h"

void collection_page_add(struct page *page, const struct collection *collection);
/* Schema acelera/class/1. */
void collection_json_build(struct json_builder *json, const struct collection *collection);

#endif
