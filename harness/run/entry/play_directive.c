/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The #@ assertions of an entry: what the app logged, kept in the cache and
 * allocated. What a host cannot see is not applicable there, never passed.
 */
#include <stdio.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "harness/run/entry/play_entry.h"


static void
erred(struct eval *e, const struct play_session *session,
      struct run_entry *result, enum run_verdict verdict)
{
    char  message[sizeof(e->message)];

    (void) snprintf(message, sizeof(message), "%s", e->message);
    play_add_check(e, session, result, verdict, &e->where, e->title, message);
}


static void
not_applicable(struct eval *e, const struct play_session *session,
               const struct script_directive *d, const char *why,
               struct run_entry *result)
{
    const char  *text = arena_printf(e->arena, "%s: not applicable on %s: %s",
                                     d->name, session->host->ops->name, why);

    play_add_check(e, session, result, RUN_NA, &d->span, "Not applicable",
                   text != NULL ? text : why);
}


/* filters and predicate on a value; the verdict becomes a check. */
static void
check_result(struct eval *e, const struct play_session *session,
      const struct script_directive *d, struct value *value,
      struct run_entry *result)
{
    const char           *text;
    struct eval_verdict   verdict;

    memset(&verdict, 0, sizeof(verdict));

    if (eval_filters(e, d->filters, value) != 0
        || eval_predicate(e, &d->predicate, value, &verdict) != 0)
    {
        erred(e, session, result, RUN_FAILED);
        return;
    }

    if (verdict.passed) {
        play_add_check(e, session, result, RUN_PASSED, &d->span, d->name, "");
        return;
    }

    text = arena_printf(e->arena, "actual:   %s\nexpected: %s",
                        verdict.actual, verdict.expected);
    play_add_check(e, session, result, RUN_FAILED, &d->span,
                   "Assert failure", text != NULL ? text : "out of memory");
}


/* ---- log ----------------------------------------------------------------- */

static int
is_level(const struct script_directive *d, enum lf_level level)
{
    const char  *name = lf_level_name(level);
    size_t       len = strlen(name);

    if (d->word.len == 3 && memcmp(d->word.data, "err", 3) == 0) {
        return level == LF_ERROR;
    }

    return d->word.len == len && memcmp(d->word.data, name, len) == 0;
}


/* The lines of that level as a list of strings. */
static int
list_lines(struct eval *e, const struct host_log_line *log,
           const struct script_directive *d, struct value *list)
{
    const struct host_log_line  *l;

    memset(list, 0, sizeof(*list));
    list->kind = VALUE_LIST;

    for (l = log; l != NULL; l = l->next) {
        list->count += (size_t) is_level(d, l->level);
    }

    list->items = arena_alloc(e->arena, list->count * sizeof(*list->items));
    if (list->items == NULL) {
        return eval_fail(e, &d->span, "Out of memory",
                         "there is not enough memory");
    }

    list->count = 0;
    for (l = log; l != NULL; l = l->next) {
        if (is_level(d, l->level)) {
            list->items[list->count++] = value_string(l->text.data,
                                                      l->text.len);
        }
    }

    return 0;
}


/*
 * Without a filter one line must satisfy the predicate, and with `not` none
 * may satisfy it.
 */
static void
check_log(struct eval *e, const struct play_session *session,
          const struct host_answer *answer, const struct script_directive *d,
          struct run_entry *result)
{
    size_t                   i;
    struct value             list;
    struct eval_verdict      verdict;
    struct script_predicate  plain = d->predicate;

    if (!answer->has_log) {
        not_applicable(e, session, d, "its log lines cannot be seen", result);
        return;
    }

    if (list_lines(e, answer->log, d, &list) != 0) {
        erred(e, session, result, RUN_ERROR);
        return;
    }

    if (d->filters != NULL || d->predicate.kind == SCRIPT_PRED_IS_EMPTY) {
        check_result(e, session, d, &list, result);
        return;
    }

    plain.negated = false;

    for (i = 0; i < list.count; i++) {
        memset(&verdict, 0, sizeof(verdict));
        if (eval_predicate(e, &plain, &list.items[i], &verdict) != 0) {
            erred(e, session, result, RUN_FAILED);
            return;
        }
        if (verdict.passed) {
            break;
        }
    }

    if ((i < list.count) != d->predicate.negated) {
        play_add_check(e, session, result, RUN_PASSED, &d->span, d->name, "");
        return;
    }

    /* The list is what there was: it fails as it must, and is shown. */
    {
        struct strbuf  shown = { 0 };
        const char    *text;

        value_add_shown(&shown, &list);
        text = arena_printf(e->arena, "actual:   %s\nexpected: %s line that "
                            "satisfies the predicate",
                            shown.data != NULL ? shown.data : "",
                            d->predicate.negated ? "no" : "a");
        strbuf_free(&shown);
        play_add_check(e, session, result, RUN_FAILED, &d->span,
                       "Assert failure", text != NULL ? text : "");
    }
}


/* ---- cache --------------------------------------------------------------- */

static void
check_cache(struct eval *e, struct play_session *session,
            const struct script_directive *d, struct run_entry *result)
{
    int           found = 0;
    char          err[LF_ERR_LEN];
    struct value  value;
    struct str    key, bytes = { NULL, 0 };

    if (session->host->ops->cache == NULL) {
        not_applicable(e, session, d, "the cache of a server cannot be read "
                       "from outside", result);
        return;
    }

    if (eval_template(e, d->key, &key) != 0) {
        erred(e, session, result, RUN_ERROR);
        return;
    }

    if (session->host->ops->cache(session->host, e->arena, key.data, &bytes,
                                  &found, err) != 0)
    {
        play_add_check(e, session, result, RUN_ERROR, &d->span, "Cache", err);
        return;
    }

    memset(&value, 0, sizeof(value));
    if (found) {
        value = value_string(bytes.data,
                             strnlen(bytes.data, bytes.len));
        if (utf8_check(value.text.data, value.text.len) != ENCODE_OK) {
            value.kind = VALUE_BYTES;
        }
    }

    check_result(e, session, d, &value, result);
}


static void
check_figure(struct eval *e, const struct play_session *session,
             const struct host_answer *answer,
             const struct script_directive *d, size_t figure,
             struct run_entry *result)
{
    struct value  value = value_int((long long) figure);

    if (!answer->has_figures) {
        not_applicable(e, session, d, "its pool cannot be measured", result);
        return;
    }

    check_result(e, session, d, &value, result);
}


void
play_check_directives(struct eval *e, struct play_session *session,
                      const struct host_answer *answer,
                      const struct script_entry *entry,
                      struct run_entry *result)
{
    const struct script_directive  *d;

    for (d = entry->directives; d != NULL; d = d->next) {
        switch (d->kind) {
        case SCRIPT_DIRECTIVE_LOG:
            check_log(e, session, answer, d, result);
            break;
        case SCRIPT_DIRECTIVE_CACHE:
            check_cache(e, session, d, result);
            break;
        case SCRIPT_DIRECTIVE_ALLOCS:
            check_figure(e, session, answer, d, answer->allocs, result);
            break;
        case SCRIPT_DIRECTIVE_POOL_BYTES:
            check_figure(e, session, answer, d, answer->pool_bytes, result);
            break;
        case SCRIPT_DIRECTIVE_CALL:
        case SCRIPT_DIRECTIVE_CYCLE:
        case SCRIPT_DIRECTIVE_EXPECT:
        case SCRIPT_DIRECTIVE_COOKIE_STORAGE:
            break;
        }
    }
}
