/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"

#include <string.h>

#include "harness/worker/worker_wire.h"


static int
read_frame(const struct strbuf *buf, struct wire_head *head,
    struct wire_reader *reader)
{
    size_t  missing;

    return wire_frame(buf, head, reader, &missing);
}


static void
put(struct strbuf *buf)
{
    size_t  start;

    memset(buf, 0, sizeof(*buf));
    start = wire_begin(buf, WIRE_FINDING);
    wire_put_number(buf, 42);
    wire_put_text(buf, "te\0xt", 5);
    wire_end(buf, start);
}


static void
what_was_put_is_got(void **state)
{
    size_t              len;
    const char         *text;
    struct strbuf       buf;
    struct wire_head    head;
    struct wire_reader  reader;

    (void) state;
    put(&buf);
    assert_int_equal(read_frame(&buf, &head, &reader), 1);
    assert_int_equal(head.type, WIRE_FINDING);
    assert_int_equal(wire_get_number(&reader), 42);
    text = wire_get_text(&reader, &len);
    assert_int_equal(len, 5);
    assert_memory_equal(text, "te\0xt", 6);
    assert_false(reader.bad);
    assert_int_equal(reader.left, 0);
    strbuf_free(&buf);
}


static void
every_shorter_piece_asks_for_more(void **state)
{
    size_t              missing;
    struct strbuf       buf, part;
    struct wire_head    head;
    struct wire_reader  reader;

    (void) state;
    put(&buf);
    part = buf;

    for (part.len = 0; part.len < buf.len; part.len++) {
        assert_int_equal(wire_frame(&part, &head, &reader, &missing), 0);
        assert_in_range(missing, 1, buf.len - part.len);
    }

    strbuf_free(&buf);
}


static void
reading_too_much_is_bad_and_stays_so(void **state)
{
    size_t              len;
    struct strbuf       buf;
    struct wire_head    head;
    struct wire_reader  reader;

    (void) state;
    put(&buf);
    assert_int_equal(read_frame(&buf, &head, &reader), 1);
    (void) wire_get_number(&reader);
    (void) wire_get_text(&reader, &len);
    assert_int_equal(wire_get_number(&reader), 0);
    assert_true(reader.bad);
    assert_string_equal(wire_get_text(&reader, &len), "");
    strbuf_free(&buf);
}


static void
texts_longer_than_the_frame_are_bad(void **state)
{
    size_t              len, start;
    struct strbuf       buf;
    struct wire_head    head;
    struct wire_reader  reader;

    (void) state;
    memset(&buf, 0, sizeof(buf));
    start = wire_begin(&buf, WIRE_REFUSED);
    wire_put_number(&buf, UINT64_MAX);
    wire_end(&buf, start);
    assert_int_equal(read_frame(&buf, &head, &reader), 1);
    assert_string_equal(wire_get_text(&reader, &len), "");
    assert_true(reader.bad);
    strbuf_free(&buf);
}


static void
garbage_and_giants_are_no_frames(void **state)
{
    struct strbuf       buf;
    struct wire_head    head;
    struct wire_reader  reader;

    (void) state;
    memset(&buf, 0, sizeof(buf));
    strbuf_addstr(&buf, "garbage garbage garbage");
    assert_int_equal(read_frame(&buf, &head, &reader), -1);

    strbuf_clear(&buf);
    head.magic = WIRE_MAGIC;
    head.type = WIRE_RESPONSE;
    head.len = WIRE_LEN_MAX + 1;
    strbuf_add(&buf, &head, sizeof(head));
    assert_int_equal(read_frame(&buf, &head, &reader), -1);

    strbuf_clear(&buf);
    head.type = WIRE_TYPES;
    head.len = 0;
    strbuf_add(&buf, &head, sizeof(head));
    assert_int_equal(read_frame(&buf, &head, &reader), -1);
    strbuf_free(&buf);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_was_put_is_got),
        cmocka_unit_test(every_shorter_piece_asks_for_more),
        cmocka_unit_test(reading_too_much_is_bad_and_stays_so),
        cmocka_unit_test(texts_longer_than_the_frame_are_bad),
        cmocka_unit_test(garbage_and_giants_are_no_frames)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
