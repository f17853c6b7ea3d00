/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A real nginx for tests: in a prefix folder of its own under $TMPDIR, on Unix
 * sockets, in the foreground as a child of the test. Every wait is for an event
 * (inotify, pidfd) and ends with an error after ten seconds. It knows no test
 * framework: functions return 0, or -1 with a text in nginx_server_error.
 */
#ifndef LF_TESTS_NGINX_SERVER_H
#define LF_TESTS_NGINX_SERVER_H

#include <stddef.h>
#include <sys/types.h>

struct nginx_server;

/*
 * Makes the prefix folder. module is the .so for load_module, or NULL: none.
 * The program is $LINKFUNC_NGINX, or nginx of $PATH or /usr/sbin. NULL: no
 * memory, or no folder.
 */
struct nginx_server *nginx_server_new(const char *module);

/* Kills what still runs, removes the folder, clears the pointer. */
void nginx_server_free(struct nginx_server **server);

/*
 * The configuration. main_text stands outside of http{} and may be NULL;
 * http_text stands inside. In both, @SOCK@ is unix:PREFIX/http.sock and
 * @PREFIX@ the folder. The head sets: load_module, user (root only), pid,
 * error_log PREFIX/error.log notice, one worker, no access log, temp paths.
 * To be written again before a reload.
 */
int nginx_server_conf(struct nginx_server *server, const char *main_text,
                      const char *http_text);

/* Other settings, before the configuration is written or nginx started. */
void nginx_server_set_workers(struct nginx_server *server, unsigned workers);
void nginx_server_set_log_level(struct nginx_server *server,
                                const char *level);
void nginx_server_set_single_process(struct nginx_server *server);
void nginx_server_set_user(struct nginx_server *server, const char *user);

/* A NAME=VALUE for its environment; the text is kept, not copied. */
void nginx_server_add_env(struct nginx_server *server, const char *text);

/* A program (and arguments) to run nginx under, NULL at the end; kept. */
void nginx_server_set_wrapper(struct nginx_server *server,
                              const char *const *argv);

/*
 * Start, and return when the sockets listen: a request sent now is queued
 * until a worker is ready. App log calls go to nginx_server_app_log.
 */
int nginx_server_start(struct nginx_server *server);

/* nginx -t: returns its exit status, negative for a signal; -1000: not run. */
int nginx_server_check(struct nginx_server *server, char **output);

/* Send a signal to the master. */
int nginx_server_signal(struct nginx_server *server, int signal_number);

/* Send it and wait for the end: the exit status, negative for a signal. */
int nginx_server_stop(struct nginx_server *server, int signal_number);

/*
 * Wait until a text stands count times in a file of the prefix folder
 * ("error.log", "app.log", or a file that an app writes).
 */
int nginx_server_wait_text(struct nginx_server *server, const char *file,
                           const char *text, unsigned count);

/* HUP, and wait until the old workers have gone. */
int nginx_server_reload(struct nginx_server *server);

/* The pids of the workers that live now; returns how many (at most max). */
size_t nginx_server_workers(struct nginx_server *server, pid_t *pids,
                            size_t max);

/* A file of the prefix folder as a C string: yours, free it. NULL: none. */
char *nginx_server_read(struct nginx_server *server, const char *file);

const char *nginx_server_prefix(const struct nginx_server *server);
const char *nginx_server_socket(const struct nginx_server *server);
pid_t nginx_server_pid(const struct nginx_server *server);
const char *nginx_server_error(const struct nginx_server *server);

#endif /* LF_TESTS_NGINX_SERVER_H */
