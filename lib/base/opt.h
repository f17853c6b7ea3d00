/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options of a command. One row is one option: parsing, --help, the manual
 * page and the completions read it, and it names the member that is set.
 * Spelled as curl does: --name VALUE, --name=VALUE, -nVALUE, -n VALUE, flags
 * combined (-is), "--" ends options.
 */
#ifndef OPT_H
#define OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/strbuf.h"
#include "lib/base/strlist.h"

enum opt_kind {
    OPT_KIND_HEADING,
    OPT_KIND_HELP,
    OPT_KIND_FLAG,
    OPT_KIND_NO_FLAG,
    OPT_KIND_TEXT,
    OPT_KIND_LIST,
    OPT_KIND_PAIRS,
    OPT_KIND_COUNT,
    OPT_KIND_SIZE,
    OPT_KIND_DURATION,
    OPT_KIND_CHOICE,
    OPT_KIND_CALLBACK
};

enum { OPT_OK = 0, OPT_DONE = 1, OPT_ERROR = -1 };

struct opt_row;

/* Returns OPT_OK, OPT_DONE (read no more), or OPT_ERROR after a message. */
typedef int  opt_callback(void *options, const struct opt_row *row,
                          const char *value);

struct opt_row {
    char            letter;      /* 0: none */
    const char     *name;        /* NULL: a heading */
    const char     *value;       /* name of its value; NULL: it takes none */
    enum opt_kind   kind;
    size_t          offset;      /* of the member */
    unsigned long   min, max;
    opt_callback   *set;
    const void     *data;        /* for set */
    const char     *words;       /* "a|b": what may be given; NULL: see value */
    bool            rerun;       /* see opt_parse */
    const char     *help;        /* one line; NULL: the end of the rows */
    const char     *manual;      /* sentences; NULL: the help is enough */
};

/*
 * What an option sets, for its row: the struct and the member. A member of
 * another type does not compile.
 */
#define OPT_FLAG(type, member)                            /* bool: true */    \
    OPT_MEMBER(OPT_KIND_FLAG, type, member, bool)
#define OPT_NO_FLAG(type, member)                         /* bool: false */   \
    OPT_MEMBER(OPT_KIND_NO_FLAG, type, member, bool)
#define OPT_TEXT(type, member)                            /* const char * */  \
    OPT_MEMBER(OPT_KIND_TEXT, type, member, const char *)
#define OPT_LIST(type, member)                            /* struct strlist */\
    OPT_MEMBER(OPT_KIND_LIST, type, member, struct strlist)
#define OPT_PAIRS(type, member)                   /* the same, of NAME=VALUE */\
    OPT_MEMBER(OPT_KIND_PAIRS, type, member, struct strlist)
#define OPT_COUNT(type, member, min_, max_)               /* unsigned long */ \
    OPT_MEMBER(OPT_KIND_COUNT, type, member, unsigned long),                  \
    .min = (min_), .max = (max_)
#define OPT_SIZE(type, member, min_)                      /* size_t */        \
    OPT_MEMBER(OPT_KIND_SIZE, type, member, size_t), .min = (min_)
#define OPT_DURATION(type, member)                        /* uint64_t, ns */  \
    OPT_MEMBER(OPT_KIND_DURATION, type, member, uint64_t)

/* An int or enum: first for the first word, one more for each that follows. */
#define OPT_CHOICE(type, member, first)                                       \
    .kind = OPT_KIND_CHOICE, .min = (first), .offset = offsetof(type, member) \
        + OPT_REQUIRE(sizeof(((type *) 0)->member) == sizeof(int))

#define OPT_CALLBACK(function)  .kind = OPT_KIND_CALLBACK, .set = (function)

#define OPT_HEADING(text)  .kind = OPT_KIND_HEADING, .help = (text)
#define OPT_HELP  'h', "help", NULL, .kind = OPT_KIND_HELP,                   \
                  .help = "This text", .manual = "List the options."

/* 0, or no constant at all. */
#define OPT_REQUIRE(condition)  (0 * sizeof(char [(condition) ? 1 : -1]))
#define OPT_MEMBER(kind_, type, member, expected)                             \
    .kind = (kind_), .offset = offsetof(type, member)                         \
        + OPT_REQUIRE(__builtin_types_compatible_p(                           \
                          expected, __typeof__(((type *) 0)->member)))

struct opt_command {
    const char            *name;         /* "PROGRAM COMMAND" */
    const char            *summary;      /* half a line */
    int                  (*run)(char **words);   /* returns the exit status */
    const char            *usage;        /* what --help begins with */
    const char            *examples;     /* what it ends with; or NULL */
    const struct opt_row  *rows;

    /* For words[0], which is no option; words ends with NULL. As callbacks. */
    int                  (*argument)(void *options, char **words);
};

/*
 * Read words up to NULL into options. The options with `rerun` are added to
 * rerun, which may be NULL, for a line of a shell that does the same again:
 * " --repeat 3". Returns OPT_OK; OPT_DONE when --help was printed or a
 * callback said so; OPT_ERROR after a message.
 */
int opt_parse(const struct opt_command *command, char **words, void *options,
              struct strbuf *rerun);

/* The headings and options, for --help, on stdout. */
void opt_print(const struct opt_row *rows);

/* "a|b|C", separated by '|': words in capitals stand for others. Or NULL. */
const char *opt_words(const struct opt_row *row);

#endif /* OPT_H */
