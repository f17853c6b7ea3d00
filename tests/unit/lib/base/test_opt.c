/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/message.h"
#include "lib/base/opt.h"

enum level { LOW = 3, MIDDLE, HIGH };

struct options {
    bool             include, silent, colour;
    const char      *text;
    struct strlist   list, pairs, arguments;
    unsigned long    count;
    size_t           size;
    uint64_t         duration;
    enum level       level;
    int              format;
    char             seen[32];               /* by the callback */
};

static struct options  options;
static struct strbuf   rerun;
static char            said[4096];


static int
see(void *to, const struct opt_row *row, const char *value)
{
    struct options  *o = to;

    if (strcmp(value, "bad") == 0) {
        message_error("--%s: bad", row->name);
        return OPT_ERROR;
    }

    (void) snprintf(o->seen, sizeof(o->seen), "%s %s %s", row->name,
                    (const char *) row->data, value);

    return strcmp(value, "last") == 0 ? OPT_DONE : OPT_OK;
}


static int
add_argument(void *to, char **words)
{
    struct options  *o = to;

    return strlist_add(&o->arguments, words[0], strlen(words[0]));
}


static const struct opt_row  rows[] = {
    { OPT_HEADING("Group:") },
    { 'i', "include", NULL, OPT_FLAG(struct options, include),
      .help = "a flag" },
    { 's', "silent", NULL, OPT_FLAG(struct options, silent), .rerun = true,
      .help = "another flag" },
    { 0, "no-colour", NULL, OPT_NO_FLAG(struct options, colour),
      .help = "a flag that takes back" },
    { 'd', "data", "TEXT", OPT_TEXT(struct options, text), .rerun = true,
      .help = "a text" },
    { 'H', "header", "LINE", OPT_LIST(struct options, list),
      .help = "a text each time" },
    { 0, "prop", "KEY=VALUE", OPT_PAIRS(struct options, pairs),
      .help = "a pair each time" },
    { 'n', "repeat", "N", OPT_COUNT(struct options, count, 2, 20),
      .rerun = true, .help = "a number" },
    { 0, "shared-memory-of-the-host", "SIZE",
      OPT_SIZE(struct options, size, 32768), .help = "a size" },
    { 0, "timeout", "TIME", OPT_DURATION(struct options, duration),
      .help = "a duration" },
    { 0, "level", "LEVEL", OPT_CHOICE(struct options, level, LOW),
      .words = "low|middle|high", .help = "a word of an enum" },
    { 0, "format", "text|json", OPT_CHOICE(struct options, format, 0),
      .help = "one of two words" },
    { 0, "see", "IT", OPT_CALLBACK(see), .data = "data",
      .help = "something of its own" },
    { OPT_HELP },
    { .help = NULL }
};

static const struct opt_command  command = {
    .name = "linkfunc call",
    .usage = "usage: linkfunc call\n",
    .examples = "\nexamples:\n  none\n",
    .rows = rows,
    .argument = add_argument
};


static int
set_up(void **state)
{
    (void) state;
    memset(&options, 0, sizeof(options));
    options.colour = true;

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;
    strlist_free(&options.list);
    strlist_free(&options.pairs);
    strlist_free(&options.arguments);
    strbuf_free(&rerun);

    return 0;
}


/* Parses words up to NULL; what is written to fd goes to said. */
static int
parse_and_read(int fd, const char *const *words)
{
    int      rc, fds[2], saved;
    char    *argv[12];
    size_t   i;
    ssize_t  n;

    for (i = 0; words[i] != NULL; i++) {
        assert_true(i + 1 < COUNT(argv));
        argv[i] = (char *) (uintptr_t) words[i];
    }
    argv[i] = NULL;

    assert_int_equal(pipe(fds), 0);
    (void) fflush(stdout);
    saved = dup(fd);
    assert_int_not_equal(saved, -1);
    assert_int_equal(dup2(fds[1], fd), fd);
    (void) close(fds[1]);

    rc = opt_parse(&command, argv, &options, &rerun);

    (void) fflush(stdout);
    (void) dup2(saved, fd);
    (void) close(saved);

    n = read(fds[0], said, sizeof(said) - 1);
    assert_true(n >= 0);
    said[n] = '\0';
    (void) close(fds[0]);

    return rc;
}

#define WORDS(...)  ((const char *const []) { __VA_ARGS__, NULL })
#define parse(...)  parse_and_read(STDERR_FILENO, WORDS(__VA_ARGS__))


static void
assert_list(const struct strlist *list, const char *const *items)
{
    size_t  i;

    for (i = 0; items[i] != NULL; i++) {
        assert_true(i < list->count);
        assert_string_equal(list->items[i], items[i]);
    }

    assert_int_equal(list->count, i);
}


static void
long_options_take_values_both_ways(void **state)
{
    (void) state;
    assert_int_equal(parse("--data", "a", "--header=b=c", "--header", "-1",
                           "--header="), OPT_OK);
    assert_string_equal(options.text, "a");
    assert_list(&options.list, WORDS("b=c", "-1", ""));
}


static void
short_flags_combine_and_the_last_takes_a_value(void **state)
{
    (void) state;
    assert_int_equal(parse("-isdx", "-H", "-1", "-n2"), OPT_OK);
    assert_true(options.include && options.silent);
    assert_string_equal(options.text, "x");
    assert_list(&options.list, WORDS("-1"));
    assert_int_equal(options.count, 2);
}


static void
arguments_stand_anywhere_and_two_dashes_end_options(void **state)
{
    (void) state;
    assert_int_equal(parse("app", "-i", "-", "--", "--data", "-s", "--"),
                     OPT_OK);
    assert_list(&options.arguments, WORDS("app", "-", "--data", "-s", "--"));
    assert_true(options.include);
    assert_false(options.silent);
}


static void
each_kind_sets_its_member(void **state)
{
    (void) state;
    assert_int_equal(parse("--no-colour", "--repeat", "20", "--prop", "a=b=c",
                           "--prop=d=", "--timeout", "1.5s"), OPT_OK);
    assert_int_equal(parse("--shared-memory-of-the-host", "32k", "--level",
                           "high", "--format=json", "--see", "it"), OPT_OK);
    assert_false(options.colour);
    assert_int_equal(options.count, 20);
    assert_list(&options.pairs, WORDS("a=b=c", "d="));
    assert_int_equal(options.duration, 1500000000);
    assert_int_equal(options.size, 32768);
    assert_int_equal(options.level, HIGH);
    assert_int_equal(options.format, 1);
    assert_string_equal(options.seen, "see data it");

    assert_int_equal(parse("--level=low", "--format", "text"), OPT_OK);
    assert_int_equal(options.level, LOW);
    assert_int_equal(options.format, 0);
}


static void
nothing_is_set_without_an_option(void **state)
{
    struct options  before = options;

    (void) state;
    assert_int_equal(parse_and_read(STDERR_FILENO, WORDS(NULL)), OPT_OK);
    assert_memory_equal(&options, &before, sizeof(options));
    assert_int_equal(rerun.len, 0);
}


static void
marked_options_make_a_line_that_does_it_again(void **state)
{
    (void) state;
    assert_int_equal(parse("-sn3", "--data", "it's", "app", "-i", "--data="),
                     OPT_OK);
    assert_string_equal(rerun.data,
                        " --silent --repeat 3 --data 'it'\\''s' --data ''");
}


static void
help_lists_the_rows_and_ends(void **state)
{
    (void) state;
    assert_int_equal(parse_and_read(STDOUT_FILENO,
                                    WORDS("-i", "--help", "--unknown")),
                     OPT_DONE);
    assert_ptr_equal(strstr(said, "usage: linkfunc call\n"
        "\nGroup:\n"
        "  -i, --include                a flag\n"
        "  -s, --silent                 another flag\n"
        "      --no-colour              a flag that takes back\n"
        "  -d, --data TEXT              a text\n"
        "  -H, --header LINE            a text each time\n"
        "      --prop KEY=VALUE         a pair each time\n"
        "  -n, --repeat N               a number\n"
        "      --shared-memory-of-the-host SIZE\n"
        "                               a size\n"), said);
    assert_non_null(strstr(said, "\n  -h, --help                   "));
    assert_non_null(strstr(said, "\nexamples:\n"));
    assert_int_equal(parse_and_read(STDOUT_FILENO, WORDS("-hz")), OPT_DONE);
}


static void
callback_may_end_the_parsing(void **state)
{
    (void) state;
    assert_int_equal(parse("--see", "last", "--unknown"), OPT_DONE);
    assert_string_equal(options.seen, "see data last");
}


static const struct {
    const char  *words[3];
    const char  *message;
} errors[] = {
    { { "--dat" }, "unknown option --dat; did you mean \"--data\"?" },
    { { "--zzz=1" }, "unknown option --zzz; \"linkfunc call --help\" lists "
      "them all" },
    { { "-z" }, "unknown option -z; \"linkfunc call --help\" lists them all" },
    { { "-iz" }, "unknown option -z; \"linkfunc call --help\" lists them "
      "all" },
    { { "--data" }, "option --data needs a value: --data TEXT" },
    { { "-d" }, "option --data needs a value: --data TEXT" },
    { { "--silent=1" }, "option --silent takes no value" },
    { { "--repeat", "1" }, "--repeat 1: give a number from 2 to 20" },
    { { "--repeat=21" }, "--repeat 21: give a number from 2 to 20" },
    { { "-n2x" }, "--repeat 2x: give a number from 2 to 20" },
    { { "--prop", "x" }, "--prop 'x': write KEY=VALUE" },
    { { "--prop", "=x" }, "--prop '=x': write KEY=VALUE" },
    { { "--shared-memory-of-the-host", "1q" },
      "--shared-memory-of-the-host 1q: give a size such as 64k, 1m or 1g" },
    { { "--shared-memory-of-the-host", "31k" },
      "--shared-memory-of-the-host 31k: too small, give at least 32k" },
    { { "--timeout", "soon" }, "--timeout soon: give a time such as 10s, "
      "500ms or 2m" },
    { { "--level", "hihg" }, "--level hihg: no such value; did you mean "
      "\"high\"?" },
    { { "--level", "none" }, "--level none: choose low, middle or high" },
    { { "--format", "xml" }, "--format xml: choose text or json" },
    { { "--format", "" }, "--format : choose text or json" },
    { { "--format", "text|json" }, "--format text|json: choose text or json" },
    { { "--see", "bad" }, "--see: bad" }
};

static void
errors_say_what_to_write(void **state)
{
    char    message[256];
    size_t  i;

    (void) state;

    for (i = 0; i < COUNT(errors); i++) {
        assert_int_equal(parse_and_read(STDERR_FILENO, errors[i].words),
                         OPT_ERROR);
        (void) snprintf(message, sizeof(message), "linkfunc: error: %s\n",
                        errors[i].message);
        assert_string_equal(said, message);
    }
}


#define TEST(name)  cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        TEST(long_options_take_values_both_ways),
        TEST(short_flags_combine_and_the_last_takes_a_value),
        TEST(arguments_stand_anywhere_and_two_dashes_end_options),
        TEST(each_kind_sets_its_member),
        TEST(nothing_is_set_without_an_option),
        TEST(marked_options_make_a_line_that_does_it_again),
        TEST(help_lists_the_rows_and_ends),
        TEST(callback_may_end_the_parsing),
        TEST(errors_say_what_to_write)
    };

    message_set_program("linkfunc");

    return cmocka_run_group_tests(tests, NULL, NULL);
}
