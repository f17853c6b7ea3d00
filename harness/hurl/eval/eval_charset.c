/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes of a named charset as UTF-8, strictly. Names are the labels that
 * browsers know; what browsers take for Latin-1 is windows-1252.
 */
#include <iconv.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/arena.h"
#include "lib/base/encode.h"
#include "harness/hurl/eval/eval.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))


static int
is_one_of(const char *name, const char *const *names, size_t count)
{
    size_t  i;

    for (i = 0; i < count; i++) {
        if (strcasecmp(name, names[i]) == 0) {
            return 1;
        }
    }

    return 0;
}


static int
is_utf8(const char *name)
{
    static const char *const  names[] = {
        "utf-8", "utf8", "unicode-1-1-utf-8"
    };

    return is_one_of(name, names, COUNT(names));
}


static int
is_latin(const char *name)
{
    static const char *const  names[] = {
        "iso-8859-1", "iso8859-1", "iso_8859-1", "iso88591", "iso-ir-100",
        "latin1", "l1", "us-ascii", "ascii", "ansi_x3.4-1968", "cp1252",
        "cp819", "ibm819", "windows-1252", "x-cp1252"
    };

    return is_one_of(name, names, COUNT(names));
}


/* Every byte has a meaning here, unlike in iconv's table. */
static int
decode_latin(struct eval *e, const struct script_span *where,
             const char *bytes, size_t len, struct value *text)
{
    char    *out;
    size_t   i, n = 0;
    static const unsigned short  high[32] = {
        0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
        0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f,
        0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
        0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d, 0x017e, 0x0178
    };

    out = arena_alloc(e->arena, 3 * len + 1);
    if (out == NULL) {
        return eval_no_memory(e, where);
    }

    for (i = 0; i < len; i++) {
        unsigned char  c = (unsigned char) bytes[i];

        n += utf8_encode(c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c, out + n);
    }

    out[n] = '\0';
    *text = value_string(out, n);

    return 0;
}


/* iconv's own extensions ("utf-8//IGNORE", "": the locale) are no labels. */
static iconv_t
open_converter(const char *name)
{
    static const char *const  names[] = { "char", "wchar_t" };

    if (name[0] == '\0' || strpbrk(name, "/,") != NULL
        || is_one_of(name, names, COUNT(names)))
    {
        return (iconv_t) -1;
    }

    return iconv_open("UTF-8", name);
}


static int
decode_other(struct eval *e, const struct script_span *where,
             const char *title, const char *name, const char *bytes,
             size_t len, struct value *text)
{
    int            rc;
    char           buf[16384], *in = (char *) bytes, *out;
    size_t         left = len, n, room;
    iconv_t        converter;
    struct strbuf  all = { 0 };

    converter = open_converter(name);
    if (converter == (iconv_t) -1) {
        return eval_fail(e, where, title, "<%s> encoding is not supported",
                         name);
    }

    do {
        out = buf;
        room = sizeof(buf);
        n = iconv(converter, &in, &left, &out, &room);
        strbuf_add(&all, buf, sizeof(buf) - room);
    } while (n == (size_t) -1 && room < sizeof(buf) && left > 0);

    (void) iconv_close(converter);

    if (n == (size_t) -1) {
        strbuf_free(&all);
        return eval_fail(e, where, title, "value can not be decoded with <%s> "
                         "encoding", name);
    }

    out = all.failed ? NULL : arena_memdup(e->arena, all.data, all.len);
    rc = out == NULL ? eval_no_memory(e, where) : 0;
    *text = value_string(out, all.len);
    strbuf_free(&all);

    return rc;
}


int
eval_decode(struct eval *e, const struct script_span *where,
            const char *title, const char *charset, const char *bytes,
            size_t len, struct value *text)
{
    if (len == 0) {
        bytes = "";
    }

    if (is_latin(charset)) {
        return decode_latin(e, where, bytes, len, text);
    }

    if (!is_utf8(charset)) {
        return decode_other(e, where, title, charset, bytes, len, text);
    }

    if (utf8_check(bytes, len) != ENCODE_OK) {
        return eval_fail(e, where, title, "value can not be decoded with <%s> "
                         "encoding", charset);
    }

    *text = value_string(bytes, len);

    return 0;
}
