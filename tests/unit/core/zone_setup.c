/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Set-up of the tests of the zone: one mock host a test. What a rule reports is
 * read from its findings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/core/zone_setup.h"

static struct lf_fake  *host;


struct lf_zone *
zone_open(size_t size)
{
    char                    err[LF_ERR_LEN] = "";
    struct lf_fake_options  options = { .shm_size = size, .log_fd = -1 };

    host = lf_fake_new(&options, err);
    assert_string_equal(err, "");
    assert_non_null(host);

    return lf_fake_zone(host);
}


void
zone_close(void)
{
    lf_fake_free(&host);
}


unsigned
zone_reports(enum lf_rule_name rule)
{
    unsigned                       count = 0;
    const struct lf_fake_finding  *item;

    for (item = lf_fake_findings(host); item != NULL; item = item->next) {
        count += item->rule == &lf_rules[rule] ? item->count : 0;
    }

    return count;
}


const char *
zone_report_text(enum lf_rule_name rule)
{
    const char                    *text = "";
    const struct lf_fake_finding  *item;

    for (item = lf_fake_findings(host); item != NULL; item = item->next) {
        text = item->rule == &lf_rules[rule] ? item->text : text;
    }

    return text;
}


int
zone_child(void (*fn)(void *data), void *data)
{
    int    status;
    pid_t  pid;

    pid = fork();

    if (pid == 0) {
        lf_process_start();
        fn(data);
        _exit(0);
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);

    return status;
}


size_t
zone_free_pages(struct lf_zone *zone)
{
    size_t  pages, free_pages;

    lf_fake_zone_figures(zone, &pages, &free_pages);

    return free_pages;
}


const char *
zone_key(unsigned n)
{
    static _Thread_local char  name[16];

    (void) snprintf(name, sizeof(name), "k%07u", n % 10000000);

    return name;
}


void
zone_remove_keys(struct lf_zone *zone, unsigned count)
{
    unsigned   i;
    void      *value;

    for (i = 0; i < count; i++) {
        value = ngx_link_func_cache_remove(zone, zone_key(i));

        if (value != NULL) {
            ngx_link_func_shm_free_locked(zone, value);
        }
    }
}
