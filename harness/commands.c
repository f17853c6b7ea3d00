/* SPDX-License-Identifier: BSD-2-Clause */
/* See commands.h: finds the command that the command line names. */
#include "harness/commands.h"

#include <stdio.h>
#include <string.h>

#include "harness/call/cmd_call.h"
#include "harness/cmd_shm.h"
#include "harness/run/cmd_run.h"
#include "lib/base/exit_status.h"
#include "lib/base/message.h"
#include "lib/base/suggest.h"

const struct opt_command *const  commands[] = {
    &call_command, &run_command, &shm_command, NULL
};

struct choice {
    const struct opt_command   *command;
    char                      **words;       /* behind its name */
};


const char *
command_name(const struct opt_command *command)
{
    const char  *space;

    space = strrchr(command->name, ' ');

    return space == NULL ? command->name : space + 1;
}


static int
print_help(void *to, const struct opt_row *row, const char *value)
{
    const struct opt_command *const  *c;

    (void) to;
    (void) row;
    (void) value;

    (void) fputs(program_command.usage, stdout);

    for (c = commands; *c != NULL; c++) {
        (void) printf("  %-10s %s\n", command_name(*c), (*c)->summary);
    }

    opt_print(program_command.rows);
    (void) fputs(program_command.examples, stdout);

    return message_flush_stdout() == 0 ? OPT_DONE : OPT_ERROR;
}


static int
print_version(void *to, const struct opt_row *row, const char *value)
{
    (void) to;
    (void) row;
    (void) value;

    (void) printf("linkfunc %s\n", LINKFUNC_VERSION);

    return message_flush_stdout() == 0 ? OPT_DONE : OPT_ERROR;
}


static int
choose(void *to, char **words)
{
    int                               help = strcmp(words[0], "help") == 0;
    char                              text[SUGGEST_TEXT], *name;
    struct choice                    *choice = to;
    struct suggest                    near;
    static char                       help_word[] = "--help";
    static char                      *help_words[] = { help_word, NULL };
    const struct opt_command *const  *c;

    name = words[help];
    if (name == NULL) {
        return print_help(NULL, NULL, NULL);
    }

    suggest_start(&near, name);

    for (c = commands; *c != NULL; c++) {
        if (strcmp(name, command_name(*c)) == 0) {
            choice->command = *c;
            choice->words = help ? help_words : words + 1;
            return OPT_DONE;
        }

        suggest_add(&near, command_name(*c));
    }

    message_error("no command \"%s\"%s", name,
                  near.count ? suggest_text(&near, "", text)
                             : "; \"linkfunc --help\" lists them");

    return OPT_ERROR;
}


static int
run(char **words)
{
    struct choice  choice = { NULL, NULL };

    switch (opt_parse(&program_command, words, &choice, NULL)) {

    case OPT_OK:
        message_error("no command; \"linkfunc --help\" lists them");
        return EXIT_USAGE;

    case OPT_DONE:
        return choice.command == NULL ? EXIT_OK
                                      : choice.command->run(choice.words);

    default:
        return EXIT_USAGE;
    }
}


static const struct opt_row  rows[] = {
    { OPT_HEADING("options:") },
    { 'h', "help", NULL, OPT_CALLBACK(print_help), .help = "This text",
      .manual = "List the commands." },
    { 'V', "version", NULL, OPT_CALLBACK(print_version),
      .help = "The version of linkfunc" },
    { .help = NULL }
};

const struct opt_command  program_command = {
    .name = "linkfunc",
    .summary = "call and test link functions of nginx",
    .run = run,
    .usage =
        "linkfunc calls and tests link functions of nginx.\n"
        "\n"
        "usage: linkfunc COMMAND [OPTIONS] ...\n"
        "\n"
        "commands:\n",
    .examples =
        "\n"
        "See \"linkfunc COMMAND --help\", and the manual pages linkfunc(1) "
        "and\n"
        "linkfunc-COMMAND(1).\n",
    .rows = rows,
    .argument = choose
};
