#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The figures of executed lines: of an example app by its own unit tests, and
# of the project, the module in nginx with it, by all tests.
. "$(dirname "$0")/setup.sh"

setup build test coverage
build coverage

clean() {
    find build/coverage -name '*.gcda' -delete
}

clean
echo "test: the unit tests of examples/upload"
build/coverage/examples/example.upload > build/coverage/upload.log 2>&1 \
    || { cat build/coverage/upload.log >&2; exit 1; }
echo
echo "The app examples/upload, by its own unit tests:"
gcovr --root . --print-summary --filter 'examples/upload/upload\.c' \
    build/coverage/examples

clean
echo
echo "test: all"
ctest --preset coverage -j "$(($(nproc) + 1))" > build/coverage/ctest.log 2>&1 \
    || { tail -n 40 build/coverage/ctest.log >&2; exit 1; }
echo
echo "The project, by all tests:"
gcovr --root . --print-summary --filter 'core/' --filter 'lib/' \
    --filter 'fakes/' --filter 'harness/' --filter 'module/' \
    build/coverage/core build/coverage/lib build/coverage/fakes \
    build/coverage/harness build/coverage/module
grep 'Total' build/coverage/ctest.log || true
grep 'tests passed' build/coverage/ctest.log
