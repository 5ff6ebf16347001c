/* Writes the frame. The hashes in the policy are those of the bytes between the tags, so these are written
 * exactly as they were hashed. */
#include "harness/report/html_page.h"

#include "harness/report/markup.h"
#include "harness/report/topology_svg.h"

void html_add_base64(struct text *page, const void *bytes, size_t length)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned group = (unsigned)byte[i] << 16;
        group |= left > 1 ? (unsigned)byte[i + 1] << 8 : 0;
        group |= left > 2 ? byte[i + 2] : 0;
        char four[4] = {
            digits[group >> 18], digits[group >> 12 & 63], digits[group >> 6 & 63], digits[group & 63]};
        for (size_t pad = left < 3 ? left + 1 : 4; pad < 4; pad++)
            four[pad] = '=';
        text_add_bytes(page, four, sizeof four);
    }
}

void html_add_element(struct text *page, const char *name, const char *attributes, const char *words)
{
    text_add(page, "<%s%s%s>", name, attributes[0] != '\0' ? " " : "", attributes);
    markup_add(page, words);
    text_add(page, "</%s>\n", name);
}

static void add_policy(struct text *page)
{
    text_add(page, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                   "base-uri 'none'; form-action 'none'; style-src 'sha256-");
    html_add_base64(page, page_style_sha256, sizeof page_style_sha256);
    text_add(page, "' 'sha256-");
    html_add_base64(page, topology_style_sha256, sizeof topology_style_sha256);
    text_add(page, "'; script-src 'sha256-");
    html_add_base64(page, page_script_sha256, sizeof page_script_sha256);
    text_add(page, "'\">\n");
}

void html_page_open(struct text *page, const char *title)
{
    text_add(page, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    add_policy(page);
    text_add(page, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                   "<meta name=\"color-scheme\" content=\"light dark\">\n");
    html_add_element(page, "title", "", title);
    text_add(page, "<style>");
    text_add_bytes(page, (const char *)page_style, page_style_length);
    text_add(page, "</style>\n<style>");
    text_add_bytes(page, (const char *)topology_style, topology_style_length);
    text_add(page, "</style>\n</head>\n<body>\n");
}

void html_page_close(struct text *page)
{
    text_add(page, "<script>");
    text_add_bytes(page, (const char *)page_script, page_script_length);
    text_add(page, "</script>\n</body>\n</html>\n");
}
