/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One entry from its options to its verdict: repeat, delay, the request and
 * the redirects it leads to, the checks, and another try if it failed.
 */
#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/interrupt.h"
#include "harness/run/entry/play_attempt.h"

typedef void (*seen_fn)(void *data, const struct run_entry *result,
                        const struct host_answer *answer);

/* Wait, unless the user has had enough. */
static void
wait_ms(uint64_t ms)
{
    struct timespec  t;

    t.tv_sec = (time_t) (ms / 1000);
    t.tv_nsec = (long) (ms % 1000) * 1000000;

    while (!interrupt_caught() && nanosleep(&t, &t) != 0 && errno == EINTR) {
        /* the rest of it */
    }
}


static void
erred(struct attempt *a, const struct play_session *session,
      enum run_verdict verdict)
{
    const char  *message = arena_strdup(a->e.arena, a->e.message);

    play_add_check(&a->e, session, &a->result, verdict, &a->e.where,
                   a->e.title, message != NULL ? message : "");
}


static int
word_is(const struct script_directive *d, const char *word)
{
    return d->word.len == strlen(word)
           && memcmp(d->word.data, word, d->word.len) == 0;
}


/* ---- before the request ------------------------------------------------ */

static int
run_cycle(struct attempt *a, struct play_session *session,
          const struct script_directive *d)
{
    int              rc;
    char             err[LF_ERR_LEN];
    const char      *na = NULL, *text;
    enum host_cycle  what;

    what = word_is(d, "reload") ? HOST_CYCLE_RELOAD
           : word_is(d, "exit") ? HOST_CYCLE_EXIT : HOST_CYCLE_INIT;

    rc = session->host->ops->cycle(session->host, what, &na, err);

    if (rc == 0 && na != NULL) {
        text = arena_printf(a->e.arena, "cycle: not applicable on %s: %s",
                            session->host->ops->name, na);
        play_add_check(&a->e, session, &a->result, RUN_NA, &d->span,
                       "Not applicable", text != NULL ? text : na);

    } else if (rc != 0) {
        play_add_check(&a->e, session, &a->result, RUN_ERROR, &d->span,
                       "Cycle", err);
    }

    return rc;
}


static int
run_cycles(struct attempt *a, struct play_session *session,
           const struct script_entry *entry)
{
    const struct script_directive  *d;

    for (d = entry->directives; d != NULL; d = d->next) {
        if (d->kind == SCRIPT_DIRECTIVE_CYCLE
            && run_cycle(a, session, d) != 0)
        {
            return -1;
        }
    }

    return 0;
}


/* ---- the answer -------------------------------------------------------- */

static int
has_signal(const struct script_directive *d, int number)
{
    const char  *name = sigabbrev_np(number);

    return d->detail.data == NULL || d->detail.len == 0
           || (name != NULL && d->detail.len == strlen(name) + 3
               && memcmp(d->detail.data + 3, name, strlen(name)) == 0);
}


/* By its rule, or as the line that names it in the log of a server. */
static int
is_of_rule(const struct host_finding *f, const struct script_directive *d)
{
    const char  *at;

    if (f->rule != NULL) {
        return strlen(f->rule) == d->detail.len
               && memcmp(f->rule, d->detail.data, d->detail.len) == 0;
    }

    at = strstr(f->text, "(LF-");

    return at != NULL && strncmp(at + 1, d->detail.data, d->detail.len) == 0
           && at[1 + d->detail.len] == ')';
}


static const struct host_finding *
finding_of(const struct host_answer *answer,
           const struct script_directive *d)
{
    const struct host_finding  *f;

    for (f = answer->findings; f != NULL; f = f->next) {
        if (is_of_rule(f, d)) {
            return f;
        }
    }

    return NULL;
}


/* #@ expect: 1 when the entry ended as it was meant to, 0 when nothing is
 * expected, -1 when something else happened. */
static int
check_expectation(struct attempt *a, const struct play_session *session,
                  const struct script_entry *entry)
{
    int                             met;
    const char                     *text;
    const struct script_directive  *d = play_directive(entry,
                                                  SCRIPT_DIRECTIVE_EXPECT);

    if (d == NULL) {
        return 0;
    }

    if (word_is(d, "rule")) {
        if (!session->in_process && finding_of(&a->answer, d) == NULL) {
            play_add_check(&a->e, session, &a->result, RUN_NA, &d->span,
                           "Not applicable", "expect rule: only the mock "
                           "knows the rules");
            return 0;
        }
        met = finding_of(&a->answer, d) != NULL;

    } else if (word_is(d, "crash")) {
        met = a->answer.outcome == HOST_CRASHED
              && has_signal(d, a->answer.signal);
    } else {
        met = a->answer.outcome == HOST_TIMED_OUT;
    }

    if (met) {
        play_add_check(&a->e, session, &a->result, RUN_PASSED, &d->span,
                       "expect", "");
        return word_is(d, "rule") ? 0 : 1;
    }

    text = arena_printf(a->e.arena, "expected: %.*s%s%.*s\nactual:   %s",
                        (int) d->word.len, d->word.data,
                        d->detail.len > 0 ? " " : "", (int) d->detail.len,
                        d->detail.len > 0 ? d->detail.data : "",
                        a->answer.text != NULL ? a->answer.text
                                               : "a response");
    play_add_check(&a->e, session, &a->result, RUN_FAILED, &d->span,
                   "Assert failure", text != NULL ? text : "");

    return -1;
}


/* Findings of the host: those that break a rule fail the entry. */
static void
check_findings(struct attempt *a, const struct play_session *session,
               const struct script_entry *entry)
{
    struct strbuf                   notes = { 0 };
    const struct host_finding      *f;
    const struct script_directive  *d = play_directive(entry,
                                                  SCRIPT_DIRECTIVE_EXPECT);

    if (a->options.ignored != NULL) {
        strbuf_printf(&notes, "warning: the option %s is ignored: no netrc "
                      "file is read", a->options.ignored);
    }

    for (f = a->answer.findings; f != NULL; f = f->next) {
        if (d != NULL && word_is(d, "rule") && is_of_rule(f, d)) {
            continue;
        }

        if (f->breaks) {
            play_add_check(&a->e, session, &a->result, RUN_ERROR,
                           &entry->request.span,
                           f->rule != NULL ? "Broken rule" : "Server log",
                           f->text);
        } else {
            strbuf_printf(&notes, "%s%s", notes.len > 0 ? "\n" : "", f->text);
        }
    }

    if (notes.len > 0 && !notes.failed) {
        a->result.notes = arena_memdup(a->e.arena, notes.data, notes.len);
    }

    strbuf_free(&notes);
}


static void
check_outcome(struct attempt *a, struct play_session *session,
              const struct script_entry *entry)
{
    int                 expected = check_expectation(a, session, entry);
    static const char  *const titles[] = {
        "", "HTTP connection", "The app crashed", "Timeout",
        "Not applicable"
    };

    check_findings(a, session, entry);

    if (expected == 1) {
        play_check_directives(&a->e, session, &a->answer, entry, &a->result);
        return;
    }

    if (a->answer.outcome != HOST_ANSWERED) {
        play_add_check(&a->e, session, &a->result,
                       a->answer.outcome == HOST_NOT_APPLICABLE ? RUN_NA
                                                                : RUN_ERROR,
                       &entry->request.url->span,
                       titles[a->answer.outcome],
                       a->answer.text != NULL ? a->answer.text : "");
        return;
    }

    play_check_answer(&a->e, session, entry, &a->result);
    play_check_directives(&a->e, session, &a->answer, entry, &a->result);
}


static void
record_log(struct attempt *a)
{
    struct run_line             *line, **last = &a->result.log;
    const struct host_log_line  *l;

    for (l = a->answer.log; l != NULL; l = l->next) {
        line = arena_alloc(a->e.arena, sizeof(*line));
        if (line == NULL) {
            return;
        }

        line->level = lf_level_name(l->level);
        line->text = l->text.data;
        *last = line;
        last = &line->next;
    }
}


/* The file itself when it is there, else the folder that it will be in. */
static int
may_write(const struct play_session *session, const char *path)
{
    int          may;
    char        *folder;
    struct stat  st;

    if (lstat(path, &st) == 0) {
        return eval_is_below(session->file_root, path);
    }

    folder = strdup(path);
    may = folder != NULL
          && eval_is_below(session->file_root, dirname(folder));
    free(folder);

    return may;
}


/* The body into a file below the root; "-" is nothing to do here. */
static void
write_output(struct attempt *a, const struct play_session *session,
             const struct script_entry *entry)
{
    FILE              *file;
    char              *path;
    int                failed;
    const char        *name = a->options.output;
    const struct str  *body = &a->answer.http.body;

    if (name == NULL || strcmp(name, "-") == 0
        || a->answer.outcome != HOST_ANSWERED)
    {
        return;
    }

    path = arena_printf(a->e.arena, "%s/%s", name[0] == '/' ? ""
                        : session->file_root, name);

    if (path == NULL || !may_write(session, path)) {
        (void) eval_fail(&a->e, &entry->request.span,
                         "Unauthorized file access", "unauthorized access to "
                         "file %s, check --file-root option", name);
        erred(a, session, RUN_ERROR);
        return;
    }

    file = fopen(path, "we");
    failed = file == NULL
             || fwrite(body->data, 1, body->len, file) != body->len;
    if (file != NULL) {
        failed |= fclose(file) != 0;
    }

    if (failed) {
        (void) eval_fail(&a->e, &entry->request.span, "File write access",
                         "%s can not be written: %s", path, strerror(errno));
        erred(a, session, RUN_ERROR);
    }
}


/* ---- attempts ---------------------------------------------------------- */

static int
start_attempt(struct attempt *a, struct play_session *session,
              const struct script_entry *entry, unsigned number)
{
    memset(a, 0, sizeof(*a));
    a->e.arena = arena_new();
    if (a->e.arena == NULL) {
        return -1;
    }

    a->e.vars = session->vars;
    a->e.file_root = session->file_root;
    a->e.own_server = session->own_server;
    a->e.in_process = session->in_process;
    a->result.index = entry->index;
    a->result.line = entry->request.span.start.line;
    a->result.attempt = number;
    a->result.host = session->host->ops->name;
    a->result.method = arena_memdup(a->e.arena, entry->request.method.data,
                                    entry->request.method.len);
    a->result.url = arena_memdup(a->e.arena, entry->request.url->source.data,
                                 entry->request.url->source.len);

    return a->result.method != NULL && a->result.url != NULL ? 0 : -1;
}


static void
run_attempt(struct attempt *a, struct play_session *session,
            const struct script_entry *entry)
{
    if (run_cycles(a, session, entry) != 0) {
        return;
    }

    if (play_send(a, session, entry) != 0) {
        erred(a, session, RUN_ERROR);
        return;
    }

    a->e.answer = &a->answer.http;
    record_log(a);
    check_outcome(a, session, entry);
    write_output(a, session, entry);
}


/* All attempts of one round; *skip when there is nothing to do at all. */
static enum run_verdict
play_round(struct play_session *session, const struct script_entry *entry,
           long long *repeat, seen_fn seen, void *data)
{
    unsigned           number = 0;
    long long          left = 0;
    struct attempt     a;
    enum run_verdict   verdict;

    for ( ;; ) {
        if (start_attempt(&a, session, entry, ++number) != 0) {
            arena_free(&a.e.arena);
            return RUN_ERROR;
        }

        if (play_options_read(&a.e, session->settings, entry, &a.options)
            != 0)
        {
            erred(&a, session, RUN_ERROR);
            a.options.repeat = 1;

        } else if (a.options.skip || a.options.repeat == 0) {
            a.result.verdict = RUN_SKIPPED;

        } else {
            if (number == 1) {
                left = a.options.retry;
                wait_ms(a.options.delay_ms);
            }
            run_attempt(&a, session, entry);
        }

        *repeat = a.options.repeat;
        verdict = a.result.verdict;

        if (verdict < RUN_FAILED || left == 0 || interrupt_caught()) {
            break;
        }

        left -= left > 0;
        wait_ms(a.options.retry_interval_ms);
        arena_free(&a.e.arena);
    }

    seen(data, &a.result, a.sent ? &a.answer : NULL);
    arena_free(&a.e.arena);

    return verdict;
}


enum run_verdict
play_entry(struct play_session *session, const struct script_entry *entry,
           seen_fn seen, void *data)
{
    long long          n, repeat = 1;
    enum run_verdict   verdict = RUN_PASSED, round;

    for (n = 0; repeat < 0 || n < repeat; n++) {
        round = play_round(session, entry, &repeat, seen, data);
        verdict = verdict_worse(verdict, round);

        if (round >= RUN_FAILED || round == RUN_SKIPPED
            || interrupt_caught())
        {
            break;
        }
    }

    return verdict;
}
