"""Score `midwatch check` against the defects that people listed in the seeds by hand.

    make score-checks                       the table, family by family
    python bench/score_checks.py --missed   and every defect that no rule found
    python bench/score_checks.py --extra    and every finding on a line without a listed defect

A defect counts as found when a finding of a rule that `tests/cases/checks/inventory_map.toml` names
for its slug lies on one of the defect's lines. `beyond` in that file holds the defects that the
document alone cannot show; they are counted apart.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import os
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from midwatch.app import checked_documents, checked_files
from midwatch.checks import model, selection

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("MIDWATCH_SHARED", ROOT.parent / "shared"))
MAP = ROOT / "tests" / "cases" / "checks" / "inventory_map.toml"
JUDGED = MAP.with_name("judged.toml")
LEVELS = {"H": "serious", "M": "middling", "L": "light"}


@dataclasses.dataclass(frozen=True, slots=True)
class Defect:
    """One defect of the inventory."""

    id: str
    file: str
    lines: frozenset[int]
    level: str
    category: str
    slug: str
    text: str


@dataclasses.dataclass(frozen=True, slots=True)
class Score:
    """What was found of what was listed."""

    defects: tuple[Defect, ...]
    found: frozenset[str]
    beyond: frozenset[str]
    extra: tuple[model.Finding, ...]
    findings: tuple[model.Finding, ...]


def numbers(text: str) -> frozenset[int]:
    """The lines in a text such as `32,77` or `61-74`."""
    lines: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        lines.update(range(int(first), int(last or first) + 1))
    return frozenset(lines)


def defects() -> tuple[Defect, ...]:
    """Every listed defect."""
    listed = json.loads((SHARED / "seeds" / "inventory.json").read_text(encoding="utf-8"))["bugs"]
    return tuple(
        Defect(
            bug["id"],
            bug["file"],
            numbers(bug["lines"]),
            bug["sev"],
            bug["category"],
            bug["rule"],
            bug["text"],
        )
        for bug in listed
    )


def findings(files: Iterable[str]) -> dict[str, list[model.Finding]]:
    """What `check` finds in each seed."""
    chosen = selection.Selection()
    return {
        name: list(
            checked_documents.check_bytes(
                name, (SHARED / "seeds" / name).read_bytes(), chosen
            ).findings
        )
        for name in files
    }


def score() -> Score:
    """Hold the findings against the list."""
    table = tomllib.loads(MAP.read_text(encoding="utf-8"))
    listed = defects()
    told = findings(sorted({defect.file for defect in listed}))
    found = {
        defect.id
        for defect in listed
        for finding in told[defect.file]
        if finding.rule in [*table["slugs"].get(defect.slug, []), *table["also"].get(defect.id, [])]
        and defect.lines & lines_of(finding)
    }
    faulty = defaultdict[str, set[int]](set)
    for defect in listed:
        faulty[defect.file] |= defect.lines
    extra = tuple(f for name, all_ in told.items() for f in all_ if not faulty[name] & lines_of(f))
    beyond = frozenset(table["beyond"])
    every = tuple(finding for all_ in told.values() for finding in all_)
    return Score(listed, frozenset(found), beyond, extra, every)


def lines_of(finding: model.Finding) -> frozenset[int]:
    """The lines a finding speaks of."""
    return frozenset(range(finding.line, finding.end_line + 1))


def table(result: Score) -> None:
    """Print found of listed, by family and by level."""
    shown = [d for d in result.defects if d.id not in result.beyond or d.id in result.found]
    print(f"{'family':58} found of shown by the document")
    for category in sorted({d.category for d in shown}):
        of_it = [d for d in shown if d.category == category]
        print(f"{category:58} {ratio(of_it, result.found)}")
    for level, name in LEVELS.items():
        print(f"{name:58} {ratio([d for d in shown if d.level == level], result.found)}")
    print(f"{'all that the document alone can show':58} {ratio(shown, result.found)}")
    print(f"{'all that are listed':58} {ratio(result.defects, result.found)}")
    counts = Counter(finding.severity for finding in result.findings)
    apart = Counter(finding.severity for finding in result.extra)
    for severity in model.Severity:
        print(
            f"{severity} findings: {counts[severity]}, "
            f"of them {apart[severity]} on lines without a listed defect"
        )


def judged() -> None:
    """Print how many findings with a verdict still stand, and how many of them were wrong."""
    known = tomllib.loads(JUDGED.read_text(encoding="utf-8"))["judged"]
    places: dict[str, set[tuple[str, int]]] = {}
    for path in sorted({entry["path"] for entry in known}):
        file = SHARED / path
        found = checked_documents.check_bytes(
            path, file.read_bytes(), selection.Selection(), checked_files.Nearby(file)
        ).findings
        places[path] = {(finding.rule, finding.line) for finding in found}
    for severity in model.Severity:
        of_it = [
            entry
            for entry in known
            if entry["severity"] == severity
            and (entry["rule"], entry["line"]) in places[entry["path"]]
        ]
        wrong = sum(not entry["right"] for entry in of_it)
        print(f"{severity} verdicts in judged.toml that still stand: {len(of_it)}, wrong: {wrong}")


def ratio(of_them: Iterable[Defect], found: frozenset[str]) -> str:
    """How many of some defects were found."""
    listed = list(of_them)
    hits = sum(defect.id in found for defect in listed)
    return f"{hits:3} of {len(listed):3}  {100 * hits / max(1, len(listed)):5.1f} %"


def main() -> None:
    """Print the table and what was asked for besides."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--extra", action="store_true")
    arguments = parser.parse_args()
    result = score()
    table(result)
    judged()
    if arguments.missed:
        for defect in result.defects:
            if defect.id not in result.found:
                mark = "beyond" if defect.id in result.beyond else "missed"
                lines = ",".join(map(str, sorted(defect.lines)[:4]))
                print(
                    f"{mark} {defect.id} {defect.level} {defect.slug} {lines}: {defect.text[:110]}"
                )
    if arguments.extra:
        for finding in sorted(result.extra, key=lambda f: (-model.RANK[f.severity], f.rule)):
            print(
                f"{finding.severity} {finding.rule} {finding.path}:{finding.line} "
                f"{finding.message[:120]}"
            )


if __name__ == "__main__":
    main()
