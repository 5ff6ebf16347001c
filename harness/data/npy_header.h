/* The first bytes of a .npy file, for whoever writes one. Needs only the C library: the worker shares it.
 * Source: the file format's own description, numpy.lib.format, version 1.0. */
#ifndef ACELERA_NPY_HEADER_H
#define ACELERA_NPY_HEADER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NPY_MAGIC "\x93NUMPY"
enum { NPY_MAGIC_BYTES = 6, NPY_HEADER_ROOM = 256, NPY_ALIGNMENT = 64 };

/* The header of a row-major array of rows × columns numbers; columns 0: one-dimensional. descr: "<f4", "<f8",
 * "<i4", "<i8". Returns its bytes, a multiple of NPY_ALIGNMENT; the numbers follow without a gap. */
static inline size_t npy_header_make(
    char header[NPY_HEADER_ROOM], const char *descr, int64_t rows, int64_t columns)
{
    enum { PREFIX = NPY_MAGIC_BYTES + 4 };
    char second[32] = "";
    if (columns > 0)
        snprintf(second, sizeof second, " %lld", (long long)columns);
    int text = snprintf(header + PREFIX, NPY_HEADER_ROOM - PREFIX,
        "{'descr': '%.8s', 'fortran_order': False, 'shape': (%lld,%s), }", descr, (long long)rows, second);
    size_t used = PREFIX + (size_t)text;
    size_t whole = (used + 1 + NPY_ALIGNMENT - 1) / NPY_ALIGNMENT * NPY_ALIGNMENT;
    memset(header + used, ' ', whole - used);
    header[whole - 1] = '\n';
    memcpy(header, NPY_MAGIC "\x01\x00", NPY_MAGIC_BYTES + 2);
    header[NPY_MAGIC_BYTES + 2] = (char)((whole - PREFIX) & 0xff);
    header[NPY_MAGIC_BYTES + 3] = (char)((whole - PREFIX) >> 8);
    return whole;
}

#endif
