# SPDX-License-Identifier: BSD-2-Clause
# Sourced by the other scripts: goes to the project's folder and offers
#   setup GROUP...   installs what packages.txt lists for these groups
#   build PRESET [TARGET...]  configures and builds all, or these
# Does nothing when all is there.

set -eu
cd "$(dirname "$0")/.."

# The packages of these groups that are not installed.
missing_packages() {
    for group in "$@"; do
        awk -v group="$group" '$1 == group { print $2 }' scripts/packages.txt
    done | sort -u | while read -r package; do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null \
            | grep -q 'ok installed' || printf '%s ' "$package"
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installing nginx would start it on port 80; Debian runs this file before.
policy=/usr/sbin/policy-rc.d

forbid_services() {
    if [ ! -e "$policy" ]; then
        trap allow_services EXIT
        printf '#!/bin/sh\nexit 101 # linkfunc, while it installs\n' \
            | as_root tee "$policy" > /dev/null
        as_root chmod 755 "$policy"
    fi
}

allow_services() {
    if grep -q 'linkfunc, while it installs' "$policy" 2> /dev/null; then
        as_root rm -f "$policy"
    fi
    trap - EXIT
}

setup() {
    if ! command -v dpkg-query > /dev/null; then
        echo "setup: not a Debian system; these packages are needed, by" \
             "whatever name: see scripts/packages.txt" >&2
        return
    fi

    missing=$(missing_packages "$@")
    [ -n "$missing" ] || return 0

    echo "setup: installing $missing"
    if [ "$(id -u)" != 0 ] && ! command -v sudo > /dev/null; then
        echo "setup: needs root or sudo for: apt-get install $missing" >&2
        exit 1
    fi

    forbid_services
    # shellcheck disable=SC2086
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
        --no-install-recommends $missing > build-setup.log 2>&1 \
    || { as_root apt-get update -q > build-setup.log 2>&1 \
         && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q \
            --no-install-recommends $missing >> build-setup.log 2>&1; } \
    || { tail -n 20 build-setup.log >&2
         echo "setup: apt-get failed; its output is in build-setup.log" >&2
         exit 1; }
    rm -f build-setup.log
    allow_services
}

build() {
    preset=$1
    shift
    echo "build: preset $preset"
    mkdir -p build
    cmake --preset "$preset" > "build/$preset.log" 2>&1 \
        && cmake --build --preset "$preset" -j2 ${1:+--target "$@"} \
            >> "build/$preset.log" 2>&1 \
        || { tail -n 40 "build/$preset.log" >&2
             echo "build: failed; the whole output is in build/$preset.log" >&2
             exit 1; }
}
