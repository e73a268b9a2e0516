"""A missed input is dangerous, a false one annoying: what is only shown to a person is none."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from midwatch.runbook import reading

FILE = Path(__file__).parents[2] / "cases/runbook/printed.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["promise"] for case in CASES])
def test_what_is_only_printed_is_no_input(case: dict[str, Any]) -> None:
    document = f"# Work\n\n## Mend it\n\n```bash\n{case['text'].strip()}\n```\n"

    (procedure,) = reading.read("RUNBOOK.md", document.encode()).procedures

    names = {each.name for step in procedure.steps for each in step.inputs}
    assert sorted(names) == case.get("inputs", [])
