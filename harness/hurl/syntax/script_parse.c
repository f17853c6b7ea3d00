/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The entrance of the script parser: bytes in, tree or error out. No I/O, no
 * global state, and no input may crash it or make it hang.
 */
#include <string.h>

#include "harness/hurl/syntax/script_parser.h"
#include "lib/base/encode.h"


/* Everything behind this may rely on it. */
static enum script_result
check_encoding(struct script_parser *p)
{
    size_t       bad;
    const char  *nul;

    nul = memchr(p->src, '\0', p->len);
    bad = utf8_check(p->src, nul != NULL ? (size_t) (nul - p->src) : p->len);

    if (bad == ENCODE_OK && nul == NULL) {
        return SCRIPT_OK;
    }

    script_advance_to(p, bad != ENCODE_OK ? bad : (size_t) (nul - p->src));

    return script_fail(p, "Reading file", p->cur.pos, "%s",
                       bad == ENCODE_OK
                       ? "a script must not contain NUL bytes"
                       : "a script must be UTF-8 text");
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
