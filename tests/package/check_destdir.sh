#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_destdir.sh BUILD PROJECT CFLAGS MODULE
#
# "cmake --install" with a DESTDIR puts each file where its kind belongs and
# nothing beside it; what is installed works from there, and its completions
# offer what --help says. MODULE is empty when the nginx module is not built.
set -eu

build=$1 project=$2 cflags=$3 module=$4

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

DESTDIR=$dir/root cmake --install "$build" --prefix /usr > "$dir/log" \
    || { cat "$dir/log"; exit 1; }
usr=$dir/root/usr
pc=$(dirname "$(find "$usr" -name linkfunc.pc)")
lib=${pc%/pkgconfig}

for file in bin/linkfunc include/ngx_link_func_module.h \
            include/linkfunc_test.h include/linkfunc_test_cmocka.h \
            share/man/man1/linkfunc.1 share/man/man1/linkfunc-call.1 \
            share/bash-completion/completions/linkfunc \
            share/zsh/vendor-completions/_linkfunc \
            share/doc/linkfunc/module.md share/doc/linkfunc/abi.md \
            share/doc/linkfunc-dev/examples/hello/hello.c \
            ${module:+lib/nginx/modules/ngx_http_link_func_module.so} \
            ${module:+share/nginx/modules-available/mod-http-link-func.conf}
do
    test -f "$usr/$file" || { echo "not installed: $file"; exit 1; }
done
test -f "$lib/liblinkfunc_test.so"
test -f "$lib/cmake/LinkFunc/LinkFuncConfig.cmake"

beside=$(find "$dir/root" -type f | grep -vE "^$usr/(bin|include|lib|share)/" \
         || :)
test -z "$beside" || { echo "installed beside usr: $beside"; exit 1; }

# Nothing tells where it was built.
if grep -rF "$build" "$lib/pkgconfig" "$lib/cmake" "$usr/share"; then
    exit 1
fi

# The command, and its completions
PATH=$usr/bin:$PATH
linkfunc --version > /dev/null
for command in $(linkfunc --help | sed -n 's/^  \([a-z]*\)  .*/\1/p'); do
    test -f "$usr/share/man/man1/linkfunc-$command.1"
    bash -c '. "$1"; COMP_WORDS=(linkfunc "$2" --hel) COMP_CWORD=2
             _linkfunc; test "${COMPREPLY[*]}" = --help' \
        bash "$usr/share/bash-completion/completions/linkfunc" "$command" \
        || { echo "no completion of linkfunc $command"; exit 1; }
done
# shellcheck disable=SC2016
bash -c 'set -eu
    . "$1/share/bash-completion/completions/linkfunc"
    complete_as() {
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        _linkfunc
        echo "${COMPREPLY[*]}"
    }
    test "$(complete_as linkfunc ca)" = call
    test "$(complete_as linkfunc call --data-u)" = --data-urlencode
    test -z "$(complete_as linkfunc call ./lib)"
' bash "$usr"
if command -v zsh > /dev/null; then
    zsh -n "$usr/share/zsh/vendor-completions/_linkfunc"
fi

cd "$dir"

# The module beside the command, on a real nginx. A sanitizer's needs more.
if [ -n "$module" ] && [ -z "$cflags" ]; then
    echo 'location / { return 200 ok; }' > plain.conf
    printf 'GET {{base}}/\nHTTP 200\n`ok`\n' > plain.hurl
    env -u LINKFUNC_MODULE linkfunc run --on nginx --conf plain.conf --test \
        plain.hurl
fi

# The library, by pkg-config
flags=$(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs linkfunc-test)
# shellcheck disable=SC2086
cc $cflags -o by_hand "$project/test_outside.c" "$project/outside.c" $flags \
    -lcmocka -Wl,-rpath,"$lib"
./by_hand
