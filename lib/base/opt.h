/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options of a command: one table serves parsing and --help (and a test
 * compares the manual with it). Spelled as curl does: --name VALUE,
 * --name=VALUE, -nVALUE, -n VALUE, flags combined (-is), "--" ends options.
 */
#ifndef OPT_H
#define OPT_H

struct opt_def {
    int          id;             /* > 0; what opt_next returns */
    char         letter;         /* 0: none */
    const char  *name;           /* NULL: a heading, text is in help */
    const char  *value;          /* name of its value; NULL: a flag */
    const char  *help;
};

struct opt_parser {
    const struct opt_def  *defs;     /* ended by help NULL */
    const char            *command;  /* "call": for messages */
    char                 **argv;     /* ended by NULL */
    const char            *letters;  /* rest of a group of short flags */
    const char            *value;    /* of the option or argument returned */
    unsigned               ended:1;  /* "--" was seen */
};

enum { OPT_ARGUMENT = -1, OPT_END = -2, OPT_ERROR = -3 };

/* argv stands behind the name of the command. */
void opt_start(struct opt_parser *parser, const struct opt_def *defs,
               const char *command, char **argv);

/*
 * The id of the next option, or OPT_ARGUMENT for a word that is none (both
 * with parser->value), OPT_END, or OPT_ERROR after a message.
 */
int opt_next(struct opt_parser *parser);

/* The headings and options, for --help, on stdout. */
void opt_print(const struct opt_def *defs);

#endif /* OPT_H */
