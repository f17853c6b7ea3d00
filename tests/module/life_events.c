/* SPDX-License-Identifier: BSD-2-Clause */
/* See life_events.h. */
#include "tests/module/life_events.h"

static char  env[160];


int
life_setup(void **state)
{
    if (module_setup(state) != 0) {
        return -1;
    }

    (void) snprintf(env, sizeof(env), "LF_EVENTS=%s/events",
                    nginx_server_prefix(*state));
    nginx_server_add_env(*state, env);

    return 0;
}


char *
life_events(struct nginx_server *server, pid_t pid)
{
    char    *text, *line, *save, *out, *rest;
    size_t   len = 0;

    text = nginx_server_read(server, "events");
    out = calloc(1, text != NULL ? strlen(text) + 1 : 1);
    assert_non_null(out);

    for (line = text != NULL ? strtok_r(text, "\n", &save) : NULL;
         line != NULL; line = strtok_r(NULL, "\n", &save))
    {
        if ((pid_t) strtol(line, &rest, 10) == pid) {
            len += (size_t) sprintf(out + len, "%s|", rest + 1);
        }
    }

    free(text);

    return out;
}


void
life_expect(struct nginx_server *server, pid_t pid, const char *want)
{
    char  *is;

    is = life_events(server, pid);
    assert_string_equal(is, want);
    free(is);
}


static pid_t
pid_at(const char *text, const char *at)
{
    while (at > text && at[-1] != '\n') {
        at--;
    }

    return (pid_t) strtol(at, NULL, 10);
}


/* The first process that had the event, or the last. */
static pid_t
find(struct nginx_server *server, const char *event, int last)
{
    char   *text, *at, *next;
    pid_t   pid = 0;

    text = nginx_server_read(server, "events");
    at = text != NULL ? strstr(text, event) : NULL;

    while (last && at != NULL && (next = strstr(at + 1, event)) != NULL) {
        at = next;
    }

    if (at != NULL) {
        pid = pid_at(text, at);
    }

    free(text);

    return pid;
}


pid_t
life_who_had(struct nginx_server *server, const char *event)
{
    return find(server, event, 0);
}


pid_t
life_last(struct nginx_server *server, const char *event)
{
    return find(server, event, 1);
}
