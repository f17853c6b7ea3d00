/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any bytes as what comes from another process: each frame in them goes to
 * those who read frames. What they hand on must lie in the input.
 */
#include <stdlib.h>
#include <string.h>

#include "harness/worker/worker_crew.h"
#include "lib/fetch/lf_fetch_private.h"

#define MAX  4096

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t  sink;


/* Reads every byte, for the sanitizer to see. */
static void
touch(const void *data, size_t len)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        sink += ((const unsigned char *) data)[i];
    }
}


/* Fields as the frame itself demands: whatever is read, it stays in bounds. */
static void
read_any(struct wire_frame frame)
{
    char         copy[16];
    size_t       len;
    const char  *text;

    while (!frame.bad && frame.left > 0) {
        switch (wire_get_number(&frame) % 5) {
        case 0: sink += wire_get_number(&frame); break;
        case 1: sink += wire_get_range(&frame, 1, 1000); break;
        case 2: sink += wire_get_count(&frame, 2); break;
        case 3: wire_copy_string(&frame, copy, sizeof(copy)); break;
        default:
            text = wire_get_text(&frame, &len);
            touch(text, len + 1);
        }
    }

    if ((wire_finish(&frame) == 0) != (!frame.bad && frame.left == 0)) {
        abort();
    }
}


static void
read_as_worker(struct wire_frame frame)
{
    size_t               i;
    struct worker       *worker;
    struct worker_call   calls[1] = { { 1, 0 } };
    struct worker_crew   crew = { 0 };
    struct worker_setup  setup = { 0 };
    struct worker_event  event = { 0 };

    worker = calloc(1, sizeof(*worker));
    if (worker == NULL) {
        return;
    }

    worker->crew = &crew;
    worker->setup = &setup;
    worker->calls = calls;
    worker->call_count = 1;

    if (worker_take_frame(worker, &frame, &event) == 1) {
        touch(event.text, event.text != NULL ? strlen(event.text) : 0);
        touch(event.log.text.data, event.log.text.len);
        touch(event.response.body.data, event.response.body.len);

        for (i = 0; i < event.response.header_count; i++) {
            touch(event.response.headers[i].name.data,
                  event.response.headers[i].name.len);
            touch(event.response.headers[i].value.data,
                  event.response.headers[i].value.len);
        }
    }

    free(crew.headers);
    free(worker);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct wire_in          in = { 0 };
    struct wire_frame       frame, copy;
    struct lf_fetch_result  result;

    strbuf_add(&in.buf, data, size);

    while (wire_take(&in, MAX, &frame) == 1) {
        read_any(frame);
        read_as_worker(frame);
        copy = frame;
        (void) lf_fetch_read_result(&copy, &result);
    }

    if (in.used > in.buf.len || (in.missing == 0 && in.buf.len > 0)) {
        abort();
    }

    strbuf_free(&in.buf);

    return 0;
}
