/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations and scripts that nobody thought of, about the route of a
 * request to its app: one kind after the other, by a seeded generator.
 */
#ifndef LF_RANDOM_CONF_H
#define LF_RANDOM_CONF_H

#include <stddef.h>
#include <stdio.h>

#define WAY_COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define WAY_PICK(array)   array[conf_below(WAY_COUNT(array))]

struct conf_kind {
    const char  *name;
    size_t       rows;                   /* of one script */

    /* Both texts are one trial; conf is the inside of http. */
    void       (*write)(FILE *conf, FILE *script, size_t rows);
};

extern const struct conf_kind  conf_kinds[];
extern const size_t           conf_kind_count;

void conf_locations(FILE *conf, FILE *script, size_t rows);
void conf_servers(FILE *conf, FILE *script, size_t rows);
void conf_uris(FILE *conf, FILE *script, size_t rows);
void conf_headers(FILE *conf, FILE *script, size_t rows);
void conf_variables(FILE *conf, FILE *script, size_t rows);

/*
 * The nginx is not of the version that the mock is. What is known to differ is
 * left out: from 1.23 on a variable has all header lines of a name.
 */
extern int  conf_other_version;

/* A number below n, the same everywhere for one seed. */
void conf_seed(unsigned long seed);
size_t conf_below(size_t n);

/* One entry: method, target behind "{{base}}", header lines of a script. */
void conf_entry(FILE *script, const char *method, const char *base,
               const char *target, const char *headers);

/* A target of a few pieces, at most size - 1 bytes. */
void conf_target(char *target, size_t size);

#endif /* LF_RANDOM_CONF_H */
