#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds the Debian packages and tests them on a fresh Debian 12 (a debootstrap
# root; needs root and a mirror: LINKFUNC_MIRROR, http://deb.debian.org/debian
# by default). Exit status 77: it cannot run here, and why is on the last line.
. "$(dirname "$0")/setup.sh"

setup build test package
scripts/package.sh
tests/package/check_packages.sh build/package/packages tests/package/project
