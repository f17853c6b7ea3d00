/* SPDX-License-Identifier: BSD-2-Clause */
/* The headers of a request as libcurl takes them. */
#ifndef HTTP_HEADERS_H
#define HTTP_HEADERS_H

#include "lib/curl/curl_lib.h"
#include "lib/http/request.h"

/* The headers of a request, and no others. NULL: no memory. */
struct curl_slist *http_header_list(const struct curl_lib *curl,
                                    const struct request *request);

#endif /* HTTP_HEADERS_H */
