/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays sites that nobody thought of on both hosts: `linkfunc run --on both`
 * finds any difference. A site that shows one is kept and named.
 *
 *     contract_way LINKFUNC LIB-DIR HOST KIND SEED SITES
 *
 * LINKFUNC_TEST_SEED and LINKFUNC_TEST_SITES in the environment replace the
 * last two: for longer runs by hand.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/contract/way.h"
#include "tests/support/number_of.h"

#define PATH  512

struct site {
    char  folder[128];
    char  conf[PATH], script[PATH], output[PATH];
};

extern char  **environ;

static char  **words;                     /* of the command line */


static const struct way_kind *
find_kind(const char *name)
{
    size_t  i;

    for (i = 0; i < way_kind_count; i++) {
        if (strcmp(way_kinds[i].name, name) == 0) {
            return &way_kinds[i];
        }
    }

    return NULL;
}


static int
write_site(const struct site *site, const struct way_kind *kind)
{
    int    rc = -1;
    FILE  *conf = fopen(site->conf, "we");
    FILE  *script = fopen(site->script, "we");

    if (conf == NULL || script == NULL) {
        goto done;
    }

    kind->write(conf, script, kind->rows);
    rc = 0;

done:

    rc |= conf == NULL || fclose(conf) != 0;
    rc |= script == NULL || fclose(script) != 0;

    return rc;
}


/* The exit status of linkfunc; its words are in the site's output. */
static int
play(struct site *site)
{
    int                          status = -1;
    pid_t                        pid;
    const char                  *argv[] = {
        words[1], "run", "--on", words[3], "--conf", site->conf, "--lib-dir",
        words[2], "--test", "--continue-on-error", "--no-color", "--jobs",
        "1", site->script, NULL
    };
    posix_spawn_file_actions_t   actions;

    if (posix_spawn_file_actions_init(&actions) != 0) {
        return -1;
    }

    if (posix_spawn_file_actions_addopen(&actions, 1, site->output,
                                         O_WRONLY|O_CREAT|O_TRUNC, 0600) != 0
        || posix_spawn_file_actions_adddup2(&actions, 1, 2) != 0
        || posix_spawn(&pid, argv[0], &actions, NULL,
                       (char **) (uintptr_t) argv, environ) != 0)
    {
        goto done;
    }

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) { /* void */ }

done:

    (void) posix_spawn_file_actions_destroy(&actions);

    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}


static void
show(const char *path)
{
    char    buf[4096];
    FILE   *file = fopen(path, "re");
    size_t  n;

    if (file == NULL) {
        return;
    }

    while ((n = fread(buf, 1, sizeof(buf), file)) > 0) {
        (void) fwrite(buf, 1, n, stderr);
    }

    (void) fclose(file);
}


static int
open_site(struct site *site)
{
    const char  *temp = getenv("TMPDIR");

    (void) snprintf(site->folder, sizeof(site->folder),
                    "%.100s/lf-way-XXXXXX", temp != NULL ? temp : "/tmp");
    if (mkdtemp(site->folder) == NULL) {
        return -1;
    }

    (void) snprintf(site->conf, PATH, "%s/way.conf", site->folder);
    (void) snprintf(site->script, PATH, "%s/way.hurl", site->folder);
    (void) snprintf(site->output, PATH, "%s/output", site->folder);

    return 0;
}


static void
close_site(const struct site *site)
{
    (void) unlink(site->conf);
    (void) unlink(site->script);
    (void) unlink(site->output);
    (void) rmdir(site->folder);
}


int
main(int argc, char **argv)
{
    int                      rc = 0;
    struct site              site;
    unsigned long            seed, sites, i;
    const struct way_kind   *kind = argc > 6 ? find_kind(argv[4]) : NULL;

    if (kind == NULL) {
        (void) fprintf(stderr, "usage: contract_way LINKFUNC LIB-DIR HOST "
                       "KIND SEED SITES [other-version]\n");
        return 2;
    }

    words = argv;
    way_other_version = argc > 7 && strcmp(argv[7], "other-version") == 0;
    seed = number_of("LINKFUNC_TEST_SEED", argv[5]);
    sites = number_of("LINKFUNC_TEST_SITES", argv[6]);

    if (open_site(&site) != 0) {
        perror("mkdtemp");
        return 1;
    }

    for (i = 0; i < sites && rc == 0; i++) {
        way_seed(seed + i);
        rc = write_site(&site, kind) != 0 ? -1 : play(&site);
    }

    (void) printf("%s: %lu rows, seeds %lu to %lu, on %s\n", kind->name,
                  i * kind->rows, seed, seed + i - 1, argv[3]);

    if (rc != 0) {
        (void) fprintf(stderr, "seed %lu, exit status %d; kept: %s\n",
                       seed + i - 1, rc, site.folder);
        show(site.output);
        return 1;
    }

    close_site(&site);

    return 0;
}
