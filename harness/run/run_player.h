/* SPDX-License-Identifier: BSD-2-Clause */
/* What run_file.c and run_sides.c share, and nobody else. */
#ifndef RUN_PLAYER_H
#define RUN_PLAYER_H

#include "harness/run/run.h"
#include "harness/run/run_compare.h"

/* One host that plays the file. */
struct side {
    struct play_session   session;
    struct run_seen       seen;      /* what came back, for the comparison */
    unsigned              started:1;
    unsigned              blind:1;   /* this host could not play the entry */
};

struct player {
    const struct run_settings  *settings;
    struct run_sink            *sink;
    struct run_file            *file;
    const struct script        *script;
    struct arena               *arena;
    struct side                 sides[2];
    size_t                      side_count;
    struct side                *now;
    size_t                     *lines;       /* of the script */
    size_t                      line_count;
    struct strbuf               pieces[RUN_REPORTS_MAX];
    struct strbuf               last_body;
    unsigned                    compare:1;
};

/* Shows a text, and frees it. */
void run_say(struct player *player, struct strbuf *text);

/* Makes the host of the file, or both, and starts them. 0, or -1 with err. */
int run_start_sides(struct player *player, char *err);

/* Ends a host, also one that was never started; what it says is shown. */
void run_stop_side(struct player *player, struct side *side);

#endif /* RUN_PLAYER_H */
