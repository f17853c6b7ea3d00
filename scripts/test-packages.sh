#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds the Debian packages and tests them on a fresh Debian like this one (in
# a debootstrap root, from the mirror of apt or from LINKFUNC_MIRROR). Exit
# status 77: it cannot run here, and why is on the last line.
. "$(dirname "$0")/setup.sh"

setup build test package debian
scripts/package.sh
tests/package/check_packages.sh build/package/packages tests/package/project
