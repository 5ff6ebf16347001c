/* What is learnt of a table while its file is read once: a digest of the bytes, and whether its numbers suit
 * every kernel and type. */
#ifndef ACELERA_DATA_SCAN_H
#define ACELERA_DATA_SCAN_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct data_scan {
    uint64_t digest;      /* FNV-1a on 64-bit little-endian words, the last one filled up with zeros */
    double largest;       /* of the magnitudes of the finite numbers */
    char not_finite[160]; /* the first NaN or infinity and its place, "nan at index [2, 0]"; "" none */
};

static inline void data_scan_begin(struct data_scan *scan)
{
    *scan = (struct data_scan){.digest = 0xcbf29ce484222325};
}

/* Every call but the last of a file must bring a multiple of 8 bytes. */
static inline void data_scan_bytes(struct data_scan *scan, const void *bytes, size_t count)
{
    for (size_t at = 0; at < count; at += 8) {
        uint64_t word = 0;
        memcpy(&word, (const char *)bytes + at, count - at < 8 ? count - at : 8);
        scan->digest = (scan->digest ^ word) * 0x100000001b3;
    }
}

/* False where the number is not finite and the first of its kind: its place is then to be noted. */
static inline bool data_scan_number(struct data_scan *scan, double number)
{
    if (isfinite(number)) {
        scan->largest = fmax(scan->largest, fabs(number));
        return true;
    }
    return scan->not_finite[0] != '\0';
}

#endif
