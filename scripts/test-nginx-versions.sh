#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds the module for other nginx: as a dynamic module and built in, with and
# without thread pools, by gcc and clang; each warning is an error. Then plays
# the contract on each nginx that gcc made.
#
#   scripts/test-nginx-versions.sh [SOURCE...]
#
# SOURCE is a folder with nginx's sources or a release as downloaded. Without
# one, Debian's source packages of nginx are taken from the suites below, where
# the mirror has them. $BUILD is the build with the contract's programs.
set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/scripts/debian-root.sh"
build=${BUILD:-$top/build/dev}
suites=${SUITES:-bullseye bookworm trixie sid}
work=$top/build/nginx-versions
passed=0 failed=0 skipped=0

say() { echo "nginx-versions: $*"; }

skip() { say "skipped: $*"; skipped=$((skipped + 1)); }

[ -x "$build/tests/contract_list" ] \
    || { say "$build has no contract_list: cmake --build --preset dev"; exit 1; }
mkdir -p "$work"

# apt with lists of its own: the machine's sources stay as they are.
apt_own() {
    "$@" -o Dir::Etc::SourceList="$work/apt/sources.list" \
        -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$work/apt/lists" \
        -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User=root
}

# fetch SUITE: prints the release, or why there is none, with status 1.
fetch() {
    mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" \
        "$work/$1"
    uri=$(root_mirror)
    [ -n "$uri" ] || { echo "no Debian mirror is configured"; return 1; }
    key=/usr/share/keyrings/debian-archive-keyring.gpg
    echo "deb-src [signed-by=$key] $uri $1 main" > "$work/apt/sources.list"
    if ! { apt_own apt-get update -q \
           && (cd "$work/$1" && apt_own apt-get source -q --download-only \
                   --only-source nginx); } > "$work/$1/apt.log" 2>&1; then
        echo "$1: $(grep -m 1 '^E:' "$work/$1/apt.log" || echo 'no source')"
        return 1
    fi
    find "$work/$1" -name 'nginx_*.orig.tar.gz' | sort | tail -1
}

# The contract on an nginx: its list; then its scripts, where it is the version
# that the mock is, since they compare the pages too.
contract() {
    "$build/tests/contract_list" --app "$build/tests/libapp_contract.so" \
        --module "$2" || return 1
    if ! "$1" -v 2>&1 | grep -q 'nginx/1\.22\.1'; then
        echo "scripts: not played, the mock is nginx 1.22.1"
        return
    fi
    "$build/bin/linkfunc" run --test --on both --nginx "$1" \
        --variable other_version=false \
        --conf "$top/tests/contract/contract.conf" \
        --lib-dir "$build/tests" "$top/tests/contract/scripts"
}

# one SOURCE CC NAME OPTION...
one() {
    source=$1 cc=$2 name=$3
    shift 3
    out=$work/$(basename "$source" .tar.gz)-$cc-$name
    mkdir -p "$out"

    if ! CC=$cc "$top/scripts/build-module.sh" --source "$source" --out "$out" \
           --werror "$@" -- --with-http_auth_request_module > "$out/build.log" 2>&1; then
        say "FAILED: $(basename "$out"): build"
        tail -n 20 "$out/build.log"
        failed=$((failed + 1))
        return
    fi

    if [ "$cc" = gcc ]; then
        module=$out/ngx_http_link_func_module.so
        [ -e "$module" ] || module=
        if ! LINKFUNC_NGINX=$out/objs/nginx LINKFUNC_MODULE=$module \
               contract "$out/objs/nginx" "$module" > "$out/contract.log" 2>&1
        then
            say "FAILED: $(basename "$out"): contract"
            tail -n 20 "$out/contract.log"
            failed=$((failed + 1))
            return
        fi
    fi

    say "passed: $(basename "$out")"
    passed=$((passed + 1))
}

sources=("$@")
if [ $# -eq 0 ]; then
    for suite in $suites; do
        if ! command -v apt-get > /dev/null; then
            skip "$suite: no apt-get here; name sources of nginx"
        elif source=$(fetch "$suite"); then
            sources+=("$source")
        else
            skip "$source"
        fi
    done
fi

for source in "${sources[@]}"; do
    for cc in gcc clang; do
        if ! command -v "$cc" > /dev/null; then
            skip "$cc is not installed"
            continue
        fi
        whole=--with-nginx
        [ "$cc" = gcc ] || whole=
        one "$source" "$cc" dynamic $whole
        one "$source" "$cc" dynamic-no-threads $whole --no-threads
        one "$source" "$cc" static --static
        one "$source" "$cc" static-no-threads --static --no-threads
    done
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
