#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# play_readme.sh README PROJECT BUILD
#
# Prints README with the console blocks of its tour as they really come out:
# the files are written, the commands run one after the other in one shell, and
# what they print (stdout and stderr) is put under them. check_readme.sh
# compares that with what README says.
set -eu

readme=$1 project=$2 build=$3

dir=$(mktemp -d)
chmod 755 "$dir"
tour=$dir/tour

# Left in the middle, no nginx is left behind; it may be ending already.
clean_up() {
    if pid=$(cat "$tour/nginx.pid" 2> /dev/null) && [ -n "$pid" ]; then
        kill "$pid" 2> /dev/null || :
    fi
    rm -rf "$dir"
}
trap clean_up EXIT

# A port below those that clients get, on which nobody listens now; nothing else
# of the tour is taken by others.
port=$(shuf -i 20000-32000 -n 1)
while grep -q ":$(printf '%04X' "$port") 00000000:0000 0A" /proc/net/tcp; do
    port=$((port + 1))
done

# The tour as one script that prints README.
awk -v tour="$tour" -v port="$port" '
function quote(text) {
    gsub(/\047/, "\047\\\047\047", text)
    return "\047" text "\047"
}
function say(text) { print "printf \"%s\\n\" " quote(text) }

/^## / { touring = ($0 == "## Three minutes") }

touring && /^`[a-z.]*`:$/ { file = substr($0, 2, length($0) - 3) }

/^```console$/ && touring { console = 1; say($0); next }
/^```$/ && console        { console = 0; say($0); next }

console && /^\$ / {
    say($0)
    command = substr($0, 3)
    gsub(/\/tmp\/tour/, tour, command)
    gsub(/:8080/, ":" port, command)
    print "{ " command "\n} 2>&1 || :"
    next
}
console { next }                         # what README says came out

/^```./ && file != "" { writing = 1; say($0); next }
/^```$/ && writing    { writing = 0; file = ""; say($0); next }
writing {
    line = $0
    gsub(/:8080/, ":" port, line)
    print "printf \"%s\\n\" " quote(line) " >> " quote(tour "/" file)
}

{ say($0) }
' "$readme" > "$dir/script"

# The command, header and module that were built, wherever that is.
mkdir -p "$dir/project/build"
ln -s "$(realpath "$build")" "$dir/project/build/release"
ln -s "$(realpath "$project")/include" "$dir/project/include"
cd "$dir/project"

sh "$dir/script" | tr -d '\r' | sed -e "s|$tour|/tmp/tour|g" -e "s|:$port|:8080|g"
