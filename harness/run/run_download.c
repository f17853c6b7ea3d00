/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Apps that the configuration downloads. A run needs no network: on every host
 * it takes the file that stands at the target, if the pin allows, and says so.
 */
#include <errno.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/exit_status.h"
#include "lib/base/digest.h"
#include "lib/base/message.h"
#include "lib/base/url_parts.h"
#include "harness/run/run_conf.h"


static int
check_pin(const struct conf_server *s, const char *path)
{
    char         hex[DIGEST_HEX];
    const char  *error;

    if (digest_file(DIGEST_SHA256, path, hex, &error) != 0) {
        message_error("the SHA-256 of \"%s\" cannot be computed: %s (in "
                      "%s:%u)", path, error, s->sha256->file,
                      s->sha256->line);
        return EXIT_APP;
    }

    if (strcasecmp(hex, s->sha256->args[1].text) != 0) {
        message_error("the SHA-256 of \"%s\" is %s, not that of \"%s\" (in "
                      "%s:%u)", path, hex, s->sha256->args[0].text,
                      s->sha256->file, s->sha256->line);
        return EXIT_APP;
    }

    return EXIT_OK;
}


/* nginx opens it for https alone, and when it fetches. */
static void
check_ca_cert(const struct run_options *o, const struct conf_server *s)
{
    const char  *path = s->ca_cert->args[1].text;

    if (path[0] != '/') {
        path = arena_printf(o->settings.arena, "%s/%s", o->settings.prefix,
                            path);
    }

    if (path != NULL && access(path, R_OK) != 0
        && url_has_scheme(s->download->args[1].text, "https"))
    {
        message_warning("%s:%u: \"%s\" cannot be read (%s): nginx could not "
                        "download the app with it", s->ca_cert->file,
                        s->ca_cert->line, path, strerror(errno));
    }
}


int
run_check_download(const struct run_options *o, const struct conf_server *s,
                   const char *path)
{
    int                      rc = EXIT_OK;
    char                     url[512];
    const struct conf_node  *node = s->download;

    url_redact(node->args[1].text, url, sizeof(url));

    if (s->ca_cert != NULL) {
        check_ca_cert(o, s);
    }

    if (access(path, F_OK) != 0) {
        message_error("%s:%u: cannot open \"%s\", the target of the download "
                      "from %s: %s; run downloads nothing: start nginx to do "
                      "it (nginx -t is not enough), or set --lib-dir to the "
                      "directory of your build",
                      node->file, node->line, path, url, strerror(errno));
        return EXIT_APP;
    }

    /* a build of one's own is not the file that was pinned */
    if (s->sha256 != NULL && o->settings.lib_dir == NULL) {
        rc = check_pin(s, path);
    }

    if (rc == EXIT_OK) {
        message_warning("%s:%u: nothing is downloaded from %s: \"%s\" is "
                        "used as it is", node->file, node->line, url, path);
    }

    return rc;
}
