/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes as text and back: base64, hex, percent signs, UTF-8. Results live in
 * the caller's arena and end with a NUL that is not counted. NULL or -1 say
 * that memory ran out unless an error offset says otherwise.
 */
#ifndef ENCODE_H
#define ENCODE_H

#include <stddef.h>
#include <stdint.h>

struct arena;

#define ENCODE_OK  ((size_t) -1)

enum base64_alphabet { BASE64_STANDARD, BASE64_URL };

/* Which bytes stay as they are; all others become %XX. */
enum percent_set {
    PERCENT_QUERY,                       /* A-Z a-z 0-9 - . _ ~ */
    PERCENT_PATH                         /* these and '/' */
};

/* Padded in the standard alphabet, without padding in the URL one. */
char *base64_encode(struct arena *arena, const void *data, size_t len,
                    enum base64_alphabet alphabet, size_t *out_len);

/*
 * Padding is optional but must be right when it is there. NULL: *bad is the
 * offset of the first wrong character, or ENCODE_OK when memory ran out.
 */
char *base64_decode(struct arena *arena, const char *text, size_t len,
                    enum base64_alphabet alphabet, size_t *out_len,
                    size_t *bad);

/* Lower-case digits. */
char *hex_encode(struct arena *arena, const void *data, size_t len);

/* Both cases; *bad as above, the text's length for an odd count. */
char *hex_decode(struct arena *arena, const char *text, size_t len,
                 size_t *out_len, size_t *bad);

/* The value of a hex digit, or -1. */
int hex_digit(int c);

char *percent_encode(struct arena *arena, const void *data, size_t len,
                     enum percent_set set, size_t *out_len);

/* A '%' that no two hex digits follow stays; '+' stays, too. */
char *percent_decode(struct arena *arena, const char *text, size_t len,
                     size_t *out_len);

/* The offset of the first byte that is not UTF-8, or ENCODE_OK. */
size_t utf8_check(const char *text, size_t len);

/*
 * Reads one code point of at most len bytes; returns how many it took, 0 when
 * they are not UTF-8 (or len is 0).
 */
size_t utf8_decode(const char *text, size_t len, uint32_t *code);

/* Writes up to 4 bytes; returns how many, 0 for what is no code point. */
size_t utf8_encode(uint32_t code, char *out);

/* Code points in text that is UTF-8. */
size_t utf8_count(const char *text, size_t len);

/* Line and column (in code points) of an offset, both from 1. */
void text_position(const char *text, size_t offset, unsigned *line,
                   unsigned *column);

#endif /* ENCODE_H */
