/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parts of the script parser share, and nobody else includes.
 *
 * Every parse function returns one of three results. SCRIPT_NO: this is not
 * here, the cursor stands where it stood, the caller may try something else.
 * SCRIPT_FAIL: committed, p->error is filled, everybody returns at once.
 */
#ifndef LINKFUNC_SCRIPT_PARSER_H
#define LINKFUNC_SCRIPT_PARSER_H

#include "harness/hurl/syntax/script.h"

#include "lib/base/arena.h"

enum script_result {
    SCRIPT_OK = 0,
    SCRIPT_NO,
    SCRIPT_FAIL
};

/* Nesting of JSON values and XML elements; the recursion is bounded by it. */
#define SCRIPT_MAX_DEPTH  200

struct script_cursor {
    size_t             off;
    struct script_pos  pos;
};

struct script_parser {
    struct arena          *arena;
    const char            *src;
    size_t                 len;
    struct script_cursor   cur;
    struct script_error   *error;
    unsigned               depth;
    bool                   no_memory;
    /* The first #@ comment among lines that were skipped last. */
    bool                   stray;
    struct script_cursor   stray_at;
};

/* script_lex.c: characters, blanks, lines, words */
int script_peek(const struct script_parser *p);
int script_peek_at(const struct script_parser *p, size_t ahead);
bool script_at_end(const struct script_parser *p);
void script_advance(struct script_parser *p);
void script_advance_to(struct script_parser *p, size_t off);
bool script_looking_at(const struct script_parser *p, const char *literal);
bool script_accept(struct script_parser *p, const char *literal);
enum script_result script_expect(struct script_parser *p, const char *literal);
enum script_result script_fail(struct script_parser *p, const char *title,
    struct script_pos pos, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
enum script_result script_no_memory(struct script_parser *p);
void *script_new(struct script_parser *p, size_t size);
bool script_skip_blanks(struct script_parser *p);
bool script_accept_newline(struct script_parser *p);
enum script_result script_line_end(struct script_parser *p);
bool script_try_line_end(struct script_parser *p);
void script_skip_lines(struct script_parser *p);
enum script_result script_no_stray(struct script_parser *p);
struct str script_word(struct script_parser *p, bool (*member)(int));
struct str script_slice(const struct script_parser *p, size_t from);
bool script_str_is(struct str str, const char *text);
bool script_is_name_char(int c);
bool script_is_alnum(int c);
bool script_is_digit(int c);

/* script_number.c */
enum script_result script_natural(struct script_parser *p, long long *value);
enum script_result script_number(struct script_parser *p,
    struct script_value *value);

/* script_nearest.c: "did you mean" */
const char *script_nearest(struct str word, const char *const *names,
    size_t count);

/* script_escape.c: one character of a string, escapes undone */
enum script_text_style {
    SCRIPT_TEXT_UNQUOTED,
    SCRIPT_TEXT_QUOTED,
    SCRIPT_TEXT_BACKTICK,
    SCRIPT_TEXT_JSON,
    SCRIPT_TEXT_KEY,
    SCRIPT_TEXT_FILENAME,
    SCRIPT_TEXT_PASSWORD,               /* file name with :password */
    SCRIPT_TEXT_MULTILINE,
    SCRIPT_TEXT_MULTILINE_ESCAPE
};

struct script_char {
    char    bytes[8];
    size_t  len;
    bool    escaped;
};

enum script_result script_char_next(struct script_parser *p,
    enum script_text_style style, struct script_char *c);

/*
 * script_build.c. Text that stands in the source as it is, is not copied:
 * `text` then points there and `own` is false. Else it is in `buf`.
 */
struct script_builder {
    struct script_part  *first;
    struct script_part  *last;
    const char          *text;          /* of the part that is being built */
    size_t               len;
    bool                 own;
    char                *buf;
    size_t               cap;
};

enum script_result script_build_text(struct script_parser *p,
    struct script_builder *b, const char *data, size_t len);
enum script_result script_build_char(struct script_parser *p,
    struct script_builder *b, size_t from, const struct script_char *c);
enum script_result script_build_flush(struct script_parser *p,
    struct script_builder *b);
enum script_result script_build_expr(struct script_parser *p,
    struct script_builder *b, struct script_expr *expr, bool in_string);
enum script_result script_build_done(struct script_parser *p,
    struct script_builder *b, const struct script_cursor *start,
    struct script_template **out);

/* script_template.c */
enum script_result script_templatize(struct script_parser *p,
    const struct script_cursor *start, const struct script_cursor *end,
    enum script_text_style style, struct script_builder *b);
enum script_result script_template_until(struct script_parser *p,
    const struct script_cursor *start, const struct script_cursor *end,
    enum script_text_style style, struct script_template **out);
enum script_result script_placeholder(struct script_parser *p,
    struct script_expr **out);

/* script_string.c: the kinds of strings */
enum script_result script_unquoted(struct script_parser *p,
    struct script_template **out);
enum script_result script_quoted(struct script_parser *p,
    struct script_template **out);
enum script_result script_quoted_required(struct script_parser *p,
    struct script_template **out);
enum script_result script_backtick(struct script_parser *p,
    struct script_template **out);
enum script_result script_key(struct script_parser *p,
    struct script_template **out);
enum script_result script_filename(struct script_parser *p,
    enum script_text_style style, struct script_template **out);

/* script_body.c, script_multiline.c, script_bytes.c, script_json_body.c,
   script_xml_body.c */
enum script_result script_parse_body(struct script_parser *p,
    struct script_body **out);
enum script_result script_parse_multiline(struct script_parser *p,
    struct script_multiline **out);
enum script_result script_hex(struct script_parser *p, struct str *out);
enum script_result script_base64(struct script_parser *p,
    struct str *out);
enum script_result script_file(struct script_parser *p,
    struct script_template **out);
enum script_result script_json(struct script_parser *p,
    struct script_template **out);
enum script_result script_xml(struct script_parser *p, struct str *out);

/* script_query.c, script_filter.c, script_predicate.c, script_values.c */
enum script_result script_parse_query(struct script_parser *p,
    struct script_query *query);
const char *script_query_nearest(struct str word);
enum script_result script_filters(struct script_parser *p,
    struct script_filter **out);
enum script_result script_parse_predicate(struct script_parser *p,
    struct script_predicate *predicate);
enum script_result script_parse_value(struct script_parser *p,
    struct script_value *value);
enum script_result script_string_value(struct script_parser *p,
    struct script_value *value);
enum script_result script_regex(struct script_parser *p,
    struct str *out);
enum script_result script_regex_value(struct script_parser *p,
    struct script_value *value);

/* script_sections.c, script_items.c, script_options.c */
enum script_result script_request_sections(struct script_parser *p,
    struct script_section **out);
enum script_result script_response_sections(struct script_parser *p,
    struct script_section **out);
enum script_result script_pairs(struct script_parser *p, bool only_one,
    struct script_pair **out);
enum script_result script_multipart(struct script_parser *p,
    struct script_pair **out);
enum script_result script_captures(struct script_parser *p,
    struct script_capture **out);
enum script_result script_asserts(struct script_parser *p,
    struct script_assert **out);
enum script_result script_options(struct script_parser *p,
    struct script_option **out);

/* script_request.c, script_directive.c */
enum script_result script_parse_request(struct script_parser *p,
    struct script_request *request);
enum script_result script_parse_response(struct script_parser *p,
    struct script_response **out);
enum script_result script_directives(struct script_parser *p,
    struct script_directive **out);

#endif
