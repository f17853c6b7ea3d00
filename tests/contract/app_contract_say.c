/* SPDX-License-Identifier: BSD-2-Clause */
/* How the app of the contract suite spells what it saw. */
#include "tests/contract/app_contract.h"


void
say(struct say *say, const char *format, ...)
{
    int      n;
    size_t   room;
    va_list  args;

    room = sizeof(say->text) - say->len;

    va_start(args, format);
    n = vsnprintf(say->text + say->len, room, format, args);
    va_end(args);

    if (n > 0) {
        say->len += (size_t) n < room ? (size_t) n : room - 1;
    }
}


void
say_bytes(struct say *to, const char *name, const void *data, size_t len)
{
    size_t                i;
    const unsigned char  *p;

    p = data;
    say(to, "%s=\"", name);

    for (i = 0; i < len; i++) {
        if (p[i] < 0x20 || p[i] > 0x7e || p[i] == '"' || p[i] == '\\') {
            say(to, "\\x%02x", p[i]);
        } else {
            say(to, "%c", p[i]);
        }
    }

    say(to, "\"\n");
}


void
say_text(struct say *to, const char *name, const void *text)
{
    if (text == NULL) {
        say(to, "%s=NULL\n", name);
        return;
    }

    say_bytes(to, name, text, strlen(text));
}


const char *
word_text(const struct word *word, int count, int n)
{
    if (n > count || (word[n].len == 1 && word[n].data[0] == '-')) {
        return NULL;
    }

    return word[n].data;
}


size_t
word_number(const struct word *word, int count, int n)
{
    return n <= count ? strtoull(word[n].data, NULL, 10) : 0;
}


/* FNV-1a. */
uint32_t
contract_hash(const void *data, size_t len)
{
    size_t                i;
    uint32_t              hash;
    const unsigned char  *p;

    p = data;
    hash = 2166136261u;

    for (i = 0; i < len; i++) {
        hash = (hash ^ p[i]) * 16777619u;
    }

    return hash;
}
