/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of `linkfunc call` that set up the host; see call_options.h. */
#include <stdlib.h>
#include <string.h>

#include "harness/call/call_options.h"
#include "lib/base/message.h"
#include "lib/base/number.h"
#include "lib/base/suggest.h"
#include "harness/worker/worker.h"


static int
add_prop(struct call_options *options, const char *value)
{
    if (value[0] == '=' || strchr(value, '=') == NULL) {
        message_error("--prop '%s': write KEY=VALUE", value);
        return -1;
    }

    return strlist_add(&options->props, value, strlen(value));
}


static int
add_var(struct call_options *options, const char *value)
{
    size_t  len;

    len = strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789_");

    if (len == 0 || value[len] != '=') {
        message_error("--var '%s': write NAME=VALUE, the name without \"$\"",
                      value);
        return -1;
    }

    return strlist_add(&options->vars, value, strlen(value));
}


static int
add_req_header(struct call_options *options, const char *line)
{
    char       *text, *name, *value;
    lf_str_t    key;

    if (call_header_check("--req-header", line) != 0
        || strlist_add(&options->req_headers, line, strlen(line)) != 0)
    {
        return -1;
    }

    text = strdup(line);
    if (text == NULL) {
        message_error("out of memory");
        return -1;
    }

    (void) call_header_split(text, &name, &value);
    key.data = (u_char *) name;
    key.len = strlen(name);

    if (lf_header_frames_request(&key)) {
        message_error("--req-header '%s': %s frames the message and is "
                      "nginx's own business", line, name);
        free(text);
        return -1;
    }

    free(text);

    return 0;
}


static int
set_log_level(struct call_options *options, const char *value)
{
    int             level;
    char            near_text[SUGGEST_TEXT];
    struct suggest  near;

    suggest_start(&near, value);

    for (level = LF_EMERG; level <= LF_DEBUG; level++) {
        if (strcmp(value, lf_level_name((enum lf_level) level)) == 0) {
            options->log_level = (enum lf_level) level;
            return 0;
        }

        suggest_add(&near, lf_level_name((enum lf_level) level));
    }

    message_error("--log-level %s: no such level%s", value,
                  near.count ? suggest_text(&near, "", near_text)
                  : "; choose debug, info, notice, warn, error, crit, alert "
                    "or emerg");

    return -1;
}


static int
set_count(const char *option, const char *value, unsigned long max,
          unsigned long *count)
{
    if (number_parse_count(value, 1, max, count) == 0) {
        return 0;
    }

    message_error("%s %s: give a number from 1 to %lu", option, value, max);

    return -1;
}


static int
set_timeout(struct call_options *options, const char *value)
{
    if (number_parse_duration(value, &options->timeout) == 0) {
        return 0;
    }

    message_error("--timeout %s: give a time such as 10s, 500ms or 2m", value);

    return -1;
}


static int
set_shm_size(struct call_options *options, const char *value)
{
    if (number_parse_size(value, &options->shm_size) != 0) {
        message_error("--shm-size %s: give a size such as 64k, 1m or 1g",
                      value);
        return -1;
    }

    if (options->shm_size < LF_ZONE_MIN) {
        message_error("--shm-size %s: too small, nginx wants at least %zuk",
                      value, LF_ZONE_MIN / 1024);
        return -1;
    }

    return 0;
}


static int
set_pool(struct call_options *options, const char *value)
{
    if (strcmp(value, "guard") == 0) {
        options->pool = LF_FAKE_POOL_GUARD;

    } else if (strcmp(value, "fast") == 0) {
        options->pool = LF_FAKE_POOL_FAST;

    } else {
        message_error("--pool %s: choose guard or fast", value);
        return -1;
    }

    return 0;
}


int
call_options_set_host(struct call_options *options, int id, const char *value)
{
    switch (id) {
    case O_PROP:        return add_prop(options, value);
    case O_VAR:         return add_var(options, value);
    case O_REQ_HEADER:  return add_req_header(options, value);
    case O_LOG_LEVEL:   return set_log_level(options, value);
    case O_POOL:        return set_pool(options, value);
    case O_TIMEOUT:     return set_timeout(options, value);
    case O_SHM_SIZE:    return set_shm_size(options, value);
    case O_WORKERS:
        return set_count("--workers", value, 256, &options->workers);
    case O_THREADS:
        return set_count("--threads", value, WORKER_THREADS_MAX,
                         &options->threads);
    default: /* O_REPEAT */
        return set_count("--repeat", value, 1000000000, &options->repeat);
    }
}


void
call_options_print_host(const struct call_options *options, struct strbuf *out)
{
    size_t  i;

    for (i = 0; i < options->props.count; i++) {
        strbuf_addstr(out, " --prop ");
        strbuf_add_shell(out, options->props.items[i],
                         strlen(options->props.items[i]));
    }

    for (i = 0; i < options->vars.count; i++) {
        strbuf_addstr(out, " --var ");
        strbuf_add_shell(out, options->vars.items[i],
                         strlen(options->vars.items[i]));
    }

    for (i = 0; i < options->req_headers.count; i++) {
        strbuf_addstr(out, " --req-header ");
        strbuf_add_shell(out, options->req_headers.items[i],
                         strlen(options->req_headers.items[i]));
    }

    if (options->shm != NULL) {
        strbuf_printf(out, " --shm %s", options->shm);
    }

    if (options->shm_size != 0) {
        strbuf_printf(out, " --shm-size %zu", options->shm_size);
    }

    if (options->pool == LF_FAKE_POOL_FAST) {
        strbuf_addstr(out, " --pool=fast");
    }

    /* One request alone may do no harm. */
    if (options->workers > 1) {
        strbuf_printf(out, " --workers %lu", options->workers);
    }

    if (options->threads != 0) {
        strbuf_printf(out, " --threads %lu", options->threads);
    }

    if (options->repeat > 1) {
        strbuf_printf(out, " --repeat %lu", options->repeat);
    }
}
