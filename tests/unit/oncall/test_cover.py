"""A level that reaches nobody at some hour is found, whoever shares it."""

from __future__ import annotations

import datetime

import pytest

from midwatch.oncall import cover, directory, model

BEGIN = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
DAY = datetime.timedelta(days=1)


def _schedule(name: str, begins: int, ends: int, *overrides: model.Override) -> model.Schedule:
    rotation = model.Rotation(("ana",), BEGIN - 7 * DAY, window=(begins * 60, ends * 60))
    return model.Schedule(name, rotations=(rotation,), overrides=overrides)


AWAY = model.Override("", BEGIN + 10 * DAY / 24, BEGIN + 11 * DAY / 24, "a power cut")
KNOWN = directory.Directory(
    people={
        "ana": model.Person("ana", "Ana", (model.Way("email", "ana@example.org"),)),
        "bo": model.Person("bo", "Bo"),
    },
    schedules={
        each.id: each
        for each in (
            _schedule("days", 8, 20),
            _schedule("nights", 20, 8),
            _schedule("mornings", 6, 12, AWAY),
        )
    },
)


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        (["schedule:days"], [(0, 8), (20, 24)]),
        (["schedule:days", "schedule:nights"], []),
        (["schedule:mornings", "schedule:nights"], [(10, 11), (12, 20)]),
        (["schedule:days", "person:ana"], []),
        (["schedule:days", "person:bo"], [(0, 8), (20, 24)]),
        (["schedule:days", "everyone"], []),
        (["schedule:gone"], [(0, 24)]),
        ([], [(0, 24)]),
    ],
)
def test_only_hours_in_which_no_word_means_anybody_are_uncovered(
    words: list[str], hours: list[tuple[int, int]]
) -> None:
    found = cover.uncovered(words, KNOWN, BEGIN, BEGIN + DAY)
    assert found == [(BEGIN + one * DAY / 24, BEGIN + two * DAY / 24) for one, two in hours]
