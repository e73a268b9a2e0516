"""Faults planted in runbooks of other teams: the cases and what counts as found are data."""

from __future__ import annotations

import collections
import tomllib
from pathlib import Path

import pytest

from midwatch.app import checked_documents
from midwatch.checks import selection

FOLDER = Path(__file__).parents[2] / "cases" / "checks_planted"
TABLE = tomllib.loads((FOLDER / "planted.toml").read_text(encoding="utf-8"))["planted"]
NEAR = 2
"""Lines around a fault on which a finding still speaks of it: the other half of a pair."""
SERIOUS, ALL = 0.90, 0.85
"""The share that is found today, of the serious ones and of all."""


@pytest.fixture(scope="module")
def found() -> dict[tuple[str, int], set[str]]:
    """The rules that speak of each line."""
    lines: dict[tuple[str, int], set[str]] = collections.defaultdict(set)
    for path in sorted(FOLDER.glob("*.md")):
        document = checked_documents.check_bytes(
            path.name, path.read_bytes(), selection.Selection()
        )
        for finding in document.findings:
            for line in range(finding.line - NEAR, finding.end_line + NEAR + 1):
                lines[path.name, line].add(finding.rule)
    return lines


def missed(found: dict[tuple[str, int], set[str]], *, serious: bool) -> tuple[list[str], int]:
    """The planted faults that no rule speaks of, and how many there are."""
    faults = [fault for fault in TABLE if fault["serious"] or not serious]
    missing = []
    for fault in faults:
        text = (FOLDER / fault["document"]).read_text(encoding="utf-8").splitlines()
        lines = [number for number, line in enumerate(text, 1) if fault["line"] in line]
        assert lines, f"{fault['document']} has no line with {fault['line']}"
        told = set[str]().union(*(found.get((fault["document"], line), set()) for line in lines))
        if told.isdisjoint(fault["rules"]):
            missing.append(f"{fault['document']}: {fault['line']} ({fault['what']})")
    return missing, len(faults)


def test_serious_faults_in_other_teams_words_are_found(
    found: dict[tuple[str, int], set[str]],
) -> None:
    missing, total = missed(found, serious=True)

    assert 1 - len(missing) / total >= SERIOUS, missing


def test_faults_in_other_teams_words_are_found(found: dict[tuple[str, int], set[str]]) -> None:
    missing, total = missed(found, serious=False)

    assert 1 - len(missing) / total >= ALL, missing
