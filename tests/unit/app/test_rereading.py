"""What changes in midwatch.toml counts at once; a slip changes nothing and is told."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from midwatch.app import arranging, rereading, settings

TOML = """\
[people.{name}]
name = "Somebody"
notify = ["email"]
email = "somebody@example.org"

[channels.email]
smtp = "smtp://127.0.0.1:25"
from = "midwatch@example.org"
"""


def begun(path: Path) -> rereading.Arranged:
    path.write_text(TOML.format(name="ana"), encoding="utf-8")
    return rereading.Arranged(path, arranging.arrange(settings.read(path)))


def test_somebody_new_can_be_told_without_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "midwatch.toml"
    arranged = begun(path)
    before = arranged.now()

    path.write_text(TOML.format(name="bernard"), encoding="utf-8")

    assert set(before.directory.people) == {"ana"}
    assert set(arranged.now().directory.people) == {"bernard"}
    assert arranged.now() is arranged.now()


def test_a_slip_is_told_and_what_was_arranged_before_counts_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "midwatch.toml"
    arranged = begun(path)

    path.write_text("[people.bernard]\nnmae = 1\n", encoding="utf-8")

    assert set(arranged.now().directory.people) == {"ana"}
    assert "did you mean name?" in arranged.trouble
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert set(arranged.now().directory.people) == {"ana"}
    assert len(caplog.records) == 1

    path.write_text(TOML.format(name="bernard"), encoding="utf-8")

    assert set(arranged.now().directory.people) == {"bernard"}
    assert arranged.trouble == ""


def test_a_file_that_is_being_replaced_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "midwatch.toml"
    arranged = begun(path)

    path.unlink()

    assert set(arranged.now().directory.people) == {"ana"}
