/* SPDX-License-Identifier: BSD-2-Clause */
/* See private_dir.h. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/error.h"
#include "lib/base/private_dir.h"


/* How often, and after how many ms, a server that stays is checked again. */
#define ASK_TIMES     30
#define ASK_AFTER_MS  100

/*
 * End a server that runs in the folder and left its pid in pid_file. A server
 * may lose a signal that comes while it starts, as nginx does: it then waits
 * for the next one. So check until its process group is gone.
 */
static void
end_server(const char *path, const char *pid_file)
{
    int      fd, i;
    char     file[PRIVATE_DIR_MAX + 64], text[16];
    pid_t    pid;
    ssize_t  n;

    (void) snprintf(file, sizeof(file), "%s/%s", path, pid_file);
    fd = open(file, O_RDONLY | O_CLOEXEC);
    n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
    if (n <= 0) {
        return;
    }

    text[n] = '\0';
    pid = (pid_t) atoi(text);

    for (i = 0; pid > 1 && i <= ASK_TIMES; i++) {
        if (kill(-pid, i < ASK_TIMES ? SIGTERM : SIGKILL) != 0) {
            return;
        }
        (void) poll(NULL, 0, ASK_AFTER_MS);
    }
}


/*
 * In the child of a process that may have threads: only system calls. Ctrl-C
 * is not for it, so it has a session of its own.
 */
static void
guard(const char *path, const char *pid_file, int parent)
{
    struct pollfd  end = { parent, POLLIN, 0 };

    (void) setsid();

    while (poll(&end, 1, -1) < 0 && errno == EINTR) {
        /* a signal */
    }

    if (pid_file != NULL) {
        end_server(path, pid_file);
    }
    (void) execl("/bin/rm", "rm", "-rf", "--", path, (char *) NULL);
    _exit(127);
}


static int
start_guard(struct private_dir *dir, const char *pid_file)
{
    int  parent = (int) syscall(SYS_pidfd_open, getpid(), 0);

    if (parent < 0) {
        return -1;
    }

    dir->guard = fork();
    if (dir->guard == 0) {
        guard(dir->path, pid_file, parent);
    }

    (void) close(parent);

    return dir->guard > 0 ? 0 : -1;
}


int
private_dir_make(struct private_dir *dir, const char *name,
                 const char *pid_file, char *err)
{
    int          n;
    const char  *parent = getenv("TMPDIR");

    memset(dir, 0, sizeof(*dir));
    if (parent == NULL || *parent != '/') {
        parent = "/tmp";
    }

    n = snprintf(dir->path, sizeof(dir->path), "%s/%s.XXXXXX", parent, name);
    if (n >= (int) sizeof(dir->path)) {
        (void) snprintf(dir->path, sizeof(dir->path), "/tmp/%s.XXXXXX", name);
    }

    if (mkdtemp(dir->path) == NULL || chmod(dir->path, 0755) != 0
        || start_guard(dir, pid_file) != 0)
    {
        (void) snprintf(err, ERROR_LEN, "cannot create the directory %s: %s; "
                        "set TMPDIR to use another one", dir->path,
                        strerror(errno));
        (void) rmdir(dir->path);
        dir->path[0] = '\0';
        return -1;
    }

    return 0;
}


static int
remove_entry(const char *path, const struct stat *st, int type,
             struct FTW *where)
{
    (void) st;
    (void) type;
    (void) where;
    (void) remove(path);

    return 0;
}


void
private_dir_remove(struct private_dir *dir)
{
    if (dir->path[0] == '\0') {
        return;
    }

    (void) nftw(dir->path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    dir->path[0] = '\0';

    (void) kill(dir->guard, SIGKILL);
    while (waitpid(dir->guard, NULL, 0) < 0 && errno == EINTR) {
        /* again */
    }
}
