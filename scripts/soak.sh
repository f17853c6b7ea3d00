#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# soak.sh [REQUESTS [RELOADS]]: a million requests and 20 reloads, or as many as
# given, on one nginx with the module of the bench preset: memory, descriptors
# and pages of the zone must not grow. The tests run a short one.
. "$(dirname "$0")/setup.sh"

setup build test
build bench
build/bench/tests/module_soak "${1:-1000000}" "${2:-20}"
