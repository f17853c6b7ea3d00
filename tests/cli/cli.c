/* SPDX-License-Identifier: BSD-2-Clause */
/* See cli.h. */
#define _GNU_SOURCE
#include "tests/cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS_MAX  64
#define TIME_MS    60000

struct text {
    char    *data;
    size_t   len;
};

static char  folder[64];


static void
become(const char *const *words, int in, int out, int err)
{
    int    i;
    char  *argv[WORDS_MAX];

    argv[0] = (char *) (uintptr_t) "linkfunc";

    for (i = 0; words[i] != NULL && i < WORDS_MAX - 2; i++) {
        argv[i + 1] = (char *) (uintptr_t) words[i];
    }

    argv[i + 1] = NULL;

    (void) dup2(in, STDIN_FILENO);
    (void) dup2(out, STDOUT_FILENO);
    (void) dup2(err, STDERR_FILENO);
    (void) signal(SIGPIPE, SIG_DFL);
    (void) execv(LINKFUNC, argv);
    _exit(126);
}


/* A file that is gone already, holding the input. */
static int
input_file(const char *input)
{
    int    fd;
    FILE  *file;

    file = tmpfile();
    assert_non_null(file);
    (void) fputs(input ? input : "", file);
    rewind(file);
    fd = dup(fileno(file));
    (void) fclose(file);

    return fd;
}


static pid_t
start(const char *input, const char *const *words, int *out, int *err)
{
    int    in, outs[2], errs[2];
    pid_t  pid;

    in = input_file(input);
    assert_int_equal(pipe2(outs, O_CLOEXEC), 0);
    assert_int_equal(pipe2(errs, O_CLOEXEC), 0);

    pid = fork();
    assert_true(pid >= 0);

    if (pid == 0) {
        become(words, in, outs[1], errs[1]);
    }

    (void) close(in);
    (void) close(outs[1]);
    (void) close(errs[1]);
    *out = outs[0];
    *err = errs[0];

    return pid;
}


pid_t
cli_start(struct cli *cli, const char *const *words, int *out, int *err)
{
    memset(cli, 0, sizeof(*cli));

    return start(NULL, words, out, err);
}


size_t
cli_count(const char *text, const char *part)
{
    size_t  n;

    for (n = 0; text != NULL && (text = strstr(text, part)) != NULL; n++) {
        text += strlen(part);
    }

    return n;
}


/* 0 at the end of the pipe. */
static int
read_more(int fd, struct text *text)
{
    char     piece[65536];
    ssize_t  n;

    n = read(fd, piece, sizeof(piece));
    if (n <= 0) {
        return 0;
    }

    text->data = realloc(text->data, text->len + (size_t) n + 1);
    assert_non_null(text->data);
    memcpy(text->data + text->len, piece, (size_t) n);
    text->len += (size_t) n;

    return 1;
}


void
cli_wait_for(struct cli *cli, pid_t pid, int err, const char *text,
             size_t count)
{
    struct text    said = { NULL, 0 };
    struct pollfd  readable = { err, POLLIN, 0 };

    while (cli_count(said.data, text) < count) {
        if (poll(&readable, 1, TIME_MS) != 1 || !read_more(err, &said)) {
            (void) kill(pid, SIGKILL);
            fail_msg("\"%s\" does not come %zu times on stderr, which "
                     "says:\n%s", text, count, said.data ? said.data : "");
        }

        said.data[said.len] = '\0';
    }

    free(cli->err);
    cli->err = said.data;
}


static void
collect(int fds[2], struct text texts[2], pid_t pid)
{
    int            i;
    struct pollfd  polls[2];

    for (i = 0; i < 2; i++) {
        polls[i].fd = fds[i];
        polls[i].events = POLLIN;
    }

    while (polls[0].fd != -1 || polls[1].fd != -1) {
        if (poll(polls, 2, TIME_MS) == 0) {
            (void) kill(pid, SIGKILL);
            fail_msg("linkfunc does not end; so far:\n%.*s\n%.*s",
                     (int) texts[0].len, texts[0].data ? texts[0].data : "",
                     (int) texts[1].len, texts[1].data ? texts[1].data : "");
        }

        for (i = 0; i < 2; i++) {
            if (polls[i].fd != -1 && polls[i].revents
                && !read_more(fds[i], &texts[i]))
            {
                polls[i].fd = -1;
            }
        }
    }
}


void
cli_wait(struct cli *cli, pid_t pid, int out, int err)
{
    int          fds[2], status;
    struct text  texts[2];

    memset(texts, 0, sizeof(texts));
    texts[1].data = cli->err;                    /* by cli_wait_for */
    texts[1].len = cli->err != NULL ? strlen(cli->err) : 0;
    fds[0] = out;
    fds[1] = err;
    collect(fds, texts, pid);

    (void) close(out);
    (void) close(err);
    assert_int_equal(waitpid(pid, &status, 0), pid);

    cli->out = calloc(1, texts[0].len + 1);
    cli->err = calloc(1, texts[1].len + 1);
    assert_non_null(cli->out);
    assert_non_null(cli->err);
    cli->out_len = texts[0].len;

    if (texts[0].len != 0) {
        memcpy(cli->out, texts[0].data, texts[0].len);
    }

    if (texts[1].len != 0) {
        memcpy(cli->err, texts[1].data, texts[1].len);
    }

    free(texts[0].data);
    free(texts[1].data);

    cli->status = WIFEXITED(status) ? WEXITSTATUS(status)
                                    : 128 + WTERMSIG(status);
}


void
cli_run_words(struct cli *cli, const char *input, const char *const *words)
{
    int    out, err;
    pid_t  pid;

    memset(cli, 0, sizeof(*cli));
    pid = start(input, words, &out, &err);
    cli_wait(cli, pid, out, err);
}


void
cli_free(struct cli *cli)
{
    free(cli->out);
    free(cli->err);
}


void
cli_expect(const struct cli *cli, int status, const char *out)
{
    if (cli->status != status || strcmp(cli->out, out) != 0) {
        fail_msg("expected status %d and \"%s\", got %d and \"%s\"; stderr:\n"
                 "%s", status, out, cli->status, cli->out, cli->err);
    }
}


void
cli_expect_message(const struct cli *cli, int status, const char *part)
{
    if (cli->status != status || strstr(cli->err, part) == NULL) {
        fail_msg("expected status %d and \"%s\" on stderr, got %d and:\n%s",
                 status, part, cli->status, cli->err);
    }
}


void
cli_expect_no_message(const struct cli *cli, const char *part)
{
    if (strstr(cli->err, part) != NULL) {
        fail_msg("did not expect \"%s\" on stderr:\n%s", part, cli->err);
    }
}


int
cli_setup(void **state)
{
    (void) state;
    (void) snprintf(folder, sizeof(folder), "/tmp/linkfunc-cli-XXXXXX");

    return mkdtemp(folder) == NULL || chdir(folder) != 0 ? -1 : 0;
}


static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void) st;
    (void) type;
    (void) ftw;

    return remove(path);
}


int
cli_teardown(void **state)
{
    (void) state;

    return chdir("/") != 0
           || nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0 ? -1 : 0;
}


void
cli_write(const char *name, const void *data, size_t len)
{
    FILE  *file;

    file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}


char *
cli_read(const char *name, size_t *len)
{
    int          fd;
    struct text  text;

    memset(&text, 0, sizeof(text));
    fd = open(name, O_RDONLY | O_CLOEXEC);

    if (fd == -1) {
        return NULL;
    }

    while (read_more(fd, &text)) {
        /* to the end */
    }

    (void) close(fd);
    text.data = realloc(text.data, text.len + 1);
    assert_non_null(text.data);
    text.data[text.len] = '\0';

    if (len != NULL) {
        *len = text.len;
    }

    return text.data;
}


/* Its folder is this test's: others may run the same beside us. */
static int
is_ours(const char *pid)
{
    char     path[300], at[sizeof(folder)];
    ssize_t  len;

    (void) snprintf(path, sizeof(path), "/proc/%s/cwd", pid);
    len = readlink(path, at, sizeof(at));

    return len == (ssize_t) strlen(folder)
           && memcmp(at, folder, (size_t) len) == 0;
}


int
cli_process_lives(const char *text)
{
    int             found;
    DIR            *dir;
    char           *line, path[300];
    size_t          i, len;
    struct dirent  *entry;

    found = 0;
    dir = opendir("/proc");
    assert_non_null(dir);

    while (!found && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] < '0' || entry->d_name[0] > '9') {
            continue;
        }

        (void) snprintf(path, sizeof(path), "/proc/%s/cmdline",
                        entry->d_name);
        line = cli_read(path, &len);

        for (i = 0; line != NULL && i < len; i++) {
            line[i] = line[i] == '\0' ? ' ' : line[i];
        }

        found = line != NULL && strstr(line, text) != NULL
                && is_ours(entry->d_name);
        free(line);
    }

    (void) closedir(dir);

    return found;
}


size_t
cli_shm_left(void)
{
    DIR            *dir;
    char            path[300];
    size_t          left = 0;
    struct dirent  *entry;

    dir = opendir("/dev/shm");
    assert_non_null(dir);

    /* linkfunc.PID.NUMBER has a name while it is made; linkfunc-* are kept */
    while ((entry = readdir(dir)) != NULL) {
        (void) snprintf(path, sizeof(path), "/dev/shm/%s", entry->d_name);
        left += strncmp(entry->d_name, "linkfunc.", 9) == 0
                && kill((pid_t) atol(entry->d_name + 9), 0) != 0
                && errno == ESRCH && access(path, F_OK) == 0;
    }

    (void) closedir(dir);

    return left;
}
