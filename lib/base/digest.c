/* SPDX-License-Identifier: BSD-2-Clause */
/* EVP digests through a lazily filled table of functions. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/evp.h>

#include "lib/base/digest.h"
#include "lib/base/lazy_lib.h"

static struct {
    __typeof__(EVP_MD_CTX_new)      *new;
    __typeof__(EVP_MD_CTX_free)     *free;
    __typeof__(EVP_md5)             *md5;
    __typeof__(EVP_sha256)          *sha256;
    __typeof__(EVP_DigestInit_ex)   *init;
    __typeof__(EVP_DigestUpdate)    *update;
    __typeof__(EVP_DigestFinal_ex)  *final;
} evp;

#define SYMBOL(name, field)  { name, offsetof(__typeof__(evp), field) }

static const struct lazy_symbol  evp_symbols[] = {
    SYMBOL("EVP_MD_CTX_new", new),
    SYMBOL("EVP_MD_CTX_free", free),
    SYMBOL("EVP_md5", md5),
    SYMBOL("EVP_sha256", sha256),
    SYMBOL("EVP_DigestInit_ex", init),
    SYMBOL("EVP_DigestUpdate", update),
    SYMBOL("EVP_DigestFinal_ex", final),
    { NULL, 0 }
};

static struct lazy_lib  libcrypto = {
    .soname = "libcrypto.so.3",
    .older = "libcrypto.so.1.1",
    .package = "libssl3",
    .symbols = evp_symbols,
    .table = &evp
};

static const char *const  missing[] = {
    [DIGEST_MD5] = "this machine's OpenSSL forbids MD5 (FIPS mode); use "
                   "sha256 instead",
    [DIGEST_SHA256] = "this machine's OpenSSL has no SHA-256; check its "
                      "configuration"
};


/* NULL with *error. */
static EVP_MD_CTX *
start(enum digest_kind kind, const char **error)
{
    EVP_MD_CTX  *ctx;

    *error = lazy_lib_open(&libcrypto);
    if (*error != NULL) {
        return NULL;
    }

    ctx = evp.new();

    if (ctx == NULL
        || evp.init(ctx, kind == DIGEST_MD5 ? evp.md5() : evp.sha256(), NULL)
           != 1)
    {
        evp.free(ctx);
        *error = missing[kind];
        return NULL;
    }

    return ctx;
}


size_t
digest_compute(enum digest_kind kind, const void *data, size_t len,
               unsigned char out[DIGEST_MAX], const char **error)
{
    EVP_MD_CTX    *ctx = start(kind, error);
    unsigned int   size = 0;

    if (ctx == NULL) {
        return 0;
    }

    if (evp.update(ctx, data, len) != 1 || evp.final(ctx, out, &size) != 1) {
        *error = missing[kind];
        size = 0;
    }

    evp.free(ctx);

    return size;
}


/* NULL, or why it cannot be read. */
static const char *
read_file(EVP_MD_CTX *ctx, const char *path)
{
    int            fd;
    ssize_t        n;
    const char    *error = NULL;
    struct stat    st;
    unsigned char  data[16384];

    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return strerror(errno);
    }

    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        error = "it is not a regular file";
    }

    while (error == NULL && (n = read(fd, data, sizeof(data))) != 0) {
        if (n < 0 || evp.update(ctx, data, (size_t) n) != 1) {
            error = n < 0 ? strerror(errno) : "out of memory";
        }
    }

    (void) close(fd);

    return error;
}


int
digest_file(enum digest_kind kind, const char *path, char hex[DIGEST_HEX],
            const char **error)
{
    EVP_MD_CTX     *ctx = start(kind, error);
    unsigned int    i, size = 0;
    unsigned char   out[DIGEST_MAX];

    if (ctx == NULL) {
        return -1;
    }

    *error = read_file(ctx, path);

    if (*error == NULL && evp.final(ctx, out, &size) != 1) {
        *error = missing[kind];
        size = 0;
    }

    evp.free(ctx);

    for (i = 0; i < size; i++) {
        (void) snprintf(hex + 2 * i, 3, "%02x", out[i]);
    }

    return size > 0 ? 0 : -1;
}
