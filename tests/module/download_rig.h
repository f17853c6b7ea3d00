/* SPDX-License-Identifier: BSD-2-Clause */
/* An nginx and a server on loopback from which it downloads its app. */
#ifndef LF_TESTS_DOWNLOAD_RIG_H
#define LF_TESTS_DOWNLOAD_RIG_H

#include "tests/support/fetch_server.h"
#include "tests/module/module_test.h"

struct rig {
    struct nginx_server  *server;
    struct fetch_server  *from;
    char                  conf[1024];         /* calls "build" at /build */
    char                  dest[256];          /* PREFIX/app.so */
};

int rig_setup(void **state);
int rig_teardown(void **state);

/* From now on every request gets this, or this file with an ETag. */
void rig_answer(struct rig *rig, const char *text);
void rig_answer_file(struct rig *rig, const char *path, const char *etag);

/* Write a configuration: %u is the port of the server. */
void rig_conf(struct rig *rig, const char *format);

/* nginx -t refuses it with this text. */
void rig_expect_refusal(struct rig *rig, const char *text);

/* Files beside the target that are neither it nor what is known of it. */
unsigned rig_left_over(struct rig *rig);

/* Is the file, read once, the one or (unless NULL) the other? */
int rig_is_file(const char *path, const char *one, const char *two);

#endif /* LF_TESTS_DOWNLOAD_RIG_H */
