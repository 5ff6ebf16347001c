/* A condition that a script carries out: which interpreter, which file, and the library that it opens. */
#ifndef ACELERA_LESSON_SCRIPT_H
#define ACELERA_LESSON_SCRIPT_H

#include "harness/base/status.h"

struct script {
    char *interpreter, *path, *kernels;
};

/* python: as it was found in PATH, where it may be a wrapper that takes its time at every start: it is asked
 * once which program it is. worker: the path of the lessons' worker; script and library are found from its
 * folder. Looked for once in the life of the program; not the caller's to free. NULL with a line: there is
 * none. */
const struct script *script_find(
    const char *python, const char *worker, const char *name, struct error *error);

/* argv of one process: words[0] of the worker's command line becomes the interpreter with the script, and the
 * library is added. Takes `words`; free the result with text_split_free(). */
char **script_words(const struct script *script, char **words);

#endif
