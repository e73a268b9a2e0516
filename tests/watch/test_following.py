"""A text that was taken and never arrived is no page."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from tests.watch import harness

from midwatch.engine.watch import following
from midwatch.incidents import delivery
from midwatch.oncall import directory


def _watch(folder: Path, *ways: str) -> harness.Watch:
    people = {"ana": harness.person("ana", *ways), "bo": harness.person("bo", "email")}
    given = dataclasses.replace(harness.TWO_LEVELS, directory=directory.Directory(people=people))
    watch = harness.Watch(folder, given)
    watch.answers["sms"] = lambda _: delivery.Accepted("SM42 queued")
    watch.fire()
    watch.advance()
    watch.expect("0 ana sms page")
    return watch


def _follow(watch: harness.Watch, fate: delivery.Fate) -> int:
    return following.follow_due(watch.where, "sms", lambda _: fate, watch)


def test_a_text_that_arrived_is_asked_after_once(tmp_path: Path) -> None:
    watch = _watch(tmp_path, "sms", "email after 10")
    assert _follow(watch, delivery.Arrived("SM42 delivered")) == 0
    watch.advance(minutes=0.25)
    assert _follow(watch, delivery.Arrived("SM42 delivered")) == 1
    watch.advance(minutes=1)
    assert _follow(watch, delivery.Arrived("SM42 delivered")) == 0
    rows = watch.where.rows("select receipt from outbox where channel = 'sms'")
    assert rows == [("SM42 delivered",)]


def test_a_text_that_was_lost_makes_the_next_way_due_at_once(tmp_path: Path) -> None:
    watch = _watch(tmp_path, "sms", "email after 10")
    watch.advance(minutes=0.5)
    _follow(watch, delivery.Lost("undelivered"))
    watch.advance()
    watch.expect("0.5 ana email page")


def test_where_no_way_is_left_the_next_level_is_due(tmp_path: Path) -> None:
    watch = _watch(tmp_path, "sms")
    watch.advance(minutes=0.5)
    _follow(watch, delivery.Lost("undelivered"))
    watch.advance()
    watch.expect("0.5 bo email page")


def test_nobody_asks_for_ever(tmp_path: Path) -> None:
    watch = _watch(tmp_path, "sms", "email after 60")
    asked = 0
    for _ in range(30):
        watch.advance(minutes=1)
        asked += _follow(watch, delivery.OnItsWay())
    assert asked == 15
    watch.expect("15 bo email page", "30 ana sms page")


def test_a_lost_text_with_many_pages_in_it_loses_none_of_them(tmp_path: Path) -> None:
    people = {"ana": harness.person("ana", "sms", "email after 10")}
    given = dataclasses.replace(
        harness.TWO_LEVELS,
        directory=directory.Directory(people=people),
        default_policy=harness.levels("person:ana"),
    )
    watch = harness.Watch(tmp_path, given)
    watch.answers["sms"] = lambda _: delivery.Accepted("SM42 queued")
    for number in range(6):
        watch.fire(service=f"s{number}")
    watch.advance(minutes=0.5)
    asked: list[str] = []

    def lost(receipt: str) -> delivery.Fate:
        asked.append(receipt)
        return delivery.Lost("undelivered")

    following.follow_due(watch.where, "sms", lost, watch)
    watch.advance()
    assert asked == ["SM42 queued"] * 6
    assert [got.channel for got in watch.got] == ["sms"] * 3 + ["email"] * 6
    watch.got.clear()
