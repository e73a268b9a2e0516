"""A “green” deployment that is the live one, changed in place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import model, sentences

CHANGES = lazy.pattern(r"\bkubectl\s+patch\s+deploy(?:ment)?s?[ /]\"?(?P<name>[^\s\"]+)")
GREEN = lazy.pattern(r"version[\\\"' ]*[:=][\\\"' ]*(?:green|blue)", re.IGNORECASE)
SERVICE = lazy.pattern(r"\bkubectl\s+patch\s+(?:service|svc)[ /]\"?(?P<name>[^\s\"]+)")
SUFFIX = lazy.pattern(r"(?:blue|green|canary)", re.IGNORECASE)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """A patch that labels the running deployment green before the service is switched."""
    for _, lines in sentences.blocks(subject, "patch"):
        for sentence in lines:
            changes = CHANGES.search(sentence.text)
            if not changes or SUFFIX.search(changes["name"]):
                continue
            switched = [s for s in lines if SERVICE.search(s.text) and GREEN.search(s.text)]
            if GREEN.search(sentence.text) and switched:
                yield sentences.hit(
                    sentence,
                    f"This changes the running `{changes['name']}` itself; there is no second copy "
                    "to switch to or back from.",
                )
                yield sentences.hit(
                    switched[0],
                    "The service now selects this version for ever; the next release of another "
                    "colour, or a rollback, gets no traffic.",
                )


RULE = model.Rule(
    id="meaning/green-in-place",
    severity=model.Severity.ERROR,
    summary="A blue-green switch without a second deployment.",
    why="The new version takes traffic before it is checked, and there is nothing to go back to.",
    fix="Keep two deployments, `NAME-blue` and `NAME-green`, and switch the service between them.",
    example=model.Example(
        bad='```bash\nkubectl patch deployment desk -p \'{"metadata":{"labels":'
        '{"version":"green"}}}\'\nkubectl patch service desk -p '
        '\'{"spec":{"selector":{"version":"green"}}}\'\n```\n',
        good="```bash\nkubectl apply -f desk-green.yaml\nkubectl patch service desk -p "
        '\'{"spec":{"selector":{"version":"green"}}}\'\n```\n',
    ),
    check=check,
)
