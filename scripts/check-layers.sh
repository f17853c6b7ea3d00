#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Every #include "..." of the product goes along an arrow of the table below,
# and no word of a host stands where no host is known. Called by the tests.
set -eu

usage() {
    cat <<'TEXT'
usage: scripts/check-layers.sh [--graph] [FOLDER]

Checks the include lines of core, fakes, harness, lib and module against the
table of allowed arrows, and searches core and lib for words of hosts.

  --graph   print folders with their files and lines, and the arrows
  FOLDER    the source tree to check (default: this one)
TEXT
}

# folder: folders that it may include; they bring what they may include.
table() {
    cat <<'TEXT'
include:
core: include core/elf
core/elf:
lib/base:
lib/regex: lib/base
lib/json: lib/base lib/regex
lib/symbolize: lib/base
lib/curl: lib/base
lib/http: lib/base lib/curl
lib/wire: lib/base
lib/fetch: lib/base lib/curl lib/wire
module: core lib/fetch lib/wire
fakes: core lib/base
fakes/test: fakes lib/symbolize
harness/hurl/syntax: LIB
harness/hurl/eval: harness/hurl/syntax LIB
harness/conf: core LIB
harness/worker: fakes core LIB
harness/host: core LIB
harness/host/mock: harness/host harness/worker harness/conf fakes
harness/host/nginx: harness/host harness/conf lib/http
harness/run/report: lib/base lib/json
harness/run/entry: harness/run/report harness/hurl/eval harness/host LIB
harness/run: harness/run/entry harness/host/mock harness/host/nginx
harness/call: harness/worker fakes core harness/run/report/verdict.h LIB
harness: harness/call harness/run
TEXT
}

# file: one header of a folder that these may include besides.
exceptions() {
    cat <<'TEXT'
core/elf: core/lf_error.h
TEXT
}

graph=
while [ $# -gt 0 ]; do
    case $1 in
    --graph)   graph=1; shift ;;
    --help|-h) usage; exit 0 ;;
    -*)        usage >&2; exit 1 ;;
    *)         break ;;
    esac
done

cd "${1:-$(dirname "$0")/..}"

includes() {
    find core fakes harness lib module include \
         \( -name '*.c' -o -name '*.h' \) -exec \
        grep -Hn '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' {} + \
    | LC_ALL=C sort
}

{ table; echo; exceptions; echo; includes; } | awk -v graph="$graph" '
function folder(path) {
    sub(/\/[^\/]*$/, "", path)
    return path
}

# What a folder may include, with what that brings.
function allow(from, to,    n, i, parts) {
    if ((from, to) in may)
        return
    may[from, to] = 1
    n = split(direct[to], parts, " ")
    for (i = 1; i <= n; i++)
        allow(from, parts[i])
}

function finish_table(    f, n, i, parts) {
    for (f in direct)
        gsub(/LIB/, "lib/base lib/regex lib/json lib/symbolize lib/curl " \
                    "lib/http lib/wire lib/fetch", direct[f])
    for (f in direct) {
        n = split(direct[f], parts, " ")
        for (i = 1; i <= n; i++)
            allow(f, parts[i])
    }
    for (f in direct)
        if ((f, f) in may)
            complain("the table", "arrows lead from " f " back to it")
}

function complain(where, text) {
    printf "check-layers: %s: %s\n", where, text > "/dev/stderr"
    bad = 1
}

$0 == "" { part++; if (part == 1) finish_table(); next }

part < 2 {
    key = substr($0, 1, index($0, ":") - 1)
    rest = substr($0, index($0, ":") + 1)
    if (part == 0) {
        direct[key] = rest
        order[++folders] = key
    } else {
        n = split(rest, parts, " ")
        for (i = 1; i <= n; i++)
            may[key, parts[i]] = 1
    }
    next
}

{
    split($0, at, ":")
    where = at[1] ":" at[2]
    split($0, quoted, "\"")
    to = quoted[2]
    a = folder(at[1])
    b = folder(to)

    if (!(a in direct))
        complain(where, "the folder " a " is not in the table")
    else if (a == "include")
        next                     # what is installed names no folder
    else if (index(to, "/") == 0)
        complain(where, "\"" to "\": an include names its folder, from the " \
                 "top of the tree")
    else if (a != b) {
        arrows[a " -> " b]++
        if (!((a, b) in may) && !((a, to) in may)) {
            complain(where, a " may not include " b "; see the table in " \
                     "scripts/check-layers.sh")
            up++
        }
    }
}

END {
    if (graph) {
        for (i = 1; i <= folders; i++) {
            f = order[i]
            command = "cat " f "/*.[ch] 2>/dev/null | wc -l; " \
                      "ls " f "/*.[ch] 2>/dev/null | wc -l"
            command | getline lines
            command | getline files
            close(command)
            printf "%-22s %4d files %6d lines\n", f, files, lines
            total += lines
        }
        printf "%-22s            %6d lines\n\n", "", total
        for (name in arrows)
            print name " " arrows[name] | "LC_ALL=C sort"
        close("LC_ALL=C sort")
        printf "\narrows against the table: %d\n", up
    }
    exit bad
}'

# Words of hosts. A dialect or a format may be named after where it comes from.
status=0

forbid() {
    where=$1
    words=$2
    shift 2
    if find "$where" \( -name '*.c' -o -name '*.h' \) -exec \
        grep -nE "$words" "$@" {} + >&2
    then
        echo "check-layers: $where/ names a host (see above)" >&2
        status=1
    fi
}

forbid core 'ngx_http|ngx_pool|#if.*NGX|fake'
forbid lib '\<(mock|fake|linkfunc|LF-[0-9]+)\>|\<ngx_'

# Every source is in the list that both builds read, and nothing else is.
for folder in core core/elf; do
    if ! (cd "$folder" && ls ./*.c | sed 's|^\./||' | LC_ALL=C sort) \
        | cmp -s - "$folder/sources.txt"; then
        echo "check-layers: $folder/sources.txt is not the sorted list of" \
             "$folder/*.c" >&2
        status=1
    fi
done

exit $status
