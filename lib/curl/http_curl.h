/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of libcurl that are used; it is loaded when first needed. */
#ifndef HTTP_CURL_H
#define HTTP_CURL_H

#include <curl/curl.h>

struct http_curl {
    CURLcode            (*global_init)(long flags);
    CURL               *(*init)(void);
    CURLcode            (*setopt)(CURL *handle, CURLoption option, ...);
    CURLcode            (*perform)(CURL *handle);
    CURLcode            (*getinfo)(CURL *handle, CURLINFO info, ...);
    void                (*cleanup)(CURL *handle);
    const char         *(*error_text)(CURLcode code);
    struct curl_slist  *(*append)(struct curl_slist *list, const char *text);
    void                (*free_list)(struct curl_slist *list);
};

/* NULL with *why filled when there is no libcurl. Any thread. */
const struct http_curl *http_curl_open(const char **why);

struct request;

/* The headers of a request, and no others. NULL: no memory. */
struct curl_slist *http_header_list(const struct http_curl *curl,
                                    const struct request *request);

#endif /* HTTP_CURL_H */
