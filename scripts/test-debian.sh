#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# quickstart.sh and test.sh on a fresh Debian: see --help.
set -eu

usage() {
    cat <<'TEXT'
usage: scripts/test-debian.sh [OPTION]... SUITE [ARCH]

Makes a fresh Debian with debootstrap, copies this source into it and runs
scripts/quickstart.sh and scripts/test.sh there. SUITE is bookworm, trixie, ...
or "other": trixie, but bookworm on Debian 13. ARCH is this machine's unless
given; another one (arm64) needs qemu-user-static and binfmt_misc.

  --quick         of the tests only unit, abi and example
  --time SECONDS  end it after so long, with exit status 124
  --root DIR      make the Debian in DIR, or use the one that is there; it
                  stays, with the source and its builds in DIR/src

Mirror and proxy are those of this machine's apt; LINKFUNC_MIRROR names another
mirror. Exit status 77: it cannot run here; the last line says why.
TEXT
}

fail() {
    echo "test-debian: $*" >&2
    exit 1
}

read_arguments() {
    quick='' seconds=0 folder='' suite='' arch=''

    while [ $# -gt 0 ]; do
        case $1 in
        --quick)   quick=1 ;;
        --time)    seconds=${2:?}; shift ;;
        --root)    folder=$(realpath -m "${2:?}"); shift ;;
        --help|-h) usage; exit 0 ;;
        -*)        usage >&2; fail "unknown option $1" ;;
        *)         [ -z "$arch" ] || fail "one SUITE and one ARCH at most"
                   [ -z "$suite" ] || arch=$1
                   suite=${suite:-$1} ;;
        esac
        shift
    done

    [ -n "$suite" ] || { usage >&2; fail "which SUITE?"; }
    arch=${arch:-$(dpkg --print-architecture)}
    if [ "$suite" = other ]; then
        suite=trixie
        ! grep -qs '^VERSION_CODENAME=trixie' /etc/os-release || suite=bookworm
    fi
}

# The files as they are here, committed or not.
copy_source() {
    rm -rf "$root/src"
    mkdir "$root/src"
    tar --exclude=./build --exclude=./.git -cf - . | tar -xf - -C "$root/src"
}

# step TEXT COMMAND...: with the time that it took
step() {
    text=$1
    shift
    from=$(date +%s)
    "$@"
    echo "test-debian: $text: $(($(date +%s) - from)) s"
}

# The script has ended, under "set -e" anywhere.
report_failure() {
    case $1 in
    0|77) ;;
    *) echo "test-debian: $suite $arch: failed: $text" >&2 ;;
    esac
}

in_source() {
    root_run sh -ec 'cd /src && exec "$@"' sh "$@"
}

# $0 is for setup.sh, which finds the source by it.
some_tests() {
    in_source sh -euc '
        . scripts/setup.sh
        setup build test
        cmake --preset dev > build/dev.log 2>&1
        cmake --build --preset dev -j2 --target linkfunc linkfunc_module \
            tests/unit/all tests/abi/all examples/all >> build/dev.log 2>&1 \
            || { tail -n 40 build/dev.log >&2; exit 1; }
        ctest --preset dev --progress -j2 -R "^(unit|abi|example)"
        ' scripts/some-tests
}

read_arguments "$@"
cd "$(dirname "$0")/.."
. scripts/debian-root.sh
root_session "$seconds" "$folder" "$PWD/scripts/test-debian.sh" "$@"

text=start
trap 'report_failure $?' EXIT
step "a fresh $suite for $arch" root_make "$suite" "$arch"
copy_source
step quickstart.sh in_source scripts/quickstart.sh
if [ -n "$quick" ]; then
    step "the unit, abi and example tests" some_tests
else
    step test.sh in_source scripts/test.sh
fi
echo "test-debian: $suite $arch: passed"
