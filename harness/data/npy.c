/* The header is a Python dictionary in text; only the one form that holds a plain table is understood, and
 * nothing in it is believed before it has been compared with the file. */
#include "harness/data/npy.h"

#include "harness/base/text.h"
#include "harness/data/npy_header.h"

#include <stdarg.h>
#include <stdlib.h>

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "files are read as they lie");

enum { HEADER_BYTES_MAX = 65535, SHOWN = 60, DIMENSIONS_MAX = 2, BLOCK_BYTES = 1 << 20 };

struct header {
    const char *path;
    const char *at; /* what is not yet read, NUL-terminated */
    struct npy_layout layout;
    bool has_type, has_order, has_shape;
    struct error *error;
};

static enum status refuse(const struct header *header, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status refuse(const struct header *header, const char *format, ...)
{
    char what[700];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_set(header->error, STATUS_USAGE, "--data %.200s: %s", header->path, what);
}

static enum status refuse_header(const struct header *header)
{
    return refuse(
        header, "the header of this .npy file is damaged at '%.*s'; write the file again", SHOWN, header->at);
}

static void skip_blanks(struct header *header)
{
    header->at += strspn(header->at, " \n");
}

static bool take(struct header *header, char wanted)
{
    skip_blanks(header);
    if (*header->at != wanted)
        return false;
    header->at++;
    return true;
}

/* A quoted word without escapes. False if there is none. */
static bool take_word(struct header *header, char *word, size_t size)
{
    skip_blanks(header);
    char quote = *header->at;
    const char *end = quote == '\'' || quote == '"' ? strchr(header->at + 1, quote) : NULL;
    if (end == NULL || (size_t)(end - header->at) > size)
        return false;
    snprintf(word, size, "%.*s", (int)(end - header->at - 1), header->at + 1);
    header->at = end + 1;
    return true;
}

/* ---- the three entries ---- */

static enum status take_type(struct header *header)
{
    const char *begin = header->at + strspn(header->at, " \n");
    char word[32];
    bool simple = take_word(header, word, sizeof word);
    if (simple && strlen(word) == 3 && strchr("<|=>", word[0]) != NULL && strchr("fiub", word[1]) != NULL) {
        if (strcmp(word, "<f4") == 0 || strcmp(word, "<f8") == 0) {
            header->layout.bits = word[2] == '4' ? 32 : 64;
            header->has_type = true;
            return STATUS_OK;
        }
        return refuse(header,
            "its numbers are '%s', not '<f4' or '<f8'; convert it: numpy.save('converted.npy', "
            "numpy.load('%.100s').astype('<f8'))",
            word, header->path);
    }
    int shown = simple ? (int)(header->at - begin) : (int)strcspn(begin, "]") + 1;
    return refuse(header,
        "its entries are %.*s, not plain numbers ('<f4' or '<f8'); save the numeric columns",
        shown < SHOWN ? shown : SHOWN, begin);
}

static enum status take_order(struct header *header)
{
    skip_blanks(header);
    bool is_true = strncmp(header->at, "True", 4) == 0;
    if (!is_true && strncmp(header->at, "False", 5) != 0)
        return refuse_header(header);
    header->at += is_true ? 4 : 5;
    header->layout.column_major = is_true;
    header->has_order = true;
    return STATUS_OK;
}

/* "(3, 4)" or "(3,)". */
static enum status take_shape(struct header *header)
{
    skip_blanks(header);
    const char *begin = header->at;
    int shown = (int)strcspn(begin, ")") + 1;
    shown = shown < SHOWN ? shown : SHOWN;
    int64_t extent[DIMENSIONS_MAX] = {1, 1};
    int count = 0;
    bool comma = false;
    if (!take(header, '('))
        return refuse_header(header);
    while (!take(header, ')')) {
        char digits[24];
        size_t length = strspn(header->at, "0123456789");
        if (count == DIMENSIONS_MAX)
            return refuse(header, "its shape is %.*s; a table has rows and columns", shown, begin);
        snprintf(digits, sizeof digits, "%.*s", length < sizeof digits ? (int)length : 0, header->at);
        header->at += length;
        comma = take(header, ',');
        if (!text_to_int64(digits, &extent[count]) || extent[count] < 1 || (!comma && *header->at != ')'))
            return refuse(header, "its shape is %.*s; every extent must be a whole number from 1 to 2^63 - 1",
                shown, begin);
        count++;
    }
    if (count == 0 || (count == 1 && !comma))
        return refuse(header, "its shape is %.*s; a table has rows and columns", shown, begin);
    header->layout.rows = extent[0];
    header->layout.columns = extent[1];
    header->has_shape = true;
    return STATUS_OK;
}

static enum status parse_header(struct header *header)
{
    enum status status = STATUS_OK;
    if (!take(header, '{'))
        return refuse_header(header);
    while (!take(header, '}')) {
        char key[32];
        const char *begin = header->at;
        if (!take_word(header, key, sizeof key) || !take(header, ':'))
            return refuse_header(header);
        if (strcmp(key, "descr") == 0 && !header->has_type)
            status = take_type(header);
        else if (strcmp(key, "fortran_order") == 0 && !header->has_order)
            status = take_order(header);
        else if (strcmp(key, "shape") == 0 && !header->has_shape)
            status = take_shape(header);
        else {
            header->at = begin;
            status = refuse_header(header);
        }
        if (status != STATUS_OK)
            return status;
        if (!take(header, ',') && *header->at != '}')
            return refuse_header(header);
    }
    skip_blanks(header);
    if (*header->at != '\0')
        return refuse_header(header);
    if (!header->has_type || !header->has_order || !header->has_shape)
        return refuse(header, "its header lacks one of descr, fortran_order and shape; write the file again");
    return STATUS_OK;
}

/* ---- the file around it ---- */

/* Reads magic, version and length. `bytes`: of the text that follows. */
static enum status read_prefix(struct header *header, FILE *file, int64_t file_bytes, size_t *bytes)
{
    unsigned char prefix[NPY_MAGIC_BYTES + 6];
    size_t got = fread(prefix, 1, NPY_MAGIC_BYTES + 4, file);
    if (got < NPY_MAGIC_BYTES || memcmp(prefix, NPY_MAGIC, NPY_MAGIC_BYTES) != 0)
        return refuse(header, "is not a .npy file: it does not begin with \\x93NUMPY");
    if (got < NPY_MAGIC_BYTES + 4)
        return refuse(header, "ends within its first %d bytes; write the file again", NPY_MAGIC_BYTES + 4);
    int version = prefix[NPY_MAGIC_BYTES];
    if (version < 1 || version > 3)
        return refuse(header, ".npy version %d.%d is not known here; versions 1 to 3 are", version,
            prefix[NPY_MAGIC_BYTES + 1]);
    const unsigned char *length = prefix + NPY_MAGIC_BYTES + 2;
    uint64_t text = (uint64_t)length[0] | (uint64_t)length[1] << 8;
    header->layout.offset_bytes = NPY_MAGIC_BYTES + 4;
    if (version > 1) {
        if (fread(prefix + NPY_MAGIC_BYTES + 4, 1, 2, file) != 2)
            return refuse(
                header, "ends within its first %d bytes; write the file again", NPY_MAGIC_BYTES + 6);
        text |= (uint64_t)length[2] << 16 | (uint64_t)length[3] << 24;
        header->layout.offset_bytes += 2;
    }
    header->layout.offset_bytes += (int64_t)text;
    if (header->layout.offset_bytes > file_bytes)
        return refuse(header, "announces a header of %llu bytes, but the file has %lld; write it again",
            (unsigned long long)text, (long long)file_bytes);
    if (text > HEADER_BYTES_MAX)
        return refuse(header, "has a header of %llu bytes; a table's is at most %d", (unsigned long long)text,
            HEADER_BYTES_MAX);
    *bytes = (size_t)text;
    return STATUS_OK;
}

static enum status check_size(const struct header *header, int64_t file_bytes)
{
    const struct npy_layout *layout = &header->layout;
    int64_t number_bytes = layout->bits / 8, bytes;
    if (__builtin_mul_overflow(layout->rows, layout->columns, &bytes) ||
        __builtin_mul_overflow(bytes, number_bytes, &bytes) ||
        __builtin_add_overflow(bytes, layout->offset_bytes, &bytes))
        return refuse(header, "a table of %lld × %lld numbers is larger than any file",
            (long long)layout->rows, (long long)layout->columns);
    if (bytes != file_bytes)
        return refuse(header,
            "announces %lld × %lld numbers and so %lld bytes, but the file has %lld; write it again",
            (long long)layout->rows, (long long)layout->columns, (long long)bytes, (long long)file_bytes);
    if (layout->offset_bytes % number_bytes != 0)
        return refuse(header,
            "its numbers begin at byte %lld, which is not a multiple of %lld; write it again",
            (long long)layout->offset_bytes, (long long)number_bytes);
    return STATUS_OK;
}

enum status npy_read_layout(
    FILE *file, const char *path, int64_t file_bytes, struct npy_layout *layout, struct error *error)
{
    struct header header = {.path = path, .error = error};
    size_t bytes = 0;
    enum status status = read_prefix(&header, file, file_bytes, &bytes);
    if (status != STATUS_OK)
        return status;
    char *text = memory_new(bytes + 1, 1);
    header.at = text;
    if (fread(text, 1, bytes, file) != bytes)
        status = refuse(&header, "ends within its header; write the file again");
    for (size_t i = 0; i < bytes && status == STATUS_OK; i++)
        if ((text[i] < ' ' || text[i] > '~') && text[i] != '\n')
            status = refuse(&header, "byte %zu of its header is not plain text; write the file again", i);
    if (status == STATUS_OK)
        status = parse_header(&header);
    if (status == STATUS_OK)
        status = check_size(&header, file_bytes);
    if (status == STATUS_OK)
        *layout = header.layout;
    free(text);
    return status;
}

/* ---- the numbers ---- */

static void scan_numbers(
    struct data_scan *scan, const struct npy_layout *layout, const char *bytes, int64_t first, int64_t count)
{
    for (int64_t i = 0; i < count; i++) {
        float single;
        double number;
        if (layout->bits == 32) {
            memcpy(&single, bytes + 4 * i, sizeof single);
            number = (double)single;
        } else {
            memcpy(&number, bytes + 8 * i, sizeof number);
        }
        if (data_scan_number(scan, number))
            continue;
        int64_t line = layout->column_major ? layout->rows : layout->columns;
        int64_t major = (first + i) / line, minor = (first + i) % line;
        snprintf(scan->not_finite, sizeof scan->not_finite, "%g at index [%lld, %lld]", number,
            (long long)(layout->column_major ? minor : major),
            (long long)(layout->column_major ? major : minor));
    }
}

enum status npy_scan(FILE *file, const char *path, const struct npy_layout *layout, struct data_scan *scan,
    struct error *error)
{
    struct data_scan seen;
    data_scan_begin(&seen);
    char *block = memory_new(BLOCK_BYTES, 1);
    int64_t number_bytes = layout->bits / 8;
    int64_t end = layout->offset_bytes + layout->rows * layout->columns * number_bytes;
    int64_t at = 0;
    rewind(file);
    while (at < end) {
        size_t got = fread(block, 1, BLOCK_BYTES, file);
        data_scan_bytes(&seen, block, got);
        /* The header is shorter than a block. */
        int64_t skip = at == 0 ? layout->offset_bytes : 0;
        if (got < BLOCK_BYTES && at + (int64_t)got != end)
            break;
        scan_numbers(&seen, layout, block + skip, (at + skip - layout->offset_bytes) / number_bytes,
            ((int64_t)got - skip) / number_bytes);
        at += (int64_t)got;
    }
    free(block);
    if (at != end)
        return error_set(error, STATUS_FAILED, "--data %.200s: changed while it was read; run again", path);
    *scan = seen;
    return STATUS_OK;
}
