/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Comment directives, `#@ name arguments`, on lines directly above a request.
 * To other players they are comments; to this one a misspelt one is an error.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))
#define TITLE     "Parsing directive"

static const char *const  names[] = {
    [SCRIPT_DIRECTIVE_CALL] = "call",
    [SCRIPT_DIRECTIVE_LOG] = "log",
    [SCRIPT_DIRECTIVE_CACHE] = "cache",
    [SCRIPT_DIRECTIVE_ALLOCS] = "allocs",
    [SCRIPT_DIRECTIVE_POOL_BYTES] = "pool-bytes",
    [SCRIPT_DIRECTIVE_CYCLE] = "cycle",
    [SCRIPT_DIRECTIVE_EXPECT] = "expect",
};


static bool
is_symbol_char(int c)
{
    return (c < 0x80 && script_is_alnum(c)) || c == '_';
}


static enum script_result
need_space(struct script_parser *p, const char *wanted)
{
    if (script_skip_blanks(p) && script_peek(p) > ' ') {
        return SCRIPT_OK;
    }

    return script_fail(p, TITLE, p->cur.pos, "expecting %s", wanted);
}


/* A word that must be one of a list. */
static enum script_result
parse_choice(struct script_parser *p, const char *const *words, size_t count,
    const char *wanted, struct str *out)
{
    struct script_pos  start;

    if (need_space(p, wanted) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    start = p->cur.pos;
    *out = script_word(p, script_is_name_char);

    for (size_t i = 0; i < count; i++) {
        if (script_str_is(*out, words[i])) {
            return SCRIPT_OK;
        }
    }

    return script_fail(p, TITLE, start, "expecting %s", wanted);
}


/* The filters and the predicate of an assertion. */
static enum script_result
assertion(struct script_parser *p, struct script_directive *d)
{
    if (script_filters(p, &d->filters) != SCRIPT_OK
        || need_space(p, "a predicate, such as == or contains") != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    return script_parse_predicate(p, &d->predicate);
}


static enum script_result
parse_call(struct script_parser *p, struct script_directive *d)
{
    if (need_space(p, "the name of a function") != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    d->word = script_word(p, is_symbol_char);

    if (d->word.len == 0 || script_is_digit(d->word.data[0])) {
        return script_fail(p, TITLE, p->cur.pos,
                           "expecting the name of a function");
    }

    return SCRIPT_OK;
}


static enum script_result
parse_log(struct script_parser *p, struct script_directive *d)
{
    static const char *const  levels[] = {
        "debug", "info", "notice", "warn", "err", "error", "crit", "alert",
        "emerg"
    };

    if (parse_choice(p, levels, COUNT(levels), "a log level: debug, info, "
                     "notice, warn, err, crit, alert or emerg", &d->word)
        != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    return assertion(p, d);
}


static enum script_result
parse_cache(struct script_parser *p, struct script_directive *d)
{
    if (need_space(p, "a key in quotes") != SCRIPT_OK
        || script_quoted_required(p, &d->key) != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    return assertion(p, d);
}


static bool
is_signal(struct str name)
{
    static const char *const  signals[] = {
        "SIGABRT", "SIGALRM", "SIGBUS", "SIGFPE", "SIGHUP", "SIGILL",
        "SIGINT", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSEGV", "SIGSYS",
        "SIGTERM", "SIGTRAP", "SIGUSR1", "SIGUSR2", "SIGXCPU", "SIGXFSZ"
    };

    for (size_t i = 0; i < COUNT(signals); i++) {
        if (script_str_is(name, signals[i])) {
            return true;
        }
    }

    return false;
}


static enum script_result
parse_expectation(struct script_parser *p, struct script_directive *d)
{
    bool                      rule;
    struct script_cursor      start;
    static const char *const  words[] = { "crash", "timeout", "rule" };

    if (parse_choice(p, words, COUNT(words), "crash, timeout or rule", &d->word)
        != SCRIPT_OK)
    {
        return SCRIPT_FAIL;
    }

    start = p->cur;
    (void) script_skip_blanks(p);
    rule = d->word.data[0] == 'r';

    if (rule || (d->word.data[0] == 'c' && script_looking_at(p, "SIG"))) {
        start = p->cur;
        d->detail = script_word(p, script_is_name_char);

        if (!rule && !is_signal(d->detail)) {
            return script_fail(p, TITLE, start.pos,
                               "expecting the name of a signal that ends a "
                               "process, such as SIGSEGV");
        }

        if (rule && (d->detail.len < 4
                     || memcmp(d->detail.data, "LF-", 3) != 0))
        {
            return script_fail(p, TITLE, p->cur.pos,
                               "expecting the name of a rule, such as LF-101");
        }

        return SCRIPT_OK;
    }

    p->cur = start;

    return SCRIPT_OK;
}


static enum script_result
arguments(struct script_parser *p, struct script_directive *d)
{
    static const char *const  cycles[] = { "reload", "exit", "init" };

    switch (d->kind) {
    case SCRIPT_DIRECTIVE_CALL:
        return parse_call(p, d);
    case SCRIPT_DIRECTIVE_LOG:
        return parse_log(p, d);
    case SCRIPT_DIRECTIVE_CACHE:
        return parse_cache(p, d);
    case SCRIPT_DIRECTIVE_CYCLE:
        return parse_choice(p, cycles, COUNT(cycles), "reload, exit or init",
                            &d->word);
    case SCRIPT_DIRECTIVE_EXPECT:
        return parse_expectation(p, d);
    default:
        return assertion(p, d);
    }
}


static enum script_result
unknown(struct script_parser *p, struct str word,
    struct script_pos pos)
{
    const char  *near;

    near = script_nearest(word, names, COUNT(names));

    return script_fail(p, TITLE, pos, "unknown directive '%.*s'. %s%s%s",
                       (int) (word.len < 40 ? word.len : 40), word.data,
                       near != NULL ? "Did you mean " : "Known are call, log, "
                       "cache, allocs, pool-bytes, cycle and expect",
                       near != NULL ? near : "", near != NULL ? "?" : "");
}


/* Hurl's own comment commands take the rest of their line. */
static enum script_result
cookie_storage(struct script_parser *p, struct str word,
    struct script_directive *d)
{
    d->kind = SCRIPT_DIRECTIVE_COOKIE_STORAGE;
    d->name = "cookie storage";
    d->word = word;

    while (!script_at_end(p) && script_peek(p) != '\n'
           && !script_looking_at(p, "\r\n"))
    {
        script_advance(p);
    }

    return SCRIPT_OK;
}


/* Behind #@. */
static enum script_result
parse_directive(struct script_parser *p, struct script_directive *d)
{
    struct script_pos  start;
    struct str         word;

    (void) script_skip_blanks(p);
    start = p->cur.pos;
    word = script_word(p, script_is_name_char);

    if (script_str_is(word, "cookie_storage_set")
        || script_str_is(word, "cookie_storage_clear"))
    {
        return cookie_storage(p, word, d);
    }

    for (size_t i = 0; i < COUNT(names); i++) {
        if (script_str_is(word, names[i])) {
            d->kind = (enum script_directive_kind) i;
            d->name = names[i];
            return arguments(p, d);
        }
    }

    return unknown(p, word, start);
}


static enum script_result
directive_line(struct script_parser *p, struct script_directive **out)
{
    struct script_directive  *d;

    d = script_new(p, sizeof(*d));

    if (d == NULL) {
        return script_no_memory(p);
    }

    *out = d;
    d->span.start = p->cur.pos;
    (void) script_accept(p, "#@");

    if (parse_directive(p, d) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    d->span.end = p->cur.pos;

    return script_line_end(p);
}


/* All lines above a request; leaves the cursor at the request or the end. */
enum script_result
script_directives(struct script_parser *p, struct script_directive **out)
{
    struct script_cursor     start;
    struct script_directive *last;

    last = NULL;

    for ( ;; ) {
        start = p->cur;
        (void) script_skip_blanks(p);

        if (script_looking_at(p, "#@")) {
            if (directive_line(p, out) != SCRIPT_OK) {
                return SCRIPT_FAIL;
            }

            last = *out;
            out = &(*out)->next;
            continue;
        }

        p->cur = start;

        if (script_at_end(p) || !script_try_line_end(p)) {
            break;
        }
    }

    (void) script_skip_blanks(p);

    if (last != NULL && script_at_end(p)) {
        return script_fail(p, TITLE, last->span.start,
                           "there is no request below this directive");
    }

    return SCRIPT_OK;
}
