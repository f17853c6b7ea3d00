/* SPDX-License-Identifier: BSD-2-Clause */
/* EVP functions of whichever libcrypto this machine has, loaded on demand. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "core/lf_core.h"
#include "lib/fetch/lf_fetch_digest.h"
#include "lib/fetch/lf_fetch_private.h"

static struct {
    __typeof__(EVP_MD_CTX_new)      *new;
    __typeof__(EVP_MD_CTX_free)     *free;
    __typeof__(EVP_sha256)          *sha256;
    __typeof__(EVP_DigestInit_ex)   *init;
    __typeof__(EVP_DigestUpdate)    *update;
    __typeof__(EVP_DigestFinal_ex)  *final;
} evp;

#define EVP_SYMBOL(name, field)  { name, offsetof(__typeof__(evp), field) }

static const struct lf_fetch_symbol  evp_symbols[] = {
    EVP_SYMBOL("EVP_MD_CTX_new", new),
    EVP_SYMBOL("EVP_MD_CTX_free", free),
    EVP_SYMBOL("EVP_sha256", sha256),
    EVP_SYMBOL("EVP_DigestInit_ex", init),
    EVP_SYMBOL("EVP_DigestUpdate", update),
    EVP_SYMBOL("EVP_DigestFinal_ex", final),
};

static const char *const  evp_files[] = {
    "libcrypto.so.3", "libcrypto.so.1.1", NULL
};


static int
digest_file(FILE *file, unsigned char *sum)
{
    int            ok;
    size_t         n;
    EVP_MD_CTX    *ctx;
    unsigned char  data[16384];

    ctx = evp.new();
    ok = ctx != NULL && evp.init(ctx, evp.sha256(), NULL) == 1;

    while (ok && (n = fread(data, 1, sizeof(data), file)) > 0) {
        ok = evp.update(ctx, data, n) == 1;
    }

    ok = ok && !ferror(file) && evp.final(ctx, sum, NULL) == 1;
    evp.free(ctx);

    return ok ? 0 : -1;
}


int
lf_fetch_digest(const char *path, char hex[LF_FETCH_HEX], char *err)
{
    int            rc;
    FILE          *file;
    size_t         i;
    unsigned char  sum[EVP_MAX_MD_SIZE];

    if (lf_fetch_load(evp_files, "libcrypto", "libssl3", evp_symbols,
                      sizeof(evp_symbols) / sizeof(evp_symbols[0]), &evp, err)
        != 0)
    {
        return -1;
    }

    file = fopen(path, "rb");
    if (file == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "\"%s\" cannot be read: %s", path,
                        strerror(errno));
        return -1;
    }

    rc = digest_file(file, sum);
    (void) fclose(file);

    if (rc != 0) {
        (void) snprintf(err, LF_ERR_LEN, "the SHA-256 of \"%s\" cannot be "
                        "computed", path);
        return -1;
    }

    for (i = 0; i < 32; i++) {
        (void) snprintf(hex + 2 * i, 3, "%02x", sum[i]);
    }

    return 0;
}
