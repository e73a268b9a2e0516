"""Runs over HTTP: whoever may looks and answers, and what two people must say two people say."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterator, Mapping
from concurrent import futures
from pathlib import Path
from typing import Any

import pytest
from tests.watch import harness, server

from midwatch.access import model as access
from midwatch.app import (
    actors,
    answering,
    approving,
    running,
    second_person,
    watched_runs,
    watching,
)
from midwatch.base import errors
from midwatch.engine import local_world
from midwatch.runs import answers, events, model, questions

SECRET = "hunter2-hunter2"  # noqa: S105  (there is nothing behind it)
TOML = """\
[targets.lab]
environment = { API_TOKEN = "hunter2-hunter2" }

[serve]
listen = "127.0.0.1:0"

[people.ana]
webhook = "http://127.0.0.1:9/ana"

[people.bo]
webhook = "http://127.0.0.1:9/bo"

[channels.webhook]
secret = "${HOOK}"

[tokens.ana]
role = "approver"
token = "${ANA}"

[tokens.bo]
role = "approver"
token = "${BO}"

[tokens.cleo]
role = "responder"
token = "${CLEO}"

[tokens.eve]
role = "viewer"
token = "${EVE}"

[tokens.root]
role = "admin"
token = "${ROOT}"

[[policy]]
decision = "ask"
effect = "change"
procedure = "two"
approvals = 2
"""
RUNBOOK = """# Work

## One

### Resolution

```bash
echo looking hunter2-hunter2
```

```bash
touch mended-hunter2-hunter2
```

## Two

### Resolution

```bash
touch mended-by-two
```

## Hand

### Resolution

1. Call the vendor and wait for their word.
"""
NAMES = ("ana", "bo", "cleo", "eve", "root")
TOKENS = {name: f"{name}-0123456789abcdef" for name in NAMES}
SECRETS = {
    **{name.upper(): token for name, token in TOKENS.items()},
    "HOOK": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
}


class Nothing:
    """Shows nothing."""

    def happened(self, recorded: events.Recorded) -> None:
        """Nothing."""

    def printed(self, data: bytes) -> None:
        """Nothing."""

    def noticed(self, sentence: str) -> None:
        """Nothing."""


def begin(procedure: str, by: str) -> str:
    """A run of somebody's that nobody attends, as `midwatch run` leaves it; its id."""
    wish = running.Wish(f"ops.md#{procedure}", "lab", asked_by=by)
    interruption = local_world.Interruption()
    faces = running.Faces(local_world.Nobody(), Nothing(), interruption, lambda *_: None)
    begun = running.begin(running.prepare(wish), {}, faces)
    begun.run.carry_out()
    os.close(begun.owner)
    return begun.run_id


def resume(run: str) -> model.Outcome:
    """Somebody takes it up, and nobody attends."""
    interruption = local_world.Interruption()
    faces = running.Faces(local_world.Nobody(), Nothing(), interruption, lambda *_: None)
    begun = running.resume(running.Again(run, actor="midwatch"), faces)
    outcome = begun.run.carry_out()
    os.close(begun.owner)
    return outcome


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a runbook and a policy, and a state of its own."""
    (tmp_path / "ops.md").write_text(RUNBOOK, encoding="utf-8")
    (tmp_path / "midwatch.toml").write_text(TOML, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MIDWATCH_STATE", str(tmp_path / "state"))
    return tmp_path


@pytest.fixture
def watch(desk: Path) -> Iterator[harness.Watch]:
    made = harness.Watch(desk)
    yield made
    made.where.close()


def asking(
    watch: harness.Watch, name: str, role: str = "approver", *, proven: bool = True
) -> watching.Asking:
    actor = access.Actor(name, access.Role(role), proven=proven)
    return watching.Asking(watch.where, watch.given, actor, watch.time)


def say(asked: watching.Asking, run: str, answer: str = "yes") -> watched_runs.Shown:
    """Answer what the run asks now."""
    return watched_runs.answer(asked, run, watched_runs.Said(answer, answering.asked(run).bound))


def test_nobody_approves_their_own_run_over_http(watch: harness.Watch) -> None:
    run = begin("one", "ana")

    for name in ("ana", "Ana", " ANA "):
        with pytest.raises(second_person.OwnRunError, match="asked for this run"):
            say(asking(watch, name), run)

    assert resume(run) is model.Outcome.WAITING
    say(asking(watch, "bo"), run)
    assert resume(run) is model.Outcome.SUCCEEDED


def test_of_two_yeses_one_is_somebody_elses_than_whoever_asked(watch: harness.Watch) -> None:
    run = begin("two", "ana")
    with pytest.raises(second_person.OwnRunError, match="ana asked for this run"):
        say(asking(watch, "ana"), run)

    say(asking(watch, "bo"), run)

    assert resume(run) is model.Outcome.SUCCEEDED
    assert Path("mended-by-two").exists()


def test_whoever_said_yes_with_a_token_is_no_second_person_at_a_terminal(
    watch: harness.Watch,
) -> None:
    run = begin("two", "")
    say(asking(watch, "bo"), run)
    assert resume(run) is model.Outcome.WAITING

    for name in ("bo", "Bo"):
        with pytest.raises(second_person.SaidError):
            approving.pending(run, 1, actors.Actor(name, "bo"))
    with pytest.raises(second_person.OwnRunError, match=r"bo\.smith may be one of the others"):
        approving.pending(run, 1, actors.Actor("bo.smith", "bo.smith"))

    approving.approve(approving.pending(run, 1, actors.Actor("ana", "asouza")))
    assert resume(run) is model.Outcome.SUCCEEDED


def test_a_yes_that_is_on_its_way_counts_as_one_that_has_arrived(watch: harness.Watch) -> None:
    run = begin("two", "")
    say(asking(watch, "bo"), run)  # nobody has taken it over

    with pytest.raises(second_person.SaidError):
        approving.pending(run, 1, actors.Actor("Bo", "bo"))
    with pytest.raises(second_person.OwnRunError, match=r"bo\.smith may be one of the others"):
        approving.pending(run, 1, actors.Actor("bo.smith", "bo.smith"))


def test_an_account_of_another_name_may_be_the_token_holder(watch: harness.Watch) -> None:
    run = begin("two", "asouza")

    with pytest.raises(second_person.OwnRunError, match="asouza may be one of the others"):
        say(asking(watch, "ana"), run)


def test_a_second_token_of_one_person_is_no_second_person(watch: harness.Watch) -> None:
    run = begin("two", "")
    say(asking(watch, "bo"), run)

    with pytest.raises(second_person.OwnRunError, match="bo-phone may be one of the others"):
        say(asking(watch, "bo-phone"), run)


def test_one_person_who_says_yes_twice_is_one_person(watch: harness.Watch) -> None:
    run = begin("two", "")
    say(asking(watch, "bo"), run)

    with pytest.raises(errors.ConflictError, match="bo has answered “yes” to this already"):
        say(asking(watch, "BO"), run)
    say(asking(watch, "ana"), run)

    assert resume(run) is model.Outcome.SUCCEEDED


def test_an_answer_to_another_question_is_refused(watch: harness.Watch) -> None:
    run, other = begin("one", ""), begin("two", "")
    bound = answering.asked(other).bound

    for wrong in (bound, bound[:12], "0" * 64):
        with pytest.raises(errors.ConflictError, match="not what you were shown any more"):
            watched_runs.answer(asking(watch, "bo"), run, watched_runs.Said("yes", wrong))

    assert resume(run) is model.Outcome.WAITING


def test_an_answer_is_used_once(watch: harness.Watch) -> None:
    run = begin("one", "")
    bound = answering.asked(run).bound
    found = say(asking(watch, "bo"), run)
    assert [(each.actor, each.said) for each in found.given] == [("bo", "yes")]

    for name in ("bo", "ana"):
        with pytest.raises(errors.ConflictError, match="on its way"):
            say(asking(watch, name), run)
    assert resume(run) is model.Outcome.SUCCEEDED
    with pytest.raises(errors.ConflictError, match="asks nothing"):
        watched_runs.answer(asking(watch, "bo"), run, watched_runs.Said("yes", bound))


def test_without_tokens_nobody_says_yes_over_http(watch: harness.Watch) -> None:
    run, hand = begin("one", ""), begin("hand", "")

    with pytest.raises(errors.DeniedError, match="Without tokens"):
        say(asking(watch, "bo", "admin", proven=False), run)
    say(asking(watch, "bo", "admin", proven=False), hand, "done")

    assert resume(hand) is model.Outcome.SUCCEEDED


def test_to_try_a_change_again_takes_an_approver(
    watch: harness.Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever says "again" of a change says yes to it."""
    run = begin("one", "ana")
    question = dataclasses.replace(
        answering.asked(run), kind="failure", choices=("retry", "skip", "abort")
    )
    monkeypatch.setattr(answering, "asked", lambda *_: question)

    with pytest.raises(errors.DeniedError, match="takes the role “approver”"):
        say(asking(watch, "cleo", "responder"), run, "retry")
    with pytest.raises(second_person.OwnRunError):
        say(asking(watch, "ana"), run, "retry")
    assert say(asking(watch, "cleo", "responder"), run, "abort").given


def test_a_page_ends_where_the_next_one_begins(watch: harness.Watch) -> None:
    every = [begin("hand", "") for _ in range(3)]
    asked = asking(watch, "eve", "viewer")
    first = watched_runs.listed(asked, waiting=True, limit=2, after="")
    second = watched_runs.listed(asked, waiting=True, limit=2, after=first.following)

    found = [each.run.run_id for each in (*first.rows, *second.rows)]
    assert (sorted(found), second.following) == (sorted(every), "")
    assert watched_runs.listed(asked, waiting=False, limit=2, after="").rows == ()


def test_what_takes_a_terminal_is_told(watch: harness.Watch) -> None:
    waiting = events.Waiting(0, "line 1, step: a shell is open")
    assert answers.command("1122-0314-k7qm", waiting) == "midwatch resume 1122-0314-k7qm"
    del watch


@pytest.fixture
def served(desk: Path) -> Iterator[server.Server]:
    yield from server.serving(desk, TOML, **SECRETS)


def answer(
    watch: server.Server, run: str, name: str, said: str = "yes", bound: str = ""
) -> tuple[int, Mapping[str, Any]]:
    """What the server says to an answer."""
    bound = bound or watch.get(f"/api/v1/runs/{run}", TOKENS["eve"])["waits"]["bound"]
    body = {"answer": said, "bound": bound, "note": "seen it"}
    got = watch.post(f"/api/v1/runs/{run}/answer", body, TOKENS[name])
    return got.status_code, got.json()


def test_people_answer_runs_over_http(served: server.Server) -> None:
    mine, hand = begin("one", "ana"), begin("hand", "ana")
    listed = served.get("/api/v1/runs?waiting=true", TOKENS["eve"])["runs"]
    assert {each["id"]: each["waits"]["asks"] for each in listed} == {mine: "approve", hand: "tick"}
    shown = served.get(f"/api/v1/runs/{mine}", TOKENS["eve"])
    assert (shown["state"], shown["outcome"], shown["requested_by"]) == ("waiting", None, "ana")
    assert (shown["incident"], shown["carried_out"], shown["answered"]) == (None, False, [])
    waits = shown["waits"]
    assert (waits["step"], waits["answers"]) == (2, ["yes", "skip"])
    assert waits["needs"] == {"yes": "approver", "skip": "approver"}
    assert waits["command"] == f"midwatch approve {mine} --step 2 --hash {waits['bound'][:12]}"
    steps = [(each["effect"], each["status"]) for each in shown["steps"]]
    assert steps == [("read", "done"), ("change", "pending")]

    viewer = answer(served, mine, "eve")
    responder = answer(served, mine, "cleo")
    own = answer(served, mine, "ana")
    other = answer(served, mine, "bo", bound="f" * 64)
    nonsense = answer(served, mine, "bo", "perhaps")
    wrong = [viewer, responder, own, other, nonsense]
    assert [status for status, _ in wrong] == [403, 403, 403, 409, 400]
    assert own[1]["detail"] == "ana asked for this run: the yes must be somebody else's."
    assert all(set(told) <= {"title", "status", "detail", "hint"} for _, told in wrong)

    status, told = answer(served, mine, "bo")
    assert (status, [each["by"] for each in told["answered"]]) == (202, ["bo"])
    assert answer(served, mine, "root")[0] == 409
    assert answer(served, hand, "cleo", "done")[0] == 202
    assert (resume(mine), resume(hand)) == (model.Outcome.SUCCEEDED, model.Outcome.SUCCEEDED)
    assert answer(served, mine, "bo", bound=waits["bound"])[0] == 409
    over = served.get(f"/api/v1/runs/{mine}", TOKENS["eve"])
    assert (over["state"], over["outcome"], over["waits"]) == ("over", "succeeded", None)
    missing = served.post("/api/v1/runs/none/answer", {"answer": "x", "bound": "y"}, TOKENS["bo"])
    assert (missing.status_code, missing.json()["detail"]) == (404, "There is no run none.")

    calls = served.get("/api/v1/audit", TOKENS["root"])["calls"]
    audited = [(e["actor"], e["outcome"]) for e in calls if e["action"] == "answer-run"]
    assert ("ana", "403") in audited
    assert ("bo", "202") in audited


def test_a_secret_is_masked_in_every_answer(served: server.Server) -> None:
    run = begin("one", "ana")
    path = f"/api/v1/runs/{run}"
    told = [served.get(each, TOKENS["bo"]) for each in ("/api/v1/runs", path)]
    told.append(answer(served, run, "bo")[1])

    assert SECRET not in json.dumps(told)
    assert told[1]["waits"]["text"].startswith("touch mended-******")
    assert told[1]["steps"][0]["shown"] == "looking ******"
    assert told[2]["waits"]["bound"] == answering.asked(run).bound


class Attending:
    """Somebody at a terminal, who says yes to everything."""

    def answer(self, question: questions.Question) -> questions.Said:
        assert isinstance(question, questions.Approve)
        return events.Approved(question.step.index, question.step.digest, "at the terminal")

    def hurried(self) -> bool:
        return False


def test_a_second_person_says_yes_over_http_to_a_run_at_a_terminal(watch: harness.Watch) -> None:
    wish = running.Wish("ops.md#two", "lab", asked_by="ana", attended=True)
    names: list[str] = []
    faces = running.Faces(
        Attending(), Nothing(), local_world.Interruption(), lambda run, _: names.append(run)
    )
    begun = running.begin(running.prepare(wish), {}, faces)
    bo = asking(watch, "bo")

    with futures.ThreadPoolExecutor(1) as pool:
        carried = pool.submit(begun.run.carry_out)

        def waits() -> watched_runs.Row | None:
            return next(iter(watched_runs.listed(bo, waiting=True, limit=9, after="").rows), None)

        row = server.until(waits, "the question")
        assert row.waits is not None
        assert "So far: ana." in row.waits.event.question  # type: ignore[union-attr]
        with pytest.raises(second_person.OwnRunError):
            say(asking(watch, "ana"), names[0])
        say(bo, names[0])
        assert carried.result(timeout=20) is model.Outcome.SUCCEEDED
    os.close(begun.owner)
    assert watched_runs.listed(bo, waiting=True, limit=9, after="").rows == ()
