"""A look at every key of a live Redis."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

FAULT = lazy.pattern(r"\bredis-cli\b[^|;&]*?\s(?:keys|KEYS)\s+(?P<pattern>\S+)")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`redis-cli KEYS …`."""
    for sentence in sentences.every(subject, "redis-cli"):
        found = FAULT.search(sentence.text)
        if found:
            yield sentences.hit(
                sentence,
                "KEYS goes through everything at once, and Redis answers nobody else until it is "
                "done.",
            )


RULE = model.Rule(
    id="safety/keys-blocks",
    severity=model.Severity.WARNING,
    summary="A look at every key of a live Redis.",
    why="With millions of keys all clients time out together: the diagnosis makes the outage.",
    fix="Use `redis-cli --scan --pattern '…'`.",
    example=model.Example(
        bad="```bash\nredis-cli keys 'lane:*'\n```\n",
        good="```bash\nredis-cli --scan --pattern 'lane:*'\n```\n",
    ),
    check=check,
)
