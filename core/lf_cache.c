/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cache of the ABI: nodes, values and what each call promises. Where keys
 * are found is the business of lf_cache_index.c.
 */
#include <string.h>

#include "core/lf_abi.h"
#include "core/lf_port.h"
#include "core/lf_zone.h"


/* ---- one call --------------------------------------------------------- */

/* What every cache call has in common, from its arguments to its reports. */
struct call {
    struct lf_abi_call   abi;
    struct lf_zone      *zone;
    struct lf_root      *root;       /* NULL: no memory even for that */
    struct lf_key        key;
    int                  took;       /* the lock, because the app had not */
    int                  full;       /* to be reported */
    int                  safe;       /* without the lock, too */
};


/* 1: go on, with the lock held, to call_end. 0: a bad argument, reported. */
static int
call_begin(struct call *call, const struct lf_abi_call *abi, void *shared_mem,
           const char *key)
{
    size_t  len;

    if (!lf_zone_check(shared_mem, abi)) {
        return 0;
    }

    if (key == NULL) {
        lf_abi_null(lf_current_request(), abi, "key");
        return 0;
    }

    len = strlen(key);

    memset(call, 0, sizeof(struct call));
    call->abi = *abi;
    call->zone = shared_mem;
    call->took = lf_zone_enter(call->zone, abi->site);
    call->root = lf_zone_root(call->zone);

    if (call->root != NULL) {
        call->key = lf_index_key(&call->root->index, key, len);
    }

    return 1;
}


static void
call_end(struct call *call)
{
    lf_zone_leave(call->zone, call->took);

    if (call->took && !call->safe) {
        lf_report(LF_RULE_LOCK_MISSING, call->abi.site, "%s without the lock: "
                  "it was taken for this call, but another worker may already "
                  "have removed what it returned", call->abi.name);
    }

    if (call->full) {
        lf_report(LF_RULE_ZONE_FULL, call->abi.site, "%s: no room in a "
                  "shared memory of %zu bytes: remove keys, or raise "
                  "ngx_link_func_shm_size", call->abi.name, call->zone->size);
    }
}


static struct lf_node *
find(const struct call *call)
{
    return call->root ? lf_index_find(call->zone, &call->root->index,
                                      &call->key)
                      : NULL;
}


/* ---- nodes ------------------------------------------------------------ */

static void
block_free(struct lf_zone *zone, void *p)
{
    const char  *why;

    if (p != NULL) {
        (void) lf_port_zone_free(zone, p, &why);
    }
}


static struct lf_node *
node_new(struct lf_zone *zone, const struct lf_key *key)
{
    struct lf_node  *node;

    if (key->len >> LF_NODE_KEY_BITS != 0 || key->len >= zone->size) {
        return NULL;
    }

    node = lf_port_zone_alloc(zone,
                              offsetof(struct lf_node, key) + key->len + 1);
    if (node == NULL) {
        return NULL;
    }

    node->key_len = key->len;
    memcpy(node->key, key->data, key->len);
    node->key[key->len] = '\0';

    return node;
}


/* A node for a key that is not there. NULL: no room, nothing changed. */
static struct lf_node *
node_add(struct call *call, void *value, size_t size)
{
    struct lf_node  *node;

    node = node_new(call->zone, &call->key);
    lf_fault("cache_new_node");

    if (node == NULL) {
        return NULL;
    }

    node->value = value;
    node->size = size;
    node->counter = 0;

    lf_index_add(call->zone, &call->root->index, call->key.hash, node);

    return node;
}


/* A block of its own for the key, new or not. NULL: no room. */
static void *
block_new(struct call *call, struct lf_node *node, size_t size)
{
    void  *block;

    if (size > call->zone->size) {
        return NULL;
    }

    block = lf_port_zone_alloc(call->zone, size);
    lf_fault("cache_new_block");

    if (block == NULL) {
        return NULL;
    }

    if (node != NULL) {
        node->value = block;
        node->size = size;
        node->counter = 0;
        return block;
    }

    if (node_add(call, block, size) == NULL) {
        block_free(call->zone, block);
        return NULL;
    }

    return block;
}


/* ---- calls of the ABI ------------------------------------------------- */

void *
ngx_link_func_cache_get(void *shared_mem, const char *key)
{
    void               *value;
    struct call         call;
    struct lf_node     *node;
    struct lf_abi_call  abi = LF_ABI_CALL;

    if (!call_begin(&call, &abi, shared_mem, key)) {
        return NULL;
    }

    node = find(&call);
    value = node ? node->value : NULL;

    call_end(&call);

    return value;
}


void *
ngx_link_func_cache_put(void *shared_mem, const char *key, void *value)
{
    void               *old;
    struct call         call;
    struct lf_node     *node;
    struct lf_abi_call  abi = LF_ABI_CALL;

    if (!call_begin(&call, &abi, shared_mem, key)) {
        return NULL;
    }

    old = NULL;
    call.full = call.root == NULL;

    if (call.root != NULL) {
        node = find(&call);
        lf_zone_change(call.root);

        if (node != NULL) {
            old = node->value;
            node->value = value;
            lf_fault("cache_put_replaced");
            node->size = 0;
            node->counter = 0;

        } else {
            call.full = node_add(&call, value, 0) == NULL;
        }

        lf_zone_changed(call.root);
    }

    call_end(&call);

    return old;
}


void *
ngx_link_func_cache_new(void *shared_mem, const char *key, size_t size)
{
    void               *block;
    struct call         call;
    struct lf_node     *node;
    struct lf_abi_call  abi = LF_ABI_CALL;

    if (!call_begin(&call, &abi, shared_mem, key)) {
        return NULL;
    }

    block = NULL;
    node = find(&call);

    if (node != NULL && node->value != NULL && node->size >= size) {
        block = node->value;

    } else if (call.root != NULL) {
        lf_zone_change(call.root);
        block = block_new(&call, node, size);
        lf_zone_changed(call.root);
    }

    call.full = block == NULL;
    call_end(&call);

    return block;
}


void *
ngx_link_func_cache_remove(void *shared_mem, const char *key)
{
    void               *value;
    struct call         call;
    struct lf_node     *node;
    struct lf_abi_call  abi = LF_ABI_CALL;

    if (!call_begin(&call, &abi, shared_mem, key)) {
        return NULL;
    }

    value = NULL;

    if (call.root != NULL) {
        lf_zone_change(call.root);
        node = lf_index_remove(call.zone, &call.root->index, &call.key);

        if (node != NULL) {
            value = node->value;
            block_free(call.zone, node);
            lf_fault("cache_remove_freed");
        }

        lf_zone_changed(call.root);
    }

    call_end(&call);

    return value;
}


/* The counter of the key, made at 0; NULL: no room. Inside a change. */
static int64_t *
counter_new(struct call *call)
{
    int64_t  *counter;

    counter = block_new(call, NULL, sizeof(int64_t));

    if (counter != NULL) {
        *counter = 0;
        find(call)->counter = 1;
    }

    return counter;
}


int
ngx_link_func_counter_add(void *shared_mem, const char *key, int64_t delta,
                          int64_t *result)
{
    int64_t            *counter, sum;
    struct call         call;
    struct lf_node     *node;
    struct lf_abi_call  abi = LF_ABI_CALL;

    if (!call_begin(&call, &abi, shared_mem, key)) {
        return -1;
    }

    call.safe = 1;
    counter = NULL;
    sum = 0;
    node = find(&call);

    if (call.root != NULL && (node == NULL || node->counter)) {
        lf_zone_change(call.root);
        counter = node != NULL ? node->value : counter_new(&call);

        if (counter != NULL) {
            sum = (int64_t) ((uint64_t) *counter + (uint64_t) delta);
            *counter = sum;
            lf_fault("counter_add_stored");
        }

        lf_zone_changed(call.root);
    }

    call.full = counter == NULL && node == NULL;
    call_end(&call);

    if (counter == NULL && node != NULL) {
        lf_report(LF_RULE_NOT_COUNTER, abi.site, "%s: the value of the key "
                  "\"%.64s\" was not made by counter_add", abi.name, key);
    }

    if (counter != NULL && result != NULL) {
        *result = sum;
    }

    return counter != NULL ? 0 : -1;
}


/* ---- for hosts -------------------------------------------------------- */

int
lf_cache_next(struct lf_zone *zone, uint64_t *iter, const char **key,
              void **value, size_t *size)
{
    struct lf_node  *node;
    struct lf_root  *root;

    root = lf_zone_root(zone);
    node = root ? lf_index_next(zone, &root->index, iter) : NULL;

    if (node == NULL) {
        return 0;
    }

    *key = node->key;
    *value = node->value;
    *size = node->size;

    return 1;
}


size_t
lf_cache_count(struct lf_zone *zone)
{
    struct lf_root  *root;

    root = lf_zone_root(zone);

    return root ? root->index.count : 0;
}
