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

#include "lib/base/arena.h"
#include "lib/base/interrupt.h"
#include "harness/run/run_compare.h"
#include "harness/run/run_player.h"

#define SCRIPT_MAX  ((size_t) 256 << 20)

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
        (void) snprintf(err, LF_ERR_LEN, "%s", strerror(errno));
        return -1;
    }

    while ((n = read(fd, buf, sizeof(buf))) > 0 && to->len <= SCRIPT_MAX) {
        strbuf_add(to, buf, (size_t) n);
    }

    if (n < 0) {
        (void) snprintf(err, LF_ERR_LEN, "%s", strerror(errno));
    } else if (to->len > SCRIPT_MAX || to->failed) {
        (void) snprintf(err, LF_ERR_LEN, "larger than the limit of %zu "
                        "MiB", SCRIPT_MAX >> 20);
        n = -1;
    }

    if (fd != STDIN_FILENO) {
        (void) close(fd);
    }

    return n < 0 ? -1 : 0;
}


/* ---- reports and text -------------------------------------------------- */

void
run_say(struct player *p, struct strbuf *text)
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
    p->file->verdict = verdict_worse(p->file->verdict, entry->verdict);

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
    run_say(p, &text);
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
                       "not compared: one of the hosts cannot run this entry");
    } else {
        strbuf_addstr(&text, "the responses of the mock and nginx differ");
        said = text.len;
        run_compare(&text, &p->sides[0].seen, &p->sides[1].seen);
        play_add_check(&e, &p->sides[0].session, &result,
                       text.len == said ? RUN_PASSED : RUN_FAILED,
                       &entry->request.span, text.len == said
                       ? "same response" : "Mock and nginx differ",
                       text.len == said ? "" : text.data);
        strbuf_free(&text);
    }

    report_entry(p, &result);
    arena_free(&e.arena);
}


static void
on_seen(void *data, const struct run_entry *result,
        const struct host_answer *answer)
{
    struct player  *p = data;

    if (answer != NULL && p->compare) {
        p->now->blind |= answer->outcome == HOST_NOT_APPLICABLE;
        run_seen_add(&p->now->seen, answer);
    }

    if (answer != NULL && answer->outcome == HOST_ANSWERED
        && !p->settings->test)
    {
        p->last_body.len = 0;
        strbuf_add(&p->last_body, answer->http.body.data,
                   answer->http.body.len);
    }

    report_entry(p, result);
}


/* ---- the file ---------------------------------------------------------- */

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
            verdict = verdict_worse(verdict,
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
    run_say(p, &shown);
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
        run_say(p, &text);
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
    run_say(p, &text);
}


static void
play(struct player *p, const char *path)
{
    char    err[LF_ERR_LEN];
    size_t  i;

    for (i = 0; i < 2; i++) {
        p->sides[i].session.file_root = root_of(p->settings, path);
    }

    if (run_start_sides(p, err) != 0) {
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
run_play_file(const struct run_settings *settings, const char *path,
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
            run_stop_side(&p, &p.sides[0]);
            p.sides[0].session.jar = jar;
        } else {
            run_stop_side(&p, &p.sides[1]);
        }
    }

    end_reports(&p, number);
    cookie_jar_free(&p.sides[0].session.jar);
    strbuf_free(&p.last_body);
    arena_free(&p.arena);
    file->problem = NULL;
    file->cookies = NULL;

    return status == -1 ? verdict_exit_status(file->verdict) : status;
}
