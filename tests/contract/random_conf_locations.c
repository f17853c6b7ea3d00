/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows about locations: sets of all kinds, nested, and targets that may reach
 * any of them. Every location says in a header which one it is and what its
 * regular expression took.
 */
#include <string.h>

#include "tests/contract/random_conf.h"

#define DEPTH_MAX  3
#define LEVEL_MAX  8

/* What stands at one level already: nginx takes nothing twice. */
struct level {
    char    taken[LEVEL_MAX][96];
    size_t  count;
};

static const char *const  segments[] = {
    "a", "ab", "A", "b", "x", "x1", "c.txt", "a b", "\xc3\xa9", "img", "..",
    "a/", "a/b", "a/b/", "", "/", "%", "%61", ".", "a+", "?"
};

static const char *const  patterns[] = {
    "\\.txt$", "^/a", "^/(a|b)(.*)$", "^/(?<n1>[^/]+)/", "(?<n2>\\d+)", "b{2}",
    "^/[aA]b?", "/$", "(?i)AB", "^/a(b)?(c)?", "\\s", "\xc3\xa9", ".", "^/.{3}$",
    "(x)|(b)", "(?<n1>a+)(?<n2>b*)", "/a/", "%", "^/$", "A", "(?i:a)b", "a$",
    "^/x(\\d)(?<n2>.)?", "\\x61", "[[:upper:]]", "a.*b", "^(/)(.)(.)(.)?",
    "(?=a)", "(?<!/)b", "\\?", "(a)(b)?(x)?", "^/ab/?$", "\\n", "^/\\W"
};

static size_t  number;


static int
take(struct level *level, char kind, const char *name)
{
    char    text[96];
    size_t  i;

    (void) snprintf(text, sizeof(text), "%c%s", kind, name);

    for (i = 0; i < level->count; i++) {
        if (strcmp(level->taken[i], text) == 0) {
            return 0;
        }
    }

    if (level->count == LEVEL_MAX) {
        return 0;
    }

    (void) strcpy(level->taken[level->count++], text);

    return 1;
}


static void write_level(FILE *conf, const char *outer, int depth);


static void
write_location(FILE *conf, const char *modifier, const char *name,
               const char *outer, int depth)
{
    (void) fprintf(conf, "location %s \"", modifier);

    for (const char *at = name; *at != '\0'; at++) {
        (void) fprintf(conf, *at == '\\' ? "\\\\" : "%c", *at);
    }

    (void) fprintf(conf, "\" {\nngx_link_func_add_req_header X-Loc "
                   "\"L%zu 1=[$1] 2=[$2] 3=[$3] 9=[$9] [$n1] [$n2] [$uri] "
                   "[$1$uri]\";\nngx_link_func_call contract_ops;\n%s",
                   ++number, conf_below(15) == 0 ? "internal;\n" : "");

    if (depth < DEPTH_MAX && outer != NULL && conf_below(3) == 0) {
        write_level(conf, outer, depth + 1);
    }

    (void) fprintf(conf, "}\n");
}


/* outer: how the names of inner locations must begin. */
static void
write_level(FILE *conf, const char *outer, int depth)
{
    char          name[64];
    size_t        n;
    const char   *pattern;
    struct level  level = { .count = 0 };

    for (n = conf_below(depth == 0 ? 8 : 3) + 1; n > 0; n--) {
        if (conf_below(2) == 0) {
            pattern = WAY_PICK(patterns);
            write_location(conf, conf_below(3) ? "~" : "~*", pattern, pattern,
                           depth);
            continue;
        }

        (void) snprintf(name, sizeof(name), "%s%s%s", outer,
                        conf_below(2) ? "" : "/", WAY_PICK(segments));

        switch (conf_below(4)) {
        case 0:
            if (take(&level, '=', name)) {
                write_location(conf, "=", name, NULL, depth);
            }
            break;
        case 1:
            if (take(&level, '/', name)) {
                write_location(conf, "^~", name, name, depth);
            }
            break;
        default:
            if (take(&level, '/', name)) {
                write_location(conf, "", name, name, depth);
            }
        }
    }

    if (depth == 0 && take(&level, '/', "/")) {
        write_location(conf, "", "/", "/", depth);
    }
}


void
conf_locations(FILE *conf, FILE *script, size_t rows)
{
    char    target[160];

    number = 0;
    (void) fprintf(conf, "server {\n%s"
                   "ngx_link_func_lib ./libapp_contract.so;\n",
                   conf_below(4) ? "" : "merge_slashes off;\n");
    write_level(conf, "/", 0);

    /* so that the groups are variables */
    (void) fprintf(conf, "location ~ ^never(?<n1>x)(?<n2>y)$ { }\n"
                   "location @named { }\n}\n");

    for ( ; rows > 0; rows--) {
        conf_target(target, sizeof(target));
        conf_entry(script, "GET", "{{base}}", target, "");
    }
}
