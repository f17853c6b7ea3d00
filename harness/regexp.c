/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compiling and matching by libpcre2. Everything of a regex lies in its arena;
 * what one match needs is taken from malloc and freed at once.
 */
#include <stdio.h>
#include <string.h>

#define PCRE2_CODE_UNIT_WIDTH  8
#include <pcre2.h>

#include "arena.h"
#include "encode.h"
#include "lazy_lib.h"
#include "regexp.h"
#include "regex_syntax.h"
#include "strbuf.h"

/* Far above what tests need, and reached within a fraction of a second. */
#define STEPS_MAX     5000000
#define DEPTH_MAX     1000000
#define HEAP_KIB_MAX  (64 * 1024)

struct regex {
    pcre2_code           *code;
    pcre2_match_context  *limits;
    size_t                groups;
    struct regex_name    *names;
};

#define PCRE2_TABLE(X)                                                        \
    X(compile) X(compile_context_create) X(general_context_create)            \
    X(get_error_message) X(get_ovector_pointer) X(match)                      \
    X(match_context_create) X(match_data_create_from_pattern)                 \
    X(match_data_free) X(set_depth_limit) X(set_heap_limit)                   \
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


static void *
arena_malloc(size_t size, void *arena)
{
    return arena_alloc(arena, size);
}


static void
arena_free_nothing(void *data, void *arena)
{
    (void) data;
    (void) arena;
}


static int
fail(struct regex_error *error, size_t offset, const char *text)
{
    error->offset = offset;
    (void) snprintf(error->text, sizeof(error->text), "%s", text);

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


static void
compile_failed(const struct regex_syntax *s, int code, size_t out)
{
    PCRE2_UCHAR8  text[128] = "";

    (void) pcre2.get_error_message(code, text, sizeof(text));
    (void) fail(s->error, original_offset(s, out), (const char *) text);
}


/* 0, or -1 with PCRE2's *code, 0 when memory ran out. */
static int
compile(struct regex *regex, struct arena *arena, const char *pattern,
        size_t len, uint32_t options, int *code, size_t *offset)
{
    pcre2_general_context  *general;
    pcre2_compile_context  *context;

    *code = 0;
    general = pcre2.general_context_create(arena_malloc, arena_free_nothing,
                                           arena);
    if (general == NULL) {
        return -1;
    }
    context = pcre2.compile_context_create(general);
    regex->limits = pcre2.match_context_create(general);
    if (context == NULL || regex->limits == NULL) {
        return -1;
    }

    (void) pcre2.set_newline(context, PCRE2_NEWLINE_LF);
    (void) pcre2.set_match_limit(regex->limits, STEPS_MAX);
    (void) pcre2.set_depth_limit(regex->limits, DEPTH_MAX);
    (void) pcre2.set_heap_limit(regex->limits, HEAP_KIB_MAX);

    regex->code = pcre2.compile((PCRE2_SPTR8) pattern, len, options, code,
                                offset, context);

    return regex->code != NULL ? 0 : -1;
}


static int
compile_translated(struct regex *regex, struct regex_syntax *s)
{
    int     code;
    size_t  offset = 0;

    if (compile(regex, s->arena, s->out.data != NULL ? s->out.data : "",
                s->out.len, PCRE2_UTF | PCRE2_UCP | PCRE2_DOLLAR_ENDONLY
                | PCRE2_ALT_CIRCUMFLEX | PCRE2_NO_UTF_CHECK
                | PCRE2_NEVER_BACKSLASH_C, &code, &offset) == 0)
    {
        return 0;
    }

    if (code == 0) {
        return fail(s->error, 0, "out of memory");
    }
    compile_failed(s, code, offset);

    return -1;
}


struct regex *
regex_new(struct arena *arena, const char *pattern, size_t len,
          enum regex_dialect dialect, struct regex_error *error)
{
    int                   rc = -1;
    size_t                bad;
    const char           *why;
    struct regex         *regex;
    struct regex_syntax  *s;

    memset(error, 0, sizeof(*error));
    why = lazy_lib_open(&libpcre2);
    if (why != NULL) {
        (void) fail(error, 0, why);
        return NULL;
    }
    bad = utf8_check(pattern, len);
    if (bad != ENCODE_OK) {
        (void) fail(error, bad, "the pattern is not UTF-8");
        return NULL;
    }
    regex = arena_alloc(arena, sizeof(*regex));
    s = arena_alloc(arena, sizeof(*s));
    if (regex == NULL || s == NULL) {
        (void) fail(error, 0, "out of memory");
        return NULL;
    }

    s->arena = arena;
    s->dialect = dialect;
    s->text = s->pos = pattern;
    s->end = pattern + len;
    s->error = error;
    if (regex_translate(s) == 0) {
        rc = compile_translated(regex, s);
    }
    regex->groups = s->groups;
    regex->names = s->names;
    strbuf_free(&s->out);
    strbuf_free(&s->marks);

    return rc == 0 ? regex : NULL;
}


struct regex *
regex_new_bytes(struct arena *arena, const char *pattern, int nocase,
                struct regex_error *error)
{
    int            code;
    size_t         offset = 0;
    const char    *why;
    PCRE2_UCHAR8   text[128] = "out of memory";
    struct regex  *regex;

    memset(error, 0, sizeof(*error));
    why = lazy_lib_open(&libpcre2);
    if (why != NULL) {
        (void) fail(error, 0, why);
        return NULL;
    }

    regex = arena_alloc(arena, sizeof(*regex));
    if (regex == NULL) {
        (void) fail(error, 0, "out of memory");
        return NULL;
    }

    if (compile(regex, arena, pattern, strlen(pattern),
                nocase ? PCRE2_CASELESS : 0, &code, &offset) != 0)
    {
        if (code != 0) {
            (void) pcre2.get_error_message(code, text, sizeof(text));
        }
        (void) fail(error, offset, (const char *) text);
        return NULL;
    }

    return regex;
}


size_t
regex_groups(const struct regex *regex)
{
    return regex->groups;
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


/* As regex_search(), for a text that is known to be UTF-8. */
static int
run(const struct regex *regex, const char *text, size_t len, size_t from,
    uint32_t options, struct regex_span *spans, size_t count,
    struct regex_error *error)
{
    int                rc;
    size_t             i, *ovector;
    pcre2_match_data  *data;

    data = pcre2.match_data_create_from_pattern(regex->code, NULL);
    if (data == NULL) {
        return fail(error, 0, "out of memory");
    }

    rc = pcre2.match(regex->code, (PCRE2_SPTR8) (text != NULL ? text : ""),
                     len, from, options | PCRE2_NO_UTF_CHECK, data,
                     regex->limits);
    if (rc > 0) {
        ovector = pcre2.get_ovector_pointer(data);
        for (i = 0; i < count && i <= regex->groups; i++) {
            spans[i].start = ovector[2 * i];
            spans[i].end = ovector[2 * i + 1];
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
regex_search(const struct regex *regex, const char *text, size_t len,
             size_t from, struct regex_span *spans, size_t count,
             struct regex_error *error)
{
    if (check_text(text, len, error) != 0) {
        return -1;
    }

    return run(regex, text, len, from, 0, spans, count, error);
}


int
regex_search_bytes(const struct regex *regex, const void *text, size_t len,
                   struct regex_error *error)
{
    memset(error, 0, sizeof(*error));

    return run(regex, text, len, 0, 0, NULL, 0, error);
}


int
regex_match(const struct regex *regex, const char *text, size_t len,
            struct regex_error *error)
{
    if (check_text(text, len, error) != 0) {
        return -1;
    }

    return run(regex, text, len, 0, PCRE2_ANCHORED | PCRE2_ENDANCHORED, NULL,
               0, error);
}


struct replacement {
    const struct regex       *regex;
    const char               *text;      /* what is searched */
    const struct regex_span  *spans;
    struct strbuf             out;
};


static void
add_group(struct replacement *r, size_t group)
{
    const struct regex_span  *span = &r->spans[group];

    if (group <= r->regex->groups && span->start != REGEX_NONE) {
        strbuf_add(&r->out, r->text + span->start, span->end - span->start);
    }
}


/* A group by number or name; one that does not exist adds nothing. */
static void
add_reference(struct replacement *r, const char *name, size_t len)
{
    size_t                    i, number = 0;
    const struct regex_name  *known;

    for (i = 0; i < len && name[i] >= '0' && name[i] <= '9'; i++) {
        if (number <= r->regex->groups) {
            number = number * 10 + (size_t) (name[i] - '0');
        }
    }
    if (i == len && len > 0) {
        add_group(r, number);
        return;
    }

    for (known = r->regex->names; known != NULL; known = known->next) {
        if (known->len == len && memcmp(known->name, name, len) == 0) {
            add_group(r, known->group);
        }
    }
}


static int
is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '_';
}


/* pos stands on '$'; returns where to go on. */
static const char *
expand_dollar(struct replacement *r, const char *pos, const char *end)
{
    const char  *close, *name = pos + 1;

    if (name < end && *name == '$') {
        strbuf_addch(&r->out, '$');
        return name + 1;
    }
    if (name < end && *name == '{') {
        close = memchr(name, '}', (size_t) (end - name));
        if (close != NULL) {
            add_reference(r, name + 1, (size_t) (close - name - 1));
            return close + 1;
        }
    }

    for (close = name; close < end && is_word(*close); close++) {
        continue;
    }
    if (close == name) {
        strbuf_addch(&r->out, '$');
    } else {
        add_reference(r, name, (size_t) (close - name));
    }

    return close;
}


static void
expand(struct replacement *r, const char *template, size_t len)
{
    const char  *dollar, *end = template + len;

    while (template < end) {
        dollar = memchr(template, '$', (size_t) (end - template));
        if (dollar == NULL) {
            dollar = end;
        }
        strbuf_add(&r->out, template, (size_t) (dollar - template));
        template = dollar < end ? expand_dollar(r, dollar, end) : end;
    }
}


/*
 * All matches from left to right. An empty match directly behind another one
 * does not count, as in Hurl's engine.
 */
static int
replace_matches(struct replacement *r, struct regex_span *spans, size_t len,
                const char *template, size_t template_len,
                struct regex_error *error)
{
    int       rc;
    size_t    copied = 0, from = 0, last_end = REGEX_NONE;
    uint32_t  code;

    for ( ;; ) {
        rc = from <= len ? run(r->regex, r->text, len, from, 0, spans,
                               r->regex->groups + 1, error) : 0;
        if (rc != 1) {
            break;
        }
        if (spans[0].end == spans[0].start && spans[0].end == last_end) {
            from = last_end;
            from += from < len ? utf8_decode(r->text + from, len - from, &code)
                               : 1;
            last_end = REGEX_NONE;
            continue;
        }
        strbuf_add(&r->out, r->text + copied, spans[0].start - copied);
        expand(r, template, template_len);
        copied = from = last_end = spans[0].end;
    }
    strbuf_add(&r->out, r->text + copied, len - copied);

    return rc;
}


char *
regex_replace_all(struct arena *arena, const struct regex *regex,
                  const char *text, size_t len, const char *replacement,
                  size_t replacement_len, size_t *out_len,
                  struct regex_error *error)
{
    int                 rc;
    char               *out = NULL;
    struct regex_span  *spans;
    struct replacement  r = { .regex = regex };

    if (check_text(text, len, error) != 0) {
        return NULL;
    }
    spans = arena_alloc(arena, (regex->groups + 1) * sizeof(*spans));
    if (spans == NULL) {
        (void) fail(error, 0, "out of memory");
        return NULL;
    }
    r.text = len > 0 ? text : "";
    r.spans = spans;

    rc = replace_matches(&r, spans, len, replacement, replacement_len, error);
    if (rc == 0 && !r.out.failed) {
        *out_len = r.out.len;
        out = arena_memdup(arena, r.out.data, r.out.len);
    }
    if (rc == 0 && out == NULL) {
        (void) fail(error, 0, "out of memory");
    }
    strbuf_free(&r.out);

    return out;
}
