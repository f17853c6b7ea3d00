/* SPDX-License-Identifier: BSD-2-Clause */
/* linkfunc run: which scripts, on what; the rest is in run_jobs.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/base/exit_status.h"
#include "lib/base/message.h"
#include "harness/run/cmd_run.h"
#include "harness/run/run_options.h"


int
run_parse_only(const struct run_settings *settings, char **paths,
               unsigned count)
{
    int                  status = EXIT_OK;
    char                 err[LF_ERR_LEN];
    unsigned             i;
    struct arena        *arena;
    struct strbuf        source = { 0 }, text = { 0 };
    struct script_error  error;
    const struct script *script;

    for (i = 0; i < count; i++) {
        arena = arena_new();
        source.len = 0;

        if (arena == NULL || run_read(paths[i], &source, err) != 0) {
            message_error("%s: %s", paths[i],
                          arena == NULL ? "out of memory" : err);
            status = EXIT_SCRIPT;
            arena_free(&arena);
            continue;
        }

        script = script_parse(arena, paths[i],
                              source.data != NULL ? source.data : "",
                              source.len, &error);
        if (script == NULL) {
            if (settings->error_short) {
                script_error_short(&text, &error, paths[i]);
            } else {
                script_error_long(&text, &error, paths[i],
                                  source.data != NULL ? source.data : "",
                                  source.len);
            }
            (void) fwrite(text.data, 1, text.len, stderr);
            strbuf_free(&text);
            status = EXIT_SCRIPT;
        }

        arena_free(&arena);
    }

    strbuf_free(&source);

    return status;
}


/* --repeat N: the list, N times over. */
static int
repeat(struct strlist *scripts, unsigned long times)
{
    size_t         i, count = scripts->count;
    unsigned long  n;

    for (n = 1; n < times; n++) {
        for (i = 0; i < count; i++) {
            if (strlist_add(scripts, scripts->items[i],
                              strlen(scripts->items[i])) != 0)
            {
                return -1;
            }
        }
    }

    if (times == 0) {
        strlist_free(scripts);
    }

    return 0;
}


static int
find_nginx(struct run_settings *s)
{
    char  err[LF_ERR_LEN];

    if (s->on != RUN_ON_NGINX && s->on != RUN_ON_BOTH) {
        return EXIT_OK;
    }

    if (play_nginx_find(s->program, s->module, &s->paths, err) != 0) {
        message_error("%s", err);
        return EXIT_USAGE;
    }

    return EXIT_OK;
}


static int
cmd_run(char **words)
{
    int                 rc, status = EXIT_USAGE;
    struct strlist      scripts;
    struct run_options  options;

    memset(&scripts, 0, sizeof(scripts));

    rc = run_options_parse(&options, words);
    if (rc != OPT_OK) {
        status = rc == OPT_DONE ? EXIT_OK : EXIT_USAGE;
        goto done;
    }

    if (run_list_scripts(&options, &scripts) != 0) {
        status = EXIT_SCRIPT;
        goto done;
    }

    if (options.settings.check) {
        status = run_parse_only(&options.settings, scripts.items,
                                (unsigned) scripts.count);
        goto done;
    }

    status = run_conf_load(&options);
    if (status == EXIT_OK) {
        status = find_nginx(&options.settings);
    }
    if (status == EXIT_OK && repeat(&scripts, options.settings.play.repeat) == 0)
    {
        status = run_jobs(&options.settings, scripts.items,
                          (unsigned) scripts.count);
    }

done:

    strlist_free(&scripts);
    run_options_free(&options);

    return status;
}


static int
add_input(void *to, char **words)
{
    struct run_options  *options = to;

    return strlist_add(&options->inputs, words[0], strlen(words[0]));
}


const struct opt_command  run_command = {
    .name = "linkfunc run",
    .summary = "run scripts on the mock, on nginx, or on both",
    .run = cmd_run,
    .usage =
        "usage: linkfunc run [OPTIONS] SCRIPT...\n"
        "\n"
        "Run Hurl scripts against an app and check the responses. A SCRIPT "
        "is a\n"
        "file, a directory that is searched for .hurl files, or \"-\".\n",
    .examples =
        "\nexamples:\n"
        "  linkfunc run --app ./libhello.so --test hello.hurl\n"
        "  linkfunc run --conf app.conf --on both --test tests/\n",
    .rows = run_option_rows,
    .argument = add_input
};
