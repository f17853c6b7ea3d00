/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tokens and blocks of nginx configuration files, by nginx's own rules and in
 * nginx's words: what is refused here is what `nginx -t` refuses.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "harness/conf/conf_parse.h"

enum token { TOKEN_ERROR = -1, TOKEN_END, TOKEN_DIRECTIVE, TOKEN_OPEN,
             TOKEN_CLOSE };

#define ARGS_MAX  4096
#define ARG_LEN_MAX  4096            /* nginx's buffer for one parameter */

struct parser {
    struct arena       *arena;
    const char         *file, *pos, *end, *line_start;
    unsigned            line;
    struct conf_error  *error;

    /* the directive that is being read */
    struct conf_arg    *args;
    size_t              count, room;
    unsigned            first_line;
};


static int __attribute__((format(printf, 4, 5)))
fail(struct parser *p, unsigned line, unsigned column, const char *format, ...)
{
    va_list  args;

    p->error->file = p->file;
    p->error->line = line;
    p->error->column = column;

    va_start(args, format);
    (void) vsnprintf(p->error->text, sizeof(p->error->text), format, args);
    va_end(args);

    return TOKEN_ERROR;
}


static unsigned
column_of(const struct parser *p, const char *pos)
{
    return (unsigned) (pos - p->line_start) + 1;
}


static int
unexpected(struct parser *p, const char *pos)
{
    return fail(p, p->line, column_of(p, pos), "unexpected \"%c\"", *pos);
}


static int
no_memory(struct parser *p)
{
    return fail(p, p->line, 0, "out of memory");
}


/* \" \' \\ lose the backslash, \t \r \n are translated, others stay. */
static size_t
unescape(char *to, const char *from, size_t len)
{
    char        *start = to;
    const char  *end = from + len;

    while (from < end) {
        if (*from != '\\' || from + 1 == end) {
            *to++ = *from++;
            continue;
        }

        switch (from[1]) {
        case '"': case '\'': case '\\':
            *to++ = from[1];
            from += 2;
            break;
        case 't':
            *to++ = '\t';
            from += 2;
            break;
        case 'r':
            *to++ = '\r';
            from += 2;
            break;
        case 'n':
            *to++ = '\n';
            from += 2;
            break;
        default:
            *to++ = *from++;
        }
    }

    *to = '\0';

    return (size_t) (to - start);
}


static int
add_arg(struct parser *p, const char *start, const char *end, unsigned column)
{
    char             *text;
    struct conf_arg  *args;

    if (p->count == p->room) {
        p->room = p->room ? p->room * 2 : 4;
        args = arena_alloc(p->arena, p->room * sizeof(*args));
        if (args == NULL) {
            return no_memory(p);
        }
        if (p->count > 0) {
            memcpy(args, p->args, p->count * sizeof(*args));
        }
        p->args = args;
    }

    if (p->count == ARGS_MAX) {
        return fail(p, p->line, column, "too many arguments in \"%s\"",
                    p->args[0].text);
    }

    if (end - start >= ARG_LEN_MAX) {
        return fail(p, p->line, column, "too long parameter \"%.10s...\"",
                    start);
    }

    text = arena_alloc(p->arena, (size_t) (end - start) + 1);
    if (text == NULL) {
        return no_memory(p);
    }

    p->args[p->count].len = unescape(text, start, (size_t) (end - start));
    p->args[p->count].text = text;
    p->args[p->count].column = column;
    p->count++;

    return 0;
}


static int
is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}


static void
new_line(struct parser *p)
{
    p->line++;
    p->line_start = p->pos + 1;
}


/* Skip blanks and comments; 0 at the end of the text. */
static int
skip_blank(struct parser *p)
{
    for ( ; p->pos < p->end; p->pos++) {
        if (*p->pos == '\n') {
            new_line(p);

        } else if (*p->pos == '#') {
            p->pos = memchr(p->pos, '\n', (size_t) (p->end - p->pos));
            if (p->pos == NULL) {
                p->pos = p->end;
                return 0;
            }
            new_line(p);

        } else if (!is_space(*p->pos)) {
            return 1;
        }
    }

    return 0;
}


/*
 * A quoted argument; only blank, ';', '{' or ')' may follow it: the last one
 * closes an "if" and is an argument of its own.
 */
static int
read_quoted(struct parser *p)
{
    char         quote = *p->pos;
    unsigned     column = column_of(p, p->pos);
    const char  *start = ++p->pos;

    for ( ; p->pos < p->end && *p->pos != quote; p->pos++) {
        if (*p->pos == '\\' && p->pos + 1 < p->end) {
            p->pos++;
        }
        if (*p->pos == '\n') {
            new_line(p);
        }
    }

    if (p->pos == p->end) {
        return fail(p, p->line, 0,
                    "unexpected end of file, expecting \";\" or \"}\"");
    }

    if (add_arg(p, start, p->pos++, column) != 0) {
        return TOKEN_ERROR;
    }

    if (p->pos < p->end && !is_space(*p->pos)
        && strchr(";{)", *p->pos) == NULL)
    {
        return unexpected(p, p->pos);
    }

    return 0;
}


/* A plain argument; "${" does not open a block. */
static int
read_plain(struct parser *p)
{
    int          variable = 0;
    unsigned     column = column_of(p, p->pos);
    const char  *start = p->pos;

    for ( ; p->pos < p->end; p->pos++) {
        if (*p->pos == '{' && variable) {
            continue;
        }

        variable = (*p->pos == '$');

        if (*p->pos == '\\' && p->pos + 1 < p->end) {
            p->pos++;
            if (*p->pos == '\n') {
                new_line(p);
            }
            continue;
        }

        if (is_space(*p->pos) || *p->pos == ';' || *p->pos == '{') {
            break;
        }
    }

    return add_arg(p, start, p->pos, column);
}


/* Reads up to the end of a directive, the start or the end of a block. */
static int
read_directive(struct parser *p)
{
    int  rc;

    p->args = NULL;
    p->count = p->room = 0;

    while (skip_blank(p)) {

        switch (*p->pos) {
        case ';':
        case '{':
            if (p->count == 0) {
                return unexpected(p, p->pos);
            }
            return *p->pos++ == ';' ? TOKEN_DIRECTIVE : TOKEN_OPEN;

        case '}':
            if (p->count != 0) {
                return unexpected(p, p->pos);
            }
            p->pos++;
            return TOKEN_CLOSE;
        }

        if (p->count == 0) {
            p->first_line = p->line;
        }

        rc = (*p->pos == '"' || *p->pos == '\'') ? read_quoted(p)
                                                 : read_plain(p);
        if (rc != 0) {
            return TOKEN_ERROR;
        }
    }

    if (p->count != 0) {
        return fail(p, p->line, 0,
                    "unexpected end of file, expecting \";\" or \"}\"");
    }

    return TOKEN_END;
}


static int
read_block(struct parser *p, struct conf_node **first, int depth)
{
    int                token;
    struct conf_node  *node, **last = first;

    *first = NULL;

    if (depth > CONF_DEPTH_MAX) {
        return fail(p, p->line, 0, "blocks are nested more than %d deep",
                    CONF_DEPTH_MAX);
    }

    for ( ;; ) {
        token = read_directive(p);

        if (token == TOKEN_END && depth > 0) {
            return fail(p, p->line, 0,
                        "unexpected end of file, expecting \"}\"");
        }
        if (token == TOKEN_CLOSE && depth == 0) {
            return fail(p, p->line, column_of(p, p->pos - 1),
                        "unexpected \"}\"");
        }
        if (token != TOKEN_DIRECTIVE && token != TOKEN_OPEN) {
            return token == TOKEN_ERROR ? -1 : 0;
        }

        node = arena_alloc(p->arena, sizeof(*node));
        if (node == NULL) {
            return no_memory(p);
        }

        node->file = p->file;
        node->line = p->first_line;
        node->args = p->args;
        node->count = p->count;
        node->block = (token == TOKEN_OPEN);
        *last = node;
        last = &node->next;

        if (node->block && read_block(p, &node->children, depth + 1) != 0) {
            return -1;
        }
    }
}


int
conf_parse(struct arena *arena, const char *file, const char *text, size_t len,
           struct conf_node **root, struct conf_error *error)
{
    struct parser  p;

    memset(&p, 0, sizeof(p));
    p.arena = arena;
    p.file = file;
    p.pos = p.line_start = text;
    p.end = text + len;
    p.line = 1;
    p.error = error;

    return read_block(&p, root, 0);
}


int
conf_is_table(const struct conf_node *node)
{
    const char *const         *name;
    static const char *const   tables[] = {
        "map", "geo", "types", "split_clients", "charset_map", NULL
    };

    for (name = tables; *name != NULL; name++) {
        if (strcmp(node->args[0].text, *name) == 0) {
            return 1;
        }
    }

    return 0;
}
