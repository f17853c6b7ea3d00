/* SPDX-License-Identifier: BSD-2-Clause */
/* linkfunc shm: the zones that `call --shm NAME` keeps. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call_header.h"
#include "cmd.h"
#include "lf_fake.h"
#include "message.h"
#include "opt.h"
#include "suggest.h"

enum { O_HELP = 1 };

static const struct opt_def  defs[] = {
    { 0, 0, NULL, NULL, "Options:" },
    { O_HELP, 'h', "help", NULL, "This text" },
    { 0, 0, NULL, NULL, NULL }
};

static const char  usage[] =
    "usage: linkfunc shm ls\n"
    "       linkfunc shm rm NAME...\n"
    "\n"
    "List and remove the shared memories that \"linkfunc call --shm NAME\" keeps.\n";

struct listing {
    struct call_list  names;
    unsigned          failed:1;
};


static void
on_found(void *data, const char *name)
{
    struct listing  *l = data;

    l->failed |= call_list_add(&l->names, name, strlen(name)) != 0;
}


static int
compare(const void *a, const void *b)
{
    return strcmp(*(char *const *) a, *(char *const *) b);
}


/* One line. A zone that somebody works in is shown without its keys. */
static void
show(const char *name)
{
    char             err[LF_ERR_LEN];
    pid_t            owner;
    size_t           pages, unused;
    struct lf_zone   zone;

    if (lf_fake_zone_keep(&zone, name, LF_FAKE_KEPT_FIND, err) != 0) {
        (void) printf("%-20s %s\n", name, err);
        return;
    }

    lf_fake_zone_figures(&zone, &pages, &unused);
    owner = lf_fake_zone_owner(&zone);
    (void) printf("%-20s %10zu %9zuk ", name, zone.size,
                  (pages - unused) * 4);

    if (owner == 0) {
        lf_zone_lock(&zone);
        (void) printf("%8zu  -\n", lf_cache_count(&zone));
        lf_zone_unlock(&zone);
    } else {
        (void) printf("%8s  locked by %ld\n", "?", (long) owner);
    }

    lf_fake_zone_close(&zone);
}


static int
list(void)
{
    int             status = CMD_OK;
    char            err[LF_ERR_LEN];
    size_t          i;
    struct listing  l;

    memset(&l, 0, sizeof(l));

    if (lf_fake_zone_list(on_found, &l, err) != 0 || l.failed) {
        message_error("%s", l.failed ? "out of memory" : err);
        status = CMD_USAGE;

    } else if (l.names.count > 0) {
        qsort(l.names.items, l.names.count, sizeof(*l.names.items), compare);
        (void) printf("%-20s %10s %10s %8s  %s\n", "NAME", "SIZE", "USED",
                      "KEYS", "LOCK");
        for (i = 0; i < l.names.count; i++) {
            show(l.names.items[i]);
        }
    }

    call_list_free(&l.names);

    if (fflush(stdout) == EOF) {
        message_error("cannot write: %s", strerror(errno));
        status = CMD_USAGE;
    }

    return status;
}


static int
forget(char **names)
{
    int   status = CMD_OK;
    char  err[LF_ERR_LEN];

    if (*names == NULL) {
        message_error("shm rm: which one? \"linkfunc shm ls\" lists them");
        return CMD_USAGE;
    }

    for ( ; *names != NULL; names++) {
        if (lf_fake_zone_forget(*names, err) != 0) {
            message_error("%s", err);
            status = CMD_USAGE;
        }
    }

    return status;
}


static int
print_help(void)
{
    (void) fputs(usage, stdout);
    opt_print(defs);

    if (fflush(stdout) == EOF) {
        message_error("cannot write: %s", strerror(errno));
        return CMD_USAGE;
    }

    return CMD_OK;
}


int
cmd_shm(char **argv)
{
    int                id;
    char               text[SUGGEST_TEXT];
    struct suggest     near;
    struct opt_parser  parser;

    if (argv[0] != NULL && strcmp(argv[0], "ls") == 0 && argv[1] == NULL) {
        return list();
    }

    if (argv[0] != NULL && strcmp(argv[0], "rm") == 0) {
        return forget(argv + 1);
    }

    opt_start(&parser, defs, "shm", argv);
    id = opt_next(&parser);

    if (id == O_HELP) {
        return print_help();
    }

    if (id == OPT_ARGUMENT) {
        suggest_start(&near, parser.value);
        suggest_add(&near, "ls");
        suggest_add(&near, "rm");
        message_error("shm: no command \"%s\"%s", parser.value,
                      near.count ? suggest_text(&near, "", text)
                                 : "; give ls or rm NAME");

    } else if (id != OPT_ERROR) {
        message_error("shm: give ls, or rm and a NAME");
    }

    return CMD_USAGE;
}
