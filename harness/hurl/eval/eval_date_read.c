/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Dates from texts, by the formats of Rust's chrono that scripts use. A text
 * must fit as a whole; what it does not say of the zone is UTC.
 */
#include <string.h>
#include <strings.h>
#include <time.h>

#include "lib/base/arena.h"
#include "harness/hurl/eval/eval_filter.h"

/* -1: not seen */
struct fields {
    long long  year, month, day, hour, minute, second, weekday, pm, stamp;
    int        micros, offset, has_stamp;
};


static int
read_number(const char **at, int least, int most, long long *number)
{
    int  n;

    *number = 0;

    for (n = 0; n < most && **at >= '0' && **at <= '9'; n++, (*at)++) {
        *number = *number * 10 + **at - '0';
    }

    return n >= least ? 0 : -1;
}


/* A name, in full or by its first three letters; its place in the list. */
static int
read_name(const char **at, const char *const *names, int count,
          long long *place)
{
    int     i;
    size_t  len;

    for (i = 0; i < count; i++) {
        len = strlen(names[i]);

        if (strncasecmp(*at, names[i], 3) == 0) {
            *at += strncasecmp(*at, names[i], len) == 0 ? len : 3;
            *place = i;
            return 0;
        }
    }

    return -1;
}


/* ".123": digits beyond the sixth are dropped. */
static int
read_fraction(const char **at, int *micros)
{
    int  n, scale = 100000;

    *micros = 0;

    for (n = 0; **at >= '0' && **at <= '9'; n++, (*at)++, scale /= 10) {
        *micros += (**at - '0') * scale;
    }

    return n > 0 ? 0 : -1;
}


/* +hh:mm, +hhmm or, where it is allowed, Z. */
static int
read_offset(const char **at, int with_z, struct fields *d)
{
    int        sign;
    long long  hours, minutes;

    if (with_z && (**at == 'Z' || **at == 'z')) {
        (*at)++;
        d->offset = 0;
        return 0;
    }

    sign = **at == '-' ? -1 : 1;
    if (**at != '+' && **at != '-') {
        return -1;
    }

    (*at)++;
    if (read_number(at, 2, 2, &hours) != 0) {
        return -1;
    }
    *at += (**at == ':');
    if (read_number(at, 2, 2, &minutes) != 0 || minutes > 59 || hours > 23) {
        return -1;
    }

    d->offset = sign * (int) (hours * 3600 + minutes * 60);

    return 0;
}


static int read_text(const char *format, const char **at, struct fields *d);


static int
read_percent(const char **at)
{
    if (**at != '%') {
        return -1;
    }

    (*at)++;

    return 0;
}


/* Names of days, months and halves of days. */
static int
read_word(char item, const char **at, struct fields *d)
{
    int                       rc;
    static const char *const  days[] = {
        "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
        "Saturday"
    };
    static const char *const  months[] = {
        "January", "February", "March", "April", "May", "June", "July",
        "August", "September", "October", "November", "December"
    };

    switch (item) {
    case 'a': case 'A':
        return read_name(at, days, 7, &d->weekday);

    case 'b': case 'B': case 'h':
        rc = read_name(at, months, 12, &d->month);
        d->month++;
        return rc;

    case 'p': case 'P':
        d->pm = strncasecmp(*at, "pm", 2) == 0;
        if (!d->pm && strncasecmp(*at, "am", 2) != 0) {
            return -1;
        }
        *at += 2;
        return 0;

    default:
        return -1;
    }
}


/* One item behind a '%'. 0, or -1: it is not there, or is no item. */
static int
read_item(char item, const char **at, struct fields *d)
{
    long long  *number = item == 'Y' ? &d->year : item == 'm' ? &d->month
                         : item == 'd' || item == 'e' ? &d->day
                         : item != '\0' && strchr("HkIl", item) ? &d->hour
                         : item == 'M' ? &d->minute
                         : item == 'S' ? &d->second : NULL;

    if (number != NULL) {
        *at += strspn(*at, " ");
        return read_number(at, 1, item == 'Y' ? 4 : 2, number);
    }

    switch (item) {
    case 'f':
        return read_fraction(at, &d->micros);
    case 'z':
        *at += strspn(*at, " ");
        return read_offset(at, 0, d);
    case 'Z':
        *at += strcspn(*at, " \t\r\n");
        return 0;
    case 's':
        d->has_stamp = 1;
        return read_number(at, 1, 12, &d->stamp);
    case 'F':
        return read_text("%Y-%m-%d", at, d);
    case 'T':
        return read_text("%H:%M:%S", at, d);
    case 'R':
        return read_text("%H:%M", at, d);
    case '+':
        return read_text("%Y-%m-%dT%H:%M:%S%.f", at, d) != 0 ? -1
               : read_offset(at, 1, d);
    case '%':
        return read_percent(at);
    default:
        return read_word(item, at, d);
    }
}


static int
read_text(const char *format, const char **at, struct fields *d)
{
    int  rc;

    while (*format != '\0') {
        if (strchr(" \t\r\n", *format) != NULL) {
            *at += strspn(*at, " \t\r\n");
            format++;

        } else if (*format != '%') {
            if (*(*at) != *format++) {
                return -1;
            }
            (*at)++;

        } else if (strncmp(format, "%.f", 3) == 0) {
            format += 3;
            if (**at == '.') {
                (*at)++;
                if (read_fraction(at, &d->micros) != 0) {
                    return -1;
                }
            }

        } else {
            format += strncmp(format, "%:z", 3) == 0 ? 2 : 1;
            rc = read_item(*format, at, d);
            if (rc != 0) {
                return rc;
            }
            format++;
        }
    }

    return 0;
}


/* The fields as a moment; 0, or -1: some are missing or impossible. */
static int
make_date(struct fields *d, struct value *v)
{
    time_t     moment;
    struct tm  tm = { 0 }, again;

    if (d->has_stamp) {
        v->integer = d->stamp;
        return 0;
    }

    if (d->hour < 0 && d->minute < 0 && d->second < 0) {
        d->hour = d->minute = 0;
    }
    if (d->pm >= 0 && (d->hour < 1 || d->hour > 12)) {
        return -1;
    }
    if (d->pm >= 0) {
        d->hour = d->hour % 12 + 12 * d->pm;
    }
    if (d->year < 0 || d->month < 1 || d->day < 1 || d->hour < 0
        || d->hour > 23 || d->minute < 0 || d->minute > 59 || d->second > 60)
    {
        return -1;
    }

    tm.tm_year = (int) d->year - 1900;
    tm.tm_mon = (int) d->month - 1;
    tm.tm_mday = (int) d->day;
    moment = timegm(&tm);

    if (gmtime_r(&moment, &again) == NULL || again.tm_mday != d->day
        || again.tm_mon != d->month - 1
        || (d->weekday >= 0 && again.tm_wday != d->weekday))
    {
        return -1;
    }

    v->integer = (long long) moment + d->hour * 3600 + d->minute * 60
                 + (d->second > 0 ? d->second : 0) - d->offset;

    return 0;
}


int
eval_to_date(struct eval *e, const struct script_filter *f, struct value *v)
{
    const char    *text, *at;
    struct value   date = { .kind = VALUE_DATE };
    struct fields  d = { .year = -1, .month = -1, .day = -1, .hour = -1,
                         .minute = -1, .second = -1, .weekday = -1,
                         .pm = -1 };
    struct str     format;

    if (v->kind != VALUE_STRING) {
        return eval_filter_input(e, f, v);
    }
    if (eval_template(e, f->arg.string, &format) != 0) {
        return -1;
    }

    text = at = arena_memdup(e->arena, v->text.data, v->text.len);
    if (text == NULL) {
        return eval_no_memory(e, &f->span);
    }

    if (read_text(format.data, &at, &d) != 0
        || (size_t) (at - text) != v->text.len || make_date(&d, &date) != 0)
    {
        return eval_fail(e, &f->span, "Filter error",
                         "value <%.200s> could not be parsed with <%.200s> "
                         "format", text, format.data);
    }

    date.micros = d.micros;
    *v = date;

    return 0;
}
