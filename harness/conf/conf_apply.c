/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directives that the mock simulates: where they may stand, and what those
 * of nginx mean. Others are noted, not ignored. Those of link functions stand
 * in conf_link_func.c.
 */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "harness/conf/conf_build.h"
#include "lib/base/suggest.h"

#define MANY  UINT32_MAX

struct directive {
    struct lf_directive  rule;
    int                (*fn)(struct conf_builder *b, struct conf_scope *scope,
                             const struct conf_node *node);
};


static lf_str_t
arg_str(const struct conf_node *node, size_t i)
{
    return (lf_str_t) { node->args[i].len, (u_char *) node->args[i].text };
}


/* ---- what the mock does not simulate ----------------------------------- */

/* When the module of a directive answers, if it does. */
static enum conf_answers
answers_of(const char *name)
{
    size_t  i;

    static const struct {
        const char         *name;
        enum conf_answers   answers;
    } handlers[] = {
        { "return", CONF_ANSWERS_FIRST }, { "rewrite", CONF_ANSWERS_FIRST },
        { "proxy_pass", CONF_ANSWERS }, { "fastcgi_pass", CONF_ANSWERS },
        { "uwsgi_pass", CONF_ANSWERS }, { "scgi_pass", CONF_ANSWERS },
        { "grpc_pass", CONF_ANSWERS }, { "memcached_pass", CONF_ANSWERS },
        { "stub_status", CONF_ANSWERS }, { "empty_gif", CONF_ANSWERS },
        { "flv", CONF_ANSWERS }, { "mp4", CONF_ANSWERS },
        { "js_content", CONF_ANSWERS }, { "perl", CONF_ANSWERS },
        { "content_by_lua_block", CONF_ANSWERS },
        { "dav_methods", CONF_ANSWERS_LATE },
        { "autoindex", CONF_ANSWERS_LATE },
        { "try_files", CONF_ANSWERS_LATE },
        { "random_index", CONF_ANSWERS_LATE }
    };

    for (i = 0; i < sizeof(handlers) / sizeof(handlers[0]); i++) {
        if (strcmp(handlers[i].name, name) == 0) {
            return handlers[i].answers;
        }
    }

    return CONF_ANSWERS_NOT;
}


/* The earliest of a location counts. */
static void
note_handler(struct conf_location *location, const struct conf_node *node)
{
    enum conf_answers  answers = answers_of(node->args[0].text);

    if (answers != CONF_ANSWERS_NOT
        && (location->answers == CONF_ANSWERS_NOT
            || answers < location->answers))
    {
        location->answers = answers;
        location->handler = node;
    }
}


static int
unknown_directive(struct conf_builder *b, const struct conf_node *node)
{
    int             i;
    char            near[SUGGEST_TEXT];
    struct suggest  suggest;

    suggest_start(&suggest, node->args[0].text);
    for (i = 0; i < LF_DIRECTIVE_COUNT; i++) {
        suggest_add(&suggest, lf_directives[i].name);
    }

    return conf_fail(b, node, 0, "unknown directive \"%s\"%s",
                     node->args[0].text, suggest_text(&suggest, "", near));
}


static int
not_allowed(struct conf_builder *b, const struct conf_node *node)
{
    return conf_fail(b, node, 0, "\"%s\" directive is not allowed here",
                     node->args[0].text);
}


/* Blocks that are not simulated may not hold what nginx refuses in them. */
int
conf_check_note(struct conf_builder *b, const struct conf_node *node)
{
    if (conf_find_link_func(node) != NULL) {
        return not_allowed(b, node);
    }

    if (strncmp(node->args[0].text, "ngx_link_func_", 14) == 0) {
        return unknown_directive(b, node);
    }

    if (conf_is_table(node)) {
        return 0;
    }

    for (node = node->children; node != NULL; node = node->next) {
        if (conf_check_note(b, node) != 0) {
            return -1;
        }
    }

    return 0;
}


int
conf_add_note(struct conf_builder *b, struct conf_scope *scope,
              const struct conf_node *node)
{
    struct conf_note  **note;

    if (conf_check_note(b, node) != 0) {
        return -1;
    }

    if (scope->location != NULL) {
        scope->location->foreign = scope->block == LF_IN_IF;
        note_handler(scope->location, node);

    } else if (scope->server != NULL
               && strcmp(node->args[0].text, "return") == 0)
    {
        note_handler(&scope->server->root, node);
    }

    for (note = &b->conf->notes; *note != NULL; note = &(*note)->next) {
        if (strcmp((*note)->node->args[0].text, node->args[0].text) == 0
            && strcmp((*note)->node->file, node->file) == 0)
        {
            return 0;
        }
    }

    *note = arena_alloc(b->arena, sizeof(**note));
    if (*note == NULL) {
        return conf_fail(b, node, 0, "out of memory");
    }
    (*note)->node = node;

    return 0;
}


/* ---- nginx's directives on the route to an app ------------------------- */

static int
read_flag(struct conf_builder *b, const struct conf_node *node, int *flag)
{
    if (strcasecmp(node->args[1].text, "on") == 0) {
        *flag = 1;
    } else if (strcasecmp(node->args[1].text, "off") == 0) {
        *flag = 0;
    } else {
        return conf_fail(b, node, 1, "invalid value \"%s\" in \"%s\" "
                         "directive, it must be \"on\" or \"off\"",
                         node->args[1].text, node->args[0].text);
    }

    return 0;
}


static int
set_flag(struct conf_builder *b, struct conf_scope *scope,
         const struct conf_node *node)
{
    int          flag = 0;
    const char  *name = node->args[0].text;

    if (read_flag(b, node, &flag) != 0) {
        return -1;
    }

    if (strcmp(name, "underscores_in_headers") == 0) {
        scope->settings.underscores_in_headers = flag & 1;
    } else if (strcmp(name, "ignore_invalid_headers") == 0) {
        scope->settings.ignore_invalid_headers = flag & 1;
    } else {
        scope->settings.merge_slashes = flag & 1;
    }

    return 0;
}


/* nginx reads these as offsets: g is a suffix, too. */
static int
read_offset(const struct conf_arg *arg, size_t *size)
{
    lf_str_t  text = { arg->len, (u_char *) arg->text };

    if (text.len > 1 && (text.data[text.len - 1] | 0x20) == 'g') {
        text.len--;
        if ((text.data[text.len - 1] | 0x20) == 'k'
            || (text.data[text.len - 1] | 0x20) == 'm'
            || lf_conf_size(&text, size) != 0 || *size > SIZE_MAX >> 31)
        {
            return -1;
        }
        *size <<= 30;
        return 0;
    }

    return lf_conf_size(&text, size);
}


static int
set_body_max(struct conf_builder *b, struct conf_scope *scope,
             const struct conf_node *node)
{
    if (read_offset(&node->args[1], &scope->settings.body_max) != 0) {
        return conf_fail(b, node, 1, "\"%s\" directive invalid value",
                         node->args[0].text);
    }

    return 0;
}


/* Checked only: the mock keeps every body whole, as the module does. */
static int
check_buffer_size(struct conf_builder *b, struct conf_scope *scope,
                  const struct conf_node *node)
{
    size_t    size;
    lf_str_t  text = arg_str(node, 1);

    (void) scope;

    if (lf_conf_size(&text, &size) != 0) {
        return conf_fail(b, node, 1, "\"%s\" directive invalid value",
                         node->args[0].text);
    }

    return 0;
}


static int
set_header_buffers(struct conf_builder *b, struct conf_scope *scope,
                   const struct conf_node *node)
{
    size_t    number;
    lf_str_t  count = arg_str(node, 1), size = arg_str(node, 2);

    if (strspn(node->args[1].text, "0123456789") != node->args[1].len
        || lf_conf_size(&count, &number) != 0 || number == 0
        || number > UINT32_MAX
        || lf_conf_size(&size, &scope->settings.header_buffer_size) != 0
        || scope->settings.header_buffer_size == 0)
    {
        return conf_fail(b, node, 1, "\"%s\" directive invalid value",
                         node->args[0].text);
    }

    scope->settings.header_buffers = (unsigned) number;

    return 0;
}


static int
set_first_buffer(struct conf_builder *b, struct conf_scope *scope,
                 const struct conf_node *node)
{
    lf_str_t  text = arg_str(node, 1);

    if (lf_conf_size(&text, &scope->settings.first_buffer) != 0) {
        return conf_fail(b, node, 1, "\"%s\" directive invalid value",
                         node->args[0].text);
    }

    return 0;
}


int
conf_set_error_log(struct conf_builder *b, struct conf_scope *scope,
              const struct conf_node *node)
{
    int  level;

    (void) scope;

    if (node->count < 3) {
        b->conf->log_level = LF_ERROR;
        return 0;
    }

    for (level = LF_EMERG; level <= LF_DEBUG; level++) {
        if (strcmp(node->args[2].text, lf_level_name(level)) == 0) {
            b->conf->log_level = level;
            return 0;
        }
    }

    return conf_fail(b, node, 2, "invalid log level \"%s\"",
                     node->args[2].text);
}


static int
set_internal(struct conf_builder *b, struct conf_scope *scope,
             const struct conf_node *node)
{
    (void) b;
    (void) node;

    scope->settings.internal = 1;

    return 0;
}


/* Handlers run in threads where "aio threads" is in force. */
static int
set_aio(struct conf_builder *b, struct conf_scope *scope,
        const struct conf_node *node)
{
    const char  *text = node->args[1].text;

    scope->settings.threads = 0;

    if (strcmp(text, "on") == 0 || strcmp(text, "off") == 0) {
        return 0;
    }
    if (strncmp(text, "threads", 7) != 0
        || (text[7] != '\0' && text[7] != '='))
    {
        return conf_fail(b, node, 1, "invalid value");
    }
    if (text[7] == '\0') {
        scope->settings.threads = 1;
        return 0;
    }
    if (text[8] == '\0') {
        return conf_fail(b, node, 1, "invalid thread pool name");
    }

    /* which pool a variable means is known too late for handlers */
    if (strchr(text, '$') == NULL) {
        scope->settings.threads = 1;
        return conf_add_pool_use(b, node, text + 8);
    }

    return 0;
}


#define ALL  (LF_IN_HTTP|LF_IN_SERVER|LF_IN_LOCATION)

static const struct directive  directives[] = {
    { { "listen", LF_IN_SERVER, 1, MANY, 0 }, conf_add_listen },
    { { "server_name", LF_IN_SERVER, 1, MANY, 0 }, conf_add_names },
    { { "client_max_body_size", ALL, 1, 1, 1 }, set_body_max },
    { { "client_body_buffer_size", ALL, 1, 1, 1 }, check_buffer_size },
    { { "underscores_in_headers", LF_IN_HTTP|LF_IN_SERVER, 1, 1, 1 },
      set_flag },
    { { "ignore_invalid_headers", LF_IN_HTTP|LF_IN_SERVER, 1, 1, 1 },
      set_flag },
    { { "merge_slashes", LF_IN_HTTP|LF_IN_SERVER, 1, 1, 1 }, set_flag },
    { { "client_header_buffer_size", LF_IN_HTTP|LF_IN_SERVER, 1, 1, 1 },
      set_first_buffer },
    { { "large_client_header_buffers", LF_IN_HTTP|LF_IN_SERVER, 2, 2, 1 },
      set_header_buffers },
    { { "error_log", ALL, 1, 2, 0 }, conf_set_error_log },
    { { "internal", LF_IN_LOCATION, 0, 0, 0 }, set_internal },
    { { "aio", ALL, 1, 1, 1 }, set_aio },
};

#define DIRECTIVES  (sizeof(directives) / sizeof(directives[0]))


/* What nginx checks, in its order; number: the bit of the rule in seen. */
static int
check_rule(struct conf_builder *b, struct conf_scope *scope,
           const struct conf_node *node, const struct lf_directive *rule,
           size_t number)
{
    size_t  count = node->count - 1;

    if (!(rule->blocks & scope->block)) {
        return not_allowed(b, node);
    }
    if (node->block) {
        return conf_fail(b, node, 0,
                         "directive \"%s\" is not terminated by \";\"",
                         rule->name);
    }
    if (count < rule->least || count > rule->most) {
        return conf_fail(b, node, 0,
                         "invalid number of arguments in \"%s\" directive",
                         rule->name);
    }
    if (rule->once && (scope->seen & (1ull << number))) {
        return conf_fail(b, node, 0, "\"%s\" directive is duplicate",
                         rule->name);
    }

    scope->seen |= 1ull << number;

    return 0;
}


int
conf_apply(struct conf_builder *b, struct conf_scope *scope,
           const struct conf_node *node)
{
    size_t                      i;
    const struct directive     *d;
    const struct lf_directive  *rule = conf_find_link_func(node);

    if (rule != NULL) {
        i = (size_t) (rule - lf_directives);
        return check_rule(b, scope, node, rule, i) != 0 ? -1
               : conf_apply_link_func(b, scope, node,
                                      (enum lf_directive_name) i);
    }

    for (i = 0; i < DIRECTIVES; i++) {
        d = &directives[i];

        if (strcmp(d->rule.name, node->args[0].text) == 0) {
            return check_rule(b, scope, node, &d->rule, LF_DIRECTIVE_COUNT + i)
                   != 0 ? -1 : d->fn(b, scope, node);
        }
    }

    return conf_add_note(b, scope, node);
}
