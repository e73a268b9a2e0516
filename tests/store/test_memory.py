"""What a connection remembers is where to read on from: what others wrote is never missed."""

from __future__ import annotations

import datetime
from pathlib import Path

from midwatch.db import memory, store
from midwatch.incidents import events
from midwatch.incidents import state as states
from midwatch.incidents import store as incidents

NOW = datetime.datetime(2026, 11, 23, 3, 0, tzinfo=datetime.UTC)
OPENED = events.Opened("Queue stuck", "SEV1", "page", "service=queue", "grouped by service")


def test_what_another_connection_adds_is_seen(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'watch.db'}"
    first, second = store.connect(url), store.connect(url)
    opened = incidents.changed(states.State(), NOW, [OPENED])
    assert first.write(*incidents.opening("I1", opened, NOW))
    before = incidents.load(second, "I1")
    added = incidents.changed(incidents.load(first, "I1"), NOW, [events.Noted("ana", "seen")])
    assert first.write(*incidents.writing("I1", added, NOW))

    assert before.seq == 0
    assert incidents.load(second, "I1") == states.fold(incidents.timeline(second, "I1"))
    assert incidents.load(second, "I1").seq == 1


def test_whoever_lost_a_race_reads_what_won(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path / 'watch.db'}"
    first, second = store.connect(url), store.connect(url)
    opened = incidents.changed(states.State(), NOW, [OPENED])
    assert first.write(*incidents.opening("I1", opened, NOW))
    held = incidents.load(second, "I1")
    for where, person in ((first, "ana"), (second, "bo")):
        change = incidents.changed(held, NOW, [events.Acknowledged(person)])
        assert where.write(*incidents.writing("I1", change, NOW)) is (person == "ana")

    assert incidents.load(second, "I1").acknowledged_by == "ana"


def test_only_the_latest_things_are_remembered() -> None:
    kept = memory.Memory(2)
    for name in ("a", "b"):
        kept.keep(name, name)
    assert kept.recall("a") == "a"
    kept.keep("c", "c")

    assert [kept.recall(name) for name in ("a", "b", "c")] == ["a", None, "c"]
