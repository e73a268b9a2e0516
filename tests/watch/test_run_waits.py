"""A run of an incident that asks is answered by people, and keeps nobody from being paged."""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.watch import harness

from midwatch.access import model as access
from midwatch.app import (
    actors,
    answering,
    library,
    pausing,
    watch_runs,
    watched_runs,
    watching,
)
from midwatch.db import store
from midwatch.engine.watch import recording, remediating, run_waits
from midwatch.incidents import acts, asking, events, model, orders, remediation
from midwatch.incidents import store as incidents

RUN = "1122-0314-k7qm"
ADDRESS = "queue.md#queuestuck"
RUNBOOK = """# Queue

## QueueStuck

### Resolution

```bash
docker start s3cret-s3cret
```

### Rollback

```bash
docker stop s3cret-s3cret
```
"""
TOML = """\
[targets.lab]
environment = { QUEUE_TOKEN = "s3cret-s3cret" }

[[policy]]
decision = "ask"
effect = "change"
"""
SECONDS = 20.0


def ordered(
    watch: harness.Watch, purpose: orders.Purpose = orders.Purpose.REMEDIATION, run: str = RUN
) -> orders.Order:
    """A run that the incident asked for, and that began where there is an id."""
    incident = watch.incident()
    order = orders.Order(
        f"{incident}/{purpose.value}/1", incident, purpose, ADDRESS, "lab", {}, watch.time
    )
    watch.where.write(orders.ordering(order))
    if run:
        (known,) = [each for each in orders.waiting(watch.where, 10) if each.key == order.key]
        remediating.began(watch.where, known, run, ADDRESS, watch.time)
    return order


def ask(
    watch: harness.Watch,
    question: str = "May this run?",
    asks: str = "approve",
    said: tuple[str, ...] = (),
) -> None:
    """The run asks something."""
    order = orders.of_run(watch.where, RUN)
    assert order is not None
    command = f"midwatch approve {RUN} --step 1 --hash 9f86d081884c"
    event = events.RunWaits(RUN, order.purpose.value, asks, question, "touch healed", command, said)
    run_waits.tell(watch.where, watch.given, order, event, watch.time)


@pytest.fixture
def begun(watch: harness.Watch) -> harness.Watch:
    """An incident whose remediation began; Ana was paged."""
    watch.given = dataclasses.replace(watch.given, public_url="https://watch.example.org")
    watch.fire()
    watch.advance()
    watch.expect("0 ana slack page")
    ordered(watch)
    return watch


def test_whoever_was_told_of_the_incident_hears_what_its_run_asks(begun: harness.Watch) -> None:
    ask(begun)
    ask(begun)  # after a crash nobody knows whether it was told
    begun.turn()

    (body,) = [got.body for got in begun.got]
    begun.expect("0 ana slack update")
    assert body["why"] == f"The remediation {RUN} waits for an answer: May this run?"
    assert body["answer"] == f"midwatch approve {RUN} --step 1 --hash 9f86d081884c"
    assert body["link"] == f"https://watch.example.org/incidents/{begun.incident()}"
    address = f"POST https://watch.example.org/api/v1/runs/{RUN}/answer"
    assert body["lines"] == ["touch healed", f"$ {body['answer']}", address]
    assert sum(isinstance(each, events.RunWaits) for each in begun.timeline()) == 1


def test_a_second_question_is_told_as_the_first_was(begun: harness.Watch) -> None:
    ask(begun)
    ask(begun, "May this run? So far: bo.")
    begun.turn()

    begun.expect("0 ana slack update", "0 ana slack update")


def test_the_second_yes_is_asked_of_somebody_else_than_the_first(begun: harness.Watch) -> None:
    ask(begun)
    ask(begun, "May this run? So far: Ana.", said=("Ana",))
    begun.turn()

    begun.expect("0 ana slack update", "0 bo slack update")


def test_the_escalation_goes_on_while_a_run_waits(begun: harness.Watch) -> None:
    begun.given = dataclasses.replace(
        begun.given,
        default_policy=harness.levels("person:ana", "person:bo", "person:cleo", every=5),
    )
    ask(begun)
    begun.advance(minutes=9)

    begun.expect("0 ana slack update", "5 bo slack page")


def test_what_nobody_answers_makes_the_next_level_due(begun: harness.Watch) -> None:
    ask(begun)
    begun.advance(minutes=14)

    begun.expect("0 ana slack update", "10 bo slack page")
    failed = [each.why for each in begun.timeline() if isinstance(each, events.RemediationFailed)]
    assert failed == ["nobody answered within 10 minutes what it asks"]


@pytest.mark.parametrize("asks", ["failure", "doubt", ""])
def test_what_went_wrong_makes_the_next_level_due_at_once(begun: harness.Watch, asks: str) -> None:
    ask(begun, "It failed.", asks)
    begun.advance(minutes=14)

    assert sorted(f"{got.minute:g} {got.person} {got.kind}" for got in begun.got) == [
        "0 ana update",
        "0 bo page",
    ]
    begun.got.clear()


def test_whoever_acknowledged_it_is_asked_and_nobody_is_paged(begun: harness.Watch) -> None:
    begun.act(acts.Acknowledge(), by="cleo")
    begun.turn()
    begun.got.clear()
    ask(begun)
    begun.advance(minutes=30)

    begun.expect("0 cleo slack update", "0 ana slack update")


def test_a_regular_task_that_nobody_answers_pages(watch: harness.Watch) -> None:
    watch.given = dataclasses.replace(watch.given, severities={"": {"info": model.Urgency.RECORD}})
    watch.fire(severity="info")
    watch.advance()
    watch.expect()
    ordered(watch, orders.Purpose.PERIODIC)
    ask(watch, "Call the vendor.", "tick")
    watch.advance(minutes=14)

    watch.expect("0 ana slack update", "10 ana slack page")


def test_an_answer_in_time_leaves_the_judgement_to_the_alert(begun: harness.Watch) -> None:
    ask(begun)
    begun.advance(minutes=5)
    order = orders.of_run(begun.where, RUN)
    assert order is not None
    assert order.state == asking.STATE
    ending = events.RunEnded(RUN, "remediation", "succeeded", "$ touch healed")
    remediating.ended(begun.where, begun.given, order, ending, begun.time)
    begun.advance(minutes=9)
    begun.expect("0 ana slack update")

    begun.advance(minutes=1)

    begun.expect("15 bo slack page")
    assert incidents.load(begun.where, begun.incident()).asked == ()


def test_a_persons_run_belongs_to_its_incident_too(begun: harness.Watch) -> None:
    started = events.RunStarted("1122-0317-aaaa", "person", ADDRESS, "ana")
    recording.record(begun.where, begun.incident(), lambda _: (started,), begun.time)

    found = [
        asking.incident_of(begun.where, run, begun.time)
        for run in (RUN, "1122-0317-aaaa", "1122-0317-bbbb")
    ]
    assert found == [begun.incident(), begun.incident(), ""]


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[harness.Watch]:
    """A watch with a runbook for its alert, and a policy that asks before each change."""
    folder = tmp_path / "ops"
    folder.mkdir()
    (folder / "queue.md").write_text(RUNBOOK, encoding="utf-8")
    (folder / "midwatch.toml").write_text(TOML, encoding="utf-8")
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
        remediations=(remediation.Rule(ADDRESS, "lab"),),
    )
    made = harness.Watch(tmp_path, given)
    yield made
    made.where.close()


def carry_out(team: harness.Watch, *acting: Callable[[], bool]) -> None:
    """Let runs go on until each of these has come true, in turn."""

    async def until_done() -> None:
        runs = watch_runs.Runs(team.url, Path.cwd(), lambda: team.given)
        serving = asyncio.create_task(runs.serve())
        for act in acting:
            end = asyncio.get_running_loop().time() + SECONDS
            while not act():
                await asyncio.sleep(0.05)
                assert asyncio.get_running_loop().time() < end, team.timeline()
        runs.close()
        await serving

    asyncio.run(until_done())


def asked(team: harness.Watch) -> str:
    """The run that asks; nothing where none does."""
    found = incidents.load(team.where, team.incident()).asked
    return found[0][0] if found else ""


def ended(team: harness.Watch) -> list[str]:
    return [each.outcome for each in team.timeline() if isinstance(each, events.RunEnded)]


def test_a_run_of_an_incident_goes_on_when_it_is_answered_over_http(team: harness.Watch) -> None:
    team.fire()
    team.advance()
    ordered(team, run="")
    actor = access.Actor("bo", access.Role.APPROVER)

    def answer() -> bool:
        asks = watching.Asking(team.where, team.given, actor, team.time)
        shown = watched_runs.show(asks, asked(team))
        assert (shown.incident, shown.is_carried) == (team.incident(), True)
        assert shown.row.waits is not None
        bound = getattr(shown.row.waits.event, "bound", "")
        watched_runs.answer(asks, asked(team), watched_runs.Said("yes", bound))
        return True

    carry_out(team, lambda: bool(asked(team)), answer, lambda: bool(ended(team)))

    assert Path("healed").exists()
    assert ended(team) == ["succeeded"]
    (told,) = [each for each in team.timeline() if isinstance(each, events.RunWaits)]
    assert (told.asks, told.text.strip()) == ("approve", "docker start ******")
    team.turn()
    assert "s3cret-s3cret" not in str([got.body for got in team.got])


def test_nobody_says_yes_to_a_run_whose_incident_is_over(team: harness.Watch) -> None:
    team.fire()
    team.advance()
    ordered(team, run="")

    def resolve() -> bool:
        team.act(acts.Resolve("rolled back", force=True))
        return True

    carry_out(team, lambda: bool(asked(team)), resolve, lambda: bool(ended(team)))

    assert ended(team) == ["stopped"]
    assert not any(isinstance(each, events.RemediationFailed) for each in team.timeline())
    assert not Path("healed").exists()


def test_nobody_says_yes_to_a_remediation_that_was_paused_meanwhile(team: harness.Watch) -> None:
    team.fire()
    team.advance()
    ordered(team, run="")

    def pause() -> bool:
        actor = access.Actor("ana", access.Role.RESPONDER)
        pausing.pause(watching.Asking(team.where, team.given, actor, team.time), "the vendor is on")
        return True

    carry_out(team, lambda: bool(asked(team)), pause, lambda: bool(ended(team)))

    assert ended(team) == ["stopped"]
    assert not Path("healed").exists()


def test_a_regular_task_goes_on_to_its_end_when_its_person_has_done_their_part(
    team: harness.Watch,
) -> None:
    Path("daily.md").write_text(
        "# Daily\n\n## Daily tasks\n\n### Resolution\n\n1. Look at the queue.\n", encoding="utf-8"
    )
    team.fire(severity="info")
    team.advance()
    order = dataclasses.replace(
        ordered(team, orders.Purpose.PERIODIC, run=""), address="daily.md#daily-tasks", key="daily"
    )
    team.where.write(("delete from run_orders", {}), orders.ordering(order))

    def answer() -> bool:
        actor = actors.Actor("cleo", "cleo")
        answering.answer(answering.asked(asked(team)), "done", "looks fine", actor)
        return True

    carry_out(team, lambda: bool(asked(team)), answer, lambda: bool(ended(team)))

    assert ended(team) == ["succeeded"]
    assert incidents.load(team.where, team.incident()).status is model.Status.RESOLVED


def test_what_a_run_asked_before_a_crash_is_told_after_it(team: harness.Watch) -> None:
    team.fire()
    team.advance()
    ordered(team, run="")
    carry_out(team, lambda: bool(asked(team)))
    forgotten = "delete from incident_events where kind = 'run-waits'"
    team.where.write((forgotten, {}), ("update run_orders set state = 'started'", {}))
    team.where.close()
    team.where = store.connect(team.url)
    carry_out(team, lambda: bool(asked(team)))

    assert sum(isinstance(each, events.RunWaits) for each in team.timeline()) == 1
