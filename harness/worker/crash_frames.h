/* SPDX-License-Identifier: BSD-2-Clause */
/* The app's own part of a stack, as lines of a message. */
#ifndef CRASH_FRAMES_H
#define CRASH_FRAMES_H

#include "lib/base/strbuf.h"
#include "lib/symbolize/symbolize.h"
#include "harness/worker/worker.h"

/*
 * Append the frames of a worker that is stopped, or runs too long. Returns 1
 * when a C++ exception was being thrown.
 */
int crash_frames(const struct worker_death *death, struct worker *worker,
                 struct strbuf *out);

/* A place in the app, as far as it is known; free it. */
void crash_location_frame(const struct worker_location *place,
                       struct symbolize_frame *frame);

/* "FUNCTION at FILE:LINE" for a place in the app. */
void crash_location(const struct worker_location *place, struct strbuf *out);

#endif /* CRASH_FRAMES_H */
