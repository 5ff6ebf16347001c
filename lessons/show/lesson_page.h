/* A lesson on a page, section by section in the order of its protocol: text or Markdown, as the page says. */
#ifndef ACELERA_LESSON_PAGE_SECTIONS_H
#define ACELERA_LESSON_PAGE_SECTIONS_H

#include "lessons/engine/run.h"
#include "lessons/show/page.h"
#include "lessons/show/prediction.h"

/* Before anything is measured. */
void lesson_page_add_title(struct page *page, const struct lesson *lesson);
void lesson_page_add_question(struct page *page, const struct lesson *lesson);
/* What was predicted, and that it is locked; nothing without a prediction. */
void lesson_page_add_prediction(
    struct page *page, const struct lesson *lesson, const struct prediction *prediction);

/* Afterwards. */
void lesson_page_add_pictures(struct page *page, const struct pictures *pictures);
void lesson_page_add_verdict(struct page *page, const struct lesson_run *run);
void lesson_page_add_comparison(
    struct page *page, const struct lesson_run *run, const struct prediction *prediction);
void lesson_page_add_explanation(struct page *page, const struct lesson_run *run);
void lesson_page_add_key_points(struct page *page, const struct lesson *lesson);
void lesson_page_add_quiz(struct page *page, const struct lesson *lesson, bool with_answer);
void lesson_page_add_answer(struct page *page, const struct lesson *lesson);

void lesson_page_add_hint(struct page *page, const struct lesson *lesson);
void lesson_page_add_solution(struct page *page, const struct lesson *lesson);

#endif
