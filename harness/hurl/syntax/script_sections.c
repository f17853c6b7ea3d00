/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sections: [Name] and the items below it, for requests and for responses.
 */
#include "harness/hurl/syntax/script_parser.h"

#define COUNT(a)  (sizeof(a) / sizeof((a)[0]))

struct section_name {
    const char                *name;
    enum script_section_kind   kind;
};

static const struct section_name  request_names[] = {
    { "Query", SCRIPT_SECTION_QUERY },
    { "QueryStringParams", SCRIPT_SECTION_QUERY },
    { "Form", SCRIPT_SECTION_FORM },
    { "FormParams", SCRIPT_SECTION_FORM },
    { "Multipart", SCRIPT_SECTION_MULTIPART },
    { "MultipartFormData", SCRIPT_SECTION_MULTIPART },
    { "Cookies", SCRIPT_SECTION_COOKIES },
    { "BasicAuth", SCRIPT_SECTION_BASIC_AUTH },
    { "Options", SCRIPT_SECTION_OPTIONS },
};

static const struct section_name  response_names[] = {
    { "Captures", SCRIPT_SECTION_CAPTURES },
    { "Asserts", SCRIPT_SECTION_ASSERTS },
};


/* [Name]; NO for anything else in brackets, which may be a JSON body. */
static enum script_result
section_header(struct script_parser *p, struct script_section *section)
{
    struct script_cursor  begin;

    begin = p->cur;
    script_skip_lines(p);
    (void) script_skip_blanks(p);
    section->span.start = p->cur.pos;

    if (script_accept(p, "[")) {
        section->name = script_word(p, script_is_alnum);

        if (section->name.len > 0 && script_accept(p, "]")) {
            section->span.end = p->cur.pos;

            return script_no_stray(p) == SCRIPT_OK ? script_line_end(p)
                                                   : SCRIPT_FAIL;
        }
    }

    p->cur = begin;

    return SCRIPT_NO;
}


static enum script_result
unknown_section(struct script_parser *p, const struct script_section *section,
    bool response)
{
    const char         *near;
    struct script_pos   pos;
    static const char *const  names[] = {
        "Query", "QueryStringParams", "Form", "FormParams", "Multipart",
        "MultipartFormData", "Cookies", "BasicAuth", "Options", "Captures",
        "Asserts"
    };

    pos = section->span.start;
    pos.column++;
    near = script_nearest(section->name, names, COUNT(names));

    return script_fail(p, response ? "Parsing response section name"
                                   : "Parsing request section name", pos,
                       "the section is not valid here. Valid values are %s"
                       "%s%s%s",
                       response ? "Captures, Asserts"
                                : "Query, Form, Multipart, Cookies, "
                                  "BasicAuth, Options",
                       near != NULL ? ". Did you mean " : "",
                       near != NULL ? near : "", near != NULL ? "?" : "");
}


static enum script_result
section_items(struct script_parser *p, struct script_section *section)
{
    switch (section->kind) {
    case SCRIPT_SECTION_MULTIPART:
        return script_multipart(p, &section->pairs);
    case SCRIPT_SECTION_BASIC_AUTH:
        return script_pairs(p, true, &section->pairs);
    case SCRIPT_SECTION_OPTIONS:
        return script_options(p, &section->options);
    case SCRIPT_SECTION_CAPTURES:
        return script_captures(p, &section->captures);
    case SCRIPT_SECTION_ASSERTS:
        return script_asserts(p, &section->asserts);
    default:
        return script_pairs(p, false, &section->pairs);
    }
}


static enum script_result
one_section(struct script_parser *p, bool response,
    struct script_section **out)
{
    size_t                       count;
    enum script_result           rc;
    struct script_section        section = { 0 };
    const struct section_name   *names;

    rc = section_header(p, &section);

    if (rc != SCRIPT_OK) {
        return rc;
    }

    names = response ? response_names : request_names;
    count = response ? COUNT(response_names) : COUNT(request_names);

    for (size_t i = 0; i < count; i++) {
        if (!script_str_is(section.name, names[i].name)) {
            continue;
        }

        *out = script_new(p, sizeof(**out));

        if (*out == NULL) {
            return script_no_memory(p);
        }

        **out = section;
        (*out)->kind = names[i].kind;

        return section_items(p, *out);
    }

    return unknown_section(p, &section, response);
}


static enum script_result
all_sections(struct script_parser *p, bool response,
    struct script_section **out)
{
    enum script_result  rc;

    for ( ;; ) {
        rc = one_section(p, response, out);

        if (rc != SCRIPT_OK) {
            return rc == SCRIPT_NO ? SCRIPT_OK : rc;
        }

        out = &(*out)->next;
    }
}


enum script_result
script_request_sections(struct script_parser *p, struct script_section **out)
{
    return all_sections(p, false, out);
}


enum script_result
script_response_sections(struct script_parser *p, struct script_section **out)
{
    return all_sections(p, true, out);
}
