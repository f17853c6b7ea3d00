/* SPDX-License-Identifier: BSD-2-Clause */
/* Text made safe for XML. */
#include <string.h>

#include "lib/base/encode.h"
#include "harness/run/report/report.h"


/*
 * The length of the character at p, or 0: reports must be valid UTF-8, and
 * what an app answers or logs may be anything.
 */
static size_t
char_len(const unsigned char *p)
{
    uint32_t  code;

    return utf8_decode((const char *) p, strnlen((const char *) p, 4), &code);
}


void
report_add_xml(struct strbuf *to, const char *text)
{
    size_t                len;
    const unsigned char  *p = (const unsigned char *) text;

    for ( ; *p != '\0'; p += len) {
        len = char_len(p);

        if (len == 0 || (*p < 0x20 && *p != '\n' && *p != '\t')) {
            strbuf_addstr(to, "\xef\xbf\xbd");
            len = 1;
            continue;
        }

        switch (*p) {
        case '<':
            strbuf_addstr(to, "&lt;");
            break;
        case '>':
            strbuf_addstr(to, "&gt;");
            break;
        case '&':
            strbuf_addstr(to, "&amp;");
            break;
        case '"':
            strbuf_addstr(to, "&quot;");
            break;
        case '\n':
            strbuf_addstr(to, "&#10;");
            break;
        default:
            strbuf_add(to, p, len);
        }
    }
}
