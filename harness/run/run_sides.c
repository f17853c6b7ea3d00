/* SPDX-License-Identifier: BSD-2-Clause */
/* The hosts that play a file: made, started with a base address, ended. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/interrupt.h"
#include "harness/host/mock/play_mock.h"
#include "harness/host/nginx/play_nginx.h"
#include "harness/host/nginx/play_url.h"
#include "harness/run/run_player.h"


static struct host *
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


static struct host *
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


static struct host *
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
start_side(struct player *p, struct side *side, struct host *host,
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
    s->in_process = strcmp(host->ops->name, "mock") == 0;
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


int
run_start_sides(struct player *p, char *err)
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
report_end(struct player *p, const struct host_answer *last)
{
    struct strbuf               text = { 0 };
    const struct host_finding  *f;

    if (last->outcome == HOST_CRASHED || last->outcome == HOST_TIMED_OUT) {
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

    run_say(p, &text);
}


void
run_stop_side(struct player *p, struct side *side)
{
    char                err[LF_ERR_LEN];
    struct strbuf       text = { 0 };
    struct host_answer  last;
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
            run_say(p, &text);
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
