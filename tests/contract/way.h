/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations and scripts that nobody thought of, about the way of a
 * request to its app: one kind after the other, by a seeded generator.
 */
#ifndef LF_WAY_H
#define LF_WAY_H

#include <stddef.h>
#include <stdio.h>

#define WAY_COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define WAY_PICK(array)   array[way_below(WAY_COUNT(array))]

struct way_kind {
    const char  *name;
    size_t       rows;                   /* of one script */

    /* Both texts are one site; conf is the inside of http. */
    void       (*write)(FILE *conf, FILE *script, size_t rows);
};

extern const struct way_kind  way_kinds[];
extern const size_t           way_kind_count;

void way_locations(FILE *conf, FILE *script, size_t rows);
void way_servers(FILE *conf, FILE *script, size_t rows);
void way_uris(FILE *conf, FILE *script, size_t rows);
void way_headers(FILE *conf, FILE *script, size_t rows);
void way_variables(FILE *conf, FILE *script, size_t rows);

/*
 * The nginx is not of the version that the mock is. What is known to differ is
 * left out: from 1.23 on a variable has all header lines of a name.
 */
extern int  way_other_version;

/* A number below n, the same everywhere for one seed. */
void way_seed(unsigned long seed);
size_t way_below(size_t n);

/* One entry: method, target behind "{{base}}", header lines of a script. */
void way_entry(FILE *script, const char *method, const char *base,
               const char *target, const char *headers);

/* A target of a few pieces, at most size - 1 bytes. */
void way_target(char *target, size_t size);

#endif /* LF_WAY_H */
