/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of libcurl that are used; it is loaded when first needed. */
#ifndef CURL_LIB_H
#define CURL_LIB_H

#include <curl/curl.h>

#pragma GCC visibility push(hidden)

struct curl_lib {
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
const struct curl_lib *curl_lib_open(const char **why);

#pragma GCC visibility pop

#endif /* CURL_LIB_H */
