/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A folder under $TMPDIR that does not outlive this process, however it ends:
 * a small child waits for that and removes what is left.
 */
#ifndef PRIVATE_DIR_H
#define PRIVATE_DIR_H

#include <sys/types.h>

/* Short enough for Unix sockets in it: "/63.sock" and a NUL come behind. */
#define PRIVATE_DIR_MAX  (108 - 9)

struct private_dir {
    char   path[PRIVATE_DIR_MAX + 1];    /* "": there is none */
    pid_t  guard;
};

/*
 * Make it: "$TMPDIR/NAME.XXXXXX". pid_file, unless NULL, is where a server that
 * runs in the folder leaves its pid: it is ended with this process. Returns 0,
 * or -1 with a text in err (ERROR_LEN bytes).
 */
int private_dir_make(struct private_dir *dir, const char *name,
                     const char *pid_file, char *err);

/* Remove it and all that is in it, if there is one. */
void private_dir_remove(struct private_dir *dir);

#endif /* PRIVATE_DIR_H */
