"""Put every rule's own fault into sound runbooks, and see whether it is found there.

    python bench/seeded_faults.py [RUNBOOK ...]      default: the lab's runbooks

Each document rule's `example.bad` is inserted as a section of its own at three places of each
runbook; it counts as found when the rule speaks inside the inserted lines. The cure is inserted at
the same places and must add nothing. This covers the rules that the seeds' inventory does not.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from midwatch.app import checked_documents
from midwatch.checks import model, registry, selection

ROOT = Path(__file__).parents[1]
PLACES = 3
OF_THE_WHOLE = frozenset({"procedure/no-owner", "procedure/no-expected-result"})
"""Rules that speak of what a whole document lacks; a section put in cannot show that."""


def places(lines: list[str]) -> list[int]:
    """Where a section can stand: before second-level headings, spread over the document."""
    fence, found = False, []
    for number, line in enumerate(lines):
        fence ^= line.lstrip().startswith("```")
        if not fence and line.startswith("## "):
            found.append(number)
    step = max(1, len(found) // PLACES)
    return found[::step][:PLACES] or [len(lines)]


class AllFiles:
    """The files around a document in which every name is there, and none can be read."""

    def exists(self, _name: str, /) -> bool:
        """Every file is there."""
        return True

    def text(self, _name: str, /) -> str | None:
        """What stands in it is not known."""
        return None


def told(lines: list[str], rule: model.Rule, *, files: bool) -> list[int]:
    """The lines that a rule speaks of, where the files that are named exist, or do not."""
    chosen = selection.Selection(select=(rule.id,))
    data = "\n".join(lines).encode()
    around = AllFiles() if files else checked_documents.NO_FILES
    document = checked_documents.check_bytes("seeded.md", data, chosen, around)
    return [finding.line for finding in document.findings]


def insert(lines: list[str], at: int, text: str) -> tuple[list[str], range]:
    """The document with a section put in, and the 1-based lines that are new."""
    new = ["## A section put in", "", "Some words.", "", *text.rstrip("\n").split("\n"), ""]
    return [*lines[:at], *new, *lines[at:]], range(at + 1, at + len(new) + 1)


def main() -> None:
    """Print found of seeded, and the rules that missed or cried out at the cure."""
    named = [Path(name) for name in sys.argv[1:]] or sorted((ROOT / "lab").rglob("RUNBOOK.md"))
    counts: Counter[str] = Counter()
    for path in named:
        lines = path.read_text(encoding="utf-8").split("\n")
        for rule in registry.RULES:
            if rule.check is None or rule.id in OF_THE_WHOLE:
                continue
            for at in places(lines):
                bad, where = insert(lines, at, rule.example.bad)
                good, there = insert(lines, at, rule.example.good)
                hit = any(line in where for line in told(bad, rule, files=False))
                cried = any(line in there for line in told(good, rule, files=True))
                counts.update(seeded=1, found=hit, cried=cried)
                if not hit or cried:
                    what = "missed" if not hit else "cries at the cure"
                    print(f"{rule.id}: {what} at line {at + 1} of {path.name}")
    print(f"faults put in: {counts['seeded']}, found: {counts['found']}")
    print(f"cures put in: {counts['seeded']}, told as faults: {counts['cried']}")


if __name__ == "__main__":
    main()
