"""A slip in midwatch.toml is told while it is day, with the table, the key, and what was meant."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.watch.channels import samples

from midwatch.app import channels, settings, watch_channels
from midwatch.base import errors

CASES: dict[str, Any] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "watch" / "settings.toml").read_text("utf-8")
)
SECRET = "xoxb-literal-secret"  # noqa: S105  (nobody's)


def _told(folder: Path, text: str) -> str:
    path = folder / "midwatch.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(errors.UserError) as told:
        settings.read(path)
    assert str(path) in told.value.message
    return told.value.message


@pytest.mark.parametrize(("text", "wanted"), CASES["slips"].items(), ids=CASES["slips"].values())
def test_a_slip_is_told(tmp_path: Path, text: str, wanted: str) -> None:
    assert wanted in _told(tmp_path, CASES["base"] + text)


@pytest.mark.parametrize(
    ("text", "wanted"), CASES["channel_slips"].items(), ids=CASES["channel_slips"].values()
)
def test_a_slip_of_a_channel_is_told_without_the_secret(
    tmp_path: Path, text: str, wanted: str
) -> None:
    told = _told(tmp_path, text)
    assert wanted in told
    for secret in (SECRET, "R0UT1NG", "token/chat", "u:p@"):
        assert secret not in told


def _channels(folder: Path, text: str) -> watch_channels.Channels:
    path = folder / "midwatch.toml"
    path.write_text(text, encoding="utf-8")
    found = settings.read(path).watch
    assert found is not None
    return found.channels


def test_one_missing_secret_stops_one_channel_only(tmp_path: Path) -> None:
    given = _channels(tmp_path, CASES["base"])
    around = channels.Surroundings({"SMS": "t", "PD": "k"}, samples.CLOCK)
    made = channels.made(given, around)
    assert set(made.channels) == {"sms", "email", "pagerduty"}
    assert made.missing == {
        "slack": "token in [channels.slack] asks for ${SLACK}, which is not set.",
        "webhook": "secret in [channels.webhook] asks for ${HOOK}, which is not set.",
    }


def test_a_file_without_a_watch_has_none(tmp_path: Path) -> None:
    (tmp_path / "midwatch.toml").write_text("[targets.x]\n", encoding="utf-8")
    assert settings.read(tmp_path / "midwatch.toml").watch is None
