#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Core serves two hosts and knows neither: no word of one may stand in it.
set -eu

cd "$(dirname "$0")/.."

if grep -rnE 'ngx_http|ngx_pool|#if.*NGX|fake' core/; then
    echo "check-core: core/ names a host (see above); what only one host" \
         "needs belongs behind core/lf_port.h" >&2
    exit 1
fi

# Every source is in the list that both builds read, and nothing else is.
if ! (cd core && ls ./*.c | sed 's|^\./||' | sort) \
    | cmp -s - core/sources.txt; then
    echo "check-core: core/sources.txt is not the sorted list of core/*.c" >&2
    exit 1
fi
