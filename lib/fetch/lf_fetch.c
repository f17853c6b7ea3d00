/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The child that fetches, and the parent that waits for what it says. The
 * parent outlives whatever libcurl and libcrypto do, and maps neither.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/base/digest.h"
#include "lib/fetch/lf_child.h"
#include "lib/fetch/lf_fetch_private.h"

#define LF_FETCH_GRACE_MS  2000


/* What came must be what the pin says, and be on the disk. */
static int
settle(const struct lf_fetch *fetch, int fd, char *err)
{
    char         hex[DIGEST_HEX];
    const char  *why;

    if (fetch->sha256 != NULL) {
        if (digest_file(DIGEST_SHA256, fetch->path, hex, &why) != 0) {
            (void) snprintf(err, ERROR_LEN, "the SHA-256 of \"%s\" cannot be "
                            "computed: %s", fetch->path, why);
            return -1;
        }

        if (strcasecmp(hex, fetch->sha256) != 0) {
            (void) snprintf(err, ERROR_LEN, "the SHA-256 of the file is %s, "
                            "not the expected one", hex);
            return -1;
        }
    }

    if (fsync(fd) != 0) {
        (void) snprintf(err, ERROR_LEN, "\"%s\" cannot be written: %s",
                        fetch->path, strerror(errno));
        return -1;
    }

    return 0;
}


static void
fetch_in_child(const struct lf_fetch *fetch, struct lf_fetch_result *result)
{
    int              fd;
    char             hex[DIGEST_HEX];
    const char      *why;
    struct lf_fetch  plain = *fetch;

    result->outcome = LF_FETCH_FAILED;

    if (fetch->sha256 != NULL && fetch->old != NULL) {
        if (digest_file(DIGEST_SHA256, fetch->old, hex, &why) == 0
            && strcasecmp(hex, fetch->sha256) == 0)
        {
            /* a pinned file cannot change: no request is needed */
            result->old_fits = 1;
            result->outcome = LF_FETCH_UNCHANGED;
            return;
        }

        plain.old = plain.etag = plain.modified = NULL;
    }

    fd = open(fetch->path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        (void) snprintf(result->err, ERROR_LEN, "\"%s\" cannot be opened: %s",
                        fetch->path, strerror(errno));
        return;
    }

    if (lf_fetch_transfer(&plain, result, fd) != 0
        || (result->outcome == LF_FETCH_NEW
            && settle(fetch, fd, result->err) != 0))
    {
        result->outcome = LF_FETCH_FAILED;
    }

    (void) close(fd);
}


struct exchange {
    const struct lf_fetch   *fetch;
    struct lf_fetch_result  *result;
};


static void
work(void *data, struct strbuf *report)
{
    struct exchange  *e = data;

    /* a full disk and a gone server are errors, not the end */
    (void) signal(SIGXFSZ, SIG_IGN);
    (void) signal(SIGPIPE, SIG_IGN);

    fetch_in_child(e->fetch, e->result);
    lf_fetch_put_result(report, e->result);
}


static int
read_report(void *data, struct wire_frame *report)
{
    return lf_fetch_read_result(report, ((struct exchange *) data)->result);
}


void
lf_fetch_run(const struct lf_fetch *fetch, struct lf_fetch_result *result)
{
    int                   status;
    struct exchange       data = { fetch, result };
    struct lf_child_task  task = { work, read_report, &data,
                                   2 * sizeof(*result), 0 };

    task.limit_ms = (fetch->total_ms ? fetch->total_ms : LF_FETCH_TOTAL_MS)
                    + LF_FETCH_GRACE_MS;
    memset(result, 0, sizeof(*result));

    if (lf_child_run(&task, &status) != LF_CHILD_REPORTED) {
        memset(result, 0, sizeof(*result));
        result->outcome = LF_FETCH_FAILED;
        (void) snprintf(result->err, ERROR_LEN, "the download process "
                        "ended without a result");
    }
}
