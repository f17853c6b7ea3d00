/* SPDX-License-Identifier: BSD-2-Clause */
/* Templates, values and bodies: what stands in a script becomes bytes. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "harness/hurl/eval/eval.h"

#define FILE_MAX  ((size_t) 1 << 30)


int
eval_fail(struct eval *e, const struct script_span *where, const char *title,
          const char *format, ...)
{
    va_list  args;

    e->where = *where;
    e->title = title;

    va_start(args, format);
    (void) vsnprintf(e->message, sizeof(e->message), format, args);
    va_end(args);

    return -1;
}


int
eval_no_memory(struct eval *e, const struct script_span *where)
{
    return eval_fail(e, where, "Out of memory", "there is not enough memory");
}


/* Moves a buffer into the arena. */
static int
take(struct eval *e, const struct script_span *where, struct strbuf *from,
     struct str *to)
{
    to->len = from->len;
    to->data = from->failed ? NULL
               : arena_memdup(e->arena, from->data, from->len);
    strbuf_free(from);

    return to->data != NULL ? 0 : eval_no_memory(e, where);
}


/* ---- expressions ------------------------------------------------------- */

static int
new_uuid(struct eval *e, const struct script_expr *expr, struct value *value)
{
    char           text[37];
    unsigned char  b[16];

    if (getrandom(b, sizeof(b), 0) != sizeof(b)) {
        return eval_fail(e, &expr->span, "Function error",
                         "no random numbers: %s", strerror(errno));
    }

    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    (void) snprintf(text, sizeof(text), "%02x%02x%02x%02x-%02x%02x-%02x%02x-"
                    "%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
                    b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11],
                    b[12], b[13], b[14], b[15]);
    *value = value_string(arena_memdup(e->arena, text, 36), 36);

    return value->text.data != NULL ? 0 : eval_no_memory(e, &expr->span);
}


static void
new_date(struct value *value)
{
    struct timespec  now;

    (void) clock_gettime(CLOCK_REALTIME, &now);
    memset(value, 0, sizeof(*value));
    value->kind = VALUE_DATE;
    value->integer = now.tv_sec;
    value->micros = (int) (now.tv_nsec / 1000);
}


static int
get_env(struct eval *e, const struct script_expr *expr, struct value *value)
{
    const char  *text, *name;

    name = arena_memdup(e->arena, expr->name.data, expr->name.len);
    if (name == NULL) {
        return eval_no_memory(e, &expr->span);
    }

    text = getenv(name);
    if (text == NULL) {
        return eval_fail(e, &expr->span, "Undefined environment variable",
                         "the environment has no %s", name);
    }

    *value = value_string(text, strlen(text));

    return 0;
}


int
eval_expr(struct eval *e, const struct script_expr *expr, struct value *value)
{
    int                  rc = 0;
    const struct value  *found;

    switch (expr->kind) {
    case SCRIPT_EXPR_VARIABLE:
        found = vars_get(e->vars, expr->name.data, expr->name.len);
        if (found == NULL) {
            return eval_fail(e, &expr->span, "Undefined variable",
                             "you must set the variable %.*s",
                             (int) expr->name.len, expr->name.data);
        }
        *value = *found;
        break;

    case SCRIPT_EXPR_NEW_UUID:
        rc = new_uuid(e, expr, value);
        break;

    case SCRIPT_EXPR_NEW_DATE:
        new_date(value);
        break;

    case SCRIPT_EXPR_GET_ENV:
        rc = get_env(e, expr, value);
        break;
    }

    return rc != 0 ? rc : eval_filters(e, expr->filters, value);
}


/* ---- templates --------------------------------------------------------- */

static int
refuse_bare(struct eval *e, const struct script_expr *expr,
            const struct value *value)
{
    struct strbuf  text = { 0 };

    if (value_add_rendered(&text, value) != 0) {
        value_add_json(&text, value);
    }

    (void) eval_fail(e, &expr->span, "Invalid JSON", "actual value is <%.200s>"
                     ": a placeholder without quotes must be null, a boolean "
                     "or a number, put the placeholder in quotes",
                     text.data != NULL ? text.data : "");
    strbuf_free(&text);

    return -1;
}


/* Inside quotes as JSON text; bare ones must be null, boolean or number. */
static int
add_json_value(struct eval *e, const struct script_part *part,
               const struct value *value, struct strbuf *to)
{
    struct strbuf  text = { 0 }, quoted = { 0 };

    if (!part->in_string) {
        if (value->kind > VALUE_FLOAT || value->kind < VALUE_NULL) {
            return refuse_bare(e, part->expr, value);
        }
        value_add_json(to, value);
        return 0;
    }

    if (value_add_rendered(&text, value) != 0) {
        strbuf_free(&text);
        return eval_fail(e, &part->expr->span, "Unrenderable variable",
                         "%s cannot be rendered", value_kind_name(value));
    }

    json_write_string(&quoted, text.data != NULL ? text.data : "", text.len);
    if (quoted.len >= 2) {
        strbuf_add(to, quoted.data + 1, quoted.len - 2);
    }
    to->failed |= quoted.failed || text.failed;
    strbuf_free(&text);
    strbuf_free(&quoted);

    return 0;
}


static int
render(struct eval *e, const struct script_template *template, int json,
       struct str *text)
{
    struct value               value;
    struct strbuf              out = { 0 };
    const struct script_part  *part;

    for (part = template->parts; part != NULL; part = part->next) {
        if (part->expr == NULL) {
            strbuf_add(&out, part->text.data, part->text.len);
            continue;
        }

        memset(&value, 0, sizeof(value));
        if (eval_expr(e, part->expr, &value) != 0
            || (json && add_json_value(e, part, &value, &out) != 0))
        {
            strbuf_free(&out);
            return -1;
        }

        if (!json && value_add_rendered(&out, &value) != 0) {
            strbuf_free(&out);
            return eval_fail(e, &part->expr->span, "Unrenderable variable",
                             "%s cannot be rendered", value_kind_name(&value));
        }
    }

    return take(e, &template->span, &out, text);
}


int
eval_template(struct eval *e, const struct script_template *template,
              struct str *text)
{
    return render(e, template, 0, text);
}


int
eval_json_template(struct eval *e, const struct script_template *template,
                   struct str *text)
{
    return render(e, template, 1, text);
}


/* ---- files and bodies -------------------------------------------------- */

int
eval_is_below(const char *root, const char *path)
{
    size_t  len;
    char   *real_root = realpath(root, NULL), *real = realpath(path, NULL);
    int     below = 0;

    if (real_root != NULL && real != NULL) {
        len = strcmp(real_root, "/") == 0 ? 0 : strlen(real_root);
        below = strncmp(real, real_root, len) == 0
                && (real[len] == '/' || real[len] == '\0');
    }

    free(real_root);
    free(real);

    return below;
}


/* A name that leaves the root, as written or through links, is refused. */
static int
open_below(struct eval *e, const struct script_span *where, const char *name)
{
    int    fd;
    char  *path;

    path = arena_printf(e->arena, "%s/%s", name[0] == '/' ? "" : e->file_root,
                        name);

    if (path == NULL || access(path, F_OK) != 0) {
        return eval_fail(e, where, "File read access", "file %s can not be "
                         "read: %s", name, strerror(errno));
    }

    if (!eval_is_below(e->file_root, path)) {
        return eval_fail(e, where, "Unauthorized file access", "unauthorized "
                         "access to file %s, check --file-root option", name);
    }

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        (void) eval_fail(e, where, "File read access", "file %s can not be "
                         "read: %s", name, strerror(errno));
    }

    return fd;
}


int
eval_file(struct eval *e, const struct script_span *where, const char *name,
          struct str *bytes)
{
    int            fd;
    char           buf[65536];
    ssize_t        n;
    struct stat    st;
    struct strbuf  content = { 0 };

    fd = open_below(e, where, name);
    if (fd < 0) {
        return -1;
    }

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)
        || (size_t) st.st_size > FILE_MAX)
    {
        (void) close(fd);
        return eval_fail(e, where, "File read access", "%s is %s", name,
                         S_ISREG(st.st_mode) ? "larger than 1g"
                                             : "not a regular file");
    }

    while ((n = read(fd, buf, sizeof(buf))) > 0 && content.len <= FILE_MAX) {
        strbuf_add(&content, buf, (size_t) n);
    }

    (void) close(fd);

    if (n < 0) {
        strbuf_free(&content);
        return eval_fail(e, where, "File read access",
                         "file %s can not be read: %s", name,
                         strerror(errno));
    }

    return take(e, where, &content, bytes);
}


int
eval_body(struct eval *e, const struct script_body *body,
          struct str *bytes)
{
    struct str  name;

    switch (body->kind) {
    case SCRIPT_BODY_MULTILINE:
        return eval_template(e, body->multiline->text, bytes);
    case SCRIPT_BODY_ONELINE:
        return eval_template(e, body->text, bytes);
    case SCRIPT_BODY_JSON:
        return eval_json_template(e, body->text, bytes);
    case SCRIPT_BODY_FILE:
        return eval_template(e, body->text, &name) != 0
               ? -1 : eval_file(e, &body->text->span, name.data, bytes);
    case SCRIPT_BODY_XML:
    case SCRIPT_BODY_BASE64:
    case SCRIPT_BODY_HEX:
        break;
    }

    *bytes = body->bytes;

    return 0;
}


int
eval_value(struct eval *e, const struct script_value *from,
           struct value *value)
{
    struct str  text;

    memset(value, 0, sizeof(*value));

    switch (from->kind) {
    case SCRIPT_VALUE_NULL:
        value->kind = VALUE_NULL;
        return 0;

    case SCRIPT_VALUE_BOOL:
        value->kind = VALUE_BOOL;
        value->boolean = from->boolean;
        return 0;

    case SCRIPT_VALUE_INT:
        *value = value_int(from->integer);
        value->big = from->big;
        value->text.len = from->text.len;
        value->text.data = arena_memdup(e->arena, from->text.data,
                                        from->text.len);
        return value->text.data != NULL ? 0 : eval_no_memory(e, &from->span);

    case SCRIPT_VALUE_FLOAT:
        value->kind = VALUE_FLOAT;
        value->number = from->number;
        return 0;

    case SCRIPT_VALUE_STRING:
        value->kind = VALUE_STRING;
        return eval_template(e, from->string, &value->text);

    case SCRIPT_VALUE_MULTILINE:
        value->kind = VALUE_STRING;
        return eval_template(e, from->multiline->text, &value->text);

    case SCRIPT_VALUE_HEX:
    case SCRIPT_VALUE_BASE64:
        value->kind = VALUE_BYTES;
        value->text = from->text;
        return 0;

    case SCRIPT_VALUE_FILE:
        value->kind = VALUE_BYTES;
        return eval_template(e, from->string, &text) != 0
               ? -1 : eval_file(e, &from->span, text.data, &value->text);

    case SCRIPT_VALUE_REGEX:
        value->kind = VALUE_REGEX;
        value->text = from->text;
        return 0;

    case SCRIPT_VALUE_EXPR:
        break;
    }

    return eval_expr(e, from->expr, value);
}


int
eval_expect(struct eval *e, const struct script_value *from,
            const char *wanted, const struct value *actual)
{
    struct strbuf  shown = { 0 };

    value_add_shown(&shown, actual);
    (void) eval_fail(e, from->expr != NULL ? &from->expr->span : &from->span,
                     "Invalid expression type",
                     "expecting %s, actual value is %s", wanted,
                     shown.data != NULL ? shown.data
                                        : value_kind_name(actual));
    strbuf_free(&shown);

    return -1;
}
