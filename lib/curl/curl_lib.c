/* SPDX-License-Identifier: BSD-2-Clause */
/* See curl_lib.h. */
#include <pthread.h>

#include "lib/curl/curl_lib.h"
#include "lib/base/lazy_lib.h"

static struct curl_lib  curl;

#define SYMBOL(name, field)  { name, offsetof(struct curl_lib, field) }

static const struct lazy_symbol  symbols[] = {
    SYMBOL("curl_global_init", global_init),
    SYMBOL("curl_easy_init", init),
    SYMBOL("curl_easy_setopt", setopt),
    SYMBOL("curl_easy_perform", perform),
    SYMBOL("curl_easy_getinfo", getinfo),
    SYMBOL("curl_easy_cleanup", cleanup),
    SYMBOL("curl_easy_strerror", error_text),
    SYMBOL("curl_slist_append", append),
    SYMBOL("curl_slist_free_all", free_list),
    { NULL, 0 }
};

static struct lazy_lib  libcurl = {
    .soname = "libcurl.so.4",
    .package = "libcurl4",
    .symbols = symbols,
    .table = &curl
};

static pthread_once_t  once = PTHREAD_ONCE_INIT;
static CURLcode        ready;


static void
init(void)
{
    ready = curl.global_init(CURL_GLOBAL_DEFAULT);
}


const struct curl_lib *
curl_lib_open(const char **why)
{
    *why = lazy_lib_open(&libcurl);
    if (*why != NULL) {
        return NULL;
    }

    (void) pthread_once(&once, init);
    if (ready != CURLE_OK) {
        *why = curl.error_text(ready);
        return NULL;
    }

    return &curl;
}
