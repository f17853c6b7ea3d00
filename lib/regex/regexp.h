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
struct strbuf;

enum regex_dialect {
    REGEX_HURL,
    REGEX_I                              /* RFC 9485: '.' also skips CR */
};

#define REGEX_TEXT_LEN  200

struct regex_error {
    size_t  offset;                      /* in the pattern, in bytes */
    char    message[REGEX_TEXT_LEN];     /* what is wrong, for people */
};

#define REGEX_NONE        ((size_t) -1)
#define REGEX_GROUPS_MAX  64

/* Offsets in the text; REGEX_NONE for a group that took no part. */
struct regex_match {
    size_t  count;                       /* of groups, the whole match is 0 */
    size_t  start[REGEX_GROUPS_MAX], end[REGEX_GROUPS_MAX];
};

/*
 * Is that a regex? 0, or -1 with the error filled. Does not load libpcre2,
 * which may still refuse what passes here, for its size.
 */
int regex_check(const char *pattern, size_t len, struct regex_error *error);

/* NULL: error is filled. Yours: free with regex_free(). */
struct regex *regex_compile(const char *pattern, size_t len,
                            struct regex_error *error);
void regex_free(struct regex **regex);

/*
 * The same in an arena, freed with it and never with regex_free(). Matching
 * does not change a regex: threads may share it.
 */
struct regex *regex_new(struct arena *arena, const char *pattern, size_t len,
                        enum regex_dialect dialect, struct regex_error *error);

/*
 * Searches from an offset (which must stand between characters). 1: found,
 * and *match, which may be NULL, is filled; 0: not found; -1: error is filled
 * (limits, no memory, text that is not UTF-8).
 */
int regex_find(const struct regex *regex, const char *text, size_t len,
               size_t from, struct regex_match *match,
               struct regex_error *error);

/* Does the whole text match? 1, 0 or -1 as above. */
int regex_match_all(const struct regex *regex, const char *text, size_t len,
                    struct regex_error *error);

/*
 * Adds the text with every match replaced; $1, $name, ${name} and $$ are
 * expanded, groups that do not exist or took no part are empty. 0, or -1 with
 * error filled.
 */
int regex_replace_all(const struct regex *regex, const char *text, size_t len,
                      const char *replacement, size_t replacement_len,
                      struct strbuf *out, struct regex_error *error);

/*
 * A regex of an nginx configuration: PCRE2's own syntax, on bytes. NULL: err,
 * which takes REGEX_SAID_LEN bytes, says why, as nginx does.
 */
#define REGEX_SAID_LEN  512

struct regex *regex_compile_bytes(struct arena *arena, const char *pattern,
                                  int nocase, char *err);

/* The number of the group with this name, in any case; REGEX_NONE: no such. */
size_t regex_group(const struct regex *regex, const char *name);

int regex_has_groups(const struct regex *regex);

/* 1: it is found in data; 0: it is not; -1: a limit was reached. */
int regex_matches_bytes(const struct regex *regex, const void *data,
                        size_t len);

/* The same with the groups of the match. */
int regex_find_bytes(const struct regex *regex, const void *data, size_t len,
                     struct regex_match *match);

#endif /* REGEXP_H */
