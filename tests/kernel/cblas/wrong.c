/* A CBLAS whose every sum lacks its last product. */
#define SKIPPED 1
#include "tests/kernel/cblas/right.c"
