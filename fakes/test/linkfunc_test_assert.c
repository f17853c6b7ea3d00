/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Assertions: compare, and on a difference say both values and what the
 * request logged, which is looked up next.
 */
#include <stdlib.h>
#include <string.h>

#include "fakes/test/lf_test.h"


static void
add_log_line(struct test_text *text, const struct linkfunc_test_log_line *line)
{
    test_text_add(text, "\n    [%s] ", line->level);
    test_text_add_quoted(text, line->text, line->len);
}


/* Who answered, and what was logged: ends each message about a response. */
static int
fail_response(const struct linkfunc_test_response *r, const char *file,
              int line, struct test_text *text)
{
    size_t  i;

    if (!r->by_app) {
        test_text_add(text, "\n  the app wrote no response; this is nginx's "
                      "own page");
    }

    test_text_add(text, r->log_count ? "\n  log of request %lu:"
                                     : "\n  request %lu logged nothing",
                  r->number);

    for (i = 0; i < r->log_count; i++) {
        add_log_line(text, &r->log[i]);
    }

    return test_fail_text(file, line, text);
}


int
linkfunc_test_assert_status_at(const struct linkfunc_test_response *r,
                               int status, const char *file, int line)
{
    struct test_text  text = { NULL, 0, 0 };

    if (r->status == status) {
        return 1;
    }

    test_text_add(&text, "status: expected %d, got %d (\"%s\")\n  body: ",
                  status, r->status, r->status_line ? r->status_line : "");
    test_text_add_quoted(&text, r->body, r->body_len);

    return fail_response(r, file, line, &text);
}


int
linkfunc_test_assert_body_bytes_at(const struct linkfunc_test_response *r,
                                   const void *bytes, size_t len,
                                   const char *file, int line)
{
    size_t            i, end;
    const char       *want;
    struct test_text  text = { NULL, 0, 0 };

    want = bytes;
    end = len < r->body_len ? len : r->body_len;

    for (i = 0; i < end && want[i] == r->body[i]; i++) { /* void */ }

    if (i == len && i == r->body_len) {
        return 1;
    }

    test_text_add(&text, "body: differs from byte %zu on\n  expected ", i);
    test_text_add_quoted(&text, want, len);
    test_text_add(&text, "\n  got      ");
    test_text_add_quoted(&text, r->body, r->body_len);

    return fail_response(r, file, line, &text);
}


int
linkfunc_test_assert_body_at(const struct linkfunc_test_response *r,
                             const char *body, const char *file, int line)
{
    return linkfunc_test_assert_body_bytes_at(r, body, strlen(body), file,
                                              line);
}


int
linkfunc_test_assert_body_contains_at(const struct linkfunc_test_response *r,
                                      const char *part, const char *file,
                                      int line)
{
    struct test_text  text = { NULL, 0, 0 };

    if (memmem(r->body, r->body_len, part, strlen(part)) != NULL) {
        return 1;
    }

    test_text_add(&text, "body: expected to find ");
    test_text_add_quoted(&text, part, strlen(part));
    test_text_add(&text, "\n  got ");
    test_text_add_quoted(&text, r->body, r->body_len);

    return fail_response(r, file, line, &text);
}


static void
add_value(struct test_text *text, const char *value)
{
    if (value == NULL) {
        test_text_add(text, "none");
    } else {
        test_text_add_quoted(text, value, strlen(value));
    }
}


int
linkfunc_test_assert_header_at(const struct linkfunc_test_response *r,
                               const char *name, const char *value,
                               const char *file, int line)
{
    size_t            i;
    const char       *got;
    struct test_text  text = { NULL, 0, 0 };

    got = linkfunc_test_get_header(r, name);

    if (got == NULL ? value == NULL
                    : value != NULL && strcmp(got, value) == 0)
    {
        return 1;
    }

    test_text_add(&text, "header %s: expected ", name);
    add_value(&text, value);
    test_text_add(&text, ", got ");
    add_value(&text, got);
    test_text_add(&text, "\n  headers:");

    for (i = 0; i < r->header_count; i++) {
        test_text_add(&text, "\n    %s: %s", r->headers[i].name,
                      r->headers[i].value);
    }

    return fail_response(r, file, line, &text);
}


int
linkfunc_test_assert_logged_at(struct linkfunc_test_host *host,
                               const char *level, const char *part,
                               const char *file, int line)
{
    struct test_text                text = { NULL, 0, 0 };
    struct linkfunc_test_log_line   view;
    const struct lf_fake_log_line  *entry;

    test_text_add(&text, "log: expected %s%s%sa line with ",
                  level ? "[" : "", level ? level : "", level ? "] " : "");
    test_text_add_quoted(&text, part, strlen(part));
    test_text_add(&text, lf_fake_log(host->fake) ? "\n  got:"
                                                 : ", got no lines");

    for (entry = lf_fake_log(host->fake); entry; entry = entry->next) {
        view = test_log_view(entry);

        if ((level == NULL || strcmp(view.level, level) == 0)
            && memmem(view.text, view.len, part, strlen(part)) != NULL)
        {
            free(text.text);
            return 1;
        }

        add_log_line(&text, &view);
    }

    return test_fail_text(file, line, &text);
}


int
linkfunc_test_assert_no_findings_at(struct linkfunc_test_host *host,
                                    const char *file, int line)
{
    struct test_text               text = { NULL, 0, 0 };
    const struct lf_fake_finding  *finding;

    finding = lf_fake_findings(host->fake);
    if (finding == NULL) {
        return 1;
    }

    test_text_add(&text, "findings: expected none, got:");

    for ( ; finding != NULL; finding = finding->next) {
        test_text_add(&text, "\n  %s %s: %s", finding->rule->id,
                      finding->rule->title, finding->text);
    }

    return test_fail_text(file, line, &text);
}
