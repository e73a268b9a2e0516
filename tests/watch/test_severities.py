"""How bad an incident is, in the runbook's own words, and whether they page."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.watch import harness

from midwatch.app import library
from midwatch.incidents import model
from midwatch.incidents import store as incidents

RUNBOOK = """# Printer

| Alert | Condition | Severity |
|---|---|---|
| QueueStuck | `depth > 500` | {severity} |

## QueueStuck

### Diagnosis

```bash
cat queue/depth
```
"""
SENTENCE = "P4. When a warehouse stands still, treat it as P1 and call."
RECORD, PAGE = model.Urgency.RECORD, model.Urgency.PAGE
Words = Mapping[str, Mapping[str, model.Urgency]]


def told(folder: Path, severity: str, words: Words, label: str = "") -> tuple[str, model.Urgency]:
    (folder / "printer.md").write_text(RUNBOOK.format(severity=severity), encoding="utf-8")
    given = dataclasses.replace(
        harness.TWO_LEVELS, library=library.Library(folder, ("*.md",)), severities=words
    )
    watch = harness.Watch(folder, given)
    watch.fire("QueueStuck", severity=label)
    watch.advance()
    state = incidents.load(watch.where, watch.incident())
    watch.where.close()
    return state.severity, state.urgency


@pytest.mark.parametrize(
    ("severity", "label", "words", "expected"),
    [
        (SENTENCE, "", {}, ("P4", PAGE)),  # it names P1 as well
        ("Info: nobody needs to get up", "", {}, ("Info", RECORD)),
        ("P5 (business hours)", "", {}, ("P5", RECORD)),
        ("P5 (business hours)", "", {"": {"P5 (business hours)": PAGE}}, ("P5", PAGE)),
        (SENTENCE, "", {"printer.md": {"p1": RECORD}}, ("P4", RECORD)),
        ("Low → Critical", "low", {}, ("Low", RECORD)),
        ("Low → Critical", "other", {}, ("Low → Critical", PAGE)),
    ],
)
def test_a_sentence_beside_a_level_is_no_level(
    tmp_path: Path, severity: str, label: str, words: Words, expected: tuple[str, model.Urgency]
) -> None:
    assert told(tmp_path, severity, words, label) == expected


TWO_ROWS = """# Disk

| Alert | Condition | Severity |
|---|---|---|
| DiskFills | `disk > 80` | Info |
| DiskFills | `disk > 95` | Critical: wake somebody |
"""


@pytest.mark.parametrize(
    ("label", "expected"),
    [("critical", ("Critical", PAGE)), ("info", ("Info", RECORD)), ("", ("Info / Critical", PAGE))],
)
def test_an_alert_with_two_levels_is_never_quieter_than_its_own(
    tmp_path: Path, label: str, expected: tuple[str, model.Urgency]
) -> None:
    (tmp_path / "disk.md").write_text(TWO_ROWS, encoding="utf-8")
    given = dataclasses.replace(harness.TWO_LEVELS, library=library.Library(tmp_path, ("*.md",)))
    watch = harness.Watch(tmp_path, given)
    watch.fire("DiskFills", severity=label)
    watch.advance()
    state = incidents.load(watch.where, watch.incident())
    watch.where.close()

    assert (state.severity, state.urgency) == expected
    assert (state.runbook, state.procedure) == ("disk.md", "")
