"""`midwatch check` tells which level of an escalation has hours that nobody covers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from midwatch.app import checking

RUNBOOK = """# Orders

## Escalation

- Level 1: Desk (0-15 minutes)
- Level 2: Lead (15+ minutes)
"""
TOML = """
[channels.email]
smtp = "smtp://127.0.0.1:25"
from = "watch@example.org"

[people.ana]
email = "ana@example.org"

[schedules.desk]
time_zone = "Europe/Berlin"

[[schedules.desk.rotations]]
people = ["ana"]
starts = 2026-01-05
every = "1 week"
hours = "08:00-18:00"
days = ["weekdays"]

[roles]
"Desk" = "schedule:desk"
"Lead" = "ana"
"""
ALONE = """
[escalation.default]
levels = [{ after = "0m", notify = ["schedule:desk"] }]
"""
COVERED = """
[escalation.default]
levels = [{ after = "0m", notify = ["schedule:desk", "ana"] }]
"""


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def _told(folder: Path, toml: str, runbook: str = RUNBOOK) -> list[tuple[str, str]]:
    (folder / "orders.md").write_text(runbook)
    (folder / "midwatch.toml").write_text(toml)
    options = checking.Options(paths=(Path("orders.md"),), select=("procedure/unreached-level",))
    found = checking.run(options).report.findings
    return [(f"{each.path}:{each.line}: {each.message}", each.why) for each in found]


def test_a_level_of_the_runbook_with_a_gap_is_a_finding_at_its_line(tmp_path: Path) -> None:
    ((told, why),) = _told(tmp_path, TOML)
    gap = "reaches nobody at some hours: its schedule has a gap."
    assert told == f"orders.md:5: “Level 1 (Desk)” {gap}"
    hours = r"Nobody is reached for 23[567] h of the next 14 days, first from .* to .* \d\d:00 UTC"
    assert re.match(hours, why)  # 236 but in the weeks in which the clocks change


def test_a_policy_in_midwatch_toml_with_a_gap_is_a_finding_at_its_header(tmp_path: Path) -> None:
    ((told, _),) = _told(tmp_path, TOML + ALONE, "# Orders\n\n## Restart\n\n```bash\ntrue\n```\n")
    gap = "reaches nobody at some hours: its schedule has a gap."
    assert told == f"midwatch.toml:{TOML.count(chr(10)) + 2}: “Level 1” {gap}"


def test_somebody_beside_the_schedule_closes_the_gap(tmp_path: Path) -> None:
    assert _told(tmp_path, TOML + COVERED, "# Orders\n") == []
