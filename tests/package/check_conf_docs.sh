#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# check_conf_docs.sh DOC MODULE HEADERS CFLAGS
#
# Each ```nginx block of DOC is accepted by "nginx -t" inside of http { }, and
# each ```nginx refused block is not. Their app is made here: a library that
# has every function which DOC calls.
set -eu

doc=$1 module=$2 headers=$3 cflags=$4

dir=$(mktemp -d)
chmod 755 "$dir"
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/blocks" "$dir/apps" "$dir/logs"

awk -v dir="$dir/blocks" '
/^```nginx( refused)?$/ {
    file = sprintf("%s/%03d-%s", dir, NR, NF > 1 ? "refused" : "accepted")
    next
}
/^```$/ { file = ""; next }
file != "" { print > file }' "$doc"

{
    echo '#include <ngx_link_func_module.h>'
    echo 'void ngx_link_func_init_cycle(ngx_link_func_cycle_t *c) { (void) c; }'
    echo 'void ngx_link_func_exit_cycle(ngx_link_func_cycle_t *c) { (void) c; }'
    cat "$dir"/blocks/* | sed -n 's/.*ngx_link_func_call \([a-z_]*\);.*/\1/p' \
        | grep -v '^ngx_' | sort -u \
        | sed 's/.*/void &(ngx_link_func_ctx_t *ctx) { (void) ctx; }/'
} > "$dir/app.c"
# shellcheck disable=SC2086
cc $cflags -shared -fPIC -I"$headers" -o "$dir/app.so" "$dir/app.c"
chmod 755 "$dir/app.so"
for name in $(cat "$dir"/blocks/* \
              | sed -n 's|.*/srv/apps/\([A-Za-z0-9_.-]*\).*|\1|p' | sort -u); do
    cp "$dir/app.so" "$dir/apps/$name"
done

status=0
count=0
for block in "$dir"/blocks/*; do
    {
        echo "load_module $module;"
        echo "pid $dir/nginx.pid; error_log stderr; events { }"
        echo "http { access_log off; client_body_temp_path $dir/t;"
        echo "proxy_temp_path $dir/t; fastcgi_temp_path $dir/t;"
        echo "uwsgi_temp_path $dir/t; scgi_temp_path $dir/t;"
        sed -e "s|/srv/apps/|$dir/apps/|g" \
            -e "s|listen 80;|listen unix:$dir/socket;|" "$block"
        echo '}'
    } > "$dir/nginx.conf"

    wanted=${block##*-}
    line=$(basename "$block" | sed 's/^0*\([0-9]*\)-.*/\1/')
    found=refused
    nginx -t -p "$dir" -c "$dir/nginx.conf" > "$dir/out" 2>&1 && found=accepted
    count=$((count + 1))

    # Refused by this module, not for another reason.
    if [ "$found" != "$wanted" ] \
       || { [ "$found" = refused ] && ! grep -q 'emerg.*"ngx_link_func_' \
            "$dir/out"; }
    then
        echo "$doc:$line: $found, but the document says $wanted:"
        cat "$dir/out"
        status=1
    fi
done

[ "$count" -gt 0 ] || { echo "$doc has no example"; status=1; }
echo "$count examples of $(basename "$doc")"
exit $status
