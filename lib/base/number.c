/* SPDX-License-Identifier: BSD-2-Clause */
/* See number.h. No strtoul: it takes signs, blanks and "0x". */
#include "lib/base/number.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define NS_PER_SECOND  1000000000ull

/* What a duration may be at most: a day. */
#define DURATION_MAX   (86400 * NS_PER_SECOND)


/* Reads digits; returns what follows, or NULL: none, or too large. */
static const char *
read_digits(const char *text, uint64_t *value)
{
    const char  *start;

    *value = 0;

    for (start = text; *text >= '0' && *text <= '9'; text++) {
        if (*value > (UINT64_MAX - 9) / 10) {
            return NULL;
        }

        *value = *value * 10 + (uint64_t) (*text - '0');
    }

    return text == start ? NULL : text;
}


int
number_parse_count(const char *text, unsigned long min, unsigned long max,
                   unsigned long *value)
{
    uint64_t     number;
    const char  *end;

    end = read_digits(text, &number);

    if (end == NULL || *end != '\0' || number < min || number > max) {
        return -1;
    }

    *value = (unsigned long) number;

    return 0;
}


int
number_parse_size(const char *text, size_t *size)
{
    int          shift;
    uint64_t     number;
    const char  *end;

    end = read_digits(text, &number);
    if (end == NULL) {
        return -1;
    }

    switch (*end) {
    case '\0':
        shift = 0;
        break;

    case 'k': case 'K':
        shift = 10;
        break;

    case 'm': case 'M':
        shift = 20;
        break;

    case 'g': case 'G':
        shift = 30;
        break;

    default:
        return -1;
    }

    if ((shift != 0 && end[1] != '\0') || number > (SIZE_MAX >> shift) / 2) {
        return -1;
    }

    *size = (size_t) number << shift;

    return 0;
}


/* ".25" becomes 250,000,000; returns what follows. */
static const char *
read_fraction(const char *text, uint64_t *billionths)
{
    uint64_t  unit;

    *billionths = 0;

    if (*text != '.') {
        return text;
    }

    unit = NS_PER_SECOND / 10;

    for (text++; *text >= '0' && *text <= '9'; text++) {
        *billionths += unit * (uint64_t) (*text - '0');
        unit /= 10;
    }

    return text[-1] == '.' ? NULL : text;
}


int
number_parse_duration(const char *text, uint64_t *ns)
{
    size_t       i;
    uint64_t     whole, billionths;
    const char  *end;

    static const struct {
        const char  *name;
        uint64_t     ns;
    } units[] = {
        { "",   NS_PER_SECOND },
        { "ms", NS_PER_SECOND / 1000 },
        { "s",  NS_PER_SECOND },
        { "m",  60 * NS_PER_SECOND },
        { "h",  3600 * NS_PER_SECOND }
    };

    end = read_digits(text, &whole);
    end = end == NULL ? NULL : read_fraction(end, &billionths);

    if (end == NULL) {
        return -1;
    }

    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcasecmp(end, units[i].name) == 0) {
            if (whole > DURATION_MAX / units[i].ns) {
                return -1;
            }

            *ns = whole * units[i].ns
                  + billionths * (units[i].ns / 1000) / (NS_PER_SECOND / 1000);
            return 0;
        }
    }

    return -1;
}


const char *
number_duration_text(uint64_t ns, char *buf)
{
    if (ns % NS_PER_SECOND == 0) {
        (void) snprintf(buf, NUMBER_TEXT, "%llus",
                        (unsigned long long) (ns / NS_PER_SECOND));

    } else {
        (void) snprintf(buf, NUMBER_TEXT, "%llums",
                        (unsigned long long) (ns / 1000000));
    }

    return buf;
}
