# SPDX-License-Identifier: BSD-2-Clause
# awk -f pages.awk ROWS TEMPLATE
#
# A manual page or a completion: the template, in which a line "@PART@" or
# "@PART COMMAND@" is replaced by what the rows (of option_rows.c) say.
#
# Of a value such as "mock|nginx|URL", what is in capitals stands for
# something; the rest are the words to write.

BEGIN { FS = "\t" }

# The rows; the first command is the program itself.
FNR == NR {
    rows = FNR
    kind[FNR] = $1; of[FNR] = $2; help[FNR] = $3; letter[FNR] = $4
    name[FNR] = $5; value[FNR] = $6; words[FNR] = literals($7)
    manual[FNR] = $8

    if ($1 == "option") options[$2] = options[$2] " --" $5
    if ($1 == "command" && FNR > 1) commands[++count] = $2
    next
}

# The template
/^@man-options .*@$/ { man_options(substr($0, 14, length($0) - 14)); next }
/^@man-commands@$/   { man_commands(); next }
/^@bash-cases@$/     { bash_cases(); next }
/^@zsh-commands@$/   { zsh_commands(); next }
/^@zsh-cases@$/      { zsh_cases(); next }
                     { print }

function literals(text,    a, n, k, list) {
    n = split(text, a, "|")
    for (k = 1; k <= n; k++) {
        if (a[k] ~ /^[a-z]/) list = list (list == "" ? "" : " ") a[k]
    }
    return list
}

function capital(text) {
    return toupper(substr(text, 1, 1)) substr(text, 2)
}


# ---- manual pages ----------------------------------------------------------

# Options are bold; each sentence begins a line.
function man_text(text) {
    gsub(/\\/, "\\e", text)
    gsub(/'/, "\\(aq", text)
    gsub(/-/, "\\-", text)
    gsub(/\\-\\-[a-z0-9\\-]*[a-z0-9]/, "\\fB&\\fP", text)

    while (match(text, /\. [^a-z]/)) {
        text = substr(text, 1, RSTART) "\n" substr(text, RSTART + 2)
    }
    return text
}

function man_options(command,    i, k, n, a, line, open) {
    for (i = 1; i <= rows; i++) {
        if (of[i] != command || kind[i] == "command") continue

        if (kind[i] == "heading") {
            if (open) print ".El"
            sub(/:$/, "", help[i])
            print ".Ss " capital(help[i]) "\n.Bl -tag -width indent"
            open = 1
            continue
        }

        line = (letter[i] != "" ? "Fl " letter[i] " , " : "") "Fl Fl " name[i]
        n = split(value[i], a, "|")
        for (k = 1; k <= n; k++) {
            line = line (k > 1 ? " |" : "") (a[k] ~ /^[a-z]/ ? " Cm " : " Ar ")
            line = line a[k]
        }
        print ".It " line
        print man_text(manual[i] != "" ? manual[i] : help[i] ".")
    }
    print ".El"
}

function man_commands(    i) {
    for (i = 2; i <= rows; i++) {
        if (kind[i] != "command") continue
        print ".It Cm " of[i] "\n" capital(help[i]) "; see"
        print ".Xr linkfunc-" of[i] " 1 ."
    }
}


# ---- bash: COMMAND:OPTION:WORD, and no command for the first word -----------

function bash_cases(    i, all) {
    for (i = 1; i <= count; i++) all = all " " commands[i]
    print "    :*) words='" all options[of[1]] "' ;;"

    for (i = 1; i <= rows; i++) {
        if (words[i] == "") continue
        print "    " of[i] ":--" name[i] ":*) words='" words[i] "' ;;"
    }
    for (i = 1; i <= count; i++) {
        print "    " commands[i] ":*:-*) words='" options[commands[i]] "' ;;"
    }
}


# ---- zsh: what _describe and _arguments take -------------------------------

function zsh_quote(text) {
    gsub(/'/, "'\\''", text)
    return "'" text "'"
}

function zsh_commands(    i, word) {
    for (i = 2; i <= rows; i++) {
        word = kind[i] == "command" ? of[i] \
               : kind[i] == "option" && of[i] == of[1] ? "--" name[i] : ""
        if (word != "") print "        " zsh_quote(word ":" help[i])
    }
}

function zsh_option(i,    text, spec, action) {
    text = help[i]
    gsub(/[][\\]/, "\\\\&", text)
    spec = "[" text "]"
    text = value[i]

    if (text == "") {
        return letter[i] == "" ? zsh_quote("--" name[i] spec) \
               : "'(-" letter[i] " --" name[i] ")'{-" letter[i] ",--" \
                 name[i] "}" zsh_quote(spec)
    }

    action = words[i] != "" ? "(" words[i] ")" \
             : text ~ /FILE|APP/ ? "_files" : text ~ /DIR/ ? "_files -/" : " "
    gsub(/[:\\]/, "\\\\&", text)
    spec = spec ":" text ":" action

    return letter[i] == "" ? zsh_quote("*--" name[i] "=" spec) \
           : "'*'{-" letter[i] "+,--" name[i] "=}" zsh_quote(spec)
}

function zsh_cases(    c, i) {
    for (c = 1; c <= count; c++) {
        print "    " commands[c] ")\n        _arguments -s -S \\"
        for (i = 1; i <= rows; i++) {
            if (of[i] == commands[c] && kind[i] == "option") {
                print "            " zsh_option(i) " \\"
            }
        }
        print "            '*:file:_files' ;;"
    }
}
