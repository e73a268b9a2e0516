"""`midwatch check` tells which role of an escalation nobody stands for, where people are known."""

from __future__ import annotations

from pathlib import Path

import pytest

from midwatch.app import checking

RUNBOOK = """# Orders

## Escalation

- Level 1: On-call engineer (0-15 minutes)
- Level 2: Platform guild (15+ minutes)
"""
TOML = """
[channels.email]
smtp = "smtp://127.0.0.1:25"
from = "watch@example.org"

[people.ana]
email = "ana@example.org"

[roles]
"On-call engineer" = "ana"
"""
OWN = """
[escalation."ops/orders.md"]
levels = [{ notify = ["ana"] }]
"""


def _told(folder: Path, toml: str) -> list[str]:
    (folder / "ops").mkdir()
    (folder / "ops" / "orders.md").write_text(RUNBOOK)
    (folder / "midwatch.toml").write_text(toml)
    options = checking.Options(paths=(Path("ops"),), select=("procedure/unknown-role",))
    found = checking.run(options).report.findings
    return [f"{each.path}:{each.line}: {each.message}" for each in found]


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_a_role_that_nobody_stands_for_is_a_finding(tmp_path: Path) -> None:
    (told,) = _told(tmp_path, TOML)
    assert told.startswith("ops/orders.md:6: “Platform guild” stands for nobody: no role")


def test_a_runbook_whose_policy_stands_in_midwatch_toml_is_left_alone(tmp_path: Path) -> None:
    assert _told(tmp_path, TOML + OWN) == []


def test_where_nobody_is_known_nobody_is_missed(tmp_path: Path) -> None:
    assert _told(tmp_path, "[targets.local]\n") == []
