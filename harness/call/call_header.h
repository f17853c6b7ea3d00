/* SPDX-License-Identifier: BSD-2-Clause */
/* Header lines as people write them in options. */
#ifndef CALL_HEADER_H
#define CALL_HEADER_H

/*
 * Take a header line apart, in place: "Name: value", "Name;" (empty value),
 * "Name:" (value NULL: do not send it). Returns NULL, or what is wrong.
 */
const char *call_header_split(char *line, char **name, char **value);

/* Returns 0, or -1 after a message that names the option. */
int call_header_check(const char *option, const char *line);

#endif /* CALL_HEADER_H */
