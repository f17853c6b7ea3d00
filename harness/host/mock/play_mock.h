/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The mock as a host of scripts: one worker process a library, the zone kept
 * when a worker dies, the route to an app as the configuration says.
 */
#ifndef PLAY_MOCK_H
#define PLAY_MOCK_H

#include "harness/conf/conf.h"
#include "harness/host/host.h"

struct play_mock_settings {
    const struct conf  *conf;        /* kept; no two mocks at a time */
    const char         *prefix;      /* relative libraries start here */
    const char         *lib_dir;     /* --lib-dir, or NULL */
    uint64_t            timeout;     /* ns; 0: none */
    enum lf_level       log_level;   /* shown on stderr; 0: nothing */
};

/* NULL with a text in err. */
struct host *play_mock_new(const struct play_mock_settings *settings,
                                char *err);

/*
 * The path of a library as a configuration names it; allocated in the arena.
 * A name without '/' is left to the loader.
 */
const char *play_lib_path(struct arena *arena, const char *name,
                          const char *prefix, const char *lib_dir);

#endif /* PLAY_MOCK_H */
