/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libcurl's own headers are taken away by "Name:". An empty Host, too: then
 * those of the list go out where they stand, and as often.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/http/http_headers.h"


struct curl_slist *
http_header_list(const struct curl_lib *curl, const struct request *request)
{
    char                    *line;
    size_t                   i;
    const char              *value;
    struct curl_slist       *list, *longer;
    static const char *const  own[] = {
        "Accept", "Content-Type", "Content-Length", "Expect"
    };

    list = curl->append(NULL, "Host:");

    for (i = 0; list != NULL && i < sizeof(own) / sizeof(own[0]); i++) {
        if (request_get_header(request, own[i]) == NULL) {
            line = NULL;
            longer = asprintf(&line, "%s:", own[i]) < 0
                     ? NULL : curl->append(list, line);
            free(line);
            if (longer == NULL) {
                curl->free_list(list);
            }
            list = longer;
        }
    }

    for (i = 0; list != NULL && i < request->header_count; i++) {
        value = request->headers[i].value;
        line = NULL;
        longer = asprintf(&line, value[strspn(value, " \t")] != '\0'
                                 ? "%s: %s" : "%s;",
                          request->headers[i].name, value) < 0
                 ? NULL : curl->append(list, line);
        free(line);
        if (longer == NULL) {
            curl->free_list(list);
        }
        list = longer;
    }

    return list;
}
