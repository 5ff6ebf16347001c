/* CPU features by name, read from the CPU itself.
 *
 * Source of the bits: Intel SDM vol. 2A, CPUID (leaves 1, 7.0, 7.1) and AMD APM vol. 3, appendix E (leaf
 * 0x80000001). A vector feature counts only if the operating system saves its registers (XCR0). On aarch64
 * the kernel tells (HWCAP; the length of SVE vectors: prctl). */
#include "harness/worker/cpu.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if defined(__x86_64__)
#    include <cpuid.h>

enum cpuid_register { EAX, EBX, ECX, EDX };

/* XCR0 bits that must all be set: none, AVX (SSE + YMM), AVX-512 (those + opmask, ZMM0–15, ZMM16–31). */
enum { STATE_NONE = 0, STATE_AVX = 0x6, STATE_AVX512 = 0xe6 };

static const struct feature {
    const char *name;
    uint32_t leaf, subleaf;
    enum cpuid_register where;
    int bit;
    uint32_t state;
} features[] = {
    {"sse3", 1, 0, ECX, 0, STATE_NONE},
    {"ssse3", 1, 0, ECX, 9, STATE_NONE},
    {"sse4_1", 1, 0, ECX, 19, STATE_NONE},
    {"sse4_2", 1, 0, ECX, 20, STATE_NONE},
    {"movbe", 1, 0, ECX, 22, STATE_NONE},
    {"popcnt", 1, 0, ECX, 23, STATE_NONE},
    {"avx", 1, 0, ECX, 28, STATE_AVX},
    {"fma", 1, 0, ECX, 12, STATE_AVX},
    {"f16c", 1, 0, ECX, 29, STATE_AVX},
    {"lzcnt", 0x80000001, 0, ECX, 5, STATE_NONE},
    {"xop", 0x80000001, 0, ECX, 11, STATE_AVX},
    {"fma4", 0x80000001, 0, ECX, 16, STATE_AVX},
    {"bmi1", 7, 0, EBX, 3, STATE_NONE},
    {"avx2", 7, 0, EBX, 5, STATE_AVX},
    {"bmi2", 7, 0, EBX, 8, STATE_NONE},
    {"adx", 7, 0, EBX, 19, STATE_NONE},
    {"avx512f", 7, 0, EBX, 16, STATE_AVX512},
    {"avx512dq", 7, 0, EBX, 17, STATE_AVX512},
    {"avx512ifma", 7, 0, EBX, 21, STATE_AVX512},
    {"avx512cd", 7, 0, EBX, 28, STATE_AVX512},
    {"avx512bw", 7, 0, EBX, 30, STATE_AVX512},
    {"avx512vl", 7, 0, EBX, 31, STATE_AVX512},
    {"avx512vbmi", 7, 0, ECX, 1, STATE_AVX512},
    {"avx512vbmi2", 7, 0, ECX, 6, STATE_AVX512},
    {"gfni", 7, 0, ECX, 8, STATE_NONE},
    {"avx512vnni", 7, 0, ECX, 11, STATE_AVX512},
    {"avx512bitalg", 7, 0, ECX, 12, STATE_AVX512},
    {"avx512vpopcntdq", 7, 0, ECX, 14, STATE_AVX512},
    {"avx512fp16", 7, 0, EDX, 23, STATE_AVX512},
    {"avxvnni", 7, 1, EAX, 4, STATE_AVX},
    {"avx512bf16", 7, 1, EAX, 5, STATE_AVX512},
};

/* What the operating system saves on a context switch; 0 where it does not use XSAVE. */
static uint32_t saved_state(void)
{
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & (1u << 27)) == 0)
        return 0;
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

static bool has_feature(const char *name)
{
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
        const struct feature *f = &features[i];
        if (strcmp(f->name, name) != 0)
            continue;
        uint32_t r[4] = {0};
        if (!__get_cpuid_count(f->leaf, f->subleaf, &r[EAX], &r[EBX], &r[ECX], &r[EDX]))
            return false;
        return (r[f->where] >> f->bit & 1) != 0 && (saved_state() & f->state) == f->state;
    }
    return false;
}

#elif defined(__aarch64__)
#    include <asm/hwcap.h>
#    include <stdlib.h>
#    include <sys/auxv.h>
#    include <sys/prctl.h>

/* Are SVE vectors of this many bits? Code compiled for one length is wrong with any other. */
static bool has_sve_length(const char *bits)
{
    int length = prctl(PR_SVE_GET_VL);
    return length >= 0 && (length & PR_SVE_VL_LEN_MASK) * 8 == atoi(bits);
}

static bool has_feature(const char *name)
{
    static const struct {
        const char *name;
        unsigned long type, bit;
    } features[] = {
        {"atomics", AT_HWCAP, HWCAP_ATOMICS},
        {"asimddp", AT_HWCAP, HWCAP_ASIMDDP},
        {"asimdhp", AT_HWCAP, HWCAP_ASIMDHP},
        {"sve", AT_HWCAP, HWCAP_SVE},
        {"sve2", AT_HWCAP2, HWCAP2_SVE2},
        {"bf16", AT_HWCAP2, HWCAP2_BF16},
        {"i8mm", AT_HWCAP2, HWCAP2_I8MM},
    };
    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++)
        if (strcmp(features[i].name, name) == 0)
            return (getauxval(features[i].type) & features[i].bit) != 0;
    return strncmp(name, "sve", 3) == 0 && has_sve_length(name + 3); /* "sve256" */
}

#else

static bool has_feature(const char *name)
{
    (void)name; /* an architecture without levels: kernels are compiled for its baseline */
    return false;
}

#endif

bool cpu_has_features(const char *const *needed, char *missing, size_t size)
{
    size_t length = 0;
    missing[0] = '\0';
    for (int i = 0; needed[i] != NULL; i++) {
        if (has_feature(needed[i]))
            continue;
        int n = snprintf(missing + length, size - length, "%s%s", length > 0 ? " " : "", needed[i]);
        if (n > 0 && (size_t)n < size - length)
            length += (size_t)n;
        else
            break;
    }
    return missing[0] == '\0';
}
