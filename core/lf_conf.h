/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The directives of link functions, once for both hosts: their names, where
 * they may stand, how many arguments they take, and which arguments make no
 * sense. What a directive does is the host's. The mock obeys the table, the
 * module makes nginx's of it, and docs/module.md is compared with it.
 */
#ifndef LF_CONF_H
#define LF_CONF_H

#include "core/lf_core.h"

#pragma GCC visibility push(hidden)

/* Blocks of a configuration that a directive may stand in. */
#define LF_IN_HTTP      1u
#define LF_IN_SERVER    2u
#define LF_IN_LOCATION  4u
#define LF_IN_IF        8u                   /* `if` inside a location */

/*
 * Name in code, name in a configuration, blocks, least and most arguments,
 * whether a block may have it only once.
 */
#define LF_DIRECTIVES(X)                                                      \
    X(SHM_SIZE, "ngx_link_func_shm_size", LF_IN_HTTP, 1, 1, 1)                \
    X(LIB, "ngx_link_func_lib", LF_IN_SERVER, 1, 1, 1)                        \
    X(CALL, "ngx_link_func_call", LF_IN_LOCATION, 1, 1, 1)                    \
    X(ADD_PROP, "ngx_link_func_add_prop", LF_IN_HTTP|LF_IN_SERVER, 2, 2, 0)   \
    X(ADD_REQ_HEADER, "ngx_link_func_add_req_header",                         \
      LF_IN_HTTP|LF_IN_SERVER|LF_IN_LOCATION|LF_IN_IF, 2, 2, 0)               \
    X(SUBREQUEST, "ngx_link_func_subrequest", LF_IN_SERVER|LF_IN_LOCATION,    \
      1, LF_DIRECTIVE_ARGS, 0)                                                \
    X(DOWNLOAD, "ngx_link_func_download_link_lib", LF_IN_SERVER, 2, 3, 1)     \
    X(CA_CERT, "ngx_link_func_ca_cert", LF_IN_SERVER, 1, 1, 1)                \
    X(SHA256, "ngx_link_func_download_sha256", LF_IN_SERVER, 1, 1, 1)

/* No directive takes more: nginx cannot count further. */
#define LF_DIRECTIVE_ARGS  7

#define LF_DIRECTIVE_ENUM(name, ...)  LF_DIRECTIVE_##name,
enum lf_directive_name { LF_DIRECTIVES(LF_DIRECTIVE_ENUM) LF_DIRECTIVE_COUNT };
#undef LF_DIRECTIVE_ENUM

struct lf_directive {
    const char  *name;
    unsigned     blocks;
    unsigned     least, most;
    unsigned     once;
};

extern const struct lf_directive  lf_directives[LF_DIRECTIVE_COUNT];

/* NULL: no directive of ours. */
const struct lf_directive *lf_directive_find(const lf_str_t *name);

/*
 * Check the arguments of a directive, whose number is right. Returns 0, or -1
 * with a text in err (LF_ERR_LEN bytes) that names neither file nor line.
 */
int lf_directive_check(enum lf_directive_name directive, const lf_str_t *args,
                       size_t count, char *err);

/*
 * A size as in nginx: digits, then nothing, k, K, m or M. Returns 0, or -1:
 * malformed, or too large for size_t.
 */
int lf_conf_size(const lf_str_t *text, size_t *size);

/* The flags of ngx_link_func_subrequest. */
#define LF_SUBREQUEST_ARGS    1u             /* incl_args */
#define LF_SUBREQUEST_BODY    2u             /* incl_body */
#define LF_SUBREQUEST_STATUS  4u             /* check_status */

/* The flag of that name in any case; 0: none. */
unsigned lf_conf_subrequest_flag(const lf_str_t *name);

#pragma GCC visibility pop

#endif /* LF_CONF_H */
