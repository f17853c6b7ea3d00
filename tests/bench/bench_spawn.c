/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long two commands take from spawn to exit, run in turn, so that whatever
 * else the machine does hits both alike. What they print is thrown away.
 *
 *     bench_spawn ROUNDS COMMAND [ARG...] -- COMMAND [ARG...]
 *
 * Prints for each the median in microseconds and the peak memory in KiB.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

#define MAX_ROUNDS  10000

struct command {
    char    **argv;
    double    micros[MAX_ROUNDS];
    long      peak;              /* KiB */
};

extern char  **environ;

static struct command  commands[2];


static double
now(void)
{
    struct timespec  time;

    (void) clock_gettime(CLOCK_MONOTONIC, &time);

    return (double) time.tv_sec * 1e6 + (double) time.tv_nsec / 1e3;
}


/* Returns 0, or -1 when the command cannot be run or fails. */
static int
run(struct command *command, int round, posix_spawn_file_actions_t *actions)
{
    int            status;
    pid_t          child;
    double         start;
    struct rusage  usage;

    start = now();

    if (posix_spawnp(&child, command->argv[0], actions, NULL, command->argv,
                     environ)
        != 0
        || wait4(child, &status, 0, &usage) != child || status != 0)
    {
        (void) fprintf(stderr, "bench_spawn: %s failed\n", command->argv[0]);
        return -1;
    }

    command->micros[round] = now() - start;
    if (usage.ru_maxrss > command->peak) {
        command->peak = usage.ru_maxrss;
    }

    return 0;
}


static int
compare(const void *a, const void *b)
{
    double  x, y;

    x = *(const double *) a;
    y = *(const double *) b;

    return (x > y) - (x < y);
}


static int
parse(int argc, char **argv)
{
    int  i, rounds;

    rounds = argc > 2 ? atoi(argv[1]) : 0;
    if (rounds < 1 || rounds > MAX_ROUNDS) {
        return -1;
    }

    commands[0].argv = &argv[2];

    for (i = 2; i < argc - 1; i++) {
        if (strcmp(argv[i], "--") == 0) {
            argv[i] = NULL;
            commands[1].argv = &argv[i + 1];
            return commands[0].argv[0] == NULL ? -1 : rounds;
        }
    }

    return -1;
}


int
main(int argc, char **argv)
{
    int                         i, round, rounds;
    posix_spawn_file_actions_t  actions;

    rounds = parse(argc, argv);
    if (rounds == -1) {
        (void) fprintf(stderr, "usage: bench_spawn ROUNDS COMMAND [ARG...] -- "
                       "COMMAND [ARG...]\n");
        return 1;
    }

    if (posix_spawn_file_actions_init(&actions) != 0
        || posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY,
                                            0)
           != 0
        || posix_spawn_file_actions_adddup2(&actions, 1, 2) != 0)
    {
        return 1;
    }

    for (round = 0; round < rounds; round++) {
        for (i = 0; i < 2; i++) {
            if (run(&commands[i], round, &actions) != 0) {
                return 1;
            }
        }
    }

    for (i = 0; i < 2; i++) {
        qsort(commands[i].micros, (size_t) rounds, sizeof(double), compare);
        (void) printf("%.0f %ld\n", commands[i].micros[rounds / 2],
                      commands[i].peak);
    }

    return 0;
}
