/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/unit/unit.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/wire/wire.h"

#define MAX  ((uint64_t) 1 << 20)


/* The contents of a frame of 42 and a text with a NUL in it. */
static void
put(struct strbuf *out)
{
    size_t  start;

    start = wire_begin(out, 7);
    wire_put_number(out, 42);
    wire_put_text(out, "te\0xt", 5);
    wire_end(out, start);
}


static void
assert_put(struct wire_frame *frame)
{
    size_t       len;
    const char  *text;

    assert_int_equal(frame->type, 7);
    assert_int_equal(wire_get_number(frame), 42);
    text = wire_get_text(frame, &len);
    assert_int_equal(len, 5);
    assert_memory_equal(text, "te\0xt", 6);
    assert_int_equal(wire_finish(frame), 0);
}


/*
 * A frame to be read, of fields that put_fields writes. Another one is behind
 * it, for those who read too much.
 */
static struct wire_frame
made(struct wire_in *in, void (*put_fields)(struct strbuf *out))
{
    size_t             start;
    struct wire_frame  frame;

    strbuf_free(&in->buf);
    in->used = 0;
    start = wire_begin(&in->buf, 1);
    put_fields(&in->buf);
    wire_end(&in->buf, start);
    put(&in->buf);
    assert_int_equal(wire_take(in, MAX, &frame), 1);

    return frame;
}


static void
what_was_put_is_got(void **state)
{
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    put(&in.buf);
    put(&in.buf);
    memset(&frame, 0xff, sizeof(frame));
    assert_int_equal(wire_take(&in, MAX, &frame), 1);
    assert_put(&frame);
    assert_int_equal(wire_take(&in, MAX, &frame), 1);
    assert_put(&frame);
    assert_int_equal(wire_take(&in, MAX, &frame), 0);
    assert_int_equal(in.buf.len, 0);
    strbuf_free(&in.buf);
}


static void
a_text_ends_also_where_others_have_been(void **state)
{
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    put(&in.buf);
    memset(in.buf.data, 'x', in.buf.len);
    strbuf_clear(&in.buf);
    put(&in.buf);
    assert_int_equal(wire_take(&in, MAX, &frame), 1);
    assert_put(&frame);
    strbuf_free(&in.buf);
}


static void
every_shorter_piece_lacks_something(void **state)
{
    size_t             len;
    struct strbuf      whole = { 0 };
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    put(&whole);

    for (len = 0; len < whole.len; len++) {
        strbuf_clear(&in.buf);
        strbuf_add(&in.buf, whole.data, len);
        assert_int_equal(wire_take(&in, MAX, &frame), 0);
        assert_in_range(in.missing, 1, whole.len - len);
        assert_int_equal(in.used, 0);
    }

    strbuf_free(&in.buf);
    strbuf_free(&whole);
}


static void
reading_too_much_is_bad_and_stays_so(void **state)
{
    size_t             len;
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    put(&in.buf);
    assert_int_equal(wire_take(&in, MAX, &frame), 1);
    assert_put(&frame);
    assert_int_equal(wire_get_number(&frame), 0);
    assert_int_equal(wire_finish(&frame), -1);
    assert_string_equal(wire_get_text(&frame, &len), "");
    assert_int_equal(len, 0);
    assert_int_equal(wire_get_range(&frame, 3, 5), 3);
    assert_int_equal(wire_get_count(&frame, 1), 0);
    assert_int_equal(wire_finish(&frame), -1);
    strbuf_free(&in.buf);
}


static void
what_is_left_over_is_bad(void **state)
{
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    put(&in.buf);
    assert_int_equal(wire_take(&in, MAX, &frame), 1);
    (void) wire_get_number(&frame);
    assert_int_equal(wire_finish(&frame), -1);
    strbuf_free(&in.buf);
}


static void
long_text(struct strbuf *out)
{
    wire_put_number(out, UINT64_MAX);
    strbuf_addstr(out, "abc");
}


static void
long_text_and_number(struct strbuf *out)
{
    wire_put_number(out, UINT64_MAX);
    wire_put_number(out, 5);
}


static void
text_to_the_end(struct strbuf *out)
{
    wire_put_number(out, 3);
    strbuf_addstr(out, "abc");
}


static void
text_without_end(struct strbuf *out)
{
    wire_put_number(out, 3);
    strbuf_addstr(out, "abcd");
}


static void
number_cut_off(struct strbuf *out)
{
    strbuf_add(out, "\1\0\0\0\0\0\0", 7);
}


static void
texts_that_do_not_end_in_the_frame_are_bad(void **state)
{
    size_t             i, len;
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    static void (*const  rows[])(struct strbuf *out) = {
        long_text, text_to_the_end, text_without_end, number_cut_off
    };

    (void) state;

    for (i = 0; i < COUNT(rows); i++) {
        frame = made(&in, rows[i]);
        assert_string_equal(wire_get_text(&frame, &len), "");
        assert_int_equal(len, 0);
        assert_int_equal(wire_finish(&frame), -1);
    }

    strbuf_free(&in.buf);
}


static void
nothing_is_read_behind_a_bad_field(void **state)
{
    size_t             len;
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    frame = made(&in, long_text_and_number);
    assert_string_equal(wire_get_text(&frame, &len), "");
    assert_int_equal(wire_get_number(&frame), 0);
    assert_int_equal(wire_finish(&frame), -1);

    frame = made(&in, number_cut_off);
    assert_int_equal(wire_get_number(&frame), 0);
    assert_int_equal(wire_finish(&frame), -1);
    strbuf_free(&in.buf);
}


static void
strings(struct strbuf *out)
{
    wire_put_string(out, "four");
    wire_put_string(out, NULL);
    wire_put_text(out, "fi\0ve", 5);
}


static void
a_string_has_one_nul_and_fits(void **state)
{
    char               five[5], four[4];
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    frame = made(&in, strings);
    wire_copy_string(&frame, five, sizeof(five));
    assert_string_equal(five, "four");
    assert_string_equal(wire_get_string(&frame), "");
    assert_false(frame.bad);
    assert_string_equal(wire_get_string(&frame), "");
    assert_true(frame.bad);

    frame = made(&in, strings);
    wire_copy_string(&frame, four, sizeof(four));
    assert_string_equal(four, "");
    assert_true(frame.bad);
    strbuf_free(&in.buf);
}


static void
numbers(struct strbuf *out)
{
    wire_put_number(out, 4);
    wire_put_number(out, 5);
    wire_put_number(out, 2);
    wire_put_number(out, 6);
}


static void
a_number_out_of_its_range_is_bad(void **state)
{
    int                i;
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    frame = made(&in, numbers);
    assert_int_equal(wire_get_range(&frame, 4, 5), 4);
    assert_int_equal(wire_get_range(&frame, 4, 5), 5);
    assert_false(frame.bad);
    assert_int_equal(wire_get_range(&frame, 3, 5), 3);
    assert_true(frame.bad);

    frame = made(&in, numbers);

    for (i = 0; i < 3; i++) {
        (void) wire_get_number(&frame);
    }

    assert_int_equal(wire_get_range(&frame, 3, 5), 3);
    assert_true(frame.bad);
    strbuf_free(&in.buf);
}


static void
pairs(struct strbuf *out)
{
    wire_put_number(out, 2);
    wire_put_string(out, "");
    wire_put_string(out, "");
    wire_put_string(out, "");
    wire_put_string(out, "");
}


static void
a_count_of_more_than_can_follow_is_bad(void **state)
{
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    frame = made(&in, pairs);
    assert_int_equal(wire_get_count(&frame, 2), 2);
    assert_false(frame.bad);
    frame = made(&in, pairs);
    assert_int_equal(wire_get_count(&frame, 3), 0);
    assert_true(frame.bad);
    strbuf_free(&in.buf);
}


static void
garbage_giants_and_other_versions_are_no_frames(void **state)
{
    size_t             i;
    struct wire_in     in = { 0 };
    struct wire_head   head = { WIRE_MAGIC, 1, MAX };
    struct wire_frame  frame;

    struct {
        uint32_t  magic;
        uint64_t  len, max;
    } rows[] = {
        { WIRE_MAGIC, MAX + 1, MAX },
        { WIRE_MAGIC, UINT64_MAX, UINT64_MAX },
        { WIRE_MAGIC - 1, 0, MAX },
        { WIRE_MAGIC + 1, 0, MAX },
        { 0, 0, MAX }
    };

    (void) state;
    strbuf_add(&in.buf, &head, sizeof(head));
    assert_int_equal(wire_take(&in, MAX, &frame), 0);
    assert_int_equal(in.missing, MAX);

    for (i = 0; i < COUNT(rows); i++) {
        head.magic = rows[i].magic;
        head.len = rows[i].len;
        strbuf_clear(&in.buf);
        strbuf_add(&in.buf, &head, sizeof(head));
        assert_int_equal(wire_take(&in, rows[i].max, &frame), -1);
    }

    strbuf_free(&in.buf);
}


static void
a_frame_without_memory_is_not_sent(void **state)
{
    int            pair[2];
    size_t         sent = 0;
    struct strbuf  out = { 0 };

    (void) state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    out.failed = 1;
    wire_end(&out, wire_begin(&out, 1));
    assert_null(out.data);
    strbuf_clear(&out);
    put(&out);
    out.failed = 1;
    assert_int_equal(wire_send(pair[0], &out, &sent, MSG_DONTWAIT), -1);
    assert_int_equal(recv(pair[1], &sent, 1, MSG_DONTWAIT), -1);
    strbuf_free(&out);
    (void) close(pair[0]);
    (void) close(pair[1]);
}


static void
on_signal(int number)
{
    (void) number;
}


struct sender {
    int        fd;
    pthread_t  receiver;
    int        all;              /* was sent, and counted so */
};


/* More than a socket takes at once. */
static void
put_large(struct strbuf *out)
{
    size_t  start;

    start = wire_begin(out, 9);

    if (strbuf_reserve(out, MAX) != NULL) {
        memset(out->data + out->len, 'x', MAX);
        out->len += MAX;
    }

    wire_end(out, start);
}


static void
interrupt(pthread_t thread)
{
    int  i;

    for (i = 0; i < 300; i++) {
        (void) pthread_kill(thread, SIGUSR1);
        (void) sched_yield();
    }
}


static void *
send_two(void *data)
{
    size_t          sent = 0;
    struct sender  *sender = data;
    struct strbuf   out = { 0 };

    put_large(&out);
    put(&out);
    interrupt(sender->receiver);
    sender->all = wire_send(sender->fd, &out, &sent, 0) == 1
                  && out.len == 0 && sent == 0;
    strbuf_free(&out);
    (void) close(sender->fd);

    return NULL;
}


static int
receive(int fd, struct wire_in *in, struct wire_frame *frame)
{
    int  rc;

    while ((rc = wire_take(in, MAX, frame)) == 0) {
        if (wire_recv(fd, in, 0) == -1) {
            return -1;
        }
    }

    return rc;
}


static void
frames_arrive_in_parts_and_between_signals(void **state)
{
    int                rc, pair[2];
    pthread_t          thread;
    struct sender      sender;
    struct wire_in     in = { 0 };
    struct sigaction   action = { .sa_handler = on_signal };
    struct wire_frame  frame;

    (void) state;
    assert_int_equal(sigaction(SIGUSR1, &action, NULL), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    sender.fd = pair[0];
    sender.receiver = pthread_self();
    assert_int_equal(pthread_create(&thread, NULL, send_two, &sender), 0);

    while ((rc = wire_recv(pair[1], &in, 0)) == 0) {
        /* a signal */
    }

    assert_int_equal(rc, 1);
    interrupt(thread);
    assert_int_equal(receive(pair[1], &in, &frame), 1);
    assert_int_equal(frame.type, 9);
    assert_int_equal(frame.left, MAX);
    assert_int_equal(frame.at[MAX - 1], 'x');
    assert_int_equal(receive(pair[1], &in, &frame), 1);
    assert_put(&frame);
    assert_int_equal(receive(pair[1], &in, &frame), -1);

    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(sender.all);
    strbuf_free(&in.buf);
    (void) close(pair[1]);
}


static void
what_a_socket_does_not_take_waits(void **state)
{
    int                rc, pair[2];
    size_t             len, sent = 0;
    struct wire_in     in = { 0 };
    struct strbuf      out = { 0 };
    struct wire_frame  frame;

    (void) state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    put_large(&out);
    len = out.len;

    while ((rc = wire_send(pair[0], &out, &sent, MSG_DONTWAIT)) == 0) {
        assert_int_equal(out.len, len);
        assert_in_range(sent, 1, len - 1);
        assert_int_equal(wire_take(&in, MAX, &frame), 0);
        assert_int_equal(wire_recv(pair[1], &in, MSG_DONTWAIT), 1);
    }

    assert_int_equal(rc, 1);
    assert_int_equal(receive(pair[1], &in, &frame), 1);
    assert_int_equal(frame.left, MAX);
    strbuf_free(&in.buf);
    strbuf_free(&out);
    (void) close(pair[0]);
    (void) close(pair[1]);
}


static void
a_frame_that_came_in_two_parts_is_whole(void **state)
{
    int                pair[2];
    size_t             half;
    struct wire_in     in = { 0 };
    struct strbuf      out = { 0 };
    struct wire_frame  frame;

    (void) state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    put(&out);
    half = out.len + 3;
    wire_end(&out, wire_begin(&out, 8));
    assert_int_equal(send(pair[0], out.data, half, 0), half);
    assert_int_equal(receive(pair[1], &in, &frame), 1);
    assert_put(&frame);
    assert_int_equal(wire_take(&in, MAX, &frame), 0);
    assert_int_equal(in.missing, out.len - half);
    assert_int_equal(send(pair[0], out.data + half, in.missing, 0),
                     in.missing);
    assert_int_equal(receive(pair[1], &in, &frame), 1);
    assert_int_equal(frame.type, 8);
    strbuf_free(&in.buf);
    strbuf_free(&out);
    (void) close(pair[0]);
    (void) close(pair[1]);
}


static void
nothing_to_receive_is_not_the_end(void **state)
{
    int                pair[2];
    struct wire_in     in = { 0 };
    struct wire_frame  frame;

    (void) state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    assert_int_equal(wire_take(&in, MAX, &frame), 0);
    assert_int_equal(wire_recv(pair[0], &in, MSG_DONTWAIT), 0);
    (void) close(pair[1]);
    assert_int_equal(wire_recv(pair[0], &in, MSG_DONTWAIT), -1);
    strbuf_free(&in.buf);
    (void) close(pair[0]);
}


/* SIGPIPE would end this program. */
static void
sending_to_nobody_is_an_error(void **state)
{
    int            pair[2];
    size_t         sent = 0;
    struct strbuf  out = { 0 };

    (void) state;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    (void) close(pair[1]);
    put(&out);
    assert_int_equal(wire_send(pair[0], &out, &sent, 0), -1);
    strbuf_free(&out);
    (void) close(pair[0]);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_was_put_is_got),
        cmocka_unit_test(a_text_ends_also_where_others_have_been),
        cmocka_unit_test(every_shorter_piece_lacks_something),
        cmocka_unit_test(reading_too_much_is_bad_and_stays_so),
        cmocka_unit_test(what_is_left_over_is_bad),
        cmocka_unit_test(texts_that_do_not_end_in_the_frame_are_bad),
        cmocka_unit_test(nothing_is_read_behind_a_bad_field),
        cmocka_unit_test(a_string_has_one_nul_and_fits),
        cmocka_unit_test(a_number_out_of_its_range_is_bad),
        cmocka_unit_test(a_count_of_more_than_can_follow_is_bad),
        cmocka_unit_test(garbage_giants_and_other_versions_are_no_frames),
        cmocka_unit_test(a_frame_without_memory_is_not_sent),
        cmocka_unit_test(frames_arrive_in_parts_and_between_signals),
        cmocka_unit_test(what_a_socket_does_not_take_waits),
        cmocka_unit_test(a_frame_that_came_in_two_parts_is_whole),
        cmocka_unit_test(nothing_to_receive_is_not_the_end),
        cmocka_unit_test(sending_to_nobody_is_an_error)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
