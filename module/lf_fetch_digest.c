/* SPDX-License-Identifier: BSD-2-Clause */
/* EVP functions of whichever libcrypto this machine has, loaded on demand. */
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>

#include "lf_core.h"
#include "lf_fetch_digest.h"

static struct {
    __typeof__(EVP_MD_CTX_new)      *new;
    __typeof__(EVP_MD_CTX_free)     *free;
    __typeof__(EVP_sha256)          *sha256;
    __typeof__(EVP_DigestInit_ex)   *init;
    __typeof__(EVP_DigestUpdate)    *update;
    __typeof__(EVP_DigestFinal_ex)  *final;
} evp;

static const struct {
    const char  *name;
    size_t       offset;
} evp_symbols[] = {
    { "EVP_MD_CTX_new", offsetof(__typeof__(evp), new) },
    { "EVP_MD_CTX_free", offsetof(__typeof__(evp), free) },
    { "EVP_sha256", offsetof(__typeof__(evp), sha256) },
    { "EVP_DigestInit_ex", offsetof(__typeof__(evp), init) },
    { "EVP_DigestUpdate", offsetof(__typeof__(evp), update) },
    { "EVP_DigestFinal_ex", offsetof(__typeof__(evp), final) },
};


static int
load_crypto(char *err)
{
    void    *handle, *address;
    size_t   i;

    handle = dlopen("libcrypto.so.3", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        handle = dlopen("libcrypto.so.1.1", RTLD_NOW | RTLD_LOCAL);
    }

    if (handle == NULL) {
        (void) snprintf(err, LF_ERR_LEN, "libcrypto cannot be loaded: install "
                        "libssl3 (%s)", dlerror());
        return -1;
    }

    for (i = 0; i < sizeof(evp_symbols) / sizeof(evp_symbols[0]); i++) {
        address = dlsym(handle, evp_symbols[i].name);
        if (address == NULL) {
            (void) snprintf(err, LF_ERR_LEN, "libcrypto has no %s",
                            evp_symbols[i].name);
            return -1;
        }

        memcpy((char *) &evp + evp_symbols[i].offset, &address,
               sizeof(address));
    }

    return 0;
}


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

    if (load_crypto(err) != 0) {
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
