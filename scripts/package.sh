#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# Builds the Debian packages from the release preset and says where they are.
# With lintian installed, its remarks follow; they fail nothing.
. "$(dirname "$0")/setup.sh"

setup build package

# As the release preset, but with the paths of Debian's own packages.
echo "package: build/package, from the release preset"
umask 022
mkdir -p build/package
packages=build/package/packages
rm -rf "$packages"
{
    cmake --preset release -B build/package -DCMAKE_INSTALL_PREFIX=/usr \
        -DLINKFUNC_BUILD_EXAMPLES=OFF \
    && cmake --build build/package -j2 \
    && (cd build/package && cpack -G DEB)
} > build/package.log 2>&1 || {
    tail -n 20 build/package.log >&2
    echo "package: failed; the whole output is in build/package.log" >&2
    exit 1
}
rm -rf "$packages/_CPack_Packages"

for package in "$packages"/*.deb; do
    echo "package: $package"
done

if command -v lintian > /dev/null; then
    lintian --allow-root "$packages"/*.deb 2>&1 || :
fi
