/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays random configurations on both hosts: `linkfunc run --on both`
 * finds any difference. A configuration that shows one is kept and named.
 *
 *     contract_random_conf LINKFUNC LIB-DIR HOST KIND SEED TRIALS
 *
 * LINKFUNC_TEST_SEED and LINKFUNC_TEST_CONFS in the environment replace the
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

#include "tests/contract/random_conf.h"
#include "tests/support/number_of.h"

#define PATH  512

struct trial {
    char  folder[128];
    char  conf[PATH], script[PATH], output[PATH];
};

extern char  **environ;

static char  **words;                     /* of the command line */


static const struct conf_kind *
find_kind(const char *name)
{
    size_t  i;

    for (i = 0; i < conf_kind_count; i++) {
        if (strcmp(conf_kinds[i].name, name) == 0) {
            return &conf_kinds[i];
        }
    }

    return NULL;
}


static int
write_trial(const struct trial *trial, const struct conf_kind *kind)
{
    int    rc = -1;
    FILE  *conf = fopen(trial->conf, "we");
    FILE  *script = fopen(trial->script, "we");

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


/* The exit status of linkfunc; its words are in the trial's output. */
static int
play(struct trial *trial)
{
    int                          status = -1;
    pid_t                        pid;
    const char                  *argv[] = {
        words[1], "run", "--on", words[3], "--conf", trial->conf, "--lib-dir",
        words[2], "--test", "--continue-on-error", "--no-color", "--jobs",
        "1", trial->script, NULL
    };
    posix_spawn_file_actions_t   actions;

    if (posix_spawn_file_actions_init(&actions) != 0) {
        return -1;
    }

    if (posix_spawn_file_actions_addopen(&actions, 1, trial->output,
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
open_trial(struct trial *trial)
{
    const char  *temp = getenv("TMPDIR");

    (void) snprintf(trial->folder, sizeof(trial->folder),
                    "%.100s/lf-conf-XXXXXX", temp != NULL ? temp : "/tmp");
    if (mkdtemp(trial->folder) == NULL) {
        return -1;
    }

    (void) snprintf(trial->conf, PATH, "%s/random.conf", trial->folder);
    (void) snprintf(trial->script, PATH, "%s/random.hurl", trial->folder);
    (void) snprintf(trial->output, PATH, "%s/output", trial->folder);

    return 0;
}


static void
close_trial(const struct trial *trial)
{
    (void) unlink(trial->conf);
    (void) unlink(trial->script);
    (void) unlink(trial->output);
    (void) rmdir(trial->folder);
}


int
main(int argc, char **argv)
{
    int                      rc = 0;
    struct trial              trial;
    unsigned long            seed, trials, i;
    const struct conf_kind   *kind = argc > 6 ? find_kind(argv[4]) : NULL;

    if (kind == NULL) {
        (void) fprintf(stderr, "usage: contract_random_conf LINKFUNC LIB-DIR "
                       "HOST KIND SEED TRIALS [other-version]\n");
        return 2;
    }

    words = argv;
    conf_other_version = argc > 7 && strcmp(argv[7], "other-version") == 0;
    seed = number_of("LINKFUNC_TEST_SEED", argv[5]);
    trials = number_of("LINKFUNC_TEST_CONFS", argv[6]);

    if (open_trial(&trial) != 0) {
        perror("mkdtemp");
        return 1;
    }

    for (i = 0; i < trials && rc == 0; i++) {
        conf_seed(seed + i);
        rc = write_trial(&trial, kind) != 0 ? -1 : play(&trial);
    }

    (void) printf("%s: %lu rows, seeds %lu to %lu, on %s\n", kind->name,
                  i * kind->rows, seed, seed + i - 1, argv[3]);

    if (rc != 0) {
        (void) fprintf(stderr, "seed %lu, exit status %d; kept: %s\n",
                       seed + i - 1, rc, trial.folder);
        show(trial.output);
        return 1;
    }

    close_trial(&trial);

    return 0;
}
