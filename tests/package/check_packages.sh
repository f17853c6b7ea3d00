#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# check_packages.sh PACKAGES PROJECT
#
# The Debian packages in the folder PACKAGES work on a fresh Debian of the suite
# that they were made on: they are installed into a debootstrap root, nginx is
# started there and serves a request through the module, "linkfunc call" calls
# the same function, and an app is built and unit-tested against linkfunc-dev.
# Then they are removed again.
#
# Exit status 77: it cannot run here; the reason is on the last line.
set -euo pipefail

. "$(dirname "$0")/../../scripts/debian-root.sh"
root_session 0 '' "$0" "$@"

packages=$1 project=$2
log=$root.log

fail() { echo "check_packages: $*" >&2; exit 1; }

# step TEXT COMMAND...: its output is shown only when it fails
step() {
    echo "- $1"
    shift
    "$@" > "$log" 2>&1 || { tail -n 40 "$log" >&2; fail "failed: $*"; }
}

suite=$(. /etc/os-release && echo "$VERSION_CODENAME")
echo "- a fresh $suite"
root_make "$suite" "$(dpkg --print-architecture)"
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"
mkdir "$root/packages"
cp "$packages"/*.deb "$root/packages"

step "apt-get update" root_run apt-get update -q
step "installing nginx and the packages" \
    root_run sh -c 'apt-get install -y -q --no-install-recommends nginx curl \
        gcc cmake make libc6-dev libcmocka-dev pkg-config libdw1 \
        /packages/*.deb'

link=$root/etc/nginx/modules-enabled/50-mod-http-link-func.conf
[ -L "$link" ] || fail "the module is not enabled: $link is missing"
step "Debian's own nginx.conf with the module" root_run nginx -t

cat > "$root/root/greet.c" <<'TEXT'
#include <ngx_link_func_module.h>

void ngx_link_func_init_cycle(ngx_link_func_cycle_t *cycle) { (void) cycle; }
void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *cycle) { (void) cycle; }

void greet(ngx_link_func_ctx_t *ctx)
{
    ngx_link_func_write_resp(ctx, 200, NULL, NULL, "hello from Debian", 17);
}
TEXT
step "an app, with the header of linkfunc-dev" root_run sh -c 'cd /root &&
    gcc -g -shared -fPIC -Wl,-Bsymbolic $(pkg-config --cflags linkfunc) \
        -o /usr/lib/libgreet.so greet.c'

echo "- linkfunc call"
answer=$(root_run linkfunc call /usr/lib/libgreet.so greet)
[ "$answer" = "hello from Debian" ] || fail "linkfunc call: got \"$answer\""

cat > "$root/root/greet.hurl" <<'TEXT'
GET http://localhost/greet
HTTP 200
`hello from Debian`
TEXT
step "linkfunc run on the mock and on the nginx that is installed" root_run \
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
step "nginx with the app" root_run nginx -c /root/nginx.conf
answer=$(root_run curl -s --max-time 20 --unix-socket /run/nginx-test.sock \
         http://localhost/greet)
[ "$answer" = "hello from Debian" ] || {
    tail -n 5 "$root/var/log/nginx/error.log" >&2
    fail "nginx: got \"$answer\""
}
step "nginx ends" root_run nginx -c /root/nginx.conf -s quit

cp -r "$project" "$root/root/project"
step "unit tests of an app, by pkg-config" root_run sh -c 'cd /root/project &&
    gcc -o /root/by_hand test_outside.c outside.c \
        $(pkg-config --cflags --libs linkfunc-test) -lcmocka && /root/by_hand'
step "unit tests of an app, by find_package" root_run sh -c 'cd /root &&
    cmake -S project -B build && cmake --build build &&
    ctest --test-dir build --output-on-failure'

rm "$link"
step "an upgrade after the administrator switched the module off" \
    root_run sh -c 'dpkg -i /packages/libnginx-mod-http-link-func_*.deb'
[ ! -L "$link" ] || fail "the upgrade switched the module on again"
ln -s /usr/share/nginx/modules-available/mod-http-link-func.conf "$link"

step "removing the module" root_run apt-get remove -y libnginx-mod-http-link-func
[ ! -L "$link" ] || fail "$link is left behind"
step "nginx without the module" root_run nginx -t
step "installing it again" \
    root_run sh -c 'dpkg -i /packages/libnginx-mod-http-link-func_*.deb'
[ -L "$link" ] || fail "the module is not enabled again"
step "purging it" root_run dpkg --purge libnginx-mod-http-link-func
[ -z "$(find "$root/etc/nginx/modules-enabled" -name '*link-func*')" ] \
    || fail "purge left a link in modules-enabled"

echo "the packages work on a fresh $suite"
