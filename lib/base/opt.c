/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * See opt.h. A value may begin with '-' when the option asks for one, as in
 * curl: "-d -1" is data.
 */
#include "lib/base/opt.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/message.h"
#include "lib/base/suggest.h"

/* Columns of --help: where the text of an option begins. */
#define HELP_COLUMN  31


void
opt_start(struct opt_parser *parser, const struct opt_def *defs,
    const char *command, char **argv)
{
    memset(parser, 0, sizeof(*parser));
    parser->defs = defs;
    parser->command = command;
    parser->argv = argv;
}


static const struct opt_def *
find_name(const struct opt_def *def, const char *name, size_t len)
{
    for ( /* void */ ; def->help != NULL; def++) {
        if (def->name != NULL && strlen(def->name) == len
            && memcmp(def->name, name, len) == 0)
        {
            return def;
        }
    }

    return NULL;
}


static const struct opt_def *
find_letter(const struct opt_def *def, char letter)
{
    for ( /* void */ ; def->help != NULL; def++) {
        if (def->name != NULL && def->letter == letter) {
            return def;
        }
    }

    return NULL;
}


static int
unknown_name(const struct opt_parser *parser, const char *name, size_t len)
{
    char                   wanted[64], text[SUGGEST_TEXT];
    struct suggest         near;
    const struct opt_def  *def;

    (void) snprintf(wanted, sizeof(wanted), "%.*s", (int) len, name);
    suggest_start(&near, wanted);

    for (def = parser->defs; def->help != NULL; def++) {
        if (def->name != NULL) {
            suggest_add(&near, def->name);
        }
    }

    if (near.count != 0) {
        message_error("unknown option --%.*s%s", (int) len, name,
                      suggest_text(&near, "--", text));

    } else {
        message_error("unknown option --%.*s; \"linkfunc %s --help\" lists "
                      "them all", (int) len, name, parser->command);
    }

    return OPT_ERROR;
}


static int
missing_value(const struct opt_def *def)
{
    message_error("option --%s needs a value: --%s %s", def->name, def->name,
                  def->value);

    return OPT_ERROR;
}


static int
next_long(struct opt_parser *parser, const char *word)
{
    size_t                 len;
    const struct opt_def  *def;

    len = strcspn(word, "=");

    def = find_name(parser->defs, word, len);
    if (def == NULL) {
        return unknown_name(parser, word, len);
    }

    if (word[len] == '=') {
        if (def->value == NULL) {
            message_error("option --%s takes no value", def->name);
            return OPT_ERROR;
        }

        parser->value = word + len + 1;

    } else if (def->value != NULL) {
        if (*parser->argv == NULL) {
            return missing_value(def);
        }

        parser->value = *parser->argv++;
    }

    return def->id;
}


static int
next_short(struct opt_parser *parser)
{
    char                   letter;
    const struct opt_def  *def;

    letter = *parser->letters++;

    def = find_letter(parser->defs, letter);
    if (def == NULL) {
        message_error("unknown option -%c; \"linkfunc %s --help\" lists them "
                      "all", letter, parser->command);
        return OPT_ERROR;
    }

    if (def->value == NULL) {
        return def->id;
    }

    if (*parser->letters != '\0') {
        parser->value = parser->letters;
        parser->letters = NULL;
        return def->id;
    }

    if (*parser->argv == NULL) {
        return missing_value(def);
    }

    parser->value = *parser->argv++;

    return def->id;
}


int
opt_next(struct opt_parser *parser)
{
    char  *word;

    parser->value = NULL;

    if (parser->letters != NULL && *parser->letters != '\0') {
        return next_short(parser);
    }

    word = *parser->argv;
    if (word == NULL) {
        return OPT_END;
    }

    parser->argv++;

    if (!parser->ended && word[0] == '-' && word[1] != '\0') {
        if (strcmp(word, "--") == 0) {
            parser->ended = 1;
            return opt_next(parser);
        }

        if (word[1] == '-') {
            return next_long(parser, word + 2);
        }

        parser->letters = word + 1;
        return next_short(parser);
    }

    parser->value = word;

    return OPT_ARGUMENT;
}


void
opt_print(const struct opt_def *def)
{
    int  column;

    for ( /* void */ ; def->help != NULL; def++) {
        if (def->name == NULL) {
            (void) printf("\n%s\n", def->help);
            continue;
        }

        column = def->letter ? printf("  -%c, --%s", def->letter, def->name)
                             : printf("      --%s", def->name);

        if (def->value != NULL) {
            column += printf(" %s", def->value);
        }

        if (column >= HELP_COLUMN) {
            (void) printf("\n");
            column = 0;
        }

        (void) printf("%*s%s\n", HELP_COLUMN - column, "", def->help);
    }
}
