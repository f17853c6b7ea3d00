#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_package.sh BUILD PROJECT CFLAGS tree|install
#
# A project outside of this one finds LinkFunc in the build tree, or where it
# was installed, builds an app and its tests, and they pass.
set -eu

build=$1 project=$2 cflags=$3 where=$4

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

prefix=$build
if [ "$where" = install ]; then
    prefix=$dir/prefix
    cmake --install "$build" --prefix "$prefix" > /dev/null
fi

cmake -S "$project" -B "$dir/build" -DCMAKE_PREFIX_PATH="$prefix" \
      -DCMAKE_C_FLAGS="$cflags" > "$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
cmake --build "$dir/build" > "$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
test -f "$dir/build/liboutside.so"
ctest --test-dir "$dir/build" --output-on-failure

if [ "$where" = install ]; then
    # The same without CMake.
    pc=$(dirname "$(find "$prefix" -name linkfunc-test.pc)")
    cd "$dir"
    flags=$(PKG_CONFIG_PATH=$pc pkg-config --define-variable=prefix="$prefix" \
            --cflags --libs linkfunc-test)
    # shellcheck disable=SC2086
    cc $cflags -o by_hand "$project/test_outside.c" "$project/outside.c" \
        $flags -lcmocka -Wl,-rpath,"${pc%/pkgconfig}"
    ./by_hand
fi
