"""What Redis commands do: `GET` looks, `SET` changes, `FLUSHALL` destroys."""

from __future__ import annotations

import shlex

from midwatch.commands import judging, model, vocabulary, words

READS = vocabulary.of(
    """
    GET MGET STRLEN GETRANGE SUBSTR EXISTS TYPE TTL PTTL EXPIRETIME PEXPIRETIME KEYS SCAN
    DBSIZE RANDOMKEY DUMP TOUCH HGET HMGET HGETALL HKEYS HVALS HLEN HEXISTS HSTRLEN
    HRANDFIELD HSCAN LLEN LRANGE LINDEX LPOS SCARD SMEMBERS SISMEMBER SMISMEMBER SRANDMEMBER
    SSCAN SINTER SUNION SDIFF SINTERCARD ZCARD ZCOUNT ZRANGE ZRANGEBYSCORE ZRANGEBYLEX
    ZREVRANGE ZREVRANGEBYSCORE ZRANK ZREVRANK ZSCORE ZMSCORE ZLEXCOUNT ZSCAN ZINTER ZUNION
    ZDIFF ZRANDMEMBER XLEN XRANGE XREVRANGE XREAD XPENDING XINFO PING ECHO INFO TIME
    LASTSAVE ROLE COMMAND LOLWUT BITCOUNT GETBIT BITPOS GEOPOS GEODIST GEOHASH GEOSEARCH
    PFCOUNT AUTH HELLO SELECT QUIT WAIT READONLY READWRITE JSON.GET JSON.MGET JSON.TYPE
    JSON.OBJKEYS JSON.ARRLEN FT.SEARCH FT.INFO FT._LIST TS.GET TS.RANGE TS.INFO BF.EXISTS
    BF.INFO EVAL_RO EVALSHA_RO SORT_RO BITFIELD_RO GEORADIUS_RO
    """
) - {"EVAL_RO", "EVALSHA_RO"}
DESTROYS = vocabulary.of(
    """
    FLUSHALL FLUSHDB DEL UNLINK GETDEL HDEL LPOP RPOP BLPOP BRPOP LTRIM LREM SPOP SREM
    ZPOPMIN ZPOPMAX ZREM ZREMRANGEBYSCORE ZREMRANGEBYRANK ZREMRANGEBYLEX XDEL XTRIM RESTORE
    JSON.DEL JSON.CLEAR FT.DROPINDEX BZPOPMIN BZPOPMAX LMPOP ZMPOP HGETDEL
    """
)
STOPS = frozenset({"SHUTDOWN", "FAILOVER", "DEBUG"})
ENDLESS = frozenset({"MONITOR", "SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE"})
UNKNOWNS = vocabulary.of("EVAL EVALSHA EVAL_RO EVALSHA_RO FCALL FCALL_RO")
SUBCOMMANDS = {
    "CONFIG": frozenset({"GET", "HELP"}),
    "CLIENT": frozenset({"LIST", "INFO", "ID", "GETNAME", "HELP", "GETREDIR", "TRACKINGINFO"}),
    "CLUSTER": vocabulary.of(
        """
    INFO NODES SLOTS SHARDS KEYSLOT COUNTKEYSINSLOT GETKEYSINSLOT MYID REPLICAS SLAVES LINKS
    HELP COUNT-FAILURE-REPORTS MYSHARDID
    """
    ),
    "SLOWLOG": frozenset({"GET", "LEN", "HELP"}),
    "LATENCY": frozenset({"DOCTOR", "GRAPH", "HISTORY", "LATEST", "HISTOGRAM", "HELP"}),
    "MEMORY": frozenset({"USAGE", "STATS", "DOCTOR", "MALLOC-STATS", "HELP"}),
    "ACL": frozenset(
        {"LIST", "GETUSER", "WHOAMI", "USERS", "CAT", "LOG", "HELP", "DRYRUN", "GENPASS"}
    ),
    "OBJECT": frozenset({"ENCODING", "FREQ", "IDLETIME", "REFCOUNT", "HELP"}),
    "PUBSUB": frozenset({"CHANNELS", "NUMSUB", "NUMPAT", "SHARDCHANNELS", "SHARDNUMSUB", "HELP"}),
    "SCRIPT": frozenset({"EXISTS", "HELP"}),
    "FUNCTION": frozenset({"LIST", "STATS", "DUMP", "HELP"}),
    "MODULE": frozenset({"LIST", "HELP"}),
    "SENTINEL": vocabulary.of(
        """
    MASTERS MASTER REPLICAS SLAVES SENTINELS GET-MASTER-ADDR-BY-NAME CKQUORUM MYID HELP
    INFO-CACHE
    """
    ),
    "XINFO": frozenset({"STREAM", "GROUPS", "CONSUMERS", "HELP"}),
    "COMMAND": frozenset({"", "COUNT", "DOCS", "INFO", "LIST", "GETKEYS", "HELP"}),
}
DESTROYING_SUBCOMMANDS = frozenset(
    {
        ("SCRIPT", "FLUSH"),
        ("FUNCTION", "FLUSH"),
        ("FUNCTION", "DELETE"),
        ("CLUSTER", "RESET"),
        ("CLUSTER", "FLUSHSLOTS"),
        ("XGROUP", "DESTROY"),
        ("ACL", "DELUSER"),
    }
)
STOPPING_SUBCOMMANDS = frozenset(
    {("CLIENT", "KILL"), ("CLIENT", "PAUSE"), ("CLUSTER", "FAILOVER"), ("SENTINEL", "FAILOVER")}
)


def verdict(text: str) -> judging.Verdict:
    """What Redis commands do, one a line."""
    parts = [_line(line) for line in text.splitlines() if line.strip()]
    return judging.worst(parts) if parts else judging.unknown("it opens a Redis console")


def _line(line: str) -> judging.Verdict:
    try:
        parts = shlex.split(line)
    except ValueError:
        return judging.unknown("this Redis command cannot be read")
    return of_words(parts) if parts else judging.READS


def of_words(parts: list[str]) -> judging.Verdict:
    """What one Redis command does."""
    verb = parts[0].upper()
    second = _subcommand(parts[1:])
    if words.HOLE in verb or (verb in SUBCOMMANDS and words.HOLE in second):
        return judging.unknown("which Redis command this is cannot be told before it runs")
    if verb in SUBCOMMANDS and second in SUBCOMMANDS[verb]:
        return judging.read(f"{verb} {second} only looks".replace("  ", " "))
    if (verb, second) in DESTROYING_SUBCOMMANDS:
        return judging.destroy(f"{verb} {second} deletes for good")
    if (verb, second) in STOPPING_SUBCOMMANDS:
        return judging.change(f"{verb} {second} cuts others off", model.Trait.DISRUPTIVE)
    if verb in READS and verb not in SUBCOMMANDS:
        return judging.read(f"{verb} only looks")
    if verb in ENDLESS:
        return judging.read(f"{verb} prints what happens until it is stopped", model.Trait.ENDLESS)
    if verb in DESTROYS:
        return judging.destroy(f"{verb} removes data")
    if verb in UNKNOWNS:
        return judging.unknown(f"{verb} runs a script that Midwatch cannot read")
    if verb in STOPS:
        return judging.change(f"{verb} interrupts the server", model.Trait.DISRUPTIVE)
    return _other(verb)


def _subcommand(parts: list[str]) -> str:
    """The word behind the verb; `LOG RESET` is another one than `LOG`."""
    first, *rest = [part.upper() for part in parts[:2]] or [""]
    return " ".join([first, *rest]) if first == "LOG" and not "".join(rest).isdigit() else first


WRITES = vocabulary.of(
    """
    SET SETNX SETEX PSETEX GETSET GETEX MSET MSETNX APPEND INCR INCRBY INCRBYFLOAT DECR
    DECRBY SETRANGE SETBIT BITOP BITFIELD HSET HSETNX HMSET HINCRBY HINCRBYFLOAT LPUSH
    LPUSHX RPUSH RPUSHX LINSERT LSET LMOVE BLMOVE RPOPLPUSH BRPOPLPUSH SADD SMOVE
    SINTERSTORE SUNIONSTORE SDIFFSTORE ZADD ZINCRBY ZINTERSTORE ZUNIONSTORE ZDIFFSTORE
    ZRANGESTORE XADD XACK XCLAIM XAUTOCLAIM XGROUP XREADGROUP XSETID EXPIRE PEXPIRE EXPIREAT
    PEXPIREAT PERSIST RENAME RENAMENX COPY MOVE SORT PFADD PFMERGE GEOADD PUBLISH SPUBLISH
    SAVE BGSAVE BGREWRITEAOF CONFIG CLIENT CLUSTER REPLICAOF SLAVEOF ACL SLOWLOG LATENCY
    MEMORY SCRIPT FUNCTION MODULE SENTINEL MIGRATE SWAPDB MULTI EXEC DISCARD WATCH UNWATCH
    JSON.SET RESET ASKING
    """
)


def _other(verb: str) -> judging.Verdict:
    if verb in WRITES:
        return judging.change(f"{verb} changes the Redis server")
    return judging.unknown(f"{verb} is no Redis command that Midwatch knows")
