"""Every safe fix against `tests/cases/checks/repairs`: before, after, and nothing new."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from pathlib import Path

import pytest

from midwatch.checks import fixing, judging, model, registry, repairs, selection
from midwatch.runbook import reading

FOLDER = Path(__file__).parents[2] / "cases" / "checks" / "repairs"
PAIR = re.compile(
    r"^<!-- before: (?P<title>.*?) -->\n(?P<before>.*?)^<!-- after -->\n(?P<after>.*?)"
    r"(?=^<!-- before|\Z)",
    re.DOTALL | re.MULTILINE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Case:
    """One document with faults that a rule can mend, and the same when they are mended."""

    rule: str
    title: str
    before: str
    after: str


ALL = [
    Case(
        f"{path.parent.name}/{path.stem}",
        pair["title"],
        pair["before"].rstrip() + "\n",
        pair["after"].rstrip() + "\n",
    )
    for path in sorted(FOLDER.glob("*/*.md"))
    for pair in PAIR.finditer(path.read_text(encoding="utf-8"))
]


def findings(document: str, *rules: model.Rule) -> list[model.Finding]:
    runbook = reading.read("runbook.md", document.encode())
    subject = model.Subject(runbook, document, tuple(document.split("\n")), lambda _: True)
    return judging.judge(subject, rules or registry.RULES, selection.Selection())


@pytest.mark.parametrize("case", ALL, ids=[f"{case.rule}: {case.title}" for case in ALL])
def test_a_fix_makes_what_it_says_and_nothing_else_is_found_then(case: Case) -> None:
    before = findings(case.before)
    of_rule = [each for each in before if each.rule == case.rule]
    changes = [each.replacement for each in of_rule if each.replacement is not None]

    after = fixing.apply(case.before.encode(), changes).data.decode()

    assert after == case.after
    found = findings(after)
    left = [each for each in of_rule if each.replacement is None]
    assert [each.rule for each in found].count(case.rule) == len(left)
    new = Counter(each.rule for each in found) - Counter(each.rule for each in before)
    assert new == Counter()


def test_every_rule_that_mends_something_has_a_case() -> None:
    told = {case.rule for case in ALL}
    by_themselves = (FOLDER.parent / area for area in ("command", "manifest"))
    cases = [
        (path, path.read_text(encoding="utf-8"))
        for folder in by_themselves
        for path in sorted(folder.glob("*.md"))
    ]
    mending = set(repairs.REPAIRS)
    for path, text in cases:
        rule = registry.find(f"{path.parent.name}/{path.stem}")
        if rule.check is not None and any(f.replacement for f in findings(text, rule)):
            mending.add(rule.id)

    assert mending == told


def test_a_fix_mends_the_lines_that_it_is_found_on() -> None:
    for case in ALL:
        for each in findings(case.before, registry.find(case.rule)):
            if each.replacement is not None:
                assert each.line <= each.replacement.line <= each.end_line
                assert each.replacement.end_line <= each.end_line
