/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests inside a request, as the module makes them for
 * ngx_link_func_subrequest. Which of them run, and where, is the harness's.
 */
#include "fakes/lf_fake_request.h"


/* What the client sent is seen by all of them alike. */
static void
copy_head(struct lf_fake_request *to, const struct lf_fake_request *from)
{
    to->server_conf = from->server_conf;
    to->core.method = from->core.method;
    to->core.props = from->core.props;
    to->core.number = from->core.number;
    to->target = from->target;
    to->server = from->server;
    to->host_header = from->host_header;
    to->content_length = from->content_length;
    to->transfer_encoding = from->transfer_encoding;
    to->user_agent = from->user_agent;
    to->referer = from->referer;
    to->variables = from->variables;
    to->user = from->user;
    to->user_known = from->user_known;
    to->connection = from->connection;
    to->head_len = from->head_len;
    to->http_1_0 = from->http_1_0;
    to->host_in_uri = from->host_in_uri;
    to->head_finished = 1;
}


struct lf_fake_request *
lf_fake_subrequest_new(struct lf_fake_request *outer, const lf_str_t *uri,
                       int args, int body)
{
    struct lf_fake_request  *sub;

    sub = lf_fake_slot_take(outer->host);

    if (sub == NULL) {
        return NULL;
    }

    copy_head(sub, outer);
    sub->main = outer->main;
    sub->parent = outer;
    sub->depth = outer->depth + 1;
    sub->next_sub = sub->main->subs;
    sub->main->subs = sub;

    if (args) {
        sub->args = outer->args;
    }

    sub->no_body = !body || outer->no_body;

    if (!sub->no_body) {
        sub->body = outer->body;
    }

    return lf_fake_arena_copy(&sub->arena, &sub->core.uri, uri->data,
                              uri->len) == 0 ? sub : NULL;
}


struct lf_fake_request *
lf_fake_outer(const struct lf_fake_request *request)
{
    return request->parent;
}


unsigned
lf_fake_depth(const struct lf_fake_request *request)
{
    return request->depth;
}
