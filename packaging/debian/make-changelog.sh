#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# make-changelog.sh CHANGELOG.md MAINTAINER
#
# Writes CHANGELOG.md in the form that Debian wants: an entry for each heading
# "## VERSION (DATE)", with the items below it.
set -eu

awk -v maintainer="$2" '
function close_entry() {
    if (date == "") return
    command = "LC_ALL=C date -u -R -d \"" date " 12:00\""
    command | getline stamp
    close(command)
    printf "\n -- %s  %s\n", maintainer, stamp
}
/^## / {
    close_entry()
    date = substr($3, 2, length($3) - 2)
    printf "%slinkfunc (%s) unstable; urgency=medium\n\n", gap, $2
    gap = "\n"
    next
}
date == "" || /^$/ { next }
/^- /              { print "  * " substr($0, 3); next }
                   { print "  " $0 }
END                { close_entry() }' "$1"
