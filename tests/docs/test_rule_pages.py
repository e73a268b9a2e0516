"""The reference pages of the rules are what the rules say."""

from __future__ import annotations

from pathlib import Path

from midwatch.checks import pages

FOLDER = Path(__file__).parents[2] / "docs" / "rules"


def test_every_rule_has_its_page_and_no_page_is_stale() -> None:
    written = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in FOLDER.rglob("*.md")
    }

    assert written == pages.pages(), "run `make docs`"
