#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# make-abi-doc.sh            writes docs/abi.md from the header
# make-abi-doc.sh --check    says whether docs/abi.md is what it would write
#
# The header is the contract; the document only shows it in another form. In a
# comment, two spaces and a word begin an item, four after an empty line code.
set -eu
cd "$(dirname "$0")/.."

make_doc() {
    awk '
function prose(text) {
    gsub(/[*]/, "\\*", text)
    gsub(/</, "\\<", text)
    return text
}

# One comment, its marks stripped, as Markdown.
function show_comment(i, line, item, code, empty) {
    item = code = 0
    empty = 1
    for (i = 1; i <= lines; i++) {
        line = comment[i]
        if (line == "") {
            empty = 1
            if (code && comment[i + 1] !~ /^    /) { print "```"; code = 0 }
            if (comment[i + 1] !~ /^ /) { item = 0 }
            print ""
            continue
        }
        if (line ~ /^ *\[.*\|.*\]/) {
            if (!empty) { print "" }
            sub(/^ */, "", line)
            print "`" line "`"
            item = 0
        } else if (code || (line ~ /^    / && empty && !item)) {
            if (!code) { print "```c"; code = 1 }
            print substr(line, 5)
        } else if (line ~ /^  - /) {
            if (!item && !empty) { print "" }
            print prose(substr(line, 3))
            item = 1
        } else if (line ~ /^  [^ ]/) {
            if (!item && !empty) { print "" }
            line = substr(line, 3)
            at = match(line, /  +/)
            print "- **" prose(substr(line, 1, at ? at - 1 : length(line))) \
                  "**" (at ? ": " prose(substr(line, at + RLENGTH)) : "")
            item = 1
        } else {
            sub(/^ */, "", line)
            if (!item && !empty && comment[i] ~ /^ /) { print "" }
            print (item ? "  " : "") prose(line)
        }
        empty = 0
    }
    if (code) { print "```" }
    print ""
}

function names_in(line, found) {
    found = ""
    if (match(line, /ngx_link_func_[a-z_]+\(/)) {
        found = substr(line, RSTART, RLENGTH - 1)
    } else if (line ~ /^} ngx_link_func_/) {
        found = substr(line, 3, length(line) - 3)
    }
    return found
}

# What a comment stands above: declarations up to an empty line.
function show_chunk(i, heading, name) {
    if (chunk[1] ~ /^#(if|include)/ || chunk[1] ~ /^extern/) { return }
    heading = ""
    for (i = 1; i <= rows; i++) {
        name = names_in(chunk[i])
        if (name != "" && name !~ /_$/) {
            heading = heading (heading == "" ? "" : ", ") "`" name "`"
        }
    }
    if (heading != "") { print "### " heading "\n" }
    print "```c"
    for (i = 1; i <= rows; i++) {
        if (chunk[i] ~ /^#define ngx_link_func_[a-z_]+\(/) {
            sub(/^#define /, "", chunk[i])
            sub(/ *\\$/, "", chunk[i])
            print chunk[i]
            while (chunk[i + 1] ~ /^    /) { i++ }
        } else {
            print chunk[i]
        }
    }
    print "```\n"
}

function flush() {
    if (rows > 0) { show_chunk() }
    if (lines > 0 && !(rows > 0 && chunk[1] ~ /^#(if|include)/)) {
        show_comment()
    }
    lines = rows = 0
}

NR == 1 { next }                                  # the licence
/^ \* Behind the macros/ { lines = rows = 0; exit }

/^\/\*/ && !in_chunk {
    flush()
    section = /-----/
    in_comment = 1
    started = 0
}
in_comment {
    text = $0
    end = sub(/ *\*\/$/, "", text)
    sub(/^\/\*-* ?/, "", text)
    sub(/^ \*?/, "", text)
    sub(/^ /, "", text)
    sub(/^-----*$/, "", text)
    if (text != "" || (started && !end)) {
        if (!started && section) {
            cut = index(text, ".")
            print "## " (cut ? substr(text, 1, cut - 1) : text) "\n"
            text = cut ? substr(text, cut + 2) : ""
        }
        if (text != "" || started) { comment[++lines] = text }
        started = 1
    }
    if (end) {
        in_comment = 0
        if (section) { flush() }
    }
    next
}
/^#ifndef _NGX/ { flush() }
/^$/ && !in_chunk { if (rows > 0) { flush() } next }
/^#(ifdef|ifndef|if|endif|else|include)/ || /^extern "C"/ || /^}$/ \
    || /_INCLUDED_$/ || /^typedef unsigned char/ || skipped {
    skipped = /\\$/
    if (/^typedef unsigned char/) { lines = 0 }
    next
}
{
    if (/^typedef (struct|union) \{/) { in_chunk = 1 }
    chunk[++rows] = $0
    if (/^} /) { in_chunk = 0 }
}
END { flush() }
' include/ngx_link_func_module.h | cat -s
}

doc=docs/abi.md
new=$(mktemp)
trap 'rm -f "$new"' EXIT
{
    echo "# The interface of apps"
    echo
    echo "Made from \`include/ngx_link_func_module.h\` by"
    echo "\`scripts/make-abi-doc.sh\`; change the header, then run it."
    echo
    make_doc
} > "$new"

if [ "${1:-}" = --check ]; then
    # Each function of the ABI is described.
    for name in $(grep -o '^ngx_link_func_[a-z_]*' tests/abi/names.txt); do
        grep -q "^### .*\`$name\`" "$new" \
            || { echo "make-abi-doc: the header does not document $name" >&2
                 exit 1; }
    done
    diff -u "$doc" "$new" || {
        echo "make-abi-doc: docs/abi.md is out of date: run scripts/make-abi-doc.sh" >&2
        exit 1
    }
else
    cp "$new" "$doc"
    chmod 644 "$doc"
fi
