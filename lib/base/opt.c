/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See opt.h. A value may begin with '-' when the option needs one, as in curl:
 * "-d -1" is data.
 */
#include "lib/base/opt.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/message.h"
#include "lib/base/number.h"
#include "lib/base/suggest.h"

/* Columns of --help: where the text of an option begins. */
#define HELP_COLUMN  31

struct parser {
    const struct opt_command  *command;
    char                     **words;    /* the next one; ended by NULL */
    void                      *options;
    struct strbuf             *rerun;    /* or NULL */
};


/* ---- values ------------------------------------------------------------ */

const char *
opt_words(const struct opt_row *row)
{
    return row->words != NULL ? row->words : row->value;
}


static int
wrong_choice(const struct opt_row *row, const char *value)
{
    char           *word, *next, words[256], text[SUGGEST_TEXT];
    struct strbuf   all;
    struct suggest  near;

    (void) snprintf(words, sizeof(words), "%s", opt_words(row));
    memset(&all, 0, sizeof(all));
    suggest_start(&near, value);

    for (word = words; word != NULL; word = next) {
        next = strchr(word, '|');
        if (next != NULL) {
            *next++ = '\0';
        }

        strbuf_printf(&all, "%s%s", word == words ? ""
                      : next != NULL ? ", " : " or ", word);
        suggest_add(&near, word);
    }

    if (near.count != 0) {
        message_error("--%s %s: no such value%s", row->name, value,
                      suggest_text(&near, "", text));

    } else {
        message_error("--%s %s: choose %s", row->name, value,
                      all.failed ? "another" : all.data);
    }

    strbuf_free(&all);

    return OPT_ERROR;
}


static int
set_choice(const struct opt_row *row, const char *value, int *member)
{
    int          n;
    size_t       len;
    const char  *word;

    n = (int) row->min;

    for (word = opt_words(row); /* void */ ; word += len + 1, n++) {
        len = strcspn(word, "|");

        if (strlen(value) == len && memcmp(value, word, len) == 0) {
            *member = n;
            return OPT_OK;
        }

        if (word[len] == '\0') {
            return wrong_choice(row, value);
        }
    }
}


static int
add_pair(const struct opt_row *row, const char *value, struct strlist *member)
{
    if (value[0] == '=' || strchr(value, '=') == NULL) {
        message_error("--%s '%s': write %s", row->name, value, row->value);
        return OPT_ERROR;
    }

    return strlist_add(member, value, strlen(value));
}


static int
set_count(const struct opt_row *row, const char *value, unsigned long *member)
{
    if (number_parse_count(value, row->min, row->max, member) == 0) {
        return OPT_OK;
    }

    message_error("--%s %s: give a number from %lu to %lu", row->name, value,
                  row->min, row->max);

    return OPT_ERROR;
}


static int
set_size(const struct opt_row *row, const char *value, size_t *member)
{
    if (number_parse_size(value, member) != 0) {
        message_error("--%s %s: give a size such as 64k, 1m or 1g", row->name,
                      value);
        return OPT_ERROR;
    }

    if (*member < row->min) {
        message_error("--%s %s: too small, give at least %luk", row->name,
                      value, row->min / 1024);
        return OPT_ERROR;
    }

    return OPT_OK;
}


static int
set_duration(const struct opt_row *row, const char *value, uint64_t *member)
{
    if (number_parse_duration(value, member) == 0) {
        return OPT_OK;
    }

    message_error("--%s %s: give a time such as 10s, 500ms or 2m", row->name,
                  value);

    return OPT_ERROR;
}


/* ---- help -------------------------------------------------------------- */

void
opt_print(const struct opt_row *row)
{
    int  column;

    for ( /* void */ ; row->help != NULL; row++) {
        if (row->name == NULL) {
            (void) printf("\n%s\n", row->help);
            continue;
        }

        column = row->letter ? printf("  -%c, --%s", row->letter, row->name)
                             : printf("      --%s", row->name);

        if (row->value != NULL) {
            column += printf(" %s", row->value);
        }

        if (column >= HELP_COLUMN) {
            (void) printf("\n");
            column = 0;
        }

        (void) printf("%*s%s\n", HELP_COLUMN - column, "", row->help);
    }
}


static int
print_help(const struct opt_command *command)
{
    (void) fputs(command->usage, stdout);
    opt_print(command->rows);

    if (command->examples != NULL) {
        (void) fputs(command->examples, stdout);
    }

    return message_flush_stdout() == 0 ? OPT_DONE : OPT_ERROR;
}


/* ---- the command line -------------------------------------------------- */

static int
set(const struct parser *parser, const struct opt_row *row, const char *value)
{
    void  *member = (char *) parser->options + row->offset;

    switch (row->kind) {

    case OPT_KIND_HEADING:
        break;

    case OPT_KIND_HELP:
        return print_help(parser->command);

    case OPT_KIND_FLAG:
    case OPT_KIND_NO_FLAG:
        *(bool *) member = row->kind == OPT_KIND_FLAG;
        break;

    case OPT_KIND_TEXT:
        *(const char **) member = value;
        break;

    case OPT_KIND_LIST:
        return strlist_add(member, value, strlen(value));

    case OPT_KIND_PAIRS:
        return add_pair(row, value, member);

    case OPT_KIND_COUNT:
        return set_count(row, value, member);

    case OPT_KIND_SIZE:
        return set_size(row, value, member);

    case OPT_KIND_DURATION:
        return set_duration(row, value, member);

    case OPT_KIND_CHOICE:
        return set_choice(row, value, member);

    case OPT_KIND_CALLBACK:
        return row->set(parser->options, row, value);
    }

    return OPT_OK;
}


static int
unknown_name(const struct opt_command *command, const char *name, size_t len)
{
    char                   wanted[64], text[SUGGEST_TEXT];
    struct suggest         near;
    const struct opt_row  *row;

    (void) snprintf(wanted, sizeof(wanted), "%.*s", (int) len, name);
    suggest_start(&near, wanted);

    for (row = command->rows; row->help != NULL; row++) {
        if (row->name != NULL) {
            suggest_add(&near, row->name);
        }
    }

    if (near.count != 0) {
        message_error("unknown option --%.*s%s", (int) len, name,
                      suggest_text(&near, "--", text));

    } else {
        message_error("unknown option --%.*s; \"%s --help\" lists them all",
                      (int) len, name, command->name);
    }

    return OPT_ERROR;
}


/* With the value that stands in the same word, or NULL. */
static int
take(struct parser *parser, const struct opt_row *row, const char *value)
{
    if (row->value != NULL && value == NULL) {
        value = *parser->words;

        if (value == NULL) {
            message_error("option --%s needs a value: --%s %s", row->name,
                          row->name, row->value);
            return OPT_ERROR;
        }

        parser->words++;
    }

    if (row->rerun && parser->rerun != NULL) {
        strbuf_printf(parser->rerun, " --%s", row->name);

        if (value != NULL) {
            strbuf_addch(parser->rerun, ' ');
            strbuf_add_shell(parser->rerun, value, strlen(value));
        }
    }

    return set(parser, row, value);
}


/* word stands behind "--". */
static int
parse_long(struct parser *parser, const char *word)
{
    size_t                 len;
    const char            *value;
    const struct opt_row  *row;

    len = strcspn(word, "=");
    value = word[len] == '=' ? word + len + 1 : NULL;

    for (row = parser->command->rows; row->help != NULL; row++) {
        if (row->name == NULL || strlen(row->name) != len
            || memcmp(row->name, word, len) != 0)
        {
            continue;
        }

        if (row->value == NULL && value != NULL) {
            message_error("option --%s takes no value", row->name);
            return OPT_ERROR;
        }

        return take(parser, row, value);
    }

    return unknown_name(parser->command, word, len);
}


/* letters stand behind "-": flags, the last one perhaps with a value. */
static int
parse_short(struct parser *parser, const char *letters)
{
    int                    rc;
    const struct opt_row  *row;

    for (rc = OPT_OK; rc == OPT_OK && *letters != '\0'; letters++) {

        for (row = parser->command->rows; row->help != NULL; row++) {
            if (row->name != NULL && row->letter == *letters) {
                break;
            }
        }

        if (row->help == NULL) {
            message_error("unknown option -%c; \"%s --help\" lists them all",
                          *letters, parser->command->name);
            return OPT_ERROR;
        }

        if (row->value != NULL) {
            return take(parser, row, letters[1] ? letters + 1 : NULL);
        }

        rc = take(parser, row, NULL);
    }

    return rc;
}


int
opt_parse(const struct opt_command *command, char **words, void *options,
    struct strbuf *rerun)
{
    int            rc, ended;
    char          *word;
    struct parser  parser = { command, words, options, rerun };

    ended = 0;

    for (rc = OPT_OK; rc == OPT_OK && *parser.words != NULL; ) {
        word = *parser.words++;

        if (ended || word[0] != '-' || word[1] == '\0') {
            rc = command->argument(options, parser.words - 1);

        } else if (word[1] != '-') {
            rc = parse_short(&parser, word + 1);

        } else if (word[2] != '\0') {
            rc = parse_long(&parser, word + 2);

        } else {
            ended = 1;
        }
    }

    return rc;
}
