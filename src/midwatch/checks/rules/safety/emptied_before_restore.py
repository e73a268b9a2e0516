"""The data that is there is removed for a restore that may fail."""

from __future__ import annotations

from collections.abc import Iterator

from midwatch.base import lazy
from midwatch.checks import facts, model, sentences

EMPTIES = lazy.pattern(
    r"^(?:sudo\s+(?:-u\s+\S+\s+)?)?rm\s+(?:-\S+\s+)*"
    r"(?P<path>\"?(?:/(?:var/lib|srv|opt|data|mnt|home)/|\$\{?\w*(?:DATA|DIR)\w*\}?)\S*)"
)
FILLS = lazy.pattern(
    r"\bslapadd\b|\brestore\b|\btar\s+(?:-?\w*x|--extract)|--copy-back\b|\bmongorestore\b|\bunzip\b"
    r"|\b(?:psql|mysql)\b.*<|\bgunzip\b|\bzcat\b|\bcp\s+-\w*[ra]"
)
COPIES = lazy.pattern(r"\b(?:mv|cp|tar|rsync|zfs\s+snapshot|lvcreate|btrfs\s+subvolume)\b|snapshot")
SAYS = lazy.pattern(
    r"back(?:ed)?[\s-]?up (?:the |what )?(?:current|existing|old|is there)|set aside"
    r"|new (?:host|node|machine)"
)


def check(subject: model.Subject) -> Iterator[model.Hit]:
    """`rm -rf` of a data folder, and a restore into it below, with no copy of what was there."""
    for _, lines in sentences.blocks(subject, "rm"):
        for at, sentence in enumerate(lines):
            empties = EMPTIES.match(sentence.words)
            if empties is None or any(COPIES.search(each.words) for each in lines[:at]):
                continue
            fills = next((each for each in lines[at + 1 :] if FILLS.search(each.words)), None)
            if fills is not None and not SAYS.search(words(subject, sentence.line)):
                yield sentences.hit(
                    sentence,
                    f"`{empties['path']}` is emptied before the restore on line {fills.line} has "
                    "shown that it works; if it fails, there is neither.",
                )


def words(subject: model.Subject, line: int) -> str:
    """What the section says before that line."""
    first = max((h.line for h in subject.runbook.headings if h.line <= line), default=1)
    return " ".join(text for number, text in facts.prose(subject) if first <= number < line)


RULE = model.Rule(
    id="safety/emptied-before-restore",
    severity=model.Severity.WARNING,
    summary="The data that is there is removed for a restore that may fail.",
    why="The backup turns out to be old, cut off or of another version, and what was there, even "
    "if damaged, is gone.",
    fix="Set it aside instead (`mv /var/lib/x /var/lib/x.before`), and remove it days later.",
    example=model.Example(
        bad="```bash\nsystemctl stop parcels\nrm -rf /var/lib/parcels/*\n"
        "tar -xzf /vault/parcels.tgz -C /var/lib/parcels\n```\n",
        good="```bash\nsystemctl stop parcels\nmv /var/lib/parcels /var/lib/parcels.before\n"
        "mkdir /var/lib/parcels\ntar -xzf /vault/parcels.tgz -C /var/lib/parcels\n```\n",
    ),
    check=check,
)
