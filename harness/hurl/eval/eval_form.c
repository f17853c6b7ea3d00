/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts that have the form of a date, an address or a UUID. */
#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

#include "harness/hurl/eval/eval_predicate.h"

/* Longer than any date, address or UUID that somebody writes. */
#define FORM_MAX  255


/* d: a digit, x: a hex digit, others themselves; returns what is behind. */
static const char *
fits(const char *text, const char *form)
{
    for ( ; *form != '\0'; form++, text++) {
        int  digit = *text >= '0' && *text <= '9';

        if (*form == 'd' ? !digit
            : *form == 'x' ? !digit && ((*text | 0x20) < 'a'
                                        || (*text | 0x20) > 'f')
            : *form != *text)
        {
            return NULL;
        }
    }

    return text;
}


static int
number_at(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}


static int
days_in(int year, int month)
{
    static const int  days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
                                 31 };

    return days[month - 1] + (month == 2 && year % 4 == 0
                              && (year % 100 != 0 || year % 400 == 0));
}


/* RFC 3339, as in isIsoDate of Hurl: a leap second and small letters, too. */
static int
is_iso_date(const char *text)
{
    int          month;
    size_t       digits;
    const char  *p = fits(text, "dddd-dd-dd"), *zone;

    if (p == NULL || (*p != 'T' && *p != 't' && *p != ' ')
        || (p = fits(p + 1, "dd:dd:dd")) == NULL)
    {
        return 0;
    }

    month = number_at(text + 5);
    if (month < 1 || month > 12 || number_at(text + 8) < 1
        || number_at(text + 8) > days_in(number_at(text) * 100
                                         + number_at(text + 2), month)
        || number_at(text + 11) > 23 || number_at(text + 14) > 59
        || number_at(text + 17) > 60)
    {
        return 0;
    }

    if (*p == '.') {
        digits = strspn(p + 1, "0123456789");
        if (digits == 0) {
            return 0;
        }
        p += 1 + digits;
    }

    if (strcasecmp(p, "Z") == 0) {
        return 1;
    }

    zone = *p == '+' || *p == '-' ? fits(p + 1, "dd:dd") : NULL;

    return zone != NULL && *zone == '\0' && number_at(p + 1) < 24
           && number_at(p + 4) < 60;
}


/* With hyphens or without; also in braces or as a URN. */
static int
is_uuid(const char *text)
{
    const char  *end;
    static const char  hyphens[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    end = fits(text, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    if (end == NULL && text[0] == '{') {
        end = fits(text + 1, hyphens);
        return end != NULL && strcmp(end, "}") == 0;
    }
    if (end == NULL) {
        end = fits(text + (strncmp(text, "urn:uuid:", 9) == 0 ? 9 : 0),
                   hyphens);
    }

    return end != NULL && *end == '\0';
}


int
eval_has_form(enum script_predicate_kind kind, const struct str *text)
{
    char  copy[FORM_MAX + 1], address[16];

    if (text->len > FORM_MAX || memchr(text->data, '\0', text->len) != NULL)
    {
        return 0;
    }

    memcpy(copy, text->data, text->len);
    copy[text->len] = '\0';

    switch (kind) {
    case SCRIPT_PRED_IS_ISO_DATE:
        return is_iso_date(copy);
    case SCRIPT_PRED_IS_IPV4:
        return inet_pton(AF_INET, copy, address) == 1;
    case SCRIPT_PRED_IS_IPV6:
        return inet_pton(AF_INET6, copy, address) == 1;
    default:
        return is_uuid(copy);
    }
}
