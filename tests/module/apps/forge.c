/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app whose constructor sends a report of its own to whoever checks the
 * library: the row of the environment's FORGE.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <ngx_link_func_module.h>

#include "lib/wire/wire.h"

#define FINE    1
#define FAILED  4                /* a call */


static char    out[512];
static size_t  out_len = sizeof(struct wire_head);


static void
put(const void *data, size_t len)
{
    memcpy(out + out_len, data, len);
    out_len += len;
}


static void
put_number(uint64_t value)
{
    put(&value, sizeof(value));
}


static void
put_text(const char *text, size_t len)
{
    put_number(strlen(text));
    put(text, len);
}


static void
put_report(uint64_t verdict, uint64_t server, uint64_t call)
{
    put_number(verdict);
    put_number(server);
    put_number(call);
    put_text("forged", 7);
    put_text("", 1);
}


static void
put_row(int row)
{
    switch (row) {
    case 0: put_report(FAILED, 1, 1000); break;
    case 1: put_report(FAILED, 1000, 0); break;
    case 2: put_report(FAILED, UINT64_MAX, UINT64_MAX); break;
    case 3: put_report(FAILED, 0, 0); break;             /* another library */
    case 4: put_report(FAILED, 2, 0); break;             /* without calls */
    case 5: put_report(0, 1, 0); break;
    case 6: put_report(FAILED + 1, 1, 0); break;
    case 7: put_report(FINE, 1, 0); put_number(1); break;
    case 8: put_report(FAILED, 1, 0); out[out_len - 1] = 'x'; break;
    default: break;                                      /* no field at all */
    }
}


__attribute__((constructor)) static void
forge(void)
{
    int               fd;
    struct wire_head  head = { WIRE_MAGIC, 1, 0 };

    if (getenv("FORGE") == NULL) {
        return;
    }

    put_row(atoi(getenv("FORGE")));
    head.len = out_len - sizeof(head);
    memcpy(out, &head, sizeof(head));

    for (fd = 3; fd < 256; fd++) {
        (void) send(fd, out, out_len, MSG_DONTWAIT | MSG_NOSIGNAL);
    }
}


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


void
f(ngx_link_func_ctx_t *ctx)
{
    (void) ctx;
}
