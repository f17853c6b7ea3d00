/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints the commands and the rows of their options for pages.awk, which makes
 * manual pages and completions of them during the build: one a line, the
 * fields separated by tabs.
 */
#include <stdio.h>

#include "harness/commands.h"


static void
print(const struct opt_command *command)
{
    const struct opt_row  *row;

    (void) printf("command\t%s\t%s\n", command_name(command),
                  command->summary);

    for (row = command->rows; row->help != NULL; row++) {
        if (row->name == NULL) {
            (void) printf("heading\t%s\t%s\n", command_name(command),
                          row->help);
            continue;
        }

        (void) printf("option\t%s\t%s\t%.1s\t%s\t%s\t%s\t%s\n",
                      command_name(command), row->help, &row->letter,
                      row->name, row->value != NULL ? row->value : "",
                      row->value != NULL ? opt_words(row) : "",
                      row->manual != NULL ? row->manual : "");
    }
}


int
main(void)
{
    const struct opt_command *const  *c;

    print(&program_command);

    for (c = commands; *c != NULL; c++) {
        print(*c);
    }

    return fclose(stdout) == 0 ? 0 : 1;
}
