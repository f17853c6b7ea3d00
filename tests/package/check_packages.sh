#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# check_packages.sh PACKAGES PROJECT
#
# The Debian packages in the folder PACKAGES work on a fresh Debian 12: they are
# installed into a debootstrap root, nginx is started there and serves a request
# through the module, "linkfunc call" calls the same function, and an app is
# built and unit-tested against linkfunc-dev. Then they are removed again.
#
# Exit status 77: it cannot run here; the reason is on the last line.
set -euo pipefail

packages=$1 project=$2
mirror=${LINKFUNC_MIRROR:-http://deb.debian.org/debian}

skip() { echo "skipped: $*"; exit 77; }
fail() { echo "check_packages: $*" >&2; exit 1; }

[ "$(id -u)" = 0 ] || skip "debootstrap and chroot need root"
command -v debootstrap > /dev/null || skip "debootstrap is not installed"
curl -sfI -m 20 -o /dev/null "$mirror/dists/bookworm/Release" \
    || skip "the mirror $mirror does not answer"

dir=$(mktemp -d)
chmod 755 "$dir"
root=$dir/root

# No process of the root outlives the test, nor does a mount.
clean_up() {
    if pid=$(cat "$root/run/nginx-test.pid" 2> /dev/null); then
        kill "$pid" 2> /dev/null || :
    fi
    for point in proc sys; do
        umount "$root/$point" 2> /dev/null || :
    done
    rm -rf --one-file-system "$dir"
}
trap clean_up EXIT

inside() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C \
        DEBIAN_FRONTEND=noninteractive HOME=/root "$@"
}

# step TEXT COMMAND...: its output is shown only when it fails
step() {
    echo "- $1"
    shift
    "$@" > "$dir/log" 2>&1 || { tail -n 40 "$dir/log" >&2; fail "failed: $*"; }
}

step "a fresh Debian 12 from $mirror" \
    debootstrap --variant=minbase bookworm "$root" "$mirror"
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
cp /etc/resolv.conf "$root/etc/resolv.conf"

# The newest nginx, as a machine that is kept up to date has it.
for suite in bookworm-updates bookworm-security; do
    url=$mirror
    [ "$suite" = bookworm-security ] && url=$mirror-security
    echo "deb $url $suite main" >> "$root/etc/apt/sources.list"
done
mkdir "$root/packages"
cp "$packages"/*.deb "$root/packages"

step "apt-get update" inside apt-get update -q
step "installing nginx and the packages" \
    inside sh -c 'apt-get install -y -q --no-install-recommends nginx curl \
        gcc cmake make libc6-dev libcmocka-dev pkg-config libdw1 \
        /packages/*.deb'

link=$root/etc/nginx/modules-enabled/50-mod-http-link-func.conf
[ -L "$link" ] || fail "the module is not enabled: $link is missing"
step "Debian's own nginx.conf with the module" inside nginx -t

cat > "$root/root/greet.c" <<'TEXT'
#include <ngx_link_func_module.h>

void ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle) { (void) cycle; }
void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle) { (void) cycle; }

void greet(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "hello from Debian", 17);
}
TEXT
step "an app, with the header of linkfunc-dev" inside sh -c 'cd /root &&
    gcc -g -shared -fPIC -Wl,-Bsymbolic $(pkg-config --cflags linkfunc) \
        -o /usr/lib/libgreet.so greet.c'

echo "- linkfunc call"
answer=$(inside linkfunc call /usr/lib/libgreet.so greet)
[ "$answer" = "hello from Debian" ] || fail "linkfunc call: got \"$answer\""

cat > "$root/root/greet.hurl" <<'TEXT'
GET http://localhost/greet
HTTP 200
`hello from Debian`
TEXT
step "linkfunc run on the mock and on the nginx that is installed" inside \
    linkfunc run --on both --app /usr/lib/libgreet.so /root/greet.hurl

cat > "$root/root/nginx.conf" <<'TEXT'
include /etc/nginx/modules-enabled/*.conf;
pid /run/nginx-test.pid;
events { }
http {
    access_log off;
    server {
        listen unix:/run/nginx-test.sock;
        ngx_link_func_lib /usr/lib/libgreet.so;
        location = /greet { ngx_link_func_call greet; }
    }
}
TEXT
step "nginx with the app" inside nginx -c /root/nginx.conf
answer=$(inside curl -s --max-time 20 --unix-socket /run/nginx-test.sock \
         http://localhost/greet)
[ "$answer" = "hello from Debian" ] || {
    tail -n 5 "$root/var/log/nginx/error.log" >&2
    fail "nginx: got \"$answer\""
}
step "nginx ends" inside nginx -c /root/nginx.conf -s quit

cp -r "$project" "$root/root/project"
step "unit tests of an app, by pkg-config" inside sh -c 'cd /root/project &&
    gcc -o /root/by_hand test_outside.c outside.c \
        $(pkg-config --cflags --libs linkfunc-test) -lcmocka && /root/by_hand'
step "unit tests of an app, by find_package" inside sh -c 'cd /root &&
    cmake -S project -B build && cmake --build build &&
    ctest --test-dir build --output-on-failure'

rm "$link"
step "an upgrade after the administrator switched the module off" \
    inside sh -c 'dpkg -i /packages/libnginx-mod-http-link-func_*.deb'
[ ! -L "$link" ] || fail "the upgrade switched the module on again"
ln -s /usr/share/nginx/modules-available/mod-http-link-func.conf "$link"

step "removing the module" inside apt-get remove -y libnginx-mod-http-link-func
[ ! -L "$link" ] || fail "$link is left behind"
step "nginx without the module" inside nginx -t
step "installing it again" \
    inside sh -c 'dpkg -i /packages/libnginx-mod-http-link-func_*.deb'
[ -L "$link" ] || fail "the module is not enabled again"
step "purging it" inside dpkg --purge libnginx-mod-http-link-func
[ -z "$(find "$root/etc/nginx/modules-enabled" -name '*link-func*')" ] \
    || fail "purge left a link in modules-enabled"

echo "the packages work on a fresh Debian 12"
