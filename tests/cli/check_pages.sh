#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# check_pages.sh LINKFUNC PAGES
#
# The manual pages and completions that are installed: each has the options of
# "linkfunc COMMAND --help" and no other, and is something that man, bash and
# zsh can read.
set -eu

linkfunc=$1 pages=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

bash_words() {
    # shellcheck disable=SC1091
    . "$pages/linkfunc"
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _linkfunc
    printf '%s\n' "${COMPREPLY[@]}"
}

# What zsh is told: a line for each argument of _arguments or word of a list.
zsh_specs() {
    zsh -fc '_arguments() { print -l -- "$@" }
             _describe() { print -l -- "${(P@)2}" }
             _files() { print files }
             words=("${@:2}") CURRENT=$#words
             source "$1"' \
        zsh "$pages/_linkfunc" "$@"
}

same() {
    diff -u "$folder/help" - || { echo "$1 differs from --help"; exit 1; }
}

if grep -rn '^@' "$pages"; then
    echo "a part of a template was not replaced"
    exit 1
fi

"$linkfunc" --help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' > "$folder/help"
test -s "$folder/help"
commands=$(cat "$folder/help")

sed -n 's/^\.It Cm \([a-z]*\)$/\1/p' "$pages/linkfunc.1" \
    | same "linkfunc.1"
bash_words linkfunc '' | grep -v '^--' | same "completion of commands in bash"

for command in $commands; do
    page=$pages/linkfunc-$command.1
    "$linkfunc" "$command" --help \
        | sed -n '/^examples:/q
                  s/^  \(-., \)\{0,1\} *\(--[a-z0-9.-]*\).*/\1\2/p' \
        | tr -d ' ' > "$folder/help"
    test -s "$folder/help"
    sed -n 's/^\.It \(Fl . , \)\{0,1\}Fl Fl \([a-z0-9.-]*\).*/\1--\2/p' \
        "$page" | sed 's/^Fl \(.\) , /-\1,/' | same "linkfunc-$command.1"

    sed -i 's/^-.,//' "$folder/help"
    bash_words linkfunc "$command" -- | same "completion of $command in bash"

    if command -v zsh > /dev/null; then
        zsh_specs linkfunc "$command" -- \
            | sed -n 's/^[^[]*\(--[a-z0-9.-]*\).*/\1/p' \
            | sort -u > "$folder/zsh"
        sort "$folder/help" | diff -u - "$folder/zsh"
    fi
done

# Words that may follow an option
test "$(bash_words linkfunc call --format '' | xargs)" = "text json"
test "$(bash_words linkfunc call --format = j)" = json
test "$(bash_words linkfunc run --on '' | xargs)" = "mock nginx both"
test "$(bash_words linkfunc call --output '')" = ""
