/* SPDX-License-Identifier: BSD-2-Clause */
/* The beginning and the end of the mock host, which joins its parts. */
#include <stdio.h>
#include <stdlib.h>

#include "fakes/lf_fake_handle.h"
#include "fakes/lf_fake_request.h"
#include "fakes/lf_fake_zone.h"

#define SHM_SIZE  ((size_t) 1024 * 1024)


static int
open_zone(struct lf_zone *zone, const struct lf_fake_options *o, char *err)
{
    if (o->shm_name != NULL) {
        return lf_fake_named_zone_open(zone, o->shm_name, o->shm_size, err);
    }

    return lf_fake_zone_open(zone, o->shm_size != 0 ? o->shm_size : SHM_SIZE,
                             err);
}


struct lf_fake *
lf_fake_new(const struct lf_fake_options *options, char *err)
{
    struct lf_fake  *host;

    if (lf_fake_host != NULL) {
        (void) snprintf(err, LF_ERR_LEN, "this process already has a mock "
                        "host");
        return NULL;
    }

    host = calloc(1, sizeof(*host));

    if (host == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "no memory for the mock host");
        return NULL;
    }

    if (lf_fake_handle_open(err) != 0
        || open_zone(&host->zone, options, err) != 0)
    {
        free(host);
        return NULL;
    }

    host->pool = options->pool;
    host->log.level = options->log_level != 0 ? options->log_level : LF_INFO;
    host->log.fd = options->log_fd;
    host->log.keep = options->keep_log;
    host->log.context = lf_fake_log_context;
    host->findings.log = &host->log;
    host->quarantine.findings = &host->findings;

    (void) pthread_mutex_init(&host->lock, NULL);
    (void) pthread_mutex_init(&host->log.lock, NULL);
    (void) pthread_mutex_init(&host->findings.lock, NULL);
    (void) pthread_mutex_init(&host->quarantine.lock, NULL);
    lf_process_start();
    lf_fake_host = host;

    return host;
}


void
lf_fake_free(struct lf_fake **host_ptr)
{
    struct lf_fake  *host = *host_ptr;

    if (host == NULL) {
        return;
    }

    lf_fake_slots_free(host);
    lf_fake_quarantine_free(&host->quarantine);
    lf_fake_clear(host);
    lf_fake_arena_free(&host->arena);
    lf_fake_zone_close(&host->zone);
    (void) pthread_mutex_destroy(&host->lock);
    (void) pthread_mutex_destroy(&host->log.lock);
    (void) pthread_mutex_destroy(&host->findings.lock);
    (void) pthread_mutex_destroy(&host->quarantine.lock);
    lf_fake_host = NULL;
    free(host);
    *host_ptr = NULL;
}
