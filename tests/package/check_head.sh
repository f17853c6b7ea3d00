#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_head.sh LINKFUNC EXAMPLE-SOURCE CFLAGS
#
# The two commands in the head of an example do what they say: the compiler
# line builds the app without a warning, the call is answered by the app.
set -eu

linkfunc=$1 source=$2 cflags=$3

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

compile=$(sed -n 's/^ \*  *\(gcc -shared -fPIC .*\)/\1/p' "$source")
call=$(sed -n 's/^ \*  *linkfunc \(call .*\)/\1/p' "$source")
test -n "$compile"
test -n "$call"

# As in the example's own folder, with the products elsewhere.
mkdir -p "$dir/examples/app"
ln -s "$(cd "$(dirname "$source")/../../include" && pwd)" "$dir/include"
cp "$source" "$dir/examples/app"
cd "$dir/examples/app"

sh -c "$compile $cflags -Wall -Wextra -Werror"
echo "linkfunc $call"
sh -c "'$linkfunc' $call" > answer
cat answer
test -s answer
