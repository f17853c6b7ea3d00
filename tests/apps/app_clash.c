/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An app whose functions have names of libc, linked in several ways. What the
 * loader made of each name can be asked by clash_address.
 */
#include <string.h>

#include <ngx_link_func_module.h>

/* libc has it */
int login(const void *entry);
/* libc has it too, and it is called only: its address is nowhere asked for */
int getdtablesize(void);
/* libc has it for old programs only: dlsym does not find it there */
int step(const char *text, const char *pattern);
/* libc has a variable */
int timezone(int n);
/* nobody else has it */
int app_alone(int n);
/* libc has them, but these are hidden, weak, meant to be replaced */
__attribute__((visibility("hidden"))) int logout(const char *line);
__attribute__((weak)) int logwtmp(const char *line);

static int mark;

/* libc has random; here it is in a table only */
static long (*volatile in_table)(void) = random;


int
login(const void *entry)
{
    return entry == &mark;
}


int
getdtablesize(void)
{
    return -4;
}


int
step(const char *text, const char *pattern)
{
    (void) pattern;

    return text == (const char *) &mark;
}


int
timezone(int n)
{
    return n == 1;
}


int
app_alone(int n)
{
    return n == 1;
}


int
logout(const char *line)
{
    return line == (const char *) &mark;
}


int
logwtmp(const char *line)
{
    return line == (const char *) &mark;
}


void *
valloc(size_t size)
{
    return size == 1 ? &mark : NULL;
}


long
random(void)
{
    return 4;
}


const void *
clash_address(const char *name)
{
    size_t  i;

    const struct {
        const char  *name;
        uintptr_t    address;
    } rows[] = {
        { "login", (uintptr_t) login }, { "step", (uintptr_t) step },
        { "timezone", (uintptr_t) timezone },
        { "app_alone", (uintptr_t) app_alone },
        { "logout", (uintptr_t) logout }, { "random", (uintptr_t) in_table }
    };

    if (strcmp(name, "getdtablesize") == 0) {
        return (const void *) (getdtablesize() == -4
                               ? (uintptr_t) clash_address
                               : (uintptr_t) strlen);
    }

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return (const void *) rows[i].address;
        }
    }

    return NULL;
}


void
ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


void
ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle)
{
    (void) cycle;
}


void
whose(ngx_link_func_ctx_t *ctx)
{
    const char  *text;

    text = getdtablesize() == -4 ? "own" : "another";

    /* never true: only to call them somewhere */
    if (in_table() == -1 && !logout((const char *) &mark)
        && logwtmp("") == 1 && valloc(1) == NULL)
    {
        text = "odd";
    }

    ngx_link_func_write_resp(ctx, 200, NULL, NULL, text, strlen(text));
}
