/* SPDX-License-Identifier: BSD-2-Clause */
#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/mock.h"

#define APP(name)  TEST_APPS "/" name ".so"
#define PLAIN      APP("plain")

static char  err[LF_ERR_LEN];
static char  file_path[] = "/tmp/lf-elf-test-XXXXXX";
static int   file_fd;

/* The plain app, to be damaged. */
static u_char  *image;
static size_t   image_size;


static int
setup(void **state)
{
    FILE  *file;

    (void) state;
    file = fopen(PLAIN, "r");

    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        return -1;
    }

    image_size = (size_t) ftell(file);
    image = malloc(image_size);
    rewind(file);

    if (fread(image, 1, image_size, file) != image_size
        || fclose(file) != 0)
    {
        return -1;
    }

    file_fd = mkstemp(file_path);

    return file_fd >= 0 ? 0 : -1;
}


static int
teardown(void **state)
{
    (void) state;
    free(image);
    (void) close(file_fd);

    return unlink(file_path);
}


/* Writes the first bytes of the image to the file and opens that. */
static struct lf_elf *
open_image(size_t size)
{
    assert_int_equal(ftruncate(file_fd, 0), 0);
    assert_int_equal(pwrite(file_fd, image, size, 0), size);
    memset(err, 0, sizeof(err));

    return lf_elf_open(file_path, err);
}


static void
assert_refused(const char *path, const char *why)
{
    assert_null(lf_elf_open(path, err));

    if (strstr(err, why) == NULL || strstr(err, path) != err) {
        fail_msg("%s: \"%s\" expected", err, why);
    }
}


static void
functions_and_data_are_told_apart(void **state)
{
    struct lf_elf  *elf;

    (void) state;
    elf = lf_elf_open(PLAIN, err);
    assert_non_null(elf);
    assert_int_equal(lf_elf_find(elf, "plain_handler"), LF_ELF_FUNCTION);
    assert_int_equal(lf_elf_find(elf, "plain_weak"), LF_ELF_FUNCTION);
    assert_int_equal(lf_elf_find(elf, "plain_ifunc"), LF_ELF_FUNCTION);
    assert_int_equal(lf_elf_find(elf, "plain_untyped"), LF_ELF_FUNCTION);
    assert_int_equal(lf_elf_find(elf, "plain_data"), LF_ELF_DATA);
    assert_int_equal(lf_elf_find(elf, "plain_hidden"), LF_ELF_ABSENT);
    assert_int_equal(lf_elf_find(elf, "chosen"), LF_ELF_ABSENT);
    assert_int_equal(lf_elf_find(elf, "ngx_link_func_write_resp"),
                     LF_ELF_ABSENT);
    assert_int_equal(lf_elf_find(elf, ""), LF_ELF_ABSENT);
    lf_elf_close(&elf);
    assert_null(elf);
}


static void
imports_are_walked_as_undefined(void **state)
{
    int                    seen;
    size_t                 iter;
    struct lf_elf         *elf;
    struct lf_elf_symbol   symbol;

    (void) state;
    elf = lf_elf_open(APP("missing"), err);
    assert_non_null(elf);

    for (iter = 0, seen = 0; lf_elf_next(elf, &iter, &symbol); ) {
        if (strcmp(symbol.name, "missing_function") == 0) {
            assert_false(symbol.defined);
            assert_false(symbol.weak);
            seen |= 1;
        } else if (strcmp(symbol.name, "missing_weak") == 0) {
            assert_false(symbol.defined);
            assert_true(symbol.weak);
            seen |= 2;
        } else if (strcmp(symbol.name, "handler") == 0) {
            assert_true(symbol.defined && symbol.function);
            seen |= 4;
        }
    }

    assert_int_equal(seen, 7);
    lf_elf_close(&elf);
}


static void
needed_libraries_are_listed(void **state)
{
    int             found;
    size_t          iter;
    const char     *name;
    struct lf_elf  *elf;

    (void) state;
    elf = lf_elf_open(APP("needs_part"), err);
    assert_non_null(elf);

    for (iter = 0, found = 0; (name = lf_elf_needed(elf, &iter)) != NULL; ) {
        found += strcmp(name, "liblf_test_part.so") == 0;
    }

    assert_int_equal(found, 1);
    lf_elf_close(&elf);
}


static void
what_is_no_file_is_refused_by_kind(void **state)
{
    (void) state;
    assert_refused("/nowhere/lib.so", "no such file");
    assert_refused("/tmp", "is a directory");
    assert_refused("/dev/null", "is not a regular file");
    assert_refused(TEST_GOLDEN "/query_param.tsv", "is not an ELF file");
    assert_refused("/proc/self/exe", "is a program");
    assert_null(open_image(0));
    assert_non_null(strstr(err, "is empty"));
}


static void
assert_head_refused(size_t offset, u_char byte, const char *why)
{
    u_char  before;

    before = image[offset];
    image[offset] = byte;
    assert_null(open_image(image_size));
    image[offset] = before;

    if (strstr(err, why) == NULL) {
        fail_msg("%s: \"%s\" expected", err, why);
    }
}


static void
other_machines_and_kinds_are_named(void **state)
{
    size_t  machine = offsetof(Elf64_Ehdr, e_machine);
    size_t  type = offsetof(Elf64_Ehdr, e_type);

    (void) state;
    assert_head_refused(EI_CLASS, sizeof(void *) == 8 ? ELFCLASS32
                                                      : ELFCLASS64, "-bit");
    assert_head_refused(EI_CLASS, 9, "unknown");
    assert_head_refused(EI_DATA, ELFDATA2MSB, "byte order");
    assert_head_refused(machine, EM_S390, "is built for s390");
    assert_head_refused(type, ET_REL, "is an object file");
    assert_head_refused(type, ET_EXEC, "is a program");
    assert_head_refused(type, ET_CORE, "is a core dump");
    assert_head_refused(type, 9, "not a shared library");
}


static void
a_file_cut_anywhere_never_crashes(void **state)
{
    size_t          size, iter, step;
    struct lf_elf  *elf;
    struct lf_elf_symbol  symbol;

    (void) state;

    for (size = 1; size < image_size; size += step) {
        elf = open_image(size);
        step = size < 1024 ? 1 : 97;

        if (elf == NULL) {
            assert_int_not_equal(err[0], '\0');
            continue;
        }

        for (iter = 0; lf_elf_next(elf, &iter, &symbol); ) {
            assert_non_null(symbol.name);
        }

        lf_elf_close(&elf);
    }
}


static void
a_file_with_any_byte_changed_never_crashes(void **state)
{
    int                   value;
    size_t                i, iter;
    struct lf_elf        *elf;
    struct lf_elf_symbol  symbol;

    (void) state;
    assert_null(open_image(0));

    for (i = 0; i < 2048 && i < image_size; i++) {
        for (value = 0; value < 256; value += 255) {
            image[i] ^= (u_char) (value | 1);
            elf = open_image(image_size);
            image[i] ^= (u_char) (value | 1);

            for (iter = 0; elf != NULL && lf_elf_next(elf, &iter, &symbol); ) {
                assert_non_null(symbol.name);
            }

            (void) (elf != NULL ? lf_elf_find(elf, "plain_untyped") : 0);
            lf_elf_close(&elf);
        }
    }
}


static void
a_good_library_passes_the_check(void **state)
{
    static const char *const  good[] = { "plain_handler", "plain_ifunc" };

    (void) state;
    assert_int_equal(lf_elf_check(PLAIN, good, 2, err), 0);
    assert_int_equal(lf_elf_check(APP("no_exit"), NULL, 0, err), 0);
    assert_int_equal(lf_elf_check(APP("missing"), NULL, 0, err), 0);
}


static void
assert_check_fails(const char *path, const char *name, const char *why)
{
    assert_int_equal(lf_elf_check(path, &name, 1, err), -1);

    if (strstr(err, why) == NULL) {
        fail_msg("%s: \"%s\" expected", err, why);
    }
}


static void
what_a_library_lacks_is_named(void **state)
{
    (void) state;
    assert_check_fails(PLAIN, "plain_handle", "no function \"plain_handle\"");
    assert_check_fails(PLAIN, "plain_data", "\"plain_data\" is data");
    assert_check_fails(PLAIN, "strlen", "no function \"strlen\"");
    assert_check_fails(APP("no_init"), "handler", "ngx_link_func_init_cycle");
    assert_check_fails(APP("future"), "handler",
                       "ngx_link_func_of_the_future");
    assert_check_fails("/nowhere.so", "handler", "no such file");
}


static void
with_libraries_of_its_own_only_loading_can_tell(void **state)
{
    static const char *const  absent[] = { "part_handler" };

    (void) state;
    assert_int_equal(lf_elf_check(APP("needs_part"), absent, 1, err), 1);
    assert_int_equal(lf_elf_check(APP("needs_part"), NULL, 0, err), 0);
}


static void
note_own(void *data, const char *name, const char *version)
{
    char  *names = data;

    (void) strcat(names, version != NULL ? version : "-");
    (void) strcat(names, ":");
    (void) strcat(names, name);
    (void) strcat(names, " ");
}


static void
own_functions_that_the_loader_binds_are_listed(void **state)
{
    char  names[400] = "";

    (void) state;
    assert_int_equal(lf_elf_own(APP("clash"), err, note_own, names), 0);
    assert_non_null(strstr(names, "-:login "));
    assert_non_null(strstr(names, "-:getdtablesize "));
    assert_non_null(strstr(names, "-:random "));
    assert_null(strstr(names, "logout"));
    assert_null(strstr(names, "logwtmp"));
    assert_null(strstr(names, "write_resp"));

    names[0] = '\0';
    assert_int_equal(lf_elf_own(APP("clash_versions"), err, note_own, names),
                     0);
    assert_non_null(strstr(names, "APP_1:login "));

    names[0] = '\0';
    assert_int_equal(lf_elf_own(APP("clash_symbolic"), err, note_own, names),
                     0);
    assert_string_equal(names, "");
    assert_int_equal(lf_elf_own("/nowhere/a.so", err, note_own, names), -1);
}


/* Wherever the file ends: an answer or a message, but no crash. */
static void
a_cut_file_with_relocations_is_survived(void **state)
{
    char         names[4096];
    FILE        *file;
    size_t       size, n;
    static char  data[512 * 1024];           /* arm64 aligns to 64 KiB */

    (void) state;
    file = fopen(APP("clash_versions"), "r");
    assert_non_null(file);
    size = fread(data, 1, sizeof(data), file);
    (void) fclose(file);
    assert_in_range(size, 1000, sizeof(data) - 1);
    assert_int_equal(pwrite(file_fd, data, size, 0), size);

    for (n = size; n > 0; n -= n > 61 ? 61 : n) {
        names[0] = '\0';
        assert_int_equal(ftruncate(file_fd, (off_t) n), 0);
        if (lf_elf_own(file_path, err, note_own, names) != 0) {
            assert_non_null(strstr(err, file_path));
        }
    }

    assert_int_equal(lf_elf_version(file_path, 2, names, sizeof(names)), -1);
    assert_int_equal(lf_elf_version(APP("clash_versions"), 2, names,
                                    sizeof(names)), 0);
    assert_string_equal(names, "APP_1");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(functions_and_data_are_told_apart),
        cmocka_unit_test(imports_are_walked_as_undefined),
        cmocka_unit_test(needed_libraries_are_listed),
        cmocka_unit_test(what_is_no_file_is_refused_by_kind),
        cmocka_unit_test(other_machines_and_kinds_are_named),
        cmocka_unit_test(a_file_cut_anywhere_never_crashes),
        cmocka_unit_test(a_file_with_any_byte_changed_never_crashes),
        cmocka_unit_test(a_good_library_passes_the_check),
        cmocka_unit_test(what_a_library_lacks_is_named),
        cmocka_unit_test(with_libraries_of_its_own_only_loading_can_tell),
        cmocka_unit_test(own_functions_that_the_loader_binds_are_listed),
        cmocka_unit_test(a_cut_file_with_relocations_is_survived),
    };

    return cmocka_run_group_tests_name("elf", tests, setup, teardown);
}
