"""`.data | keys` where some objects have no data."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

KEYS = lazy.pattern(r"\.items\[\]\.data\s*\|\s*(?:keys|to_entries)(?!_)(?:\[\])?(?![?\]]*\?)")


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A jq filter that a secret or config map without data stops."""
    for sentence in sentences.every(subject, ".data"):
        keys = KEYS.search(sentence.text)
        if keys:
            yield sentences.hit(
                sentence,
                "An object without data stops the whole filter: “null has no keys”.",
                at=keys.start(),
                length=len(keys.group()),
                fix="Write `(.data // {}) | keys[]`.",
            )


RULE = model.Rule(
    id="meaning/jq-null-keys",
    severity=model.Severity.WARNING,
    summary="A jq filter that an object without data stops.",
    why="The audit ends at the first empty object and looks complete.",
    fix="Write `(.data // {}) | keys[]`.",
    example=model.Example(
        bad="```bash\nkubectl get cm -o json | jq '.items[].data | keys[]'\n```\n",
        good="```bash\nkubectl get cm -o json | jq '.items[] | (.data // {}) | keys[]'\n```\n",
    ),
    check=check,
)
