/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands after a backslash: characters, sets, Unicode properties. */
#include <stdio.h>
#include <string.h>

#include "lib/base/encode.h"
#include "lib/regex/regex_syntax.h"

/* Long names of general categories, which PCRE2 does not know. */
static const struct {
    const char  *name, *code;
} categories[] = {
    { "letter", "L" }, { "casedletter", "L&" }, { "lc", "L&" },
    { "uppercaseletter", "Lu" }, { "lowercaseletter", "Ll" },
    { "titlecaseletter", "Lt" }, { "modifierletter", "Lm" },
    { "otherletter", "Lo" }, { "mark", "M" }, { "combiningmark", "M" },
    { "nonspacingmark", "Mn" }, { "spacingmark", "Mc" },
    { "enclosingmark", "Me" }, { "number", "N" }, { "decimalnumber", "Nd" },
    { "digit", "Nd" }, { "letternumber", "Nl" }, { "othernumber", "No" },
    { "punctuation", "P" }, { "punct", "P" },
    { "connectorpunctuation", "Pc" }, { "dashpunctuation", "Pd" },
    { "openpunctuation", "Ps" }, { "closepunctuation", "Pe" },
    { "initialpunctuation", "Pi" }, { "finalpunctuation", "Pf" },
    { "otherpunctuation", "Po" }, { "symbol", "S" }, { "mathsymbol", "Sm" },
    { "currencysymbol", "Sc" }, { "modifiersymbol", "Sk" },
    { "othersymbol", "So" }, { "separator", "Z" }, { "spaceseparator", "Zs" },
    { "lineseparator", "Zl" }, { "paragraphseparator", "Zp" },
    { "other", "C" }, { "control", "Cc" }, { "cntrl", "Cc" },
    { "format", "Cf" }, { "privateuse", "Co" }, { "surrogate", "Cs" },
    { "unassigned", "Cn" }
};


/* Lower case, without blanks, '_' and '-'; -1 when it is no name. */
static int
fold_name(const char *text, size_t len, char *out, size_t size)
{
    size_t  i, n = 0;

    for (i = 0; i < len; i++) {
        if (text[i] == ' ' || text[i] == '_' || text[i] == '-') {
            continue;
        }
        if (n + 1 == size) {
            return -1;
        }
        if (text[i] >= 'A' && text[i] <= 'Z') {
            out[n++] = (char) (text[i] - 'A' + 'a');
        } else if ((text[i] >= 'a' && text[i] <= 'z')
                   || (text[i] >= '0' && text[i] <= '9'))
        {
            out[n++] = text[i];
        } else {
            return -1;
        }
    }
    out[n] = '\0';

    return n > 0 ? 0 : -1;
}


/* "name" or "kind=name" as PCRE2 spells it, after "\p{" or "\P{". */
static int
write_property(int negated, const char *text, size_t len,
               struct regex_item *item)
{
    char         kind[32] = "", name[40];
    size_t       i;
    const char  *split = NULL, *prefix = "";

    for (i = 0; i < len && split == NULL; i++) {
        split = text[i] == '=' || text[i] == ':' ? text + i : NULL;
    }
    if (split != NULL) {
        i = (size_t) (split - text);
        if (i > 0 && text[i - 1] == '!') {
            negated = !negated;
            i--;
        }
        if (fold_name(text, i, kind, sizeof(kind)) != 0) {
            return -1;
        }
        len -= (size_t) (split + 1 - text);
        text = split + 1;
    }
    if (fold_name(text, len, name, sizeof(name)) != 0) {
        return -1;
    }

    if (strcmp(kind, "sc") == 0 || strcmp(kind, "script") == 0) {
        prefix = "sc:";
    } else if (strcmp(kind, "scx") == 0
               || strcmp(kind, "scriptextensions") == 0)
    {
        prefix = "scx:";
    } else if (kind[0] != '\0' && strcmp(kind, "gc") != 0
               && strcmp(kind, "generalcategory") != 0)
    {
        return -1;
    }

    if (strcmp(name, "assigned") == 0) {
        negated = !negated;
        (void) strcpy(name, "Cn");
    }
    for (i = 0; i < sizeof(categories) / sizeof(categories[0]); i++) {
        if (strcmp(name, categories[i].name) == 0) {
            (void) strcpy(name, categories[i].code);
        }
    }
    (void) snprintf(item->set, sizeof(item->set), "\\%c{%s%s}",
                    negated ? 'P' : 'p', prefix, name);

    return 0;
}


/* pos stands behind "\p" or "\P". */
static int
read_property(struct regex_syntax *s, int negated, struct regex_item *item)
{
    size_t       len = 1;
    const char  *name = s->pos, *start = s->pos - 2, *close;

    if (name == s->end) {
        return regex_syntax_fail(s, start, "the name of a Unicode property is "
                                 "missing after \\p");
    }
    s->pos++;
    if (*name == '{') {
        name++;
        close = memchr(name, '}', (size_t) (s->end - name));
        if (close == NULL) {
            return regex_syntax_fail(s, start, "the '}' after the name of a "
                                     "Unicode property is missing");
        }
        len = (size_t) (close - name);
        s->pos = close + 1;
    }
    if (write_property(negated, name, len, item) != 0) {
        return regex_syntax_fail(s, start, "no such Unicode property");
    }

    return 0;
}


/* pos stands behind 'x', 'u' or 'U'; exactly `digits` of them, or in {}. */
static int
read_hex(struct regex_syntax *s, const char *start, int digits,
         struct regex_item *item)
{
    int       braces, count = 0;
    uint32_t  code = 0;

    braces = s->pos < s->end && *s->pos == '{';
    s->pos += braces;
    while (s->pos < s->end && hex_digit(*s->pos) >= 0
           && count < (braces ? 8 : digits))
    {
        code = code << 4 | (uint32_t) hex_digit(*s->pos++);
        count++;
    }
    if (braces ? count == 0 || s->pos == s->end || *s->pos != '}'
               : count != digits)
    {
        return regex_syntax_fail(s, start, "hex digits are missing in this "
                                 "escape; write \\x7F or \\x{7F}");
    }
    s->pos += braces;
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) {
        return regex_syntax_fail(s, start, "there is no such character");
    }
    item->code = code;

    return 0;
}


static int
read_letter(struct regex_syntax *s, const char *start, char c,
            struct regex_item *item)
{
    const char  *found;

    static const char  letters[] = "aftnrv";
    static const char  codes[] = "\a\f\t\n\r\v";

    found = strchr(letters, c);
    if (found != NULL) {
        item->code = (uint32_t) codes[found - letters];
        return 0;
    }

    switch (c) {
    case 'd':
    case 'D':
    case 's':
    case 'S':
    case 'w':
    case 'W':
        item->set[0] = '\\';
        item->set[1] = c;
        item->set[2] = '\0';
        return 0;
    case 'p':
    case 'P':
        return read_property(s, c == 'P', item);
    case 'x':
        return read_hex(s, start, 2, item);
    case 'u':
        return read_hex(s, start, 4, item);
    case 'U':
        return read_hex(s, start, 8, item);
    case 'A':
    case 'z':
    case 'b':
    case 'B':
    case '<':
    case '>':
        s->pos = start;
        return 1;
    default:
        return regex_syntax_fail(s, start, "there is no escape \\%c here; "
                                 "write a backslash itself as \\\\", c);
    }
}


int
regex_read_escape(struct regex_syntax *s, struct regex_item *item)
{
    char         c;
    const char  *start = s->pos++;

    item->set[0] = '\0';
    if (s->pos == s->end) {
        return regex_syntax_fail(s, start, "the pattern ends after a "
                                 "backslash; write a backslash itself as "
                                 "\\\\");
    }

    c = *s->pos;
    if (c >= '0' && c <= '9') {
        return regex_syntax_fail(s, start, "back-references and octal escapes "
                                 "are not supported; write \\x{..} for a "
                                 "character");
    }
    if ((unsigned char) c >= 0x80) {
        return regex_syntax_fail(s, start, "this character must not be "
                                 "escaped");
    }

    s->pos++;
    if (c == 'k' || c == 'g') {
        return regex_syntax_fail(s, start, "back-references are not "
                                 "supported");
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '<'
        || c == '>')
    {
        return read_letter(s, start, c, item);
    }
    item->code = (uint32_t) c;

    return 0;
}
