/* In the place of kernels/isa.c: an instruction set that no CPU has. */
#include "kernels/isa.h"

const char *const isa_level = "impossible";
const char *const isa_flags = "-march=impossible";
const char *const isa_compiler = "none";
const char *const isa_features_needed[] = {"no-such-feature", 0};
