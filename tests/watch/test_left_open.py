"""Who ends a watch hears what stands open meanwhile."""

from __future__ import annotations

from pathlib import Path

from tests.watch import server


def test_ending_a_watch_with_something_open_says_that_nobody_is_paged(tmp_path: Path) -> None:
    for watch in server.serving(tmp_path):
        watch.post("/api/v2/alerts", [{"labels": {"alertname": "Queue"}}])
        server.until(watch.incidents, "an incident")

    (told,) = [line for line in watch.said if "nobody is paged until" in line]
    assert "1 incident is not resolved: nobody is paged until `midwatch serve` runs" in told


def test_ending_a_watch_with_nothing_open_says_nothing(tmp_path: Path) -> None:
    for watch in server.serving(tmp_path):
        assert watch.incidents() == []

    assert not [line for line in watch.said if "nobody is paged until" in line]
