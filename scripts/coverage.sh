#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# The figures of executed lines: of an example app by its own unit tests, and
# of the project by all tests.
. "$(dirname "$0")/setup.sh"

setup build test coverage
build coverage

clean() {
    find build/coverage -name '*.gcda' -delete
}

figures() {
    gcovr --root . --print-summary "$@" \
        build/coverage/core build/coverage/lib build/coverage/fakes build/coverage/harness \
        build/coverage/examples
}

clean
echo "test: the unit tests of examples/upload"
build/coverage/examples/example.upload > build/coverage/upload.log 2>&1 \
    || { cat build/coverage/upload.log >&2; exit 1; }
echo
echo "The app examples/upload, by its own unit tests:"
figures --filter 'examples/upload/upload\.c'

clean
echo
echo "test: all"
ctest --preset coverage > build/coverage/ctest.log 2>&1 \
    || { tail -n 40 build/coverage/ctest.log >&2; exit 1; }
echo
echo "The project, by all tests:"
figures --filter 'core/' --filter 'lib/' --filter 'fakes/' --filter 'harness/'
tail -n 3 build/coverage/ctest.log | grep 'Total' || true
grep 'tests passed' build/coverage/ctest.log
