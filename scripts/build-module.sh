#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# Builds the nginx module as a dynamic module: with the configure of nginx and
# the options that the installed nginx was built with. It changes nothing
# outside of its build folder.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: scripts/build-module.sh [--source DIR|TARBALL] [--out DIR] [--build DIR]
                               [--cc-opt FLAGS] [--ld-opt FLAGS] [--no-threads]
                               [--werror] [--with-nginx | --static]
                               [-- CONFIGURE-OPTIONS]

  --source WHAT    sources of nginx, a directory or a release as downloaded
                   (default: /usr/share/nginx/src, of Debian's nginx-dev);
                   --nginx-src is the same
  --out DIR        where the module goes (default: build/release/module)
  --build DIR      objects of nginx's build (default: OUT/objs)
  --cc-opt FLAGS   more flags for the compiler
  --ld-opt FLAGS   more flags for the linker
  --no-threads     without nginx's thread pools
  --werror         warnings are errors
  --with-nginx     build that nginx too (needs full sources)
  --static         build an nginx with the module in it (needs full sources)
  -- ...           more options for nginx's configure
TEXT
}

fail() {
    echo "build-module.sh: $*" >&2
    exit 1
}

top=$(cd "$(dirname "$0")/.." && pwd)
src=/usr/share/nginx/src
out=$top/build/release/module
build=
cc_opt=
ld_opt=
threads=1
werror=-Wno-error
program=
static=

while [ $# -gt 0 ]; do
    case $1 in
    --source|--nginx-src) src=${2:?}; shift 2 ;;
    --out)       out=${2:?}; shift 2 ;;
    --build)     build=${2:?}; shift 2 ;;
    --cc-opt)    cc_opt=${2?}; shift 2 ;;
    --ld-opt)    ld_opt=${2?}; shift 2 ;;
    --no-threads) threads=; shift ;;
    --werror)    werror=-Werror; shift ;;
    --with-nginx) program=1; shift ;;
    --static)    static=1; shift ;;
    --help|-h)   usage; exit 0 ;;
    --)          shift; break ;;
    *)           usage >&2; fail "unknown option $1" ;;
    esac
done

mkdir -p "$out"
out=$(cd "$out" && pwd)
build=${build:-$out/objs}
mkdir -p "$build"
build=$(cd "$build" && pwd)

# A release as downloaded: unpacked once, beside the objects.
if [ -f "$src" ]; then
    folder=$build/source-$(cksum < "$src" | tr ' ' -)
    if [ ! -d "$folder" ]; then
        rm -rf "$folder.new"
        mkdir "$folder.new"
        tar -xf "$src" -C "$folder.new" --strip-components=1 \
            || fail "$src: tar cannot unpack it"
        mv "$folder.new" "$folder"
    fi
    src=$folder
fi

configure=
for name in configure auto/configure; do
    [ -f "$src/$name" ] && configure=$name && break
done
[ -n "$configure" ] || fail "$src has no configure of nginx: install \
nginx-dev, or name a source tree or a release with --source"
[ -z "$program$static" ] || [ -f "$src/src/core/nginx.c" ] || fail "$src has \
only headers: for a whole nginx name a source tree or a release with --source"

flags=()
if [ -f "$src/conf_flags" ]; then
    # shellcheck disable=SC1091
    . "$src/conf_flags"
    for flag in "${NGX_CONF_FLAGS[@]}"; do
        [ "$flag" = --with-threads ] || flags+=("$flag")
    done
else
    flags=(--with-compat)
fi
[ -z "$threads" ] || flags+=(--with-threads)

how=--add-dynamic-module
target=modules
[ -z "$program" ] || target=
[ -z "$static" ] || { how=--add-module; target=; }

# DWARF 4, since the Valgrind of Debian 12 cannot read what clang writes in 5.
# nginx's configure sets -Werror itself: -Wno-error, which comes later, wins.
cc_opt="-O2 -g -gdwarf-4 -fPIC -Wall -Wextra $werror $cc_opt"
# clang lets -Wextra undo what nginx says of its own sources
[ -z "$program$static" ] || cc_opt="$cc_opt -Wno-unused-parameter"
stamp="$src $configure $how $cc_opt|$ld_opt ${flags[*]} $*"
stamp="$stamp $(cat "$top/module/config" "$top/module/lib-sources.txt" \
    "$top/core/sources.txt" "$top/core/elf/sources.txt" | cksum)"
# make knows no rule for a header that is gone
stamp="$stamp $(ls "$top"/core/*.h "$top"/core/elf/*.h "$top"/lib/*/*.h \
    "$top"/module/*.h | cksum)"

if [ ! -f "$build/Makefile" ] || [ ! -f "$build/stamp" ] \
   || [ "$(cat "$build/stamp")" != "$stamp" ]; then
    rm -f "$build/stamp"
    # configure's small programs leak, which a sanitizer would call an error
    (cd "$src" && ASAN_OPTIONS=detect_leaks=0 CC=${CC:-cc} \
        bash "./$configure" "${flags[@]}" \
        --with-cc-opt="$cc_opt" --with-ld-opt="-fPIC $ld_opt" \
        "$how=$top/module" --builddir="$build" "$@") \
        > "$build/configure.log" 2>&1 \
        || { tail -20 "$build/configure.log" >&2; fail "configure failed"; }
    printf '%s' "$stamp" > "$build/stamp"
fi

# nginx's make has no rule for a module's own headers beyond those in config
make -s -j 2 -C "$src" -f "$build/Makefile" $target \
    > "$build/make.log" 2>&1 \
    || { grep -v '^$' "$build/make.log" | tail -40 >&2; fail "make failed"; }

if [ -n "$static" ]; then
    echo "$build/nginx"
else
    name=ngx_http_link_func_module.so
    # a running nginx may have the old one mapped: never write into it
    cp "$build/$name" "$out/.$name.new"
    mv "$out/.$name.new" "$out/$name"
    echo "$out/$name"
fi
