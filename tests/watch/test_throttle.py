"""Many messages to one address: the first pages go alone, the flood behind them as one message."""

from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from tests.watch import harness
from tests.watch.channels import samples

from midwatch.incidents import messages, outbox, throttle
from midwatch.oncall import directory

SECOND = datetime.timedelta(seconds=1)


def _due(number: int, kind: str = "page", *, thread: str = "", age: float = 0) -> outbox.Due:
    message = dataclasses.replace(
        samples.to("sms", "+1"),
        key=f"k{number}",
        incident=f"I{number}",
        kind=messages.Kind(kind),
        thread=thread,
    )
    return outbox.Due(number, message, samples.AT - age * SECOND, 0)


def _sent(count: int, age: float = 20) -> dict[str, list[datetime.datetime]]:
    return {"+1": [samples.AT - age * SECOND] * count}


def _plan(due: list[outbox.Due], sent: int = 0, age: float = 20) -> list[throttle.Step]:
    return list(throttle.plan("sms", due, _sent(sent, age), samples.AT))


def test_the_first_pages_go_alone() -> None:
    due = [_due(1), _due(2), _due(3)]
    assert _plan(due) == [throttle.Send(each) for each in due]


def test_what_comes_beyond_them_goes_as_one_message() -> None:
    *alone, bundle = _plan([_due(number) for number in range(1, 8)])
    assert [each.due.id for each in alone if isinstance(each, throttle.Send)] == [1, 2]
    assert isinstance(bundle, throttle.Bundle)
    assert [each.id for each in bundle.parts] == [3, 4, 5, 6, 7]
    assert bundle.message.body["title"] == "5 incidents need you"
    assert bundle.message.body["lines"][0] == (
        "[P1 (Critical)] Orders wait longer than five minutes (I3)"
    )


def test_a_bundle_counts_incidents_and_not_messages() -> None:
    again = [_due(7).message, dataclasses.replace(_due(7).message, key="again"), _due(8).message]
    update = dataclasses.replace(_due(9, "update").message, body={"severity": "P4"})

    assert throttle.bundle(again, samples.AT).body["title"] == "2 incidents need you"
    one = throttle.bundle([update, _due(7).message], samples.AT).body
    assert (one["title"], one["severity"]) == ("1 incident needs you", "P1 (Critical)")


def test_a_page_after_many_waits_half_a_minute_and_says_why() -> None:
    assert _plan([_due(9, age=10)], sent=3) == [
        throttle.Hold(
            _due(9, age=10),
            samples.AT + 20 * SECOND,
            "held: 3 messages went to this address within a minute",
        )
    ]


def test_no_page_waits_longer_than_that() -> None:
    assert _plan([_due(9, age=30)], sent=3) == [throttle.Send(_due(9, age=30))]


def test_a_first_page_goes_before_what_follows_an_older_one() -> None:
    update = _due(1, "update", thread="SM1")
    steps = _plan([update, _due(2), _due(3)])
    assert steps == [
        throttle.Send(_due(2)),
        throttle.Send(_due(3)),
        throttle.Hold(
            update,
            samples.AT + 60 * SECOND,
            "held: pages of other incidents go first",
        ),
    ]


def test_a_test_page_is_never_held() -> None:
    assert _plan([_due(1, "test")], sent=50) == [throttle.Send(_due(1, "test"))]


def test_what_a_machine_reads_is_not_bundled() -> None:
    due = [_due(number) for number in range(40)]
    steps = list(throttle.plan("webhook", due, _sent(99), samples.AT))
    assert steps == [throttle.Send(each) for each in due]


def test_the_same_bundle_has_the_same_key_and_another_one_another() -> None:
    parts = [_due(number).message for number in range(3)]
    key = throttle.bundle(parts, samples.AT).key
    assert throttle.bundle(parts, samples.AT + SECOND).key == key
    assert throttle.bundle(parts[:2], samples.AT).key != key


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    kinds=some.lists(
        some.sampled_from(["page", "update", "reminder", "notice", "test", "standing"])
    ),
    threads=some.lists(some.booleans(), min_size=60, max_size=60),
    ages=some.lists(some.floats(0, 90), min_size=60, max_size=60),
    sent=some.integers(0, 12),
)
def test_every_message_has_exactly_one_fate_and_no_page_waits_long(
    kinds: list[str], threads: list[bool], ages: list[float], sent: int
) -> None:
    due = [
        _due(number, kind, thread="SM1" if threads[number % 60] else "", age=ages[number % 60])
        for number, kind in enumerate(kinds)
    ]
    fates: list[int] = []
    for step in _plan(due, sent):
        match step:
            case throttle.Send(each):
                fates.append(each.id)
            case throttle.Bundle(_, parts, _):
                fates += [each.id for each in parts]
            case throttle.Drop(each):
                fates.append(each.id)
            case throttle.Hold(each, until, _):
                fates.append(each.id)
                assert until > samples.AT
                assert until <= samples.AT + throttle.WINDOW
    assert sorted(fates) == list(range(len(due)))


def test_a_night_with_many_incidents_is_readable(tmp_path: Path) -> None:
    ana = harness.person("ana", "sms")
    given_ = dataclasses.replace(
        harness.TWO_LEVELS,
        directory=directory.Directory(people={"ana": ana}),
        default_policy=harness.levels("person:ana"),
    )
    watch = harness.Watch(tmp_path, given_)
    for number in range(20):
        watch.fire(service=f"s{number}")
    watch.advance(minutes=1)
    assert [got.body["title"] for got in watch.got] == [
        "QueueStuck",
        "QueueStuck",
        "18 incidents need you",
    ]
    watch.fire(service="late")
    watch.advance(minutes=1)
    assert [round(got.minute, 1) for got in watch.got] == [0.0, 0.0, 0.0, 1.0]
    rows = watch.where.rows("select state, reason from outbox where receipt like 'bundle %'")
    assert len(rows) == 18
    assert set(rows) == {("sent", ""), ("sent", rows[1][1])}
    assert rows[1][1] == "bundled with 17 others: many messages to one address"
    watch.got.clear()
