"""Safe replacements: exactly what they say and nothing else in the file."""

from __future__ import annotations

import pytest

from midwatch.checks import durations, fixing, model


def test_a_change_touches_its_own_characters_only() -> None:
    text = "# Ä\r\nkubectl rename a\r\nend"

    fixed = fixing.apply(text, [model.Replacement(2, 9, 2, 15, "create")])

    assert fixed == "# Ä\r\nkubectl create a\r\nend"


def test_of_two_changes_that_overlap_the_first_is_made() -> None:
    changes = [model.Replacement(1, 3, 1, 6, "X"), model.Replacement(1, 1, 1, 4, "Y")]

    assert fixing.apply("abcdef", changes) == "Ydef"


def test_a_change_at_the_end_of_the_file_is_made() -> None:
    assert fixing.apply("a\nbc", [model.Replacement(2, 2, 2, 3, "d")]) == "a\nbd"


def test_a_patch_is_what_git_applies() -> None:
    assert fixing.patch("ops/desk.md", "a\nb\nc", "a\nx\nc") == (
        "--- a/ops/desk.md\n+++ b/ops/desk.md\n@@ -1,3 +1,3 @@\n a\n-b\n+x\n c\n"
        "\\ No newline at end of file\n"
    )


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("15-30 minutes", 900, 1800),
        ("Target <15 min", 900, 900),
        ("30+ minutes", 1800, 1800),
        ("1 hour response", 3600, 3600),
        ("5m", 300, 300),
        ("2 to 3 hours", 7200, 10800),
        ("90s", 90, 90),
    ],
)
def test_lengths_of_time_are_read_as_people_write_them(text: str, low: int, high: int) -> None:
    assert durations.span(text) == durations.Span(low, high)


@pytest.mark.parametrize("text", ["soon", "5 metres", "12 replicas", ""])
def test_what_is_no_length_of_time_is_none(text: str) -> None:
    assert durations.span(text) is None
