"""Many runs in one process: what is answered from elsewhere goes on, and a crash loses nothing."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import json
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from midwatch.app import actors, answering, hosting, running
from midwatch.base import errors
from midwatch.guards import model as guards
from midwatch.runs import answer_book, answers, events, hosted, model

Desk = Any
BEN = actors.Actor("ben", "slack U123")
TERMS = hosted.Terms(actor="midwatch")
MAY_CHANGE = hosted.Terms(actor="midwatch", may=guards.May.CHANGE)

UNTIL_GO = "for i in {1..900}; do test -e go && break; sleep 0.03; done"


class Told(hosting.Quiet):
    """What the host tells, and the moments of it."""

    def __init__(self) -> None:
        self.stuck_: asyncio.Queue[str] = asyncio.Queue()
        self.attached = threading.Event()
        self.events: list[events.Event] = []
        self.waiting: asyncio.Queue[str] = asyncio.Queue()

    def happened(self, run_id: str, recorded: events.Recorded) -> None:
        del run_id
        self.events.append(recorded.event)
        if isinstance(recorded.event, events.StepAttached):
            self.attached.set()

    def stood(self, run_id: str, outcome: model.Outcome) -> None:
        if outcome in {model.Outcome.WAITING, model.Outcome.IN_DOUBT}:
            self.waiting.put_nowait(run_id)

    def stuck(self, run_id: str, error: errors.MidwatchError) -> None:
        self.stuck_.put_nowait(f"{run_id}: {error.message}")


Act = Callable[[hosting.Hosting, Told], Awaitable[None]]


@pytest.fixture
def state(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MIDWATCH_STATE", desk.environment["MIDWATCH_STATE"])
    monkeypatch.chdir(desk.folder)
    return Path(desk.environment["MIDWATCH_STATE"])


def host(act: Act) -> Told:
    """Do something with a host that serves."""
    told = Told()

    async def whole() -> None:
        runs = hosting.Hosting(told, threads=4)
        await runs.host.attach()
        serving = asyncio.create_task(runs.host.serve())
        async with asyncio.timeout(60):
            await act(runs, told)
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        await runs.close()

    asyncio.run(whole())
    return told


def wish(name: str = "mend-it", **more: Any) -> running.Wish:  # noqa: ANN401
    return running.Wish(f"RUNBOOK.md#{name}", asked_by="", **more)


async def say(told: Told, answer: str, note: str = "") -> answering.Asked:
    """Answer the next run that waits, as somebody in a channel does."""
    run_id = await told.waiting.get()
    question = answering.asked(run_id)
    answering.answer(question, answer, note, BEN)
    return question


@pytest.mark.usefixtures("state")
def test_many_runs_are_carried_out_to_their_end(desk: Desk) -> None:
    desk.steps("echo one >>log", "echo two >>log", "echo three >>log")

    async def act(runs: hosting.Hosting, _: Told) -> None:
        names = [await runs.start(wish(), MAY_CHANGE) for _ in range(12)]
        outcomes = await asyncio.gather(*(runs.host.finished(name) for name in names))
        assert set(outcomes) == {model.Outcome.SUCCEEDED}

    told = host(act)

    assert told.stuck_.empty()
    assert len((desk.folder / "log").read_text().split()) == 36


@pytest.mark.usefixtures("state")
def test_a_yes_from_elsewhere_lets_it_go_on_and_counts_once(desk: Desk) -> None:
    desk.steps("touch first", "touch second")

    async def act(runs: hosting.Hosting, told: Told) -> None:
        run_id = await runs.start(wish(), TERMS)
        question = await say(told, "yes")
        assert (question.kind, question.choices) == ("approve", ("yes", "skip"))
        await told.waiting.get()
        assert (desk.folder / "first").exists()
        assert not (desk.folder / "second").exists()
        assert answering.asked(run_id).bound != question.bound
        answering.answer(answering.asked(run_id), "yes", "", BEN)
        assert await runs.host.finished(run_id) is model.Outcome.SUCCEEDED

    told = host(act)

    yes = [event for event in told.events if isinstance(event, events.Approved)]
    assert [(event.by, event.how) for event in yes] == [
        ("ben", "from the account slack U123"),
        ("ben", "from the account slack U123"),
    ]
    assert (desk.folder / "second").exists()


@pytest.mark.usefixtures("state")
def test_what_midwatch_starts_by_itself_is_no_persons_yes(desk: Desk) -> None:
    desk.write('[[policy]]\ndecision = "ask"\neffect = "change"\napprovals = 2\n', "midwatch.toml")
    desk.steps("touch changed")

    async def act(runs: hosting.Hosting, told: Told) -> None:
        run_id = await runs.start(wish(), TERMS)
        await say(told, "yes")
        await told.waiting.get()
        assert not (desk.folder / "changed").exists()
        ana = actors.Actor("ana", "ana")
        answering.answer(answering.asked(run_id), "yes", "", ana)
        assert await runs.host.finished(run_id) is model.Outcome.SUCCEEDED

    host(act)

    assert (desk.folder / "changed").exists()


EVERYTHING = """\
# Work

## Mend it

**Resolution:**

1. If the queue is still stuck, clear it:

   ```bash
   touch unstuck
   ```

2. Restart:

   ```bash
   # Restart via Git
   touch by-git

   # Or restart by hand:
   touch by-hand
   ```

3. Look:

   ```bash
   cat later
   ```
"""


@pytest.mark.usefixtures("state")
def test_every_question_is_answered_from_elsewhere(desk: Desk) -> None:
    desk.write(EVERYTHING)
    answers = {"condition": "no", "choose": "", "failure": "skip"}
    asked: list[str] = []

    async def act(runs: hosting.Hosting, told: Told) -> None:
        run_id = await runs.start(wish(), MAY_CHANGE)
        finished = asyncio.create_task(runs.host.finished(run_id))
        while not finished.done():
            waits = asyncio.create_task(told.waiting.get())
            await asyncio.wait({waits, finished}, return_when=asyncio.FIRST_COMPLETED)
            if not waits.done():
                waits.cancel()
                break
            question = answering.asked(run_id)
            asked.append(question.kind)
            said = answers[question.kind] or question.choices[-1]
            answering.answer(question, said, "so it is", BEN)
        assert await finished is model.Outcome.SUCCEEDED

    host(act)

    assert asked == ["condition", "choose", "failure"]
    assert not (desk.folder / "unstuck").exists()
    assert not (desk.folder / "by-git").exists()
    assert (desk.folder / "by-hand").exists()


@pytest.mark.usefixtures("state")
def test_an_input_that_was_left_out_is_given_later(desk: Desk) -> None:
    desk.steps("echo first >>log", "cat pod-<pod-name>", "echo last >>log")
    (desk.folder / "pod-worker-1").write_text("found it\n")

    async def act(runs: hosting.Hosting, told: Told) -> None:
        run_id = await runs.start(wish(), MAY_CHANGE)
        await told.waiting.get()
        question = answering.asked(run_id)
        assert (question.kind, question.step.index) == ("tick", 1)
        with pytest.raises(errors.UserError, match="further than run"):
            await runs.give(run_id, {"pod-name": "worker-1"}, 3, "ben")
        await runs.give(run_id, {"pod-name": "worker-1"}, 2, "ben")
        assert await runs.host.finished(run_id) is model.Outcome.SUCCEEDED

    told = host(act)

    again = [event for event in told.events if isinstance(event, events.Replanned)]
    assert [(event.by, event.step) for event in again] == [("ben", 1)]
    printed = [event.tail for event in told.events if isinstance(event, events.StepFinished)]
    assert "found it\n" in printed
    assert (desk.folder / "log").read_text() == "first\nlast\n"


@pytest.mark.usefixtures("state")
def test_an_answer_to_another_question_or_of_another_day_is_none(desk: Desk) -> None:
    desk.steps("touch changed")

    async def act(runs: hosting.Hosting, told: Told) -> None:
        run_id = await runs.start(wish(), TERMS)
        await told.waiting.get()
        question = answering.asked(run_id)
        with pytest.raises(errors.UserError, match="is no answer to this"):
            answering.answer(question, "perhaps", "", BEN)
        where = runs.records.database
        old = "2026-01-01T00:00:00+00:00"
        for at, bound in ((old, question.bound), ("2026-11-22T03:14:00+00:00", "another")):
            given = answers.Given(datetime.datetime.fromisoformat(at), "ben", "ben")
            answer_book.give(where, run_id, bound, given)
        await asyncio.sleep(0.6)
        assert runs.host.held == 1
        assert told.waiting.empty()
        assert await runs.stop(run_id) is model.Outcome.STOPPED
        assert await runs.host.finished(run_id) is model.Outcome.STOPPED

    host(act)

    assert not (desk.folder / "changed").exists()


@pytest.mark.usefixtures("state")
def test_a_person_at_a_terminal_takes_a_run_over_and_the_host_hears_the_end(desk: Desk) -> None:
    desk.steps("touch changed")

    async def act(runs: hosting.Hosting, told: Told) -> None:
        run_id = await runs.start(wish(), TERMS)
        await told.waiting.get()
        resume = ("resume", run_id, "--yes", "change")
        assert (await asyncio.to_thread(desk.midwatch, *resume)).code == 0
        assert await runs.host.finished(run_id) is model.Outcome.SUCCEEDED

    assert host(act).stuck_.empty()


@pytest.mark.usefixtures("state")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the step goes on
def test_a_host_that_is_closed_leaves_its_steps_and_the_next_one_follows_them(desk: Desk) -> None:
    desk.steps(f"{{ echo begun >began; {UNTIL_GO}; echo once >>count; }}")
    names: list[str] = []

    async def first(runs: hosting.Hosting, _: Told) -> None:
        names.append(await runs.start(wish(), MAY_CHANGE))
        await asyncio.to_thread(desk.until, "began")

    async def second(runs: hosting.Hosting, told: Told) -> None:
        assert await asyncio.to_thread(told.attached.wait, 30)
        (desk.folder / "go").touch()
        assert await runs.host.finished(names[0]) is model.Outcome.SUCCEEDED

    left = host(first)
    host(second)

    assert left.events[-1] == events.Interrupted("the host was stopped; the step goes on")
    assert (desk.folder / "count").read_text() == "once\n"


def test_a_host_that_is_killed_is_followed_by_the_next_one(desk: Desk, state: Path) -> None:
    desk.steps(f"{{ echo begun >>began; {UNTIL_GO}; echo once >>count; }}")
    program = (
        "import asyncio, sys\n"
        "from midwatch.app import hosting, running\n"
        "from midwatch.guards import model as guards\n"
        "from midwatch.runs import hosted\n"
        "async def main():\n"
        "    runs = hosting.Hosting(hosting.Quiet())\n"
        "    for _ in range(3):\n"
        "        wish = running.Wish('RUNBOOK.md#mend-it', asked_by='')\n"
        "        await runs.start(wish, hosted.Terms('midwatch', may=guards.May.CHANGE))\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    environment = {**desk.environment, "MIDWATCH_STATE": str(state)}
    killed = subprocess.Popen([sys.executable, "-c", program], cwd=desk.folder, env=environment)
    end = time.monotonic() + 30
    while desk.until("began").count("begun") < 3:
        assert time.monotonic() < end
        time.sleep(0.02)
    killed.kill()
    killed.wait()

    async def act(runs: hosting.Hosting, _: Told) -> None:
        unfinished = hosted.Book(runs.records.database, hosting.HOST).unfinished()
        (desk.folder / "go").touch()
        outcomes = await asyncio.gather(*(runs.host.finished(each.run_id) for each in unfinished))
        assert outcomes == [model.Outcome.SUCCEEDED] * 3

    host(act)

    assert (desk.folder / "count").read_text() == "once\n" * 3


@pytest.mark.usefixtures("state")
def test_a_secret_that_is_gone_after_a_restart_is_told_and_nothing_runs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.steps("touch changed")
    monkeypatch.setenv("API_TOKEN", "hunter2-hunter2")

    async def first(runs: hosting.Hosting, told: Told) -> None:
        await runs.start(wish(), TERMS)
        await told.waiting.get()

    host(first)
    monkeypatch.delenv("API_TOKEN")

    async def second(runs: hosting.Hosting, told: Told) -> None:
        (found,) = hosted.Book(runs.records.database, hosting.HOST).unfinished()
        runs.host.wake(found.run_id)
        assert "API_TOKEN" in await told.stuck_.get()

    host(second)

    assert not (desk.folder / "changed").exists()


def test_a_waiting_run_is_answered_at_the_command_line(desk: Desk) -> None:
    desk.write("# Work\n\n## Mend it\n\n**Resolution:**\n\n1. Ask whether the rack has power.\n")
    run_id = desk.run("--json").run_id

    shown = desk.midwatch("answer", run_id, "--json")
    question = json.loads(shown.output)
    wrong = desk.midwatch("answer", run_id, "done", "--hash", "0" * 12)
    said = desk.midwatch("answer", run_id, "done", "--because", "all green", MIDWATCH_ACTOR="ben")
    ended = desk.midwatch("resume", run_id, "--json")
    late = desk.midwatch("answer", run_id, "done")

    assert shown.code == 4
    assert (question["asks"], question["answers"]) == ("tick", ["done", "skip"])
    assert (wrong.code, said.code, ended.code, late.code) == (2, 0, 0, 2)
    done = [event for event in ended.events if event["kind"] == "done-by-person"]
    assert [event["note"].startswith("all green (ben, ") for event in done] == [True]
