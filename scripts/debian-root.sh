# SPDX-License-Identifier: BSD-2-Clause
# Sourced by scripts that need a fresh Debian beside the machine's own:
#   root_session SECONDS DIR "$0" "$@"   the script again, with $root to fill
#   root_make SUITE ARCH                 a minimal Debian in $root
#   root_run COMMAND...                  a command in it
#   root_mirror                          the mirror of this machine's Debian
# Where this cannot run, the script ends with status 77 and the reason.

root_skip() {
    echo "skipped: $*"
    exit 77
}

root_mirror() {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' \
        2> /dev/null | grep -m 1 '/debian/*$' || :
}

# Runs the script in namespaces for processes and mounts: whatever it starts or
# mounts ends with it, or after SECONDS (0: no limit) with status 124. Returns in
# that second run only; there $root is DIR, which stays, or without DIR a
# temporary folder.
root_session() {
    if [ -n "${LINKFUNC_ROOT_SESSION:-}" ]; then
        root=$LINKFUNC_ROOT_SESSION
        return
    fi

    root_check
    root_temporary=
    root=$2
    if [ -z "$root" ]; then
        # Not in /tmp, which may be small or without devices.
        mkdir -p build
        root_temporary=$(mktemp -d "$PWD/build/debian-XXXXXX")
        root=$root_temporary/root
    fi
    root_seconds=$1
    shift 2
    trap root_end EXIT
    trap 'exit 130' INT TERM HUP

    # timeout has a process group; unshare blocks every signal but KILL.
    LINKFUNC_ROOT_SESSION=$root timeout -s KILL "$root_seconds" unshare \
        --mount --pid --fork --kill-child --mount-proc "$@" &
    root_pid=$!
    root_status=0
    wait "$root_pid" || root_status=$?
    root_pid=
    if [ "$root_status" = 137 ]; then
        echo "${0##*/}: ended: not done after $root_seconds seconds" >&2
        root_status=124
    fi
    exit "$root_status"
}

root_check() {
    [ "$(id -u)" = 0 ] || root_skip "debootstrap and chroot need root"
    for root_tool in debootstrap chroot unshare; do
        command -v $root_tool > /dev/null \
            || root_skip "$root_tool is not installed"
    done
    unshare --mount --pid --fork --mount-proc true 2> /dev/null \
        || root_skip "no namespaces or no mounts on this machine"
}

root_end() {
    [ -z "$root_pid" ] || kill -KILL -- "-$root_pid" 2> /dev/null || :
    [ -z "$root_temporary" ] || rm -rf --one-file-system "$root_temporary"
}

# debootstrap reads a proxy from the environment alone, apt from its files.
root_proxy() {
    eval "$(apt-config shell root_http_proxy Acquire::http::Proxy)"
    [ -z "${root_http_proxy:-}" ] \
        || export http_proxy="${http_proxy:-$root_http_proxy}"
}

root_apt_conf() {
    apt-config dump \
        | grep -E '^Acquire::(https?::(.*::)?Proxy |Check-)' || :
    echo 'Acquire::Languages "none";'
}

root_make() {
    root_url=${LINKFUNC_MIRROR:-$(root_mirror)}
    root_url=${root_url:-http://deb.debian.org/debian}
    root_url=${root_url%/}

    if [ ! -e "$root/etc/debian_version" ]; then
        root_proxy
        wget -q --spider -t 1 -T 20 "$root_url/dists/$1/Release" \
            || root_skip "the mirror $root_url has no $1, or does not answer"

        mkdir -p "$root/etc/dpkg/dpkg.cfg.d" "$root/etc/apt/apt.conf.d"
        chmod 755 "$root" "${root%/*}"
        echo force-unsafe-io > "$root/etc/dpkg/dpkg.cfg.d/unsafe-io"
        root_apt_conf > "$root/etc/apt/apt.conf.d/90host"
        debootstrap --variant=minbase --arch="$2" "$1" "$root" "$root_url" \
            > "$root.log" 2>&1 \
            || { tail -n 20 "$root.log" >&2
                 echo "debootstrap of $1 for $2 failed" >&2
                 exit 1; }

        # The updates too, as on a machine that is maintained.
        cat >> "$root/etc/apt/sources.list" <<TEXT
deb $root_url $1-updates main
deb $root_url-security $1-security main
TEXT
    fi
    cp /etc/resolv.conf "$root/etc/resolv.conf"
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sys "$root/sys"
    mount -t tmpfs shm "$root/dev/shm"
}

root_run() {
    chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
        LC_ALL=C.UTF-8 HOME=/root DEBIAN_FRONTEND=noninteractive "$@"
}
