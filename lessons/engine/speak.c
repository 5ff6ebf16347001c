/* Translates through gettext, on systems without any locale too. Refuses to translate what programs read:
 * LC_NUMERIC stays C, and nothing but messages changes.
 *
 * The C library looks into a catalogue only where LC_MESSAGES is not "C", and takes the language from
 * LANGUAGE first. A bare system has no locale pt_BR, but it has C.UTF-8: that one together with LANGUAGE
 * speaks any language. (musl knows no LANGUAGE, and takes any name for a locale: the language's own is tried
 * first.) */
#include "lessons/engine/speak.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if ACELERA_GETTEXT
#    include <libintl.h>
#endif

#ifndef ACELERA_LOCALE_FROM_PROGRAM
#    define ACELERA_LOCALE_FROM_PROGRAM "../share/locale"
#endif

static const char domain[] = "acelera";

const char *const speak_languages[] = {"en", "pt_BR", NULL};
static const char *spoken = "en";

/* ---- which one ---- */

/* "pt_BR.UTF-8@x" → pt_BR, "en_GB" → en; other Portuguese is nearer to pt_BR than English is. NULL: none of
 * ours. */
static const char *language_of(const char *locale, size_t length)
{
    if (length >= 2 && strncmp(locale, "pt", 2) == 0 && (length == 2 || strchr("_.@-", locale[2]) != NULL))
        return "pt_BR";
    if (length >= 2 && strncmp(locale, "en", 2) == 0 && (length == 2 || strchr("_.@-", locale[2]) != NULL))
        return "en";
    return NULL;
}

const char *speak_language_wanted(void)
{
    static const char *const variables[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = "C";
    for (size_t i = 0; i < sizeof variables / sizeof *variables; i++) {
        const char *value = getenv(variables[i]);
        if (value != NULL && value[0] != '\0') {
            locale = value;
            break;
        }
    }
    if (strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0)
        return "en";
    const char *list = getenv("LANGUAGE");
    for (const char *at = list != NULL ? list : ""; *at != '\0';) {
        size_t length = strcspn(at, ":");
        const char *language = language_of(at, length);
        if (language != NULL)
            return language;
        at += length + (at[length] == ':');
    }
    const char *language = language_of(locale, strlen(locale));
    return language != NULL ? language : "en";
}

/* ---- where the catalogues are ---- */

static bool holds_catalogue(const char *folder, const char *language)
{
    struct text path = {0};
    text_add(&path, "%s/%s/LC_MESSAGES/%s.mo", folder, language, domain);
    bool there = access(path.data, R_OK) == 0;
    text_free(&path);
    return there;
}

/* NULL if there is none for this language; the caller's to free. */
static char *find_folder(const char *language)
{
    static const char *const from_program[] = {"locale", ACELERA_LOCALE_FROM_PROGRAM};
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash = length > 0 ? memrchr(self, '/', (size_t)length) : NULL;
    for (size_t i = 0; slash != NULL && i < sizeof from_program / sizeof *from_program; i++) {
        struct text folder = {0};
        text_add(&folder, "%.*s/%s", (int)(slash - self), self, from_program[i]);
        if (holds_catalogue(folder.data, language))
            return folder.data;
        text_free(&folder);
    }
    return NULL;
}

#if ACELERA_GETTEXT
static bool set_messages_locale(const char *language)
{
    struct text own = {0};
    text_add(&own, "%s.UTF-8", language);
    const char *const locales[] = {own.data, "C.UTF-8", "C.utf8", "en_US.UTF-8", "en_US.utf8"};
    bool set = false;
    for (size_t i = 0; i < sizeof locales / sizeof *locales && !set; i++)
        set = setlocale(LC_MESSAGES, locales[i]) != NULL;
    text_free(&own);
    return set && setenv("LANGUAGE", language, 1) == 0;
}

static bool open_catalogue(const char *language, const char *folder)
{
    return set_messages_locale(language) && bindtextdomain(domain, folder) != NULL &&
           bind_textdomain_codeset(domain, "UTF-8") != NULL;
}
#else
static bool open_catalogue(const char *language, const char *folder)
{
    (void)language;
    (void)folder;
    return false;
}
#endif

bool speak_choose(const char *language, const char *folder)
{
    spoken = "en";
    if (strcmp(language, "en") == 0)
        return true;
    char *found = folder != NULL ? text_copy(folder) : find_folder(language);
    bool opened = found != NULL && holds_catalogue(found, language) && open_catalogue(language, found);
    for (int i = 0; opened && speak_languages[i] != NULL; i++)
        if (strcmp(speak_languages[i], language) == 0)
            spoken = speak_languages[i];
    free(found);
    return opened;
}

const char *speak_language(void)
{
    return spoken;
}

/* ---- speaking ---- */

static bool is_english(void)
{
    return strcmp(spoken, "en") == 0;
}

const char *speak(const char *message)
{
#if ACELERA_GETTEXT
    if (message[0] != '\0' && !is_english())
        return dgettext(domain, message);
#endif
    return message;
}

static char *with_decimal_mark(char *buffer)
{
    char *point = is_english() ? NULL : strchr(buffer, '.');
    if (point != NULL)
        *point = ',';
    return buffer;
}

char *speak_number(double value, int decimals, char *buffer, size_t size)
{
    if (!isfinite(value)) {
        snprintf(buffer, size, "%s", _("unknown"));
        return buffer;
    }
    /* "-0.00" says no more than "0.00". */
    double half = 0.5 * pow(10, -decimals);
    snprintf(buffer, size, "%.*f", decimals, fabs(value) < half ? 0 : value);
    return with_decimal_mark(buffer);
}

char *speak_seconds(double seconds, char *buffer, size_t size)
{
    if (!isfinite(seconds) || seconds < 0) {
        snprintf(buffer, size, "%s", _("unknown"));
        return buffer;
    }
    return with_decimal_mark(text_seconds(seconds, buffer, size));
}
