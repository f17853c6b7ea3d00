/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Regular expressions as Hurl's engine reads them (the syntax of Rust's regex
 * crate), run by libpcre2, which is loaded when first needed. What that engine
 * refuses (look-around, back-references, recursion) is refused here, too, so
 * that a script which passes here passes there. Matching is bounded: a pattern
 * that explodes ends with an error.
 */
#ifndef REGEXP_H
#define REGEXP_H

#include <stddef.h>

struct arena;
struct regex;

enum regex_dialect {
    REGEX_HURL,
    REGEX_I                              /* RFC 9485: '.' also skips CR */
};

struct regex_error {
    size_t  offset;                      /* in the pattern, in bytes */
    char    text[200];                   /* what is wrong, for people */
};

#define REGEX_NONE  ((size_t) -1)

struct regex_span {
    size_t  start, end;                  /* REGEX_NONE: took no part */
};

/*
 * NULL: error is filled. The regex lives in the arena and is not changed by
 * matching: threads may share it.
 */
struct regex *regex_new(struct arena *arena, const char *pattern, size_t len,
                        enum regex_dialect dialect, struct regex_error *error);

/*
 * The same for a pattern of an nginx configuration: PCRE's own syntax, bytes
 * instead of characters.
 */
struct regex *regex_new_bytes(struct arena *arena, const char *pattern,
                              int nocase, struct regex_error *error);

/* 1: it matches somewhere, 0: it does not, -1: error is filled. */
int regex_search_bytes(const struct regex *regex, const void *text,
                       size_t len, struct regex_error *error);

/* How many groups capture, the whole match not counted. */
size_t regex_groups(const struct regex *regex);

/*
 * Searches from an offset (which must stand between characters). 1: found,
 * spans[0] is the match, spans[1..] its groups, as far as count reaches; 0:
 * not found; -1: error is filled (limits, no memory, text that is not UTF-8).
 */
int regex_search(const struct regex *regex, const char *text, size_t len,
                 size_t from, struct regex_span *spans, size_t count,
                 struct regex_error *error);

/* The same, but a match must take the whole text. */
int regex_match(const struct regex *regex, const char *text, size_t len,
                struct regex_error *error);

/*
 * Replaces every match; $1, $name, ${name} and $$ are expanded, groups that
 * do not exist or took no part are empty. NULL: error is filled.
 */
char *regex_replace_all(struct arena *arena, const struct regex *regex,
                        const char *text, size_t len, const char *replacement,
                        size_t replacement_len, size_t *out_len,
                        struct regex_error *error);

#endif /* REGEXP_H */
