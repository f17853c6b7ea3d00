/* SPDX-License-Identifier: BSD-2-Clause */
/* See thread_rig.h. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/module/thread_rig.h"

static int  gate;


int
thread_setup(void **state)
{
    char  path[256];

    if (module_setup(state) != 0) {
        return -1;
    }

    (void) snprintf(path, sizeof(path), "%s/gate",
                    nginx_server_prefix(*state));

    if (mkfifo(path, 0666) != 0 || chmod(path, 0666) != 0) {
        return -1;
    }

    gate = open(path, O_RDWR | O_CLOEXEC);

    return gate < 0 ? -1 : 0;
}


int
thread_teardown(void **state)
{
    (void) close(gate);

    return module_teardown(state);
}


void
thread_start(struct nginx_server *server)
{
    module_start(server, THREAD_POOLS, THREAD_SERVER);
}


void
thread_open_gate(size_t count)
{
    assert_int_equal(write(gate, "........", count), (ssize_t) count);
}


void
thread_wait(struct nginx_server *server, const char *file, const char *text,
         unsigned count)
{
    if (nginx_server_wait_text(server, file, text, count) != 0) {
        module_fail(server, text);
    }
}


struct raw_client *
thread_send(struct nginx_server *server, const char *text)
{
    struct raw_client  *client;

    client = raw_client_open(nginx_server_socket(server));
    assert_non_null(client);
    assert_int_equal(raw_client_text(client, text), 0);

    return client;
}


void
thread_answer(struct nginx_server *server, struct raw_client *client,
              const char *body)
{
    struct raw_response  response;

    if (raw_client_read(client, 0, &response) != 0) {
        module_fail(server, "no answer");
    }

    assert_int_equal(response.status, 200);
    assert_string_equal(response.body, body);
    raw_response_free(&response);
}


void
thread_events(struct nginx_server *server, const char *want)
{
    char  *events;

    events = nginx_server_read(server, "events");
    assert_string_equal(events, want);
    free(events);
}
