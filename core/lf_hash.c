/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * SipHash-1-3: one round for each eight bytes, three at the end. Its values
 * live in memory only, so the order of bytes may differ between machines.
 */
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "core/lf_hash.h"


struct state {
    uint64_t  a, b, c, d;
};


static inline uint64_t
rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}


static inline void
mix(struct state *s)
{
    s->a += s->b;
    s->c += s->d;
    s->b = rotate(s->b, 13) ^ s->a;
    s->d = rotate(s->d, 16) ^ s->c;
    s->a = rotate(s->a, 32);

    s->c += s->b;
    s->a += s->d;
    s->b = rotate(s->b, 17) ^ s->c;
    s->d = rotate(s->d, 21) ^ s->a;
    s->c = rotate(s->c, 32);
}


uint64_t
lf_hash(const uint64_t seed[2], const void *data, size_t len)
{
    size_t                i;
    uint64_t              word;
    struct state          s;
    const unsigned char  *p = data;

    s.a = seed[0] ^ UINT64_C(0x736f6d6570736575);
    s.b = seed[1] ^ UINT64_C(0x646f72616e646f6d);
    s.c = seed[0] ^ UINT64_C(0x6c7967656e657261);
    s.d = seed[1] ^ UINT64_C(0x7465646279746573);

    for (i = len; i >= sizeof(word); i -= sizeof(word)) {
        memcpy(&word, p, sizeof(word));
        p += sizeof(word);
        s.d ^= word;
        mix(&s);
        s.a ^= word;
    }

    word = (uint64_t) len << 56;

    while (i > 0) {
        i--;
        word |= (uint64_t) p[i] << (8 * i);
    }

    s.d ^= word;
    mix(&s);
    s.a ^= word;
    s.c ^= 0xff;
    mix(&s);
    mix(&s);
    mix(&s);

    return s.a ^ s.b ^ s.c ^ s.d;
}


void
lf_hash_seed(uint64_t seed[2])
{
    struct timespec  now;

    if (getrandom(seed, 2 * sizeof(seed[0]), GRND_NONBLOCK)
        == (ssize_t) (2 * sizeof(seed[0])))
    {
        return;
    }

    /* No entropy yet, early at boot: an address and the clock must do. */
    (void) clock_gettime(CLOCK_MONOTONIC, &now);
    seed[0] = (uint64_t) now.tv_nsec ^ (uint64_t) (uintptr_t) &now;
    seed[1] = (uint64_t) now.tv_sec << 32 ^ (uint64_t) getpid();
}
