"""What the reference pages show is what Midwatch understands."""

from __future__ import annotations

import re
from pathlib import Path

from midwatch.app import settings
from midwatch.guards import model

PAGES = Path(__file__).parents[2] / "docs" / "reference"


def test_every_table_on_the_page_of_midwatch_toml_is_understood(tmp_path: Path) -> None:
    page = (PAGES / "midwatch-toml.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "midwatch.toml"
    path.write_text("\n".join(blocks), encoding="utf-8")

    found = settings.read(path)

    assert set(found.targets) == {"production"}
    assert [rule.decision for rule in found.policy.rules] == [
        model.Answer.ASK,
        model.Answer.REFUSE,
    ]
    assert found.policy.approval_seconds == 900.0
    assert found.policy.limits == model.Limits()


def test_every_table_on_the_page_of_people_is_understood(tmp_path: Path) -> None:
    page = (PAGES / "people.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    path = tmp_path / "midwatch.toml"
    path.write_text("\n".join(blocks), encoding="utf-8")

    found = settings.read(path).watch

    assert found is not None
    assert set(found.directory.people) == {"ana", "bo", "hooks"}
    assert found.channels.names() == ("slack", "sms", "email", "pagerduty", "webhook", "apprise")
    assert [len(level.whom) for level in found.default_policy.levels] == [1, 1, 1]
    assert found.roles["DBA"] == ("person:bo", "schedule:nights")
