/* The same with a frame pointer: the stack goes by another name.
 * Refused: the stack is used */
#include "tests/codegen/bad/spill.c"
