/* The instruction set as the compiler sees it: its own macros, turned into names. Compiled with the flags of
 * the level; holds no code. */
#include "kernels/isa.h"

#define STRING_OF(x) #x
#define STRING(x)    STRING_OF(x)

const char *const isa_level = ISA_LEVEL;
const char *const isa_flags = ISA_FLAGS;
#ifdef __clang__
const char *const isa_compiler =
    "Clang " STRING(__clang_major__) "." STRING(__clang_minor__) "." STRING(__clang_patchlevel__);
#else
const char *const isa_compiler =
    "GCC " STRING(__GNUC__) "." STRING(__GNUC_MINOR__) "." STRING(__GNUC_PATCHLEVEL__);
#endif

/* Each macro says that the compiler may emit these instructions without being asked. */
const char *const isa_features_needed[] = {
#ifdef __SSE3__
    "sse3",
#endif
#ifdef __SSSE3__
    "ssse3",
#endif
#ifdef __SSE4_1__
    "sse4_1",
#endif
#ifdef __SSE4_2__
    "sse4_2",
#endif
#ifdef __POPCNT__
    "popcnt",
#endif
#ifdef __MOVBE__
    "movbe",
#endif
#ifdef __LZCNT__
    "lzcnt",
#endif
#ifdef __BMI__
    "bmi1",
#endif
#ifdef __BMI2__
    "bmi2",
#endif
#ifdef __ADX__
    "adx",
#endif
#ifdef __AVX__
    "avx",
#endif
#ifdef __AVX2__
    "avx2",
#endif
#ifdef __FMA__
    "fma",
#endif
#ifdef __F16C__
    "f16c",
#endif
#ifdef __FMA4__
    "fma4",
#endif
#ifdef __XOP__
    "xop",
#endif
#ifdef __AVX512F__
    "avx512f",
#endif
#ifdef __AVX512BW__
    "avx512bw",
#endif
#ifdef __AVX512CD__
    "avx512cd",
#endif
#ifdef __AVX512DQ__
    "avx512dq",
#endif
#ifdef __AVX512VL__
    "avx512vl",
#endif
#ifdef __AVX512IFMA__
    "avx512ifma",
#endif
#ifdef __AVX512VBMI__
    "avx512vbmi",
#endif
#ifdef __AVX512VBMI2__
    "avx512vbmi2",
#endif
#ifdef __AVX512VNNI__
    "avx512vnni",
#endif
#ifdef __AVX512BITALG__
    "avx512bitalg",
#endif
#ifdef __AVX512VPOPCNTDQ__
    "avx512vpopcntdq",
#endif
#ifdef __AVX512BF16__
    "avx512bf16",
#endif
#ifdef __AVX512FP16__
    "avx512fp16",
#endif
#ifdef __AVXVNNI__
    "avxvnni",
#endif
#ifdef __GFNI__
    "gfni",
#endif
#ifdef __ARM_FEATURE_ATOMICS
    "atomics",
#endif
#ifdef __ARM_FEATURE_DOTPROD
    "asimddp",
#endif
#ifdef __ARM_FEATURE_FP16_VECTOR_ARITHMETIC
    "asimdhp",
#endif
#ifdef __ARM_FEATURE_SVE
    "sve",
#endif
#if defined(__ARM_FEATURE_SVE_BITS) && __ARM_FEATURE_SVE_BITS > 0
    "sve" STRING(__ARM_FEATURE_SVE_BITS),
#endif
#ifdef __ARM_FEATURE_SVE2
    "sve2",
#endif
#ifdef __ARM_FEATURE_BF16
    "bf16",
#endif
#ifdef __ARM_FEATURE_MATMUL_INT8
    "i8mm",
#endif
    0,
};
