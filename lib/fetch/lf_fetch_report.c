/* SPDX-License-Identifier: BSD-2-Clause */
/* The result that the child which fetches sends to its parent. */
#include "lib/fetch/lf_fetch_private.h"

#include <string.h>


void
lf_fetch_put_result(struct strbuf *report, const struct lf_fetch_result *result)
{
    wire_put_number(report, result->outcome);
    wire_put_number(report, (uint64_t) result->old_fits);
    wire_put_string(report, result->etag);
    wire_put_string(report, result->modified);
    wire_put_string(report, result->err);
}


int
lf_fetch_read_result(struct wire_frame *report, struct lf_fetch_result *result)
{
    result->outcome = (enum lf_fetch_outcome)
                      wire_get_range(report, LF_FETCH_FAILED,
                                     LF_FETCH_UNCHANGED);
    result->old_fits = (int) wire_get_range(report, 0, 1);
    wire_copy_string(report, result->etag, sizeof(result->etag));
    wire_copy_string(report, result->modified, sizeof(result->modified));
    wire_copy_string(report, result->err, sizeof(result->err));

    /* the value of a header has one line */
    return strpbrk(result->etag, "\r\n") != NULL
           || strpbrk(result->modified, "\r\n") != NULL
           ? -1 : wire_finish(report);
}
