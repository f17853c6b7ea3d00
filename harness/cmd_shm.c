/* SPDX-License-Identifier: BSD-2-Clause */
/* linkfunc shm: the named zones of `call --shm NAME`. */
#include <stdio.h>
#include <string.h>

#include "harness/cmd_shm.h"
#include "lib/base/exit_status.h"
#include "fakes/lf_fake_zone.h"
#include "lib/base/message.h"
#include "lib/base/opt.h"
#include "lib/base/strlist.h"
#include "lib/base/suggest.h"

struct shm_options {
    const char      *command;                /* "ls", "rm" */
    struct strlist   names;
};

struct listing {
    struct strlist  names;
    unsigned        failed:1;
};


static void
on_found(void *data, const char *name)
{
    struct listing  *l = data;

    l->failed |= strlist_add(&l->names, name, strlen(name)) != 0;
}


static void
show_lock(const struct lf_zone *zone)
{
    int    dead;
    pid_t  owner;

    owner = lf_fake_zone_owner(zone, &dead);

    if (owner == 0) {
        (void) printf("%8s  in use\n", "?");

    } else if (dead) {
        (void) printf("%8s  held by process %ld, which has ended: the next "
                      "call releases it\n", "?", (long) owner);

    } else {
        (void) printf("%8s  held by process %ld\n", "?", (long) owner);
    }
}


/*
 * One line. A zone that somebody works in is shown without its keys: nobody is
 * waited for.
 */
static void
show(const char *name)
{
    char             err[LF_ERR_LEN];
    size_t           pages, unused;
    struct lf_zone   zone;

    if (lf_fake_named_zone_open(&zone, name, LF_FAKE_NAMED_ZONE_FIND, err)
        != 0)
    {
        (void) printf("%-20s %s\n", name, err);
        return;
    }

    lf_fake_zone_figures(&zone, &pages, &unused);
    (void) printf("%-20s %10zu %9zuk ", name, zone.size,
                  (pages - unused) * 4);

    if (ngx_link_func_shmtx_trylock(&zone)) {
        (void) printf("%8zu  -\n", lf_cache_count(&zone));
        ngx_link_func_shmtx_unlock(&zone);

    } else {
        show_lock(&zone);
    }

    lf_fake_zone_close(&zone);
}


static int
list(void)
{
    int             status = EXIT_OK;
    char            err[LF_ERR_LEN];
    size_t          i;
    struct listing  l;

    memset(&l, 0, sizeof(l));

    if (lf_fake_named_zone_list(on_found, &l, err) != 0 || l.failed) {
        message_error("%s", l.failed ? "out of memory" : err);
        status = EXIT_USAGE;

    } else if (l.names.count > 0) {
        strlist_sort(&l.names, 0);
        (void) printf("%-20s %10s %10s %8s  %s\n", "NAME", "SIZE", "USED",
                      "KEYS", "LOCK");
        for (i = 0; i < l.names.count; i++) {
            show(l.names.items[i]);
        }
    }

    strlist_free(&l.names);

    if (message_flush_stdout() != 0) {
        status = EXIT_USAGE;
    }

    return status;
}


static int
forget(const struct strlist *names)
{
    int     status = EXIT_OK;
    char    err[LF_ERR_LEN];
    size_t  i;

    if (names->count == 0) {
        message_error("shm rm: no name; \"linkfunc shm ls\" lists them");
        return EXIT_USAGE;
    }

    for (i = 0; i < names->count; i++) {
        if (lf_fake_named_zone_remove(names->items[i], err) != 0) {
            message_error("%s", err);
            status = EXIT_USAGE;
        }
    }

    return status;
}


static int
no_command(const char *word)
{
    char            text[SUGGEST_TEXT];
    struct suggest  near;

    suggest_start(&near, word);
    suggest_add(&near, "ls");
    suggest_add(&near, "rm");
    message_error("shm: no command \"%s\"%s", word,
                  near.count ? suggest_text(&near, "", text)
                             : "; give ls or rm NAME");

    return EXIT_USAGE;
}


static int
run(const char *command, const struct strlist *names)
{
    if (command == NULL) {
        message_error("usage: linkfunc shm ls | rm NAME...");
        return EXIT_USAGE;
    }

    if (strcmp(command, "rm") == 0) {
        return forget(names);
    }

    if (strcmp(command, "ls") != 0) {
        return no_command(command);
    }

    if (names->count != 0) {
        message_error("shm ls: extra argument \"%s\"", names->items[0]);
        return EXIT_USAGE;
    }

    return list();
}


static int
add_argument(void *to, char **words)
{
    struct shm_options  *options = to;

    if (options->command == NULL) {
        options->command = words[0];
        return OPT_OK;
    }

    return strlist_add(&options->names, words[0], strlen(words[0]));
}


static int
cmd_shm(char **words)
{
    int                  rc, status;
    struct shm_options   options;

    memset(&options, 0, sizeof(options));
    rc = opt_parse(&shm_command, words, &options, NULL);

    status = rc == OPT_OK ? run(options.command, &options.names)
             : rc == OPT_DONE ? EXIT_OK : EXIT_USAGE;

    strlist_free(&options.names);

    return status;
}


static const struct opt_row  rows[] = {
    { OPT_HEADING("Options:") },
    { OPT_HELP },
    { .help = NULL }
};

const struct opt_command  shm_command = {
    .name = "linkfunc shm",
    .summary = "list and remove named zones of shared memory",
    .run = cmd_shm,
    .usage =
        "usage: linkfunc shm ls\n"
        "       linkfunc shm rm NAME...\n"
        "\n"
        "List and remove the zones of shared memory that \"linkfunc call --shm "
        "NAME\"\n"
        "creates. The list shows size and memory in use, the number of keys, "
        "and\n"
        "the process that holds the lock.\n",
    .rows = rows,
    .argument = add_argument
};
