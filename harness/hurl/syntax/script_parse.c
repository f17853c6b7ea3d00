/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entrance of the script parser: bytes in, tree or error out. No I/O, no
 * global state, and no input may crash it or make it hang.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"

/* The length of the UTF-8 character at s, 0 when it is none. */
static size_t
utf8_length(const unsigned char *s, size_t left)
{
    size_t         n;
    unsigned long  cp;

    if (s[0] < 0x80) {
        return s[0] == 0 ? 0 : 1;
    }

    n = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;

    if (s[0] < 0xc2 || s[0] > 0xf4 || n > left) {
        return 0;
    }

    cp = s[0] & (0xffu >> (n + 1));

    for (size_t i = 1; i < n; i++) {
        if ((s[i] & 0xc0) != 0x80) {
            return 0;
        }

        cp = (cp << 6) | (s[i] & 0x3f);
    }

    if ((n == 3 && cp < 0x800) || (n == 4 && cp < 0x10000) || cp > 0x10ffff
        || (cp >= 0xd800 && cp < 0xe000))
    {
        return 0;
    }

    return n;
}


/* Everything behind this may rely on it. */
static enum script_result
check_encoding(struct script_parser *p)
{
    size_t  n, off;

    for (off = 0; off < p->len; off += n) {
        n = utf8_length((const unsigned char *) p->src + off, p->len - off);

        if (n == 0) {
            script_advance_to(p, off);
            return script_fail(p, "Reading file", p->cur.pos,
                               p->src[off] == '\0'
                               ? "a script must not contain NUL bytes"
                               : "a script must be UTF-8 text");
        }
    }

    return SCRIPT_OK;
}


static enum script_result
parse_entry(struct script_parser *p, struct script *script,
    struct script_directive *directives, struct script_entry **out)
{
    struct script_entry  *entry;

    entry = script_new(p, sizeof(*entry));

    if (entry == NULL) {
        return script_no_memory(p);
    }

    *out = entry;
    entry->index = ++script->entry_count;
    entry->directives = directives;

    if (script_parse_request(p, &entry->request) != SCRIPT_OK) {
        return SCRIPT_FAIL;
    }

    return script_parse_response(p, &entry->response);
}


static enum script_result
parse_file(struct script_parser *p, struct script *script)
{
    struct script_entry      **out;
    struct script_directive   *directives;

    out = &script->entries;

    for ( ;; ) {
        directives = NULL;

        if (script_directives(p, &directives) != SCRIPT_OK) {
            return SCRIPT_FAIL;
        }

        if (script_at_end(p)) {
            return SCRIPT_OK;
        }

        if (parse_entry(p, script, directives, out) != SCRIPT_OK) {
            return SCRIPT_FAIL;
        }

        out = &(*out)->next;
    }
}


const struct script *
script_parse(struct arena *arena, const char *name, const char *data,
    size_t len, struct script_error *error)
{
    struct script         *script;
    struct script_parser   p = { .arena = arena, .error = error,
                                 .cur = { 0, { 1, 1 } } };

    if (len >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0) {
        data += 3;
        len -= 3;
    }

    script = script_new(&p, sizeof(*script));

    if (script != NULL) {
        script->name = arena_memdup(arena, name, strlen(name));
        script->source.data = arena_memdup(arena, data, len);
        script->source.len = len;
    }

    if (script == NULL || script->name == NULL || script->source.data == NULL)
    {
        (void) script_no_memory(&p);
        return NULL;
    }

    p.src = script->source.data;
    p.len = len;

    if (check_encoding(&p) != SCRIPT_OK
        || parse_file(&p, script) != SCRIPT_OK)
    {
        return NULL;
    }

    return script;
}
