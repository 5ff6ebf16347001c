/* The frame of a page that stands alone: head, style, script, and how bytes travel inside it. Any page of the
 * project can stand in it; refuses to know what is shown. */
#ifndef ACELERA_HTML_PAGE_H
#define ACELERA_HTML_PAGE_H

#include "harness/base/text.h"

/* Everything up to and with <body>. The page may load nothing, and runs no script but the project's own: its
 * policy names that one by its hash. `title` is from outside. */
void html_page_open(struct text *page, const char *title);
/* The script, and the end. */
void html_page_close(struct text *page);

/* Base64 (RFC 4648). */
void html_add_base64(struct text *page, const void *bytes, size_t length);

/* An element around a text from outside: <p class="lead">…</p>. `attributes` are ours, "" none. */
void html_add_element(struct text *page, const char *name, const char *attributes, const char *words);

/* Made from the files in page/ when the project is built. */
extern const unsigned char page_style[], page_script[];
extern const size_t page_style_length, page_script_length;
extern const unsigned char page_style_sha256[32], page_script_sha256[32];

#endif
