/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From an address in the app to its function and line, for messages. Works
 * with the reader of debug information that crash reports use; it is loaded
 * when a test fails, never before.
 */
#include <unistd.h>

#include "fakes/test/lf_test.h"
#include "lib/symbolize/symbolize.h"


void
test_text_add_location(struct test_text *text, const char *what,
                       const void *site)
{
    struct symbolize        *symbolize;
    struct symbolize_frame   frame;

    if (site == NULL) {
        return;
    }

    symbolize = symbolize_process(getpid());
    if (symbolize == NULL) {
        test_text_add(text, "\n    %s at %p (%s)", what, site,
                      symbolize_missing() ? symbolize_missing()
                                          : "the process cannot be read");
        return;
    }

    /* site is where the call returns to; the byte before is in the call. */
    symbolize_address(symbolize, (uintptr_t) site - 1, &frame);

    test_text_add(text, "\n    %s in %s", what,
                  frame.function ? frame.function : "an unknown function");

    if (frame.file != NULL) {
        test_text_add(text, " at %s:%d", frame.file, frame.line);

    } else if (frame.module != NULL) {
        test_text_add(text, " of %s (built without -g)", frame.module);
    }

    symbolize_frame_free(&frame);
    symbolize_close(&symbolize);
}
