/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An error in a script and how people see it. Knows text and places only:
 * no syntax tree, no output stream.
 */
#ifndef LINKFUNC_SCRIPT_ERROR_H
#define LINKFUNC_SCRIPT_ERROR_H

#include <stddef.h>

struct strbuf;

/* 1-based; a column counts characters, a tab is one. */
struct script_pos {
    unsigned  line;
    unsigned  column;
};

struct script_error {
    const char         *title;          /* "Parsing method"; static text */
    struct script_pos   pos;
    unsigned            width;          /* characters to underline, >= 1 */
    char                message[512];
};

/*
 * Add the error in long form: title, place, the source line and a caret.
 *
 *   name, source  the script that the error speaks of
 */
void script_error_long(struct strbuf *out, const struct script_error *error,
    const char *name, const char *source, size_t len);

/* A line of a script, without its end. */
struct script_line {
    unsigned     number;
    const char  *text;
    size_t       len;
};

/*
 * What is shown of a script: a place, and above it the line of the request,
 * unless its number is 0 or that of the line itself. Width 0: no carets.
 */
struct script_view {
    struct script_line  line;
    unsigned            column, width;
    struct script_line  request;
};

/* The same for an error that a player found; its message may be longer. */
void script_error_add(struct strbuf *out, const struct script_view *view,
    const char *title, const char *name, const char *message);

/* Add "file:line:column: message" and a newline. */
void script_error_short(struct strbuf *out, const struct script_error *error,
    const char *name);

#endif
