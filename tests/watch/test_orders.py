"""What incidents ask for is carried out once, or the incident says why not."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.watch import harness

from midwatch.access import model as access
from midwatch.app import hosting, library, pausing, running, watch_runs, watching
from midwatch.base import errors
from midwatch.db import standing, store
from midwatch.engine import hosting as hosts
from midwatch.engine.watch import apart, remediating
from midwatch.guards import model as guards
from midwatch.incidents import acts, events, orders, remediation
from midwatch.runs import hosted

RUNBOOK = """# Queue

## QueueStuck

### Diagnosis

```bash
echo waiting: 42
```

### Resolution

```bash
docker start queue
```

### Rollback

```bash
docker stop queue
```

## Ask

```bash
echo waiting: <how-many>
```
"""
ADDRESS = "queue.md#queuestuck"
SECONDS = 20
RULE = remediation.Rule(ADDRESS, "lab")


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[harness.Watch]:
    """A watch with a runbook for its alert, and a target where it may read."""
    folder = tmp_path / "ops"
    folder.mkdir()
    (folder / "queue.md").write_text(RUNBOOK, encoding="utf-8")
    (folder / "midwatch.toml").write_text("[targets.lab]\n", encoding="utf-8")
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text("#!/bin/sh\ntouch healed\n", encoding="utf-8")
    docker.chmod(0o755)
    monkeypatch.setenv("PATH", f"{docker.parent}:{os.environ['PATH']}")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MIDWATCH_STATE", str(tmp_path / "state"))
    given = dataclasses.replace(
        harness.TWO_LEVELS,
        library=library.Library(folder, ("*.md",)),
        target="lab",
    )
    made = harness.Watch(tmp_path, given)
    yield made
    made.where.close()


def carry_out(watch: harness.Watch, meanwhile: Callable[[float], None] = lambda _: None) -> None:
    """Let the runs go on until nothing is left to do."""

    async def until_done() -> None:
        runs = watch_runs.Runs(watch.url, Path.cwd(), lambda: watch.given)
        serving = asyncio.create_task(runs.serve())
        query = "select count(*) from run_orders where state not in ('ended', 'asking')"
        for number in range(SECONDS * 20):
            await asyncio.sleep(0.05)
            assert not serving.done(), serving.exception()
            meanwhile(number / 20)
            if watch.where.rows(query) == [(0,)]:
                break
        runs.close()
        await serving

    asyncio.run(until_done())


def remediate(watch: harness.Watch, **changes: object) -> orders.Order:
    """The policy said yes a moment ago."""
    watch.given = dataclasses.replace(watch.given, remediations=(RULE,))
    order = orders.Order(
        f"{watch.incident()}/remediation/1",
        watch.incident(),
        orders.Purpose.REMEDIATION,
        ADDRESS,
        "lab",
        {},
        watch.time,
    )
    order = dataclasses.replace(order, **changes)  # type: ignore[arg-type]
    watch.where.write(orders.ordering(order))
    return order


def refused(watch: harness.Watch) -> list[str]:
    return [e.why for e in watch.timeline() if isinstance(e, events.RemediationRefused)]


def ended(watch: harness.Watch) -> list[tuple[str, str]]:
    return [(e.purpose, e.outcome) for e in watch.timeline() if isinstance(e, events.RunEnded)]


def notes(watch: harness.Watch) -> list[str]:
    return [e.text for e in watch.timeline() if isinstance(e, events.Noted)]


def test_a_pause_holds_what_was_ordered_and_not_begun(team: harness.Watch) -> None:
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    remediate(team)
    team.where.write(standing.setting(remediating.PAUSE, "bo: look first", "bo", team.time))
    carry_out(team)

    assert not Path("healed").exists()
    assert refused(team) == ["remediation is paused: bo: look first"]
    team.got.clear()


def test_a_pause_names_what_goes_on_all_the_same(team: harness.Watch) -> None:
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    remediate(team)
    (order,) = orders.waiting(team.where, 10)
    team.where.write(orders.started(order, "1123-0300-abcd"))
    bo = access.Actor("bo", access.Role.ADMIN)
    asking = watching.Asking(team.where, team.given, bo, team.time)

    assert pausing.pause(asking, "look first") == ["1123-0300-abcd"]
    team.got.clear()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("no rule", "no [[remediation]] of midwatch.toml names it"),
        ("acknowledged", "ana is at work on it"),
        ("resolved", "the incident is over"),
        ("recovered", "no alert of it fires any more"),
        ("runbook", "a person must do: there is no queue.md#queuestuck any more"),
    ],
)
def test_what_changed_between_order_and_start_counts(
    team: harness.Watch, change: str, why: str
) -> None:
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    order = remediate(team)
    match change:
        case "no rule":
            team.given = dataclasses.replace(team.given, remediations=())
        case "acknowledged":
            team.act(acts.Acknowledge())
        case "recovered":
            team.recover()
            team.advance()
        case "resolved":
            team.act(acts.Resolve("by hand", force=True))
        case _:
            Path("queue.md").unlink()
    carry_out(team)

    assert not Path("healed").exists()
    assert refused(team) == [why]
    assert orders.before(team.where, order, team.time) == []  # nothing ran: nothing counts
    team.got.clear()


def test_a_locked_journal_costs_no_order(
    team: harness.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk or another process is in the way when the run is to be written down."""
    enter, failures = hosting.Hosting.enter, iter(range(2))

    def locked(
        self: hosting.Hosting,
        wish: running.Wish,
        terms: hosted.Terms,
        narrow: hosting.Narrow = running.whole,
    ) -> str:
        if next(failures, None) is not None:
            raise errors.WorldError("The journal is locked by another process.")
        return enter(self, wish, terms, narrow)

    monkeypatch.setattr(hosting.Hosting, "enter", locked)
    team.fire()
    team.advance()
    carry_out(team)

    assert ended(team) == [("diagnosis", "succeeded")]
    assert notes(team) == []
    team.got.clear()


def test_a_run_that_is_written_down_is_begun_although_the_store_was_locked(
    team: harness.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, failures = remediating.began, iter(range(2))

    def locked(where: store.Store, order: orders.Order, *rest: object) -> None:
        if next(failures, None) is not None:
            raise errors.WorldError("The store is locked by another process.")
        began(where, order, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(remediating, "began", locked)
    team.fire()
    team.advance()
    carry_out(team)

    assert ended(team) == [("diagnosis", "succeeded")]
    assert notes(team) == []
    records = hosting.Hosting(hosting.Quiet())
    assert len(records.records.runs(10)) == 1
    asyncio.run(records.close())
    team.got.clear()


def test_the_end_of_a_run_is_told_although_the_store_was_locked(
    team: harness.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, failures = remediating.ended, iter(range(2))

    def locked(where: store.Store, *rest: object) -> None:
        if next(failures, None) is not None:
            raise errors.WorldError("The store is locked by another process.")
        over(where, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(remediating, "ended", locked)
    team.fire()
    team.advance()
    carry_out(team)

    assert ended(team) == [("diagnosis", "succeeded")]
    team.got.clear()


def test_one_order_with_a_bug_in_its_way_keeps_no_other_from_starting(
    team: harness.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    enter = hosting.Hosting.enter

    def broken(
        self: hosting.Hosting,
        wish: running.Wish,
        terms: hosted.Terms,
        narrow: hosting.Narrow = running.whole,
    ) -> str:
        if wish.given:
            raise ZeroDivisionError("a bug")
        return enter(self, wish, terms, narrow)

    monkeypatch.setattr(hosting.Hosting, "enter", broken)
    team.fire()
    team.advance()
    (order,) = orders.waiting(team.where, 10)
    bad = dataclasses.replace(order, key="bad", inputs={"how-many": "1"})
    team.where.write(("delete from run_orders", {}), orders.ordering(bad), orders.ordering(order))
    carry_out(team)

    assert ended(team) == [("diagnosis", "succeeded")]
    (note,) = notes(team)
    assert "ZeroDivisionError: a bug" in note
    team.got.clear()


def test_a_run_that_waited_when_the_process_died_is_told_by_the_next(
    team: harness.Watch,
) -> None:
    """A remediation that waits for a person: somebody must hear of that."""
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    order = remediate(team)
    before_the_crash = hosting.Hosting(hosting.Quiet())
    wish = running.Wish(str(Path.cwd() / ADDRESS), "lab", may=guards.May.READ, asked_by="")
    terms = hosted.Terms(f"midwatch for {order.key}", guards.May.READ, reachable=False)

    async def until_it_waits() -> None:
        run = before_the_crash.enter(wish, terms)
        (known,) = orders.waiting(team.where, 10)
        remediating.began(team.where, known, run, ADDRESS, team.time)
        before_the_crash.host.wake(run)
        while not before_the_crash.host.held:  # noqa: ASYNC110  (it has no event for that)
            await asyncio.sleep(0.02)
        await before_the_crash.close()

    asyncio.run(until_it_waits())
    carry_out(team)

    asked = [e for e in team.timeline() if isinstance(e, events.RunWaits)]
    assert [(each.purpose, each.asks) for each in asked] == [("remediation", "approve")]
    team.got.clear()


HOSTILE = [
    "$(touch hurt)",
    "`touch hurt`; touch hurt",
    "a'\"; touch hurt; #",
    "line one\ntouch hurt",
    "a\x00b",
    "x" * 100_000,
    "-n --help",
    "\u202e\ud83d\ude00",
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_stands_in_a_label_is_a_word_or_told(team: harness.Watch, value: str) -> None:
    team.given = dataclasses.replace(team.given, target="")
    team.fire()
    team.advance()
    inputs = {"how-many": value.encode("utf-16", "surrogatepass").decode("utf-16")}
    remediate(team, purpose=orders.Purpose.DIAGNOSIS, address="queue.md#ask", inputs=inputs)
    carry_out(team)

    assert not Path("hurt").exists()
    assert ended(team) or notes(team)
    team.got.clear()


def test_of_two_incidents_only_one_is_remediated_at_once(team: harness.Watch) -> None:
    """At most one an hour holds also where both were allowed at the same moment."""
    team.given = dataclasses.replace(
        team.given, target="", rules=dataclasses.replace(team.given.rules, group_by=("n",))
    )
    team.fire(n="1")
    team.fire(n="2")
    team.advance()
    rows = team.where.rows("select id from incidents order by id")
    team.given = dataclasses.replace(team.given, remediations=(RULE,))
    for (name,) in rows:
        order = orders.Order(
            f"{name}/remediation/1", name, orders.Purpose.REMEDIATION, ADDRESS, "lab", {}, team.time
        )
        team.where.write(orders.ordering(order))
    carry_out(team)

    started = team.where.rows("select count(*) from run_orders where run_id <> ''")
    assert started == [(1,)]
    team.got.clear()


def test_a_restart_is_tried_for_as_long_as_it_takes() -> None:
    assert apart.pause(100_000) == 60.0
    assert hosts.pause(100_000) == 60.0


def test_what_the_watch_names_as_a_secret_is_none_of_a_steps_business(
    team: harness.Watch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A variable of midwatch.toml is a secret, whatever it is called: no record holds its value."""
    toml = (
        "[targets.lab]\n"
        '[serve]\nheartbeat_url = "${WATCHED_FROM}"\n'
        '[channels.apprise]\nurls = { ana = "${ANA_PAGES}" }\n'
    )
    Path("midwatch.toml").write_text(toml, encoding="utf-8")
    monkeypatch.setenv("ANA_PAGES", "tgram://the-bot-of-ana/42")
    monkeypatch.setenv("WATCHED_FROM", "https://ping.example.org/who-calls-home")
    team.fire()
    team.advance()
    carry_out(team)

    assert ended(team) == [("diagnosis", "succeeded")], notes(team)
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"the-bot-of-ana" not in everything
    assert b"who-calls-home" not in everything
    team.got.clear()


def test_a_run_that_nobody_can_carry_on_is_told_and_left(
    team: harness.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its secrets are gone, or midwatch.toml says something that nobody understands."""

    def stuck(self: hosting.Carrier, run_id: str) -> None:  # noqa: ARG001  (the carrier's)
        raise errors.WaitingError("The secret input password is not known.")

    monkeypatch.setattr(hosting.Carrier, "carry", stuck)
    team.fire()
    team.advance()
    carry_out(team)

    assert ended(team) == [("diagnosis", "stuck")]
    again = hosting.Hosting(hosting.Quiet())
    (run,) = again.records.runs(9)
    assert hosted.Book(again.records.database, hosting.HOST).terms(run.run_id) is None
    asyncio.run(again.close())
    team.got.clear()
