/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compiling and matching by libpcre2. Everything of a regex lies in its arena;
 * what one match needs is taken from malloc and freed at once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PCRE2_CODE_UNIT_WIDTH  8
#include <pcre2.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "lib/base/lazy_lib.h"
#include "lib/regex/regexp.h"
#include "lib/regex/regex_syntax.h"
#include "lib/base/strbuf.h"

/* Far above what tests need, and reached within a fraction of a second. */
#define STEPS_MAX     5000000
#define DEPTH_MAX     1000000
#define HEAP_KIB_MAX  (64 * 1024)

struct regex {
    struct arena         *own;           /* of regex_compile(), else NULL */
    struct arena         *compiling;     /* NULL: ready, only matches come */
    pcre2_code           *code;
    pcre2_match_context  *limits;
    size_t                groups;
    struct regex_name    *names;
};

#define PCRE2_TABLE(X)                                                        \
    X(compile) X(compile_context_create) X(general_context_create)            \
    X(get_error_message) X(get_ovector_pointer) X(match)                      \
    X(match_context_create) X(match_data_create_from_pattern)                 \
    X(match_data_free) X(pattern_info) X(set_depth_limit) X(set_heap_limit)                   \
    X(set_match_limit) X(set_newline)

#define PCRE2_MEMBER(name)  __typeof__(pcre2_ ## name ## _8)  *name;
#define PCRE2_SYMBOL(name)                                                    \
    { "pcre2_" #name "_8", offsetof(struct pcre2_table, name) },

static struct pcre2_table {
    PCRE2_TABLE(PCRE2_MEMBER)
} pcre2;

static const struct lazy_symbol  pcre2_symbols[] = {
    PCRE2_TABLE(PCRE2_SYMBOL)
    { NULL, 0 }
};

static struct lazy_lib  libpcre2 = {
    .soname = "libpcre2-8.so.0",
    .package = "libpcre2-8-0",
    .symbols = pcre2_symbols,
    .table = &pcre2
};


/* data is the regex: its arena until it is compiled, then malloc. */
static void *
take_memory(size_t size, void *data)
{
    const struct regex  *regex = data;

    return regex->compiling != NULL ? arena_alloc(regex->compiling, size)
                                    : malloc(size);
}


static void
give_memory(void *memory, void *data)
{
    const struct regex  *regex = data;

    if (regex->compiling == NULL) {
        free(memory);
    }
}


static int
fail(struct regex_error *error, size_t offset, const char *text)
{
    error->offset = offset;
    (void) snprintf(error->message, sizeof(error->message), "%s", text);

    return -1;
}


/* The offset in the pattern of what PCRE2 did not like. */
static size_t
original_offset(const struct regex_syntax *s, size_t out)
{
    size_t                    i, count;
    const struct regex_mark  *marks;

    count = s->marks.len / sizeof(*marks);
    marks = (const struct regex_mark *) (const void *) s->marks.data;
    for (i = count; i > 0; i--) {
        if (marks[i - 1].out < out || i == 1) {
            return marks[i - 1].in;
        }
    }

    return 0;
}


/* An empty regex whose matches will be bounded. */
static struct regex *
new_regex(struct arena *arena, pcre2_compile_context **context,
          struct regex_error *error)
{
    const char             *why;
    struct regex           *regex;
    pcre2_general_context  *general;

    memset(error, 0, sizeof(*error));
    why = lazy_lib_open(&libpcre2);
    if (why != NULL) {
        (void) fail(error, 0, why);
        return NULL;
    }

    regex = arena_alloc(arena, sizeof(*regex));
    if (regex == NULL) {
        goto no_memory;
    }
    regex->compiling = arena;
    general = pcre2.general_context_create(take_memory, give_memory, regex);
    if (general == NULL) {
        goto no_memory;
    }
    *context = pcre2.compile_context_create(general);
    regex->limits = pcre2.match_context_create(general);
    if (*context == NULL || regex->limits == NULL) {
        goto no_memory;
    }

    (void) pcre2.set_newline(*context, PCRE2_NEWLINE_LF);
    (void) pcre2.set_match_limit(regex->limits, STEPS_MAX);
    (void) pcre2.set_depth_limit(regex->limits, DEPTH_MAX);
    (void) pcre2.set_heap_limit(regex->limits, HEAP_KIB_MAX);

    return regex;

no_memory:

    (void) fail(error, 0, "out of memory");
    return NULL;
}


/* 0, or -1: PCRE2's words and its offset are in error. */
static int
compile(struct regex *regex, const char *pattern, size_t len,
        uint32_t options, pcre2_compile_context *context,
        struct regex_error *error)
{
    int           code;
    PCRE2_UCHAR8  text[128] = "";

    regex->code = pcre2.compile((PCRE2_SPTR8) pattern, len, options, &code,
                                &error->offset, context);
    if (regex->code == NULL) {
        (void) pcre2.get_error_message(code, text, sizeof(text));
        return fail(error, error->offset, (const char *) text);
    }
    regex->compiling = NULL;

    return 0;
}


static int
translate_and_compile(struct regex *regex, struct regex_syntax *s,
                      pcre2_compile_context *context)
{
    int  rc;

    rc = regex_translate(s);
    if (rc == 0) {
        rc = compile(regex, s->out.data != NULL ? s->out.data : "",
                     s->out.len, PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY
                     | PCRE2_ALT_CIRCUMFLEX | PCRE2_NO_UTF_CHECK
                     | PCRE2_NEVER_BACKSLASH_C, context, s->error);
        if (rc != 0) {
            s->error->offset = original_offset(s, s->error->offset);
        }
    }
    regex->groups = s->groups;
    regex->names = s->names;
    strbuf_free(&s->out);
    strbuf_free(&s->marks);

    return rc;
}


/* What is translated; NULL: the error is filled. */
static struct regex_syntax *
new_syntax(struct arena *arena, const char *pattern, size_t len,
           enum regex_dialect dialect, struct regex_error *error)
{
    size_t                bad;
    struct regex_syntax  *s;

    bad = utf8_check(pattern, len);
    if (bad != ENCODE_OK) {
        (void) fail(error, bad, "the pattern is not UTF-8");
        return NULL;
    }
    s = arena_alloc(arena, sizeof(*s));
    if (s == NULL) {
        (void) fail(error, 0, "out of memory");
        return NULL;
    }

    s->arena = arena;
    s->dialect = dialect;
    s->text = s->pos = pattern;
    s->end = pattern + len;
    s->error = error;

    return s;
}


struct regex *
regex_new(struct arena *arena, const char *pattern, size_t len,
          enum regex_dialect dialect, struct regex_error *error)
{
    struct regex           *regex;
    struct regex_syntax    *s;
    pcre2_compile_context  *context;

    regex = new_regex(arena, &context, error);
    if (regex == NULL) {
        return NULL;
    }
    s = new_syntax(arena, pattern, len, dialect, error);

    return s != NULL && translate_and_compile(regex, s, context) == 0
           ? regex : NULL;
}


int
regex_check(const char *pattern, size_t len, struct regex_error *error)
{
    int                   rc = -1;
    struct arena         *arena = arena_new();
    struct regex_syntax  *s;

    memset(error, 0, sizeof(*error));

    if (arena == NULL) {
        return fail(error, 0, "out of memory");
    }

    s = new_syntax(arena, pattern, len, REGEX_HURL, error);
    if (s != NULL) {
        rc = regex_translate(s);
        strbuf_free(&s->out);
        strbuf_free(&s->marks);
    }
    arena_free(&arena);

    return rc;
}


struct regex *
regex_compile(const char *pattern, size_t len, struct regex_error *error)
{
    struct arena  *arena;
    struct regex  *regex;

    arena = arena_new();
    if (arena == NULL) {
        memset(error, 0, sizeof(*error));
        (void) fail(error, 0, "out of memory");
        return NULL;
    }
    regex = regex_new(arena, pattern, len, REGEX_HURL, error);
    if (regex == NULL) {
        arena_free(&arena);
        return NULL;
    }
    regex->own = arena;

    return regex;
}


const struct regex_name *
regex_names(const struct regex *regex)
{
    return regex->names;
}


void
regex_free(struct regex **regex)
{
    struct arena  *arena;

    if (*regex != NULL) {
        arena = (*regex)->own;
        *regex = NULL;
        arena_free(&arena);
    }
}


static int
match_failed(int code, struct regex_error *error)
{
    PCRE2_UCHAR8  text[128] = "";

    switch (code) {
    case PCRE2_ERROR_NOMATCH:
        return 0;
    case PCRE2_ERROR_MATCHLIMIT:
    case PCRE2_ERROR_DEPTHLIMIT:
    case PCRE2_ERROR_HEAPLIMIT:
        return fail(error, 0, "matching takes too many steps; write the "
                    "pattern with fewer nested or adjacent repetitions");
    case PCRE2_ERROR_NOMEMORY:
        return fail(error, 0, "out of memory");
    default:
        (void) pcre2.get_error_message(code, text, sizeof(text));
        return fail(error, 0, (const char *) text);
    }
}


/* One match on text that is known to be right; groups go to spans. */
static int
run(const struct regex *regex, const void *text, size_t len, size_t from,
    uint32_t options, struct regex_match *match, struct regex_error *error)
{
    int                rc;
    size_t             i, *ovector;
    pcre2_match_data  *data;

    /* NULL means the regex's own functions, see take_memory() */
    data = pcre2.match_data_create_from_pattern(regex->code, NULL);
    if (data == NULL) {
        return fail(error, 0, "out of memory");
    }

    rc = pcre2.match(regex->code, (PCRE2_SPTR8) (text != NULL ? text : ""),
                     len, from, options, data, regex->limits);
    if (rc > 0 && match != NULL) {
        ovector = pcre2.get_ovector_pointer(data);
        match->count = regex->groups + 1 < REGEX_GROUPS_MAX
                       ? regex->groups + 1 : REGEX_GROUPS_MAX;
        for (i = 0; i < match->count; i++) {
            match->start[i] = ovector[2 * i];
            match->end[i] = ovector[2 * i + 1];
        }
    }
    pcre2.match_data_free(data);

    return rc > 0 ? 1 : match_failed(rc, error);
}


static int
check_text(const char *text, size_t len, struct regex_error *error)
{
    memset(error, 0, sizeof(*error));
    if (utf8_check(text, len) != ENCODE_OK) {
        return fail(error, 0, "the text to search is not UTF-8");
    }

    return 0;
}


int
regex_find_next(const struct regex *regex, const char *text, size_t len,
                size_t from, struct regex_match *match,
                struct regex_error *error)
{
    return run(regex, text, len, from, PCRE2_NO_UTF_CHECK, match, error);
}


int
regex_find(const struct regex *regex, const char *text, size_t len,
           size_t from, struct regex_match *match, struct regex_error *error)
{
    if (check_text(text, len, error) != 0) {
        return -1;
    }

    return regex_find_next(regex, text, len, from, match, error);
}


int
regex_match_all(const struct regex *regex, const char *text, size_t len,
                struct regex_error *error)
{
    if (check_text(text, len, error) != 0) {
        return -1;
    }

    return run(regex, text, len, 0, PCRE2_NO_UTF_CHECK | PCRE2_ANCHORED
               | PCRE2_ENDANCHORED, NULL, error);
}


struct regex *
regex_compile_bytes(struct arena *arena, const char *pattern, int nocase,
                    char *err)
{
    uint32_t                groups = 0;
    const char             *rest;
    struct regex           *regex;
    struct regex_error      error;
    pcre2_compile_context  *context;

    regex = new_regex(arena, &context, &error);
    if (regex == NULL) {
        (void) snprintf(err, REGEX_SAID_LEN, "%s", error.message);
        return NULL;
    }
    if (compile(regex, pattern, strlen(pattern),
                nocase ? PCRE2_CASELESS : 0, context, &error) != 0)
    {
        rest = error.offset < strlen(pattern) ? pattern + error.offset : NULL;
        (void) snprintf(err, REGEX_SAID_LEN, "pcre2_compile() failed: %s in "
                        "\"%.120s\"%s%.120s%s", error.message, pattern,
                        rest != NULL ? " at \"" : "", rest != NULL ? rest : "",
                        rest != NULL ? "\"" : "");
        return NULL;
    }

    (void) pcre2.pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    regex->groups = groups;

    return regex;
}


/* PCRE2's table: the number in two bytes, then the name. */
size_t
regex_group(const struct regex *regex, const char *name)
{
    uint32_t     i, count = 0, size = 0;
    PCRE2_SPTR8  entry = NULL;

    (void) pcre2.pattern_info(regex->code, PCRE2_INFO_NAMECOUNT, &count);
    (void) pcre2.pattern_info(regex->code, PCRE2_INFO_NAMEENTRYSIZE, &size);
    (void) pcre2.pattern_info(regex->code, PCRE2_INFO_NAMETABLE, &entry);

    for (i = 0; i < count; i++, entry += size) {
        if (strcasecmp((const char *) entry + 2, name) == 0) {
            return (size_t) entry[0] << 8 | entry[1];
        }
    }

    return REGEX_NONE;
}


int
regex_has_groups(const struct regex *regex)
{
    uint32_t  count = 0;

    (void) pcre2.pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &count);

    return count > 0;
}


int
regex_find_bytes(const struct regex *regex, const void *data, size_t len,
                 struct regex_match *match)
{
    struct regex_error  error;

    return run(regex, data, len, 0, 0, match, &error);
}


int
regex_matches_bytes(const struct regex *regex, const void *data, size_t len)
{
    return regex_find_bytes(regex, data, len, NULL);
}
