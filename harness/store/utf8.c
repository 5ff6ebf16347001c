/* A strict UTF-8 decoder that never fails: what is not UTF-8 becomes the replacement character. */
#include "harness/store/utf8.h"

uint32_t utf8_next(const char **cursor)
{
    const unsigned char *byte = (const unsigned char *)*cursor;
    if (byte[0] == 0)
        return 0;
    int more = byte[0] < 0x80 ? 0 : byte[0] >= 0xf0 ? 3 : byte[0] >= 0xe0 ? 2 : 1;
    const uint32_t smallest[] = {0, 0x80, 0x800, 0x10000};
    const unsigned char lead_bits[] = {0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = byte[0] & lead_bits[more];
    bool valid = byte[0] < 0x80 || (byte[0] >= 0xc2 && byte[0] <= 0xf4);
    for (int i = 1; valid && i <= more; i++) {
        valid = (byte[i] & 0xc0) == 0x80; /* a NUL ends the loop here */
        code = code << 6 | (byte[i] & 0x3f);
    }
    if (!valid || code < smallest[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        *cursor += 1;
        return UTF8_INVALID;
    }
    *cursor += more + 1;
    return code;
}

bool utf8_acts(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code <= 0x9f) || code == 0x061c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}
