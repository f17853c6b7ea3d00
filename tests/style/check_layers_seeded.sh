#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# scripts/check-layers.sh finds what it is there for: each violation that is
# put into a copy of the sources makes it fail, at the right place.
#
#   check_layers_seeded.sh TOP
set -eu

top=$1
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

copy() {
    rm -rf "$tmp/tree"
    mkdir "$tmp/tree"
    (cd "$top" && cp -r core fakes harness include lib module "$tmp/tree")
}

# seed FILE LINE EXPECTED: LINE is added to the file's end.
seed() {
    copy
    printf '%s\n' "$2" >> "$tmp/tree/$1"
    if "$top/scripts/check-layers.sh" "$tmp/tree" > "$tmp/out" 2>&1; then
        echo "not found: $2 in $1" >&2
        exit 1
    fi
    if ! grep -qF "$3" "$tmp/out"; then
        echo "not reported as \"$3\": $2 in $1" >&2
        cat "$tmp/out" >&2
        exit 1
    fi
}

copy
"$top/scripts/check-layers.sh" "$tmp/tree"

# Upwards, sideways, and out of the tree
seed lib/base/arena.c '#include "harness/worker/worker.h"' \
     'lib/base may not include harness/worker'
seed lib/base/strbuf.h '#include "lib/json/json.h"' \
     'lib/base may not include lib/json'
seed core/lf_call.c '#include "fakes/lf_fake.h"' 'core may not include fakes'
seed core/lf_call.c '#include "lib/base/strbuf.h"' \
     'core may not include lib/base'
seed core/elf/lf_elf.c '#include "core/lf_core.h"' \
     'core/elf may not include core'
seed fakes/lf_fake.h '  #  include "harness/host/host.h"' \
     'fakes may not include harness/host'
seed harness/conf/conf_parse.c '#include "fakes/lf_fake.h"' \
     'harness/conf may not include fakes'
seed harness/hurl/syntax/script.h '#include "harness/hurl/eval/eval.h"' \
     'harness/hurl/syntax may not include harness/hurl/eval'
seed harness/host/mock/play_mock.c '#include "harness/run/run.h"' \
     'harness/host/mock may not include harness/run'
seed harness/call/call_json.c '#include "harness/run/report/report.h"' \
     'harness/call may not include harness/run/report'
seed module/ngx_http_link_func_app.c '#include "harness/conf/conf.h"' \
     'module may not include harness/conf'

# A name without its folder
seed lib/base/arena.c '#include "strbuf.h"' 'an include names its folder'

# Words of hosts
seed lib/http/url.c '/* as the mock does it */' 'lib/ names a host'
seed lib/json/json.c 'int ngx_http_link_func_x;' 'lib/ names a host'
seed core/lf_log.c '/* for ngx_pool_t */' 'core/ names a host'

# A source that is in no list, a folder that is in no table
copy
: > "$tmp/tree/core/lf_extra.c"
if "$top/scripts/check-layers.sh" "$tmp/tree" 2> /dev/null; then
    echo "not found: core/lf_extra.c is in no list" >&2
    exit 1
fi
copy
mkdir "$tmp/tree/lib/new"
echo '#include "lib/base/strbuf.h"' > "$tmp/tree/lib/new/new.c"
if "$top/scripts/check-layers.sh" "$tmp/tree" 2> "$tmp/out" \
   || ! grep -qF 'lib/new is not in the table' "$tmp/out"; then
    echo "not found: lib/new is in no table" >&2
    exit 1
fi
