/* SPDX-License-Identifier: BSD-2-Clause */
/* See life_table.h. */
#include "tests/module/life_table.h"

#define ROWS_MAX   400

struct row {
    char  scenario[80], process[20], event[48];
    int   seen;
};

static struct row  rows[ROWS_MAX];
static size_t      row_count;


/* "A", "INIT", "who=s1" becomes "A INIT s1|", as life_events has it. */
static void
add_row(char *line)
{
    int          n;
    char        *field[6] = { NULL };
    const char  *who;
    struct row  *row = &rows[row_count];

    for (n = 0; n < 6 && line != NULL; n++) {
        field[n] = strsep(&line, "\t\n");
    }

    assert_non_null(field[4]);
    who = field[5] == NULL || *field[5] == '\0' ? "-" : field[5];
    who = strncmp(who, "who=", 4) == 0 ? who + 4 : who;
    who = strcmp(who, "NULL") == 0 ? "-" : who;

    assert_true(row_count < ROWS_MAX);
    (void) snprintf(row->scenario, sizeof(row->scenario), "%s", field[0]);
    (void) snprintf(row->process, sizeof(row->process), "%s", field[2]);
    (void) snprintf(row->event, sizeof(row->event), "%s %s %s|", field[3],
                    field[4], who);
    row_count++;
}


int
life_read_table(void **state)
{
    char   line[256];
    FILE  *file;

    (void) state;
    file = fopen(TEST_GOLDEN "/lifecycle.tsv", "r");
    if (file == NULL) {
        return -1;
    }

    while (fgets(line, sizeof(line), file) != NULL) {
        if (line[0] != '#' && strncmp(line, "scenario\t", 9) != 0) {
            add_row(line);
        }
    }

    return fclose(file);
}


const char *
life_row(const char *scenario, const char *process)
{
    size_t        i;
    static char   texts[4][400];
    static int    next;
    char         *text = texts[next++ % 4];

    text[0] = '\0';

    for (i = 0; i < row_count; i++) {
        if (strcmp(rows[i].scenario, scenario) == 0
            && strcmp(rows[i].process, process) == 0)
        {
            rows[i].seen = 1;
            (void) strcat(text, rows[i].event);
        }
    }

    assert_string_not_equal(text, "");

    return text;
}


void
life_has(struct nginx_server *server, pid_t pid, const char *born,
         const char *ended)
{
    char  text[800];

    (void) snprintf(text, sizeof(text), "%s%s", born,
                    ended != NULL ? ended : "");
    life_expect(server, pid, text);
}


void
life_unchecked(struct nginx_server *server, const char *scenario)
{
    (void) life_row(scenario, "config-check");
    life_expect(server, nginx_server_pid(server), "");
}


/* ---- the server of the table ------------------------------------------- */

void
life_put(struct nginx_server *server, const char *from, const char *name)
{
    char  command[600];

    (void) snprintf(command, sizeof(command), "cp %s/%s %s/new && mv %s/new "
                    "%s/%s", TEST_APPS, from, nginx_server_prefix(server),
                    nginx_server_prefix(server), nginx_server_prefix(server),
                    name);
    assert_int_equal(system(command), 0);
}


const char *
life_conf(const char *head, int refuse)
{
    int           i;
    size_t        n;
    static char   text[2000];

    n = (size_t) snprintf(text, sizeof(text), "%s", head);

    for (i = 1; i <= 3; i++) {
        n += (size_t) snprintf(text + n, sizeof(text) - n,
            "server { listen @SOCK@; server_name n%d; "
            "ngx_link_func_add_prop who s%d; %s ngx_link_func_lib %s; "
            CALL("/", "who") CALL("/die", "die") CALL("/lock", "lockdie")
            "}\n", i, i, refuse == i ? "ngx_link_func_add_prop refuse 1;" : "",
            i == 2 ? "./b.so" : "./a.so");
    }

    (void) snprintf(text + n, sizeof(text) - n,
                    "server { listen @SOCK@; server_name n4; }\n");

    return text;
}


void
life_wait_inits(struct nginx_server *server, unsigned count)
{
    if (nginx_server_wait_text(server, "events", "INIT s3", count) != 0) {
        module_fail(server, "no worker came up");
    }
}


void
life_wait_exits(struct nginx_server *server, unsigned count)
{
    if (nginx_server_wait_text(server, "events", "A DESTRUCTOR", count) != 0) {
        module_fail(server, "no worker ended");
    }
}


void
life_start(struct nginx_server *server, unsigned workers, pid_t *pids)
{
    life_put(server, "life_a.so", "a.so");
    life_put(server, "life_b.so", "b.so");
    nginx_server_set_workers(server, workers);
    module_start(server, LIFE_MAIN, life_conf("", 0));
    life_wait_inits(server, workers);
    assert_int_equal(nginx_server_workers(server, pids, LIFE_PIDS), workers);
}


void
life_two_workers(struct nginx_server *server, pid_t *pids)
{
    assert_int_equal(nginx_server_workers(server, pids, LIFE_PIDS),
                     LIFE_WORKERS);
}


pid_t
life_new_one(struct nginx_server *server, const pid_t *before, size_t count)
{
    size_t  i, k, n;
    pid_t   now[LIFE_PIDS], found = 0;

    n = nginx_server_workers(server, now, LIFE_PIDS);

    for (i = 0; i < n; i++) {
        for (k = 0; k < count && before[k] != now[i]; k++) { }

        if (k == count) {
            assert_int_equal(found, 0);
            found = now[i];
        }
    }

    assert_int_not_equal(found, 0);

    return found;
}


int
life_all_rows_seen(void **state)
{
    size_t  i;
    int     rc = 0;

    (void) state;

    for (i = 0; i < row_count; i++) {
        if (!rows[i].seen) {
            print_error("not compared: %s, %s: %s\n", rows[i].scenario,
                        rows[i].process, rows[i].event);
            rc = -1;
        }
    }

    return rc;
}
