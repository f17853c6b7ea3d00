/* SPDX-License-Identifier: BSD-2-Clause */
/* Configuration files from the disk, includes inserted. */
#ifndef CONF_LOAD_H
#define CONF_LOAD_H

#include "harness/conf/conf_parse.h"

/* A configuration file, and all files it includes, may be this large. */
#define CONF_SIZE_MAX  (16 * 1024 * 1024)

/*
 * Read and parse a file. include directives are replaced by what the files
 * hold; relative names are taken from the folder of the first file, as nginx
 * does. Returns 0, or -1 with *error filled.
 */
int conf_load(struct arena *arena, const char *path, struct conf_node **root,
              struct conf_error *error);

/* The line of a file, for messages: a copy in the arena, or NULL. */
const char *conf_line(struct arena *arena, const char *path, unsigned line);

#endif /* CONF_LOAD_H */
