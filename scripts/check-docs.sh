#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# What documents say of the tree is so: their links lead somewhere, the version
# is the same everywhere, docs/threading.md has each function of the interface,
# and each folder of sources has a README that has each of its files.
set -eu

cd "$(dirname "$0")/.."

status=0
complain() {
    echo "check-docs: $*" >&2
    status=1
}

# Links of all pages, without those in code: "PAGE TARGET".
links() {
    find . \( -name build -o -name .git \) -prune -o -name '*.md' \
        -exec awk '
        FNR == 1   { code = 0 }
        /^ *```/   { code = !code }
        code       { next }
        {
            gsub(/`[^`]*`/, "")
            while (match($0, /\]\([^)]*\)/)) {
                target = substr($0, RSTART + 2, RLENGTH - 3)
                $0 = substr($0, RSTART + RLENGTH)
                sub(/#.*/, "", target)
                if (target != "" && target !~ /:\/\//)
                    print FILENAME, target
            }
        }' {} +
}

for link in $(links | tr ' ' '|'); do
    page=${link%|*}
    [ -e "${page%/*}/${link#*|}" ] \
        || complain "$page: the link ${link#*|} leads nowhere"
done

version=$(sed -n 's/^project(linkfunc VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
newest=$(sed -n 's/^## \([0-9.]*\) (20..-..-..)$/\1/p' CHANGELOG.md | head -n 1)
[ "$version" = "$newest" ] \
    || complain "CMakeLists.txt has version $version, CHANGELOG.md $newest"

while read -r name; do
    grep -q "^| \`${name#ngx_link_func_}\` |" docs/threading.md \
        || complain "docs/threading.md: $name is not in the table"
done < tests/abi/names.txt

# In a README `name.c` stands for name.h as well, and * for any characters.
check_readmes() {
    find include core module fakes lib harness \
        \( -name '*.[ch]' -o -name README.md \) | LC_ALL=C sort | awk '
    function read_names(folder,    readme, line, n, name) {
        readme = folder "/README.md"
        count[folder] = n = 0
        while ((getline line < readme) > 0) {
            n++
            while (match(line, /`[^`\/ ]*\.[ch]`/)) {
                name = substr(line, RSTART + 1, RLENGTH - 2)
                line = substr(line, RSTART + RLENGTH)
                names[folder, ++count[folder]] = name
            }
        }
        close(readme)
        if (n == 0)
            print readme " is missing"
        if (n > 20)
            print readme " has " n " lines, more than 20"
    }
    function pattern(name) {
        gsub(/\./, "\\.", name)
        gsub(/\*/, ".*", name)
        return "^" name "$"
    }
    /README\.md$/ { next }
    {
        folder = file = $0
        sub(/\/[^\/]*$/, "", folder)
        sub(/.*\//, "", file)
        if (!(folder in count))
            read_names(folder)

        known = 0
        for (i = 1; i <= count[folder]; i++) {
            name = names[folder, i]
            if (file ~ pattern(name))
                used[folder, i] = known = 1
            sub(/\.c$/, ".h", name)
            if (file ~ pattern(name))
                known = 1
        }
        if (!known)
            print folder "/README.md lacks " file
    }
    END {
        for (folder in count)
            for (i = 1; i <= count[folder]; i++)
                if (!((folder, i) in used))
                    print folder "/README.md: there is no " names[folder, i]
    }'
}

wrong=$(check_readmes)
[ -z "$wrong" ] || complain "
$wrong"

exit $status
