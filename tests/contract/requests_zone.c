/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests of the contract suite: memory, log, shared memory and misuse. They
 * are played in this order on one zone: what one leaves, the next one finds.
 * scripts/zone.hurl plays them on one worker; here there may be several, and
 * what nginx logs of rules is compared.
 */
#include "tests/contract/contract.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))

static const struct contract_request  items[] = {
    /* memory of the request */
    { .name = "palloc gives memory of any size, 0 included",
      .target = "/mem?do=palloc:0,palloc:1,palloc:8,palloc:9,palloc:4015,"
                "palloc:4016,palloc:4017,palloc:100000,palloc:5000000",
      .want = { "palloc(0)=set aligned=1", "palloc(5000000)=set aligned=1" },
      .never = "NULL" },
    { .name = "pcalloc gives zeroes",
      .target = "/mem?do=pallocs:200,pcalloc:0,pcalloc:1,pcalloc:64,"
                "pcalloc:4016,pcalloc:4017,pcalloc:100000",
      .want = { "pcalloc(100000)=set" }, .never = "pcalloc[" },
    { .name = "a thousand blocks do not lie on each other",
      .target = "/mem?do=pallocs:1000", .want = { "bad=0\n" } },
    { .name = "strdup copies",
      .target = "/mem?do=strdup:abc,strdup:,strdup:%ff%01",
      .want = { "strdup=\"abc\"\nstrdup.own=1\nstrdup=\"\"",
                "strdup=\"\\xff\\x01\"" } },
    { .name = "strdup of NULL is NULL",
      .target = "/mem?do=strdup:-", .want = { "strdup=NULL" } },
    { .name = "impossible sizes give NULL and leave all as it was",
      .target = "/mem?do=huge,palloc:10,alloc:10,free", .never = "=SIZE",
      .want = { "ngx_link_func_palloc(ctx, SIZE_MAX)=NULL",
                "palloc(10)=set", "alloc(10)=set" } },

    /* log */
    { .name = "the four log calls log their level",
      .target = "/log?do=log:debug:d,log:info:i,log:warn:w,log:err:e",
      .want = { "debug: d\ninfo: i\nwarn: w\nerror: e\n" } },
    { .name = "the log macros format",
      .target = "/log?do=logf:abc",
      .want = { "debug: debug abc\ninfo: info abc 34%\nwarn: abc\n"
                "error: no argument\n" } },
    { .name = "a log text is written as it is",
      .target = "/log?do=log:warn:100%25s%25n%20%0aline%01%ff,log:info:",
      .want = { "warn: 100%s%n \nline\x01\xff\ninfo: \n" } },
    { .name = "a log text of 5000 bytes is not cut by the ABI",
      .target = "/log?do=loglong:5000", .want = { "200 OK" } },
    { .name = "a log text of 511 and of 512 bytes is whole",
      .target = "/log?do=loglong:511,loglong:512,loglong:199,loglong:200",
      .want = { "200 OK" } },

    /* misuse */
    { .name = "a NULL ctx does nothing and fails",
      .target = "/null?do=null_ctx",
      .want = { "ngx_link_func_get_uri(NULL, &str)=-1",
                "ngx_link_func_palloc(NULL, 8)=NULL",
                "ngx_link_func_add_header_out(NULL, \"X-A\", 3, \"a\", 1)=-1",
                "ngx_link_func_write_resp_l(" }, .never = "=set" },
    { .name = "NULL arguments do nothing and fail",
      .target = "/null?do=null_args", .never = "=set",
      .want = { "ngx_link_func_get_uri(ctx, NULL)=-1",
                "ngx_link_func_add_header_in(ctx, \"X-N\", 3, NULL, 1)=-1",
                "ngx_link_func_add_header_in(ctx, \"X-N\", 3, NULL, 0)=0",
                "ngx_link_func_add_header_out(ctx, \"X-N\", 3, NULL, 1)=-1",
                "ngx_link_func_add_header_out(ctx, \"X-N\", 3, NULL, 0)=0" }
    },
    { .name = "a NULL zone and NULL keys do nothing and fail",
      .target = "/null?do=null_zone,trylock,unlock", .never = "=set",
      .want = { "ngx_link_func_shmtx_trylock(NULL)=0", "trylock=1" } },

    /* lock */
    { .name = "trylock takes a free lock, and not a held one",
      .target = "/lock?do=trylock,trylock,unlock,trylock,unlock",
      .want = { "trylock=1\ntrylock=0\nunlock\ntrylock=1\nunlock" } },
    { .name = "the owner's second lock does not nest",
      .target = "/lock?do=again",
      .want = { "again.try_held=0\nagain.try_free=1" } },
    { .name = "unlocking a free lock has no effect",
      .target = "/lock?do=unlock,unlock,trylock,unlock",
      .want = { "trylock=1" } },
    { .name = "a lock kept by trylock is freed after the handler",
      .target = "/lock?do=trylock", .want = { "trylock=1" } },
    { .name = "a lock kept by lock is freed after the handler",
      .target = "/lock?do=lock", .want = { "lock" } },
    { .name = "the kept lock is free",
      .target = "/lock?do=trylock,unlock", .want = { "trylock=1" } },
    { .name = "allocation and cache work under the lock",
      .target = "/lock?do=lock,alloc:100,free,allocl:100,freel,put:k:v,get:k,"
                "remove:k,unlock",
      .want = { "alloc(100)=set\nfree\nallocl(100)=set\nfreel\nput=NULL\n"
                "get=\"v\"\nremove=\"v\"\nunlock" } },
    { .name = "allocation and cache work without the lock",
      .target = "/lock?do=alloc:100,free,allocl:100,freel,put:k:v,get:k,"
                "remove:k",
      .want = { "alloc(100)=set\nfree\nallocl(100)=set\nfreel\nput=NULL\n"
                "get=\"v\"\nremove=\"v\"\n" } },

    /* blocks */
    { .name = "blocks of all classes and of pages can be had",
      .target = "/zone?do=alloc:0,free,alloc:1,free,alloc:8,free,alloc:2048,"
                "free,alloc:2049,free,alloc:4096,free,alloc:5000,free,"
                "alloc:100000,free",
      .want = { "alloc(0)=set", "alloc(100000)=set" }, .never = "NULL" },
    { .name = "a block that does not fit is NULL",
      .target = "/zone?do=alloc:1048576,alloc:8,free",
      .want = { "alloc(1048576)=NULL\nalloc(8)=set" } },
    { .name = "a block can be freed only once",
      .target = "/zone?do=alloc:64,free,free,alloc:64,free",
      .want = { "alloc(64)=set\nfree\nfree\nalloc(64)=set\nfree" } },
    { .name = "a block beside others can be freed only once",
      .target = "/zone?do=alloc:8,alloc:8,free,free,alloc:64,alloc:64,free,"
                "free,alloc:1024,alloc:1024,free,free",
      .want = { "alloc(8)=set\nalloc(8)=set\nfree\nfree\n"
                "alloc(64)=set\nalloc(64)=set\nfree\nfree\n"
                "alloc(1024)=set\nalloc(1024)=set\nfree\nfree" } },
    { .name = "pages can be freed only once",
      .target = "/zone?do=alloc:9000,free,free,alloc:9000,free",
      .want = { "alloc(9000)=set\nfree\nfree\nalloc(9000)=set\nfree" } },
    { .name = "a pointer into a block cannot be freed",
      .target = "/zone?do=alloc:64,freein:8,freein:1,free",
      .want = { "freein\nfreein\nfree" } },
    { .name = "a pointer into pages cannot be freed",
      .target = "/zone?do=alloc:9000,freein:64,freein:4096,free",
      .want = { "freein\nfreein\nfree" } },
    { .name = "as many blocks of 64 bytes as ever can be had",
      .target = "/zone?do=allocs:64:14572,allocs:8:114760",
      .want = { "allocs(64) enough=1 same=1\nallocs(8) enough=1 same=1" } },
    { .name = "as many pages as ever can be had",
      .target = "/zone?do=allocs:4096:227,allocs:8192:113,allocs:4096:227",
      .want = { "allocs(4096) enough=1 same=1\nallocs(8192) enough=1" } },

    /* cache */
    { .name = "an unknown key is NULL", .target = "/c?do=get:no,remove:no",
      .want = { "get=NULL\nremove=NULL" } },
    { .name = "put keeps a value", .target = "/c?do=put:key:one,get:key",
      .want = { "put=NULL\nget=\"one\"" } },
    { .name = "a value outlives its request", .target = "/c?do=get:key",
      .want = { "get=\"one\"" } },
    { .name = "keys are case-sensitive", .target = "/c?do=get:KEY,get:ke",
      .want = { "get=NULL\nget=NULL" } },
    { .name = "put gives the old value back",
      .target = "/c?do=put:key:two,get:key",
      .want = { "put=\"one\"\nget=\"two\"" } },
    { .name = "remove takes the key out",
      .target = "/c?do=remove:key,get:key,remove:key",
      .want = { "remove=\"two\"\nget=NULL\nremove=NULL" } },
    { .name = "new makes a block for a key",
      .target = "/c?do=new:blk:16:text,get:blk",
      .want = { "new(16)=new\nnew.get=1\nget=\"text\"" } },
    { .name = "new gives the block that is large enough",
      .target = "/c?do=new:blk:16,new:blk:1,get:blk",
      .want = { "new(16)=same\nnew.get=1\nnew(1)=same\nnew.get=1\n"
                "get=\"text\"" } },
    { .name = "new replaces a block that is too small",
      .target = "/c?do=new:blk:100:more,get:blk,remove:blk,get:blk",
      .want = { "new(100)=new\nnew.get=1\nget=\"more\"\nremove=\"more\"\n"
                "get=NULL" } },
    { .name = "new of no bytes is a block too",
      .target = "/c?do=new:nil:0,remove:no", .want = { "new(0)=new" } },
    { .name = "put replaces the block of new, whose size is then unknown",
      .target = "/c?do=new:mix:8:a,put:mix:b,get:mix,new:mix:2,remove:mix",
      .want = { "put=\"a\"\nget=\"b\"\nnew(2)=new", "remove=\"\"" } },
    { .name = "the empty key is a key",
      .target = "/c?do=put::e,get:,remove:,get:",
      .want = { "put=NULL\nget=\"e\"\nremove=\"e\"\nget=NULL" } },
    { .name = "keys may hold any bytes",
      .target = "/c?do=put:%ff%01%20:x,get:%ff%01%20,get:%ff%01,"
                "remove:%ff%01%20", .want = { "get=\"x\"\nget=NULL" } },
    { .name = "long keys are told apart",
      .target = "/c?do=longkey:255,longkey:256,longkey:5000,longkey:65536",
      .want = { "longkey(65536)=set", "longkey=\"lng\"\nlongkey+1=NULL\n"
                "longkey.removed=\"lng\"" } },
    { .name = "a key beyond all room is refused",
      .target = "/c?do=longkey:2000000",
      .want = { "longkey(2000000)=NULL\nlongkey=NULL" } },
    { .name = "counter_add makes a counter, adds, reads and wraps",
      .target = "/c?do=count:n:5,count:n:-7,count:n:0,"
                "count:n:9223372036854775807,count:n:3,remove:n",
      .want = { "count=0 5\ncount=0 -2\ncount=0 -2\n"
                "count=0 9223372036854775805\n"
                "count=0 -9223372036854775808\n" } },
    { .name = "counter_add refuses a key that holds something else",
      .target = "/c?do=put:o:x,count:o:1,get:o,remove:o,new:o:8:s,count:o:1,"
                "get:o,remove:o,count:o:1,new:o:100:s,count:o:1,remove:o",
      .want = { "count=-1 -77\nget=\"x\"", "count=-1 -77\nget=\"s\"",
                "count=0 1\n" } },
    { .name = "the zone fills, and is empty again",
      .target = "/c?do=fill:100:4491,get:init,drain:100,fill:100:4491,"
                "drain:100",
      .want = { "fill(100) enough=1 failed_key=NULL", "bad=0",
                "get=\"by init\"" } },
    { .name = "the zone fills with pages, and is empty again",
      .target = "/c?do=fill:5000:112,drain:5000,alloc:500000,free",
      .want = { "fill(5000) enough=1 failed_key=NULL", "bad=0",
                "alloc(500000)=set" } },
    { .name = "the zone fills with bytes, and is empty again",
      .target = "/c?do=fill:1:10515,drain:1,fill:32:8236,drain:32",
      .want = { "fill(1) enough=1 failed_key=NULL", "bad=0",
                "fill(32) enough=1" } },
    { .name = "a full zone refuses all and keeps what it has",
      .target = "/c?do=put:last:x,new:small:8:s,exhaust,new:more:1,"
                "get:more,putit:other,get:other,putit:last,get:small,"
                "new:small:9000,get:small,alloc:1,release,get:last,"
                "remove:small",
      .want = { "exhaust=full\nnew(1)=NULL", "get=NULL\nputit=NULL\nget=NULL",
                "get=\"s\"\nnew(9000)=NULL", "alloc(1)=NULL\nrelease\n",
                "remove=\"s\"" } },
    { .name = "a zone that was full has room again",
      .target = "/c?do=remove:last,put:other:long-enough-to-need-room,"
                "remove:other,alloc:500000,free",
      .want = { "remove=\"it\"", "remove=\"long-enough",
                "alloc(500000)=set" } },
    { .name = "the zone does not wear out",
      .target = "/c?do=churn:50:20000,churn:3000:5000",
      .want = { "churn=20000 of 20000\nchurn=5000 of 5000" } }
};

const struct contract_list  contract_requests_zone = { items, COUNT(items) };
