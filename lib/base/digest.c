/* SPDX-License-Identifier: BSD-2-Clause */
/* One-shot EVP digests through a lazily filled table of functions. */
#include <stddef.h>

#include <openssl/evp.h>

#include "lib/base/digest.h"
#include "lib/base/lazy_lib.h"

static struct {
    __typeof__(EVP_MD_fetch)  *fetch;
    __typeof__(EVP_MD_free)   *free;
    __typeof__(EVP_Digest)    *digest;
} evp;

static const struct lazy_symbol  evp_symbols[] = {
    { "EVP_MD_fetch", offsetof(__typeof__(evp), fetch) },
    { "EVP_MD_free", offsetof(__typeof__(evp), free) },
    { "EVP_Digest", offsetof(__typeof__(evp), digest) },
    { NULL, 0 }
};

static struct lazy_lib  libcrypto = {
    .soname = "libcrypto.so.3",
    .package = "libssl3",
    .symbols = evp_symbols,
    .table = &evp
};

static const struct {
    const char  *name, *missing;
} kinds[] = {
    [DIGEST_MD5] = { "MD5", "this machine's OpenSSL forbids MD5 (FIPS mode); "
                            "use sha256 instead" },
    [DIGEST_SHA256] = { "SHA2-256", "this machine's OpenSSL has no SHA-256; "
                                    "check its configuration" }
};


size_t
digest_compute(enum digest_kind kind, const void *data, size_t len,
               unsigned char out[DIGEST_MAX], const char **error)
{
    int            ok;
    EVP_MD        *md;
    unsigned int   size = 0;

    *error = lazy_lib_open(&libcrypto);
    if (*error != NULL) {
        return 0;
    }

    md = evp.fetch(NULL, kinds[kind].name, NULL);
    ok = md != NULL && evp.digest(data, len, out, &size, md, NULL) == 1;
    evp.free(md);
    if (!ok) {
        *error = kinds[kind].missing;
        return 0;
    }

    return size;
}
