"""What an element claims to be stands where the element says, in the file as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.runbook import standing

from midwatch.runbook import reading, source

ROOT = Path(__file__).parents[3]
OWN = sorted((ROOT / "tests/cases/runbook/shapes").glob("*.md"))


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_elements_stand_where_they_say(path: Path) -> None:
    data = path.read_bytes()
    lines = source.read(path.name, data).lines
    assert list(standing.misplaced(reading.read(path.name, data), lines)) == []
    assert list(standing.passages_misplaced(path)) == []
