#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Each option of "linkfunc call --help" stands in the manual page, and no other;
# each command of "linkfunc --help" has a page.
set -eu

linkfunc=$1
manuals=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$linkfunc" call --help | sed -n '/^examples:/q
    s/^  \(-., \)\{0,1\} *\(--[a-z0-9.-]*\).*/\1\2/p' \
    | tr -d ' ' | sort >"$folder/help"
sed -n 's/^\.It \(Fl .\) , \(Fl \)\{0,1\}Fl \([a-z0-9.-]*\).*/\1 \3/p
    s/^\.It Fl Fl \([a-z0-9.-]*\).*/--\1/p' "$manuals/linkfunc-call.1" \
    | sed 's/^Fl \(.\) \(.*\)/-\1,--\2/' | tr -d ' ' | sort >"$folder/manual"

test -s "$folder/help"
diff -u "$folder/help" "$folder/manual"

"$linkfunc" --help | sed -n 's/^  \([a-z]*\)  .*/\1/p' >"$folder/commands"
test -s "$folder/commands"

while read -r command; do
    test -f "$manuals/linkfunc-$command.1"
    grep -q "linkfunc-$command" "$manuals/linkfunc.1"
done <"$folder/commands"
