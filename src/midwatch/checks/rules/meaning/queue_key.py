"""Keys of Bull and BullMQ queues that do not exist, or are of another type."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

KEY = lazy.pattern(r"^[\"']?(?P<prefix>bull|bullmq):(?P<queue>[^:\"']+):(?P<part>[\w-]+)[\"']?$")
TYPES = {
    "wait": "list", "active": "list", "paused": "list",
    "completed": "zset", "failed": "zset", "delayed": "zset", "prioritized": "zset",
    "waiting-children": "zset", "repeat": "zset", "stalled": "set",
    "events": "stream", "meta": "hash",
}  # fmt: skip
RENAMED = {"waiting": "wait", "pending": "wait", "fail": "failed", "complete": "completed",
           "done": "completed", "running": "active", "priority": "prioritized"}  # fmt: skip
COUNTS = {"list": "llen", "zset": "zcard", "set": "scard", "stream": "xlen", "hash": "hlen"}
READS = {
    "llen": "list", "lrange": "list", "lindex": "list", "zcard": "zset", "zrange": "zset",
    "zcount": "zset", "scard": "set", "smembers": "set", "xlen": "stream", "hlen": "hash",
    "hgetall": "hash",
}  # fmt: skip


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A queue's key with a name or a type that Bull does not use."""
    for found in facts.found(subject, "redis-cli"):
        words = [*found.command.path, *found.command.operands]
        for verb, word in itertools.pairwise(words):
            key = KEY.match(word)
            if key:
                yield from judged(found, verb.lower(), key)


def judged(found: facts.Found, verb: str, key: re.Match[str]) -> Iterator[model.Hit]:
    """What is wrong with one key."""
    part = key["part"]
    if part in RENAMED:
        right = RENAMED[part]
        count = COUNTS[TYPES[right]]
        yield hits.of_command(
            found,
            f"Bull has no key `…:{part}`; a key that is not there counts 0, so there is never a "
            "backlog.",
            fix=f"Write `{count} {key['prefix']}:{key['queue']}:{right}`.",
        )
    elif part in TYPES and READS.get(verb, TYPES[part]) != TYPES[part]:
        kind = TYPES[part]
        yield hits.of_command(
            found,
            f"`…:{part}` is a {kind}, and `{verb}` answers WRONGTYPE.",
            fix=f"Write `{COUNTS[kind]} {key['prefix']}:{key['queue']}:{part}`.",
        )


RULE = model.Rule(
    id="meaning/queue-key",
    severity=model.Severity.ERROR,
    summary="A key of a Bull queue that does not exist or is of another type.",
    why="Redis counts 0 for a key that is not there: the queue looks empty while it overflows.",
    fix="The keys are wait, active, paused (lists) and completed, failed, delayed, prioritized "
    "(sorted sets).",
    example=model.Example(
        bad="```bash\nredis-cli llen bull:invoices:waiting\n```\n",
        good="```bash\nredis-cli llen bull:invoices:wait\n```\n",
    ),
    check=check,
    doubt="Bull 3 kept paused jobs in a list of their own, and BullMQ 5.6 moved some keys.",
)
