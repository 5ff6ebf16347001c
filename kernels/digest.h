/* A hash of a result's bits: equal results have equal digests, at any team size. Not cryptographic. */
#ifndef ACELERA_DIGEST_H
#define ACELERA_DIGEST_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t digest_mix(uint64_t digest, uint64_t word)
{
    digest = (digest ^ word) * 0x9fb21c651e98df25u;
    return digest ^ (digest >> 32);
}

/* Four independent chains, so that the multiplier's latency does not set the pace. Each mixes `digest` in:
 * what the digests differ by must not cancel when the chains meet, whatever the number of bytes. */
static inline uint64_t digest_bytes(uint64_t digest, const void *data, size_t bytes)
{
    const unsigned char *p = data;
    uint64_t chain[4];
    for (uint64_t c = 0; c < 4; c++)
        chain[c] = digest_mix(digest, c + 1);
    size_t i = 0;
    for (; i + 32 <= bytes; i += 32) {
        uint64_t word[4];
        memcpy(word, p + i, sizeof word);
        for (int c = 0; c < 4; c++)
            chain[c] = digest_mix(chain[c], word[c]);
    }
    for (; i < bytes; i++)
        chain[0] = digest_mix(chain[0], p[i]);
    return digest_mix(digest_mix(chain[0], chain[1]), digest_mix(chain[2], chain[3]) ^ bytes);
}

#endif
