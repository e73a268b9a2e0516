"""The table of a runbook counts as it stands in the file now, and midwatch.toml before it."""

from __future__ import annotations

from pathlib import Path

from tests.watch import harness

from midwatch.app import arranging, settings
from midwatch.engine.watch import arrangements
from midwatch.incidents import state as states

TOML = """
[serve]
runbooks = ["ops/*.md"]

[channels.email]
smtp = "smtp://127.0.0.1:25"
from = "watch@example.org"

[people.ana]
email = "ana@example.org"

[people.bo]
email = "bo@example.org"

[roles]
"On-call engineer" = "ana"
"Senior engineer" = "bo"

[escalation.default]
levels = [{ notify = ["bo"] }]

[escalation."ops/own.md"]
levels = [{ notify = ["ana", "bo"] }]
"""
TABLE = """# Orders

## Escalation

- Level 1: On-call engineer (0-15 minutes)
- Level 2: Senior engineer (15+ minutes)
"""


def _arranged(folder: Path) -> arrangements.Arrangements:
    (folder / "ops").mkdir()
    (folder / "midwatch.toml").write_text(TOML)
    for name in ("orders", "own"):
        (folder / "ops" / f"{name}.md").write_text(TABLE)
    (folder / "ops" / "plain.md").write_text("# Nothing about people\n")
    return arranging.arrange(settings.read(folder / "midwatch.toml"))


def _levels(given: arrangements.Arrangements, runbook: str) -> list[tuple[float, tuple[str, ...]]]:
    found = given.policy_of(states.State(runbook=runbook))
    return [(level.after / harness.MINUTE, level.whom) for level in found.levels]


def test_the_table_of_the_runbook_is_the_policy_of_its_incidents(tmp_path: Path) -> None:
    given = _arranged(tmp_path)
    assert _levels(given, "ops/orders.md") == [(0, ("person:ana",)), (15, ("person:bo",))]
    assert given.policy_of(states.State(runbook="ops/orders.md")).source == "ops/orders.md:5-6"


def test_what_midwatch_toml_says_of_a_runbook_counts_before_its_table(tmp_path: Path) -> None:
    assert _levels(_arranged(tmp_path), "ops/own.md") == [(0, ("person:ana", "person:bo"))]


def test_a_runbook_without_a_table_and_one_that_is_gone_have_the_default(tmp_path: Path) -> None:
    given = _arranged(tmp_path)
    assert _levels(given, "ops/plain.md") == [(0, ("person:bo",))]
    assert _levels(given, "ops/deleted.md") == [(0, ("person:bo",))]
    assert set(given.policies) == {"ops/orders.md", "ops/own.md"}
