"""Procedures that look: one at a time, and what is ill is told apart from what nobody could see."""

from __future__ import annotations

import dataclasses
import datetime
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import pytest
from tests.watch import harness, server

from midwatch.alerts import probes, procedure_probes
from midwatch.app import procedure_probes as arranged
from midwatch.app import regular_settings, settings
from midwatch.base import errors
from midwatch.db import database
from midwatch.incidents import looks, orders

MINUTE = datetime.timedelta(minutes=1)
HEALTH = procedure_probes.ProcedureProbe(
    probes.Probe(
        "Health", 5 * MINUTE, MINUTE * 0, severity="critical", runbook_url="ops.md#health-check"
    ),
    "ops.md#health-check",
    "lab",
)


@pytest.fixture
def looking(watch: harness.Watch) -> harness.Watch:
    """A watch that looks every five minutes."""
    watch.given = dataclasses.replace(watch.given, procedure_probes=(HEALTH,))
    return watch


def asked(watch: harness.Watch) -> list[str]:
    """The looks that were asked for and not begun, by their time."""
    return [f"{each.created_at:%H:%M}" for each in orders.waiting(watch.where, 10)]


def begin(watch: harness.Watch) -> None:
    """What was asked for runs."""
    (order,) = orders.waiting(watch.where, 10)
    watch.where.write(orders.started(order, "R1"))


def answer(watch: harness.Watch, word: str, said: str = "") -> None:
    """The look that was asked for is over."""
    (row,) = watch.where.rows("select id from run_orders where state <> 'judged'")
    order = orders.Order("", "", orders.Purpose.PROBE, "", "", {}, watch.time, id=row[0])
    watch.where.write(looks.ended(order, word, said, watch.time))


def told(watch: harness.Watch) -> list[tuple[str, str]]:
    query = "select name, status from alerts order by received_at, name"
    return [(row[0], row[1]) for row in watch.where.rows(query)]


def test_a_procedure_looks_on_its_schedule(looking: harness.Watch) -> None:
    looking.advance()
    assert asked(looking) == ["03:00"]
    answer(looking, "good")
    looking.advance(minutes=4)
    assert asked(looking) == []
    looking.advance(minutes=1)
    assert asked(looking) == ["03:05"]
    assert told(looking) == []


def test_what_is_ill_pages_with_the_procedure_and_what_failed(looking: harness.Watch) -> None:
    looking.advance()
    answer(looking, "bad", "line 8, The queue: expected 0, got 5 (run R1)")
    looking.advance()
    looking.expect("0 ana slack page")
    ((text,),) = looking.where.rows("select annotations from alerts")
    assert json.loads(text) == {
        "summary": "Health: line 8, The queue: expected 0, got 5 (run R1)",
        "runbook_url": "ops.md#health-check",
    }
    looking.advance(minutes=5)
    answer(looking, "good")
    looking.advance()
    assert told(looking) == [("Health", "resolved")]
    looking.advance(minutes=6)
    looking.expect("10 ana slack update")


def test_what_cannot_be_seen_is_unknown_and_ends_nothing(looking: harness.Watch) -> None:
    looking.advance()
    answer(looking, "bad", "ill")
    looking.advance(minutes=5)
    answer(looking, "unknown", "the cluster cannot be reached")
    looking.advance()
    assert told(looking) == [("Health", "firing"), ("HealthUnknown", "firing")]
    looking.advance(minutes=5)
    answer(looking, "good")
    looking.advance()
    assert told(looking) == [("Health", "resolved"), ("HealthUnknown", "resolved")]
    looking.got.clear()


def test_two_looks_of_a_probe_never_run_at_once(
    looking: harness.Watch, caplog: pytest.LogCaptureFixture
) -> None:
    looking.advance()
    begin(looking)
    looking.advance(minutes=9)
    assert asked(looking) == []
    assert told(looking) == []
    looking.advance(minutes=2)
    assert asked(looking) == []
    assert told(looking) == [("HealthUnknown", "firing")]
    said = [each.message for each in caplog.records]
    assert (
        said.count("a look was missed: Health: the look of 2026-11-23 03:00:00 UTC still goes on")
        == 2
    )
    answer(looking, "good")
    looking.advance(minutes=3)
    assert asked(looking) == []
    assert told(looking) == [("HealthUnknown", "resolved")]
    looking.advance(minutes=1)
    assert asked(looking) == ["03:15"]
    looking.got.clear()


def test_looks_missed_while_the_watch_was_away_are_told_and_not_caught_up(
    looking: harness.Watch, caplog: pytest.LogCaptureFixture
) -> None:
    looking.advance()
    answer(looking, "good")
    looking.advance()
    looking.time += 21 * MINUTE
    looking.advance()
    assert asked(looking) == ["03:21"]
    assert "probe Health: 3 looks were missed after 2026-11-23 03:00:00 UTC" in caplog.text


def test_a_look_that_waited_while_the_watch_was_away_has_time_to_be_begun(
    looking: harness.Watch,
) -> None:
    looking.advance()
    looking.time += 60 * MINUTE
    looking.advance(minutes=1)
    answer(looking, "good")
    looking.advance(minutes=5)
    assert told(looking) == []
    assert asked(looking) == ["04:05"]


def test_of_the_looks_that_were_judged_one_row_is_left(looking: harness.Watch) -> None:
    for _ in range(4):
        looking.advance()
        answer(looking, "good")
        looking.advance(minutes=5)
    assert looking.where.rows("select count(*) from run_orders") == [(2,)]


@pytest.mark.parametrize(
    ("last", "minute", "step"),
    [
        (None, 0, procedure_probes.Ask()),
        ((False, 0), 4, procedure_probes.Wait()),
        ((False, 0), 5, procedure_probes.Ask()),
        ((False, 0), 12, procedure_probes.Ask(1)),
        ((False, 0), -3, procedure_probes.Ask()),
        ((True, 0), -3, procedure_probes.Wait()),
        ((True, 0), 5, procedure_probes.Miss(1, blind=False)),
        ((True, 1), 6, procedure_probes.Wait()),
        ((True, 1), 10, procedure_probes.Miss(2, blind=True)),
        ((True, 0), 62, procedure_probes.Miss(12, blind=False)),
        ((True, 12), 64, procedure_probes.Wait()),
        ((True, 12), 65, procedure_probes.Miss(13, blind=True)),
        ((False, 2), 12, procedure_probes.Wait()),
        ((False, 2), 15, procedure_probes.Ask()),
    ],
)
def test_when_a_probe_looks(
    last: tuple[bool, int] | None, minute: int, step: procedure_probes.Step
) -> None:
    known = procedure_probes.Last(harness.BEGIN, *last) if last else None
    now = harness.BEGIN + minute * MINUTE
    assert procedure_probes.next_step(5 * MINUTE, known, now) == step


RUNBOOK = """# Ops

## Health check

1. Whether the queue is empty:

   ```bash
   cat queue
   ```

   Expected: `0`

2. Whether <host> is up:

   ```bash
   {second}
   ```
"""
TOML = """
[targets.lab]

[serve]
listen = "127.0.0.1:0"
runbooks = ["ops.md"]
target = "lab"

[probes.Health]
procedure = "ops.md#health-check"
every = "1s"
inputs = { host = "db1" }
"""
READS = "cat <host>.state"


def written(folder: Path, toml: str = TOML, second: str = READS) -> Path:
    (folder / "ops.md").write_text(RUNBOOK.replace("{second}", second), encoding="utf-8")
    (folder / "midwatch.toml").write_text(toml, encoding="utf-8")
    return folder / "midwatch.toml"


REFUSED: Mapping[str, tuple[str, str, str]] = {
    "a change": (
        TOML,
        "systemctl restart <host>",
        (
            "[probes.Health]: ops.md#health-check does not only look: line 16 "
            "(systemctl restart <host>): it is no read but change."
        ),
    ),
    "an input nobody gave": (
        TOML.replace('{ host = "db1" }', "{}"),
        READS,
        (
            "[probes.Health]: ops.md#health-check does not only look: line 16 "
            "(cat <host>.state): nobody said what host is."
        ),
    ),
    "an input it has not": (
        TOML.replace("host =", "hots ="),
        READS,
        "[probes.Health]: health-check has no input “hots”.",
    ),
    "no such procedure": (
        TOML.replace("#health-check", "#helth"),
        READS,
        "[probes.Health]: ops.md has no procedure “helth”.",
    ),
    "no target": (
        TOML.replace('target = "lab"\n', ""),
        READS,
        "[probes.Health]: nobody says where it looks.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_only_look_is_refused_at_the_start(tmp_path: Path, name: str) -> None:
    toml, second, sentence = REFUSED[name]
    found = settings.read(written(tmp_path, toml, second))
    with pytest.raises(errors.UserError) as refused:
        arranged.require(found, tmp_path)
    assert refused.value.message.replace(f"{tmp_path}/", "") == sentence


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"procedure": "ops.md"}, "procedure in [probes.X] is RUNBOOK#PROCEDURE, not “ops.md”"),
        ({"procedure": "a.md#b", "url": "http://x"}, "[probes.X] says either url or procedure"),
        ({"procedure": "a.md#b", "every": "0s"}, "every in [probes.X] is at least 1s"),
    ],
)
def test_a_slip_in_a_probe_is_told(fields: Mapping[str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match="probes") as slip:
        regular_settings.read({"probes": {"X": fields}})
    assert str(slip.value) == sentence


def test_inputs_travel_with_the_link() -> None:
    found = regular_settings.read(
        {"probes": {"X": {"procedure": "ops/a.md#b", "inputs": {"host": "db 1"}}}}
    )
    assert found.procedure_probes[0].probe.runbook_url == "ops/a.md?host=db+1#b"


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[server.Server]:
    written(tmp_path)
    (tmp_path / "queue").write_text("0\n")
    (tmp_path / "db1.state").write_text("up\n")
    yield from server.serving(tmp_path, TOML)


def test_a_procedure_looks_in_earnest(serving: server.Server) -> None:
    """Well, ill by the document's own expectation, well again, and then not to be seen."""
    server.until(lambda: is_well(serving), "a good look")
    assert serving.incidents() == []
    (serving.folder / "queue").write_text("5\n")
    server.until(serving.incidents, "the incident")
    (row,) = serving.incidents()
    assert row["title"].startswith("Health: line 8, Whether the queue is empty")
    assert "expected 0, got 5" in row["title"]
    assert row["runbook"] == "ops.md"
    (serving.folder / "queue").write_text("0\n")
    server.until(lambda: serving.incidents()[0]["firing"] == 0, "its end")
    assert [line for line in serving.said if '"level": "error"' in line] == []
    before = kept(serving)
    seen = set(before)

    def more_looks() -> bool:
        seen.update(kept(serving))
        return len(seen) > len(before) + 4

    server.until(more_looks, "more looks")
    outcomes = list(kept(serving).values())
    assert outcomes.count("failed") == list(before.values()).count("failed") > 0
    # the last one before the trouble, the latest, perhaps one that ends just now; the diagnosis
    assert 2 <= outcomes.count("succeeded") <= 4
    runs = serving.folder / "state" / "runs"
    server.until(lambda: {each.name for each in runs.iterdir()} == set(kept(serving)), "no files")


def kept(serving: server.Server) -> dict[str, str]:
    """The looks on record, with how each ended."""
    records = database.Database(serving.folder / "state" / "midwatch.db")
    rows = records.rows("select run_id, outcome from runs")
    records.close()
    return dict(rows)


def is_well(serving: server.Server) -> bool:
    """What the latest look that ended said."""
    return 'midwatch_probe_well{probe="Health"} 1' in httpx.get(serving.url + "/metrics").text
