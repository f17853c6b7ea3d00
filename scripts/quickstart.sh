#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Set-up, build, and one real call with its output.
. "$(dirname "$0")/setup.sh"

setup build
build release

run() {
    echo "\$ $*"
    "$@"
}

echo
run build/release/bin/linkfunc call -i build/release/examples/libhello.so hello '/?name=Ada'
