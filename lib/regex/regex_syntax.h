/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From Rust's regex syntax to PCRE2's. Shared by the files that translate;
 * nobody else needs it.
 */
#ifndef REGEX_SYNTAX_H
#define REGEX_SYNTAX_H

#include <stddef.h>
#include <stdint.h>

#include "lib/regex/regexp.h"
#include "lib/base/strbuf.h"

#define REGEX_DEPTH_MAX    250
#define REGEX_OUTPUT_MAX   65536

struct regex_name {
    const char         *name;
    size_t              len;
    size_t              group;
    struct regex_name  *next;
};

struct regex_mark {
    size_t  out, in;                     /* offsets that belong together */
};

enum regex_atom { REGEX_ATOM_NONE, REGEX_ATOM_PLAIN, REGEX_ATOM_WRAP };

struct regex_open {
    size_t    out;                       /* where its '(' stands */
    size_t    in;
    unsigned  extended:1;                /* flag x outside the group */
};

struct regex_syntax {
    struct arena        *arena;
    enum regex_dialect   dialect;
    const char          *text, *pos, *end;
    struct regex_error  *error;

    struct strbuf        out;
    struct strbuf        marks;          /* of struct regex_mark */
    struct regex_name   *names;
    size_t               groups;

    struct regex_open  open[REGEX_DEPTH_MAX];
    size_t             depth;
    unsigned           extended:1;       /* flag x is on */

    enum regex_atom      atom;           /* what stands before pos */
    size_t               atom_out;       /* where it begins */
};

/* What one escape or character of a class means. */
struct regex_item {
    uint32_t  code;
    char      set[64];                   /* PCRE2's name of a set, or "" */
};

/* The names of a regex's groups. */
const struct regex_name *regex_names(const struct regex *regex);

/* As regex_find(), for text that is known to be UTF-8. */
int regex_find_next(const struct regex *regex, const char *text, size_t len,
                    size_t from, struct regex_match *match,
                    struct regex_error *error);

/* Translates all; 0, or -1 with the error filled. */
int regex_translate(struct regex_syntax *s);

/* '[' is next; adds a pattern that takes exactly one character. */
int regex_translate_class(struct regex_syntax *s);

/*
 * A backslash is next. Fills item for characters and sets; 1: it is something
 * that only makes sense outside of classes, pos still on the backslash.
 */
int regex_read_escape(struct regex_syntax *s, struct regex_item *item);

/* Reads one character of the pattern. */
uint32_t regex_read_char(struct regex_syntax *s);

void regex_skip_extended(struct regex_syntax *s);

int regex_syntax_fail(struct regex_syntax *s, const char *at,
                      const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif /* REGEX_SYNTAX_H */
