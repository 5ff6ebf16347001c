/* How the gallery's page looks. */
#ifndef ACELERA_GALLERY_STYLE_H
#define ACELERA_GALLERY_STYLE_H

/* The style sheet; colours of curves are k0 … k7 (after Okabe & Ito, Color Universal Design), dashes d0 …
 * d3. */
extern const char gallery_style[];

#endif
