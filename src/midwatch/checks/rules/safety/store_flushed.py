"""A Redis emptied that holds more than a cache."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, hits, model

QUEUES = lazy.pattern(
    r"\bbull:\S+|\bsidekiq\b|\bcelery\b|\bresque\b|\bqueues?\b.{0,40}\bredis|redis.{0,40}\bqueue|\bsessions?\b.{0,20}\bredis",
    re.IGNORECASE,
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """FLUSHDB or FLUSHALL."""
    for found in facts.found(subject, "redis-cli"):
        words = [word.lower() for word in facts.words(found.command)[1:]]
        verb = next((word for word in words if word in {"flushdb", "flushall"}), None)
        if verb is None:
            continue
        queue = QUEUES.search(subject.text)
        key = queue is not None and queue.group().startswith("bull:")
        held = f"this document keeps `{hits.short(queue.group(), 30)}` there" if queue else ""
        if held and not key:
            held = held.replace("keeps", "speaks of").replace(" there", ", which may be kept there")
        yield hits.of_command(
            found,
            f"`{verb.upper()}` removes every key, not only the cache"
            + (f": {held}." if held else "."),
            severity=None if key else model.Severity.WARNING,
        )


RULE = model.Rule(
    id="safety/store-flushed",
    severity=model.Severity.ERROR,
    summary="A Redis emptied that holds more than a cache.",
    why="Queued jobs, sessions and locks go with the cache, and nothing makes them again.",
    fix="Remove the cache's keys only: `redis-cli --scan --pattern 'cache:*' | xargs -r redis-cli "
    "unlink`; keep queues in a Redis of their own.",
    example=model.Example(
        bad="```bash\nredis-cli llen bull:labels:wait\nredis-cli flushdb\n```\n",
        good="```bash\nredis-cli --scan --pattern 'cache:*' | xargs -r redis-cli unlink\n```\n",
    ),
    check=check,
)
