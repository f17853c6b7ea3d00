/* SPDX-License-Identifier: BSD-2-Clause */
/* What two hosts said, compared: whatever differs is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/contract/contract.h"

#define SHOWN  2000


void
contract_show(const char *host, const struct contract_answer *answer)
{
    print_error("---- %s\n%.*s\n", host, SHOWN,
                answer->head ? answer->head : "(no head)");
    print_error("body of %zu bytes: %.*s\n", answer->body_len, SHOWN,
                answer->body ? (char *) answer->body : "");
    print_error("app log:\n%.*s", SHOWN, answer->log ? answer->log : "");
    print_error("reports:\n%.*s", SHOWN,
                answer->reports ? answer->reports : "");
}


static size_t
count_rules(const char *text)
{
    size_t  n;

    for (n = 0; (text = strstr(text, "(LF-")) != NULL; n++) {
        text += 4;
    }

    return n;
}


/* Cuts an address out of a text that begins with it, or ends there. */
static const char *
without_address(char *text)
{
    char  *at;

    at = strstr(text, "0x");

    if (at == NULL) {
        return text;
    }

    if (at - text < 4) {
        return at + strcspn(at, " ");
    }

    *at = '\0';

    return text;
}


/* Each line that the mock told stands in error.log, and nothing else. */
int
contract_reports_differ(const char *told, const char *error_log)
{
    int          differ;
    char         text[600];
    size_t       len;
    const char  *at, *end, *start;

    differ = count_rules(told) != count_rules(error_log);

    if (differ) {
        print_error("the hosts report %zu and %zu rules\n",
                    count_rules(told), count_rules(error_log));
    }

    for (at = told; *at != '\0'; at = end + 1) {
        end = strchr(at, '\n');
        start = strstr(at, ": ");
        start = start != NULL && start < end ? start + 2 : at;
        len = (size_t) (end - start);
        (void) snprintf(text, sizeof(text), "%.*s", (int) len, start);
        start = without_address(text);

        if (strstr(error_log, start) == NULL) {
            print_error("not in error.log: %s\n", start);
            differ = 1;
        }
    }

    return differ;
}


int
contract_answers_differ(const struct contract_answer *a,
                        const struct contract_answer *b)
{
    int  differ;

    differ = 0;

    if (strcmp(a->head, b->head) != 0) {
        print_error("the heads differ\n");
        differ = 1;
    }

    if (a->body_len != b->body_len
        || memcmp(a->body, b->body, a->body_len) != 0)
    {
        print_error("the bodies differ\n");
        differ = 1;
    }

    if (strcmp(a->log, b->log) != 0) {
        print_error("the app logs differ\n");
        differ = 1;
    }

    return differ | contract_reports_differ(a->reports, b->reports);
}
