/* SPDX-License-Identifier: BSD-2-Clause */
/* See call_header.h. */
#include "harness/call/call_header.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/message.h"


const char *
call_header_split(char *line, char **name, char **value)
{
    size_t  len;

    len = strcspn(line, ":;");
    *name = line;

    if (strpbrk(line, "\r\n") != NULL) {
        return "a header must be one line";
    }

    if (line[len] == '\0' || (line[len] == ';' && line[len + 1] != '\0')) {
        return "write 'Name: value', or 'Name;' for an empty one";
    }

    if (len == 0 || strcspn(line, " \t") < len) {
        return "the name is empty or contains a space";
    }

    *value = line + len + 1 + strspn(line + len + 1, " \t");

    if (line[len] == ':' && **value == '\0') {
        *value = NULL;
    }

    line[len] = '\0';

    return NULL;
}


int
call_header_check(const char *option, const char *line)
{
    char        *copy, *name, *value;
    const char  *why;

    copy = strdup(line);
    why = copy == NULL ? "out of memory"
                       : call_header_split(copy, &name, &value);

    if (why != NULL) {
        message_error("--%s '%s': %s", option, line, why);
    }

    free(copy);

    return why == NULL ? 0 : -1;
}
