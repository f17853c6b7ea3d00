/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One file of a run: parse it, make its host or both, play its entries. On
 * both hosts each entry is played twice, with variables and cookies of each
 * host's own, and what came back is compared.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "interrupt.h"
#include "play_mock.h"
#include "play_nginx.h"
#include "play_url.h"
#include "run.h"
#include "run_compare.h"

#define SCRIPT_MAX  ((size_t) 256 << 20)

/* One host that plays the file. */
struct side {
    struct play_session   session;
    struct run_seen       seen;      /* what came back, for the comparison */
    unsigned              started:1;
    unsigned              blind:1;   /* this host could not play the entry */
};

struct player {
    const struct run_settings  *settings;
    struct run_sink            *sink;
    struct run_file            *file;
    const struct script        *script;
    struct arena               *arena;
    struct side                 sides[2];
    size_t                      side_count;
    struct side                *now;
    size_t                     *lines;       /* of the script */
    size_t                      line_count;
    struct strbuf               pieces[RUN_REPORTS_MAX];
    struct strbuf               last_body;
    unsigned                    compare:1;
};


static uint64_t
now_us(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}


int
run_read(const char *path, struct strbuf *to, char *err)
{
    int      fd;
    char     buf[65536];
    ssize_t  n;

    fd = strcmp(path, "-") == 0 ? STDIN_FILENO
                                : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        (void) snprintf(err, LF_ERR_LEN, "cannot be read: %s",
                        strerror(errno));
        return -1;
    }

    while ((n = read(fd, buf, sizeof(buf))) > 0 && to->len <= SCRIPT_MAX) {
        strbuf_add(to, buf, (size_t) n);
    }

    if (n < 0) {
        (void) snprintf(err, LF_ERR_LEN, "cannot be read: %s",
                        strerror(errno));
    } else if (to->len > SCRIPT_MAX || to->failed) {
        (void) snprintf(err, LF_ERR_LEN, "larger than a script may be "
                        "(%zu megabytes)", SCRIPT_MAX >> 20);
        n = -1;
    }

    if (fd != STDIN_FILENO) {
        (void) close(fd);
    }

    return n < 0 ? -1 : 0;
}


/* ---- reports and text ------------------------------------------------------ */

static void
say(struct player *p, struct strbuf *text)
{
    if (text->len > 0) {
        p->sink->text(p->sink, text->data, text->len);
    }
    strbuf_free(text);
}


static void
report_entry(struct player *p, const struct run_entry *entry)
{
    size_t                   i;
    struct strbuf            text = { 0 };
    const struct run_check  *c;

    /* a comparison is no request */
    p->file->entries += strcmp(entry->host, "both") != 0;
    p->file->verdict = report_worse(p->file->verdict, entry->verdict);

    for (c = entry->checks; c != NULL; c = c->next) {
        p->file->checks++;
        p->file->failed += c->verdict >= RUN_FAILED;
        p->file->na += c->verdict == RUN_NA;
    }

    for (i = 0; i < p->settings->report_count; i++) {
        p->settings->reporters[i]->entry(p->file, entry, &p->pieces[i]);
        if (p->settings->reporters[i]->streams) {
            p->sink->piece(p->sink, i, &p->pieces[i]);
        }
    }

    run_text_entry(p->settings, p->file, entry, &text);
    say(p, &text);
}


/* ---- both hosts --------------------------------------------------------- */

/* A check of its own for each entry: both answers are the same. */
static void
compare_sides(struct player *p, const struct script_entry *entry)
{
    size_t            said;
    struct eval       e;
    struct strbuf     text = { 0 };
    struct run_entry  result;

    memset(&e, 0, sizeof(e));
    memset(&result, 0, sizeof(result));
    e.arena = arena_new();
    if (e.arena == NULL) {
        return;
    }

    result.index = entry->index;
    result.line = entry->request.span.start.line;
    result.attempt = 1;
    result.host = "both";
    result.method = "";
    result.url = "";

    if (p->sides[0].blind || p->sides[1].blind) {
        play_add_check(&e, &p->sides[0].session, &result, RUN_NA,
                       &entry->request.span, "Not applicable",
                       "not compared: one of the hosts cannot play this");
    } else {
        strbuf_addstr(&text, "the mock and nginx do not answer the same");
        said = text.len;
        run_compare(&text, &p->sides[0].seen, &p->sides[1].seen);
        play_add_check(&e, &p->sides[0].session, &result,
                       text.len == said ? RUN_PASSED : RUN_FAILED,
                       &entry->request.span, text.len == said
                       ? "same answer" : "Mock and nginx differ",
                       text.len == said ? "" : text.data);
        strbuf_free(&text);
    }

    report_entry(p, &result);
    arena_free(&e.arena);
}


static void
on_seen(void *data, const struct run_entry *result,
        const struct play_answer *answer)
{
    struct player  *p = data;

    if (answer != NULL && p->compare) {
        p->now->blind |= answer->outcome == PLAY_NOT_APPLICABLE;
        run_seen_add(&p->now->seen, answer);
    }

    if (answer != NULL && answer->outcome == PLAY_ANSWERED
        && !p->settings->test)
    {
        p->last_body.len = 0;
        strbuf_add(&p->last_body, answer->body.data, answer->body.len);
    }

    report_entry(p, result);
}


/* ---- hosts ------------------------------------------------------------------ */

static struct play_host *
new_mock(struct player *p, char *err)
{
    struct play_mock_settings  s;

    memset(&s, 0, sizeof(s));
    s.conf = p->settings->conf;
    s.prefix = p->settings->prefix;
    s.lib_dir = p->settings->lib_dir;
    s.timeout = p->settings->timeout;
    s.log_level = p->settings->log_level;

    return play_mock_new(&s, err);
}


static struct play_host *
new_nginx(struct player *p, char *err)
{
    struct play_nginx_settings  s;

    memset(&s, 0, sizeof(s));
    s.root = p->settings->conf_root;
    s.conf = p->settings->conf;
    s.prefix = p->settings->prefix;
    s.lib_dir = p->settings->lib_dir;
    s.program = p->settings->paths.program;
    s.module = p->settings->paths.module;
    s.timeout = p->settings->timeout;

    return play_nginx_new(&s, err);
}


static struct play_host *
new_url(struct player *p, char *err)
{
    struct play_url_settings  s;

    s.url = p->settings->url;
    s.timeout = p->settings->timeout;

    return play_url_new(&s, err);
}


static int
set_base(struct side *side, const struct run_settings *settings,
         const char *base)
{
    struct value  v = value_string(base, strlen(base));

    return vars_get(settings->vars, "base", 4) != NULL ? 0
           : vars_set(side->session.vars, "base", 4, &v);
}


static int
start_side(struct player *p, struct side *side, struct play_host *host,
           char *err)
{
    char                  base[512];
    struct play_session  *s = &side->session;

    if (host == NULL) {
        return -1;
    }

    s->settings = &p->settings->play;
    s->script = p->script;
    s->lines = p->lines;
    s->line_count = p->line_count;
    s->host = host;
    s->in_process = host->ops->cache != NULL
                    && strcmp(host->ops->name, "mock") == 0;
    s->own_server = strcmp(host->ops->name, "url") != 0;
    s->vars = vars_copy(p->settings->vars);
    s->jar = p->settings->play.no_cookie_store ? NULL : cookie_jar_new();

    if (s->vars == NULL
        || (s->jar == NULL && !p->settings->play.no_cookie_store))
    {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return -1;
    }

    if (host->ops->start(host, base, sizeof(base), err) != 0) {
        return -1;
    }

    side->started = 1;

    if (set_base(side, p->settings, base) != 0) {
        (void) snprintf(err, LF_ERR_LEN, "out of memory");
        return -1;
    }

    return 0;
}


static int
start_sides(struct player *p, char *err)
{
    struct side  *s = p->sides;

    switch (p->settings->on) {
    case RUN_ON_URL:
        p->side_count = 1;
        return start_side(p, s, new_url(p, err), err);

    case RUN_ON_NGINX:
        p->side_count = 1;
        return start_side(p, s, new_nginx(p, err), err);

    case RUN_ON_BOTH:
        p->side_count = 2;
        p->compare = 1;
        return start_side(p, s, new_mock(p, err), err) != 0
               ? -1 : start_side(p, s + 1, new_nginx(p, err), err);

    case RUN_ON_MOCK:
        break;
    }

    p->side_count = 1;

    return start_side(p, s, new_mock(p, err), err);
}


/* What a host has to say when it ends: a crash in an exit hook, alerts. */
static void
report_end(struct player *p, const struct play_answer *last)
{
    struct strbuf               text = { 0 };
    const struct play_finding  *f;

    if (last->outcome == PLAY_CRASHED || last->outcome == PLAY_TIMED_OUT) {
        strbuf_printf(&text, "%s\n", last->text);
        p->file->verdict = RUN_ERROR;
    }

    for (f = last->findings; f != NULL; f = f->next) {
        strbuf_printf(&text, "%s\n", f->text);
        if (f->breaks) {
            p->file->verdict = RUN_ERROR;
        }
    }

    if (text.len > 0 && p->file->verdict == RUN_ERROR
        && p->file->problem == NULL)
    {
        p->file->problem = arena_memdup(p->arena, text.data, text.len);
    }

    say(p, &text);
}


static void
stop_side(struct player *p, struct side *side)
{
    char                 err[LF_ERR_LEN];
    struct strbuf        text = { 0 };
    struct play_answer   last;
    struct play_session *s = &side->session;

    if (s->host != NULL) {
        memset(&last, 0, sizeof(last));
        err[0] = '\0';
        if (side->started
            && s->host->ops->stop(s->host, p->arena, &last, err) != 0
            && !interrupt_caught())
        {
            strbuf_printf(&text, "linkfunc: error: %s: %s\n", p->file->path,
                          err);
            say(p, &text);
            p->file->verdict = RUN_ERROR;
        }
        report_end(p, &last);
        s->host->ops->free(s->host);
    }

    vars_free(&s->vars);
    cookie_jar_free(&s->jar);
    free((char *) s->file_root);
    run_seen_free(&side->seen);
}


/* ---- the file ---------------------------------------------------------------- */

static char *
root_of(const struct run_settings *settings, const char *path)
{
    char  *copy, *root;

    if (settings->play.file_root != NULL) {
        return strdup(settings->play.file_root);
    }

    copy = strdup(path);
    root = copy != NULL ? strdup(dirname(copy)) : NULL;
    free(copy);

    return root;
}


static void
play_entries(struct player *p)
{
    size_t                       i;
    enum run_verdict             verdict;
    const struct script_entry   *entry;
    const struct play_settings  *s = &p->settings->play;

    for (entry = p->script->entries; entry != NULL; entry = entry->next) {
        if (entry->index < s->from_entry
            || (s->to_entry > 0 && entry->index > s->to_entry))
        {
            continue;
        }

        verdict = RUN_PASSED;
        for (i = 0; i < p->side_count; i++) {
            p->now = &p->sides[i];
            run_seen_clear(&p->now->seen);
            p->now->blind = 0;
            verdict = report_worse(verdict,
                                   play_entry(&p->now->session, entry,
                                              on_seen, p));
        }

        if (p->compare && verdict != RUN_SKIPPED) {
            compare_sides(p, entry);
        }

        if ((verdict >= RUN_FAILED && !s->continue_on_error)
            || interrupt_caught())
        {
            break;
        }
    }
}


static void
problem(struct player *p, const char *text)
{
    struct strbuf  shown = { 0 };

    p->file->problem = arena_strdup(p->arena, text);
    p->file->verdict = RUN_ERROR;
    strbuf_printf(&shown, "linkfunc: error: %s: %s\n", p->file->path, text);
    say(p, &shown);
}


/* Reports quote the script: find its lines once. */
static int
find_lines(struct player *p)
{
    size_t       n = 1;
    const char  *at = p->script->source.data, *end;

    end = at + p->script->source.len;
    for ( ; (at = memchr(at, '\n', (size_t) (end - at))) != NULL; at++) {
        n++;
    }

    p->lines = arena_alloc(p->arena, n * sizeof(*p->lines));
    if (p->lines == NULL) {
        problem(p, "out of memory");
        return -1;
    }

    p->line_count = 1;
    for (at = p->script->source.data;
         (at = memchr(at, '\n', (size_t) (end - at))) != NULL; at++)
    {
        p->lines[p->line_count++] = (size_t) (at - p->script->source.data) + 1;
    }

    return 0;
}


static int
parse(struct player *p, const char *path)
{
    char                 err[LF_ERR_LEN];
    struct strbuf        source = { 0 }, text = { 0 };
    struct script_error  error;

    if (run_read(path, &source, err) != 0) {
        strbuf_free(&source);
        problem(p, err);
        return -1;
    }

    memset(&error, 0, sizeof(error));
    p->script = script_parse(p->arena, path,
                             source.data != NULL ? source.data : "",
                             source.len, &error);

    if (p->script == NULL || script_unsupported(p->script, &error)) {
        if (p->settings->error_short) {
            script_error_short(&text, &error, path);
        } else {
            script_error_long(&text, &error, path,
                              source.data != NULL ? source.data : "",
                              source.len);
        }
        p->file->problem = arena_memdup(p->arena, error.message,
                                        strlen(error.message));
        p->file->verdict = RUN_ERROR;
        say(p, &text);
        strbuf_free(&source);
        return -1;
    }

    strbuf_free(&source);

    return find_lines(p);
}


static void
list_cookies(struct player *p)
{
    size_t                      i = 0;
    struct run_cookie          *c, **last = &p->file->cookies;
    const struct cookie_entry  *from;

    while (p->sides[0].session.jar != NULL
           && (from = cookie_jar_next(p->sides[0].session.jar, &i)) != NULL)
    {
        c = arena_alloc(p->arena, sizeof(*c));
        if (c == NULL) {
            return;
        }
        c->name = from->name;
        c->value = from->value;
        c->domain = from->domain;
        c->path = from->path;
        c->expires = from->expires;
        c->secure = from->secure;
        *last = c;
        last = &c->next;
    }
}


static void
end_reports(struct player *p, unsigned number)
{
    size_t         i;
    struct strbuf  text = { 0 };

    for (i = 0; i < p->settings->report_count; i++) {
        p->settings->reporters[i]->file_end(p->file, number, &p->pieces[i]);
        p->sink->piece(p->sink, i, &p->pieces[i]);
        strbuf_free(&p->pieces[i]);
    }

    run_text_file(p->settings, p->file, &text);
    say(p, &text);
}


static void
play(struct player *p, const char *path)
{
    char    err[LF_ERR_LEN];
    size_t  i;

    for (i = 0; i < 2; i++) {
        p->sides[i].session.file_root = root_of(p->settings, path);
    }

    if (start_sides(p, err) != 0) {
        problem(p, err);
        return;
    }

    play_entries(p);
    list_cookies(p);

    if (!p->settings->test && p->last_body.len > 0
        && p->file->verdict < RUN_FAILED)
    {
        p->sink->output(p->sink, p->last_body.data, p->last_body.len);
    }
}


const char *
run_host_name(enum run_on on)
{
    static const char *const  names[] = { "mock", "nginx", "both", "url" };

    return names[on];
}


int
run_file(const struct run_settings *settings, const char *path,
         unsigned number, struct run_sink *sink, struct run_file *file)
{
    int             status = 2;
    size_t          i;
    uint64_t        began = now_us();
    struct player   p;

    memset(&p, 0, sizeof(p));
    memset(file, 0, sizeof(*file));
    file->path = path;
    file->host = run_host_name(settings->on);
    p.settings = settings;
    p.sink = sink;
    p.file = file;
    p.arena = arena_new();
    if (p.arena == NULL) {
        file->verdict = RUN_ERROR;
        return 3;
    }

    for (i = 0; i < settings->report_count; i++) {
        settings->reporters[i]->file_begin(file, &p.pieces[i]);
    }

    if (parse(&p, path) == 0) {
        play(&p, path);
        status = -1;
    }

    file->duration_us = now_us() - began;

    /* Hosts end first: what they say then belongs to the file, too. */
    for (i = 0; status == -1 && i < 2; i++) {
        if (i == 0) {
            struct cookie_jar  *jar = p.sides[0].session.jar;

            p.sides[0].session.jar = NULL;
            stop_side(&p, &p.sides[0]);
            p.sides[0].session.jar = jar;
        } else {
            stop_side(&p, &p.sides[1]);
        }
    }

    end_reports(&p, number);
    cookie_jar_free(&p.sides[0].session.jar);
    strbuf_free(&p.last_body);
    arena_free(&p.arena);
    file->problem = NULL;
    file->cookies = NULL;

    return status == -1 ? report_exit_status(file->verdict,
                                             (int) settings->na_fails)
                        : status;
}
