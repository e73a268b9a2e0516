"""The host: what waits costs nothing, no answer is lost, and what the world did is tried again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable

import pytest

from midwatch.base import errors
from midwatch.engine import hosting, local
from midwatch.runs import hosted, model

OVER, WAITING = model.Outcome.SUCCEEDED, model.Outcome.WAITING
Script = list[model.Outcome | BaseException | None]


class Carrier:
    """Each turn of a run ends as its script says; a gate holds the turn open."""

    def __init__(self, **scripts: Script) -> None:
        self.scripts = scripts
        self.turns: list[str] = []
        self.most = 0
        self.open = threading.Event()
        self.open.set()
        self.began = threading.Semaphore(0)
        self.left = False
        self.book = Book()
        self._now = 0
        self._lock = threading.Lock()

    def carry(self, run_id: str) -> model.Outcome | None:
        with self._lock:
            self.turns.append(run_id)
            self._now += 1
            self.most = max(self.most, self._now)
        self.began.release()
        assert self.open.wait(10)
        with self._lock:
            self._now -= 1
            said = self.scripts[run_id].pop(0)
        if isinstance(said, BaseException):
            raise said
        if said is OVER:
            self.book.ended[run_id] = said
        return said

    def leave(self) -> None:
        self.left = True
        self.open.set()


class Book:
    """What a database would say."""

    def __init__(self, *unfinished: hosted.Found) -> None:
        self.found = list(unfinished)
        self.answers: list[tuple[str, int]] = []
        self.ended: dict[str, model.Outcome] = {}
        self.released: list[str] = []
        self.queries = 0

    def unfinished(self) -> list[hosted.Found]:
        return self.found

    def last_answer(self) -> int:
        return max((number for _, number in self.answers), default=0)

    def answered(self, since: int) -> list[tuple[str, int]]:
        self.queries += 1
        return [each for each in self.answers if each[1] > since]

    def over(self, run_ids: Iterable[str]) -> list[tuple[str, model.Outcome]]:
        return [(run_id, self.ended[run_id]) for run_id in run_ids if run_id in self.ended]

    def release(self, run_id: str) -> None:
        self.released.append(run_id)


class Heard:
    """What the host told."""

    def __init__(self) -> None:
        self.stood_: list[tuple[str, model.Outcome]] = []
        self.stuck_: list[tuple[str, str]] = []

    def stood(self, run_id: str, outcome: model.Outcome) -> None:
        self.stood_.append((run_id, outcome))

    def stuck(self, run_id: str, error: errors.MidwatchError) -> None:
        self.stuck_.append((run_id, error.message))


Act = Callable[[hosting.Host], Awaitable[None]]


def hosts(carrier: Carrier, act: Act, book: Book | None = None, *, threads: int = 4) -> Heard:
    """Do something with a host, then close it."""
    heard = Heard()
    carrier.book = book or Book()

    async def whole() -> None:
        host = hosting.Host(carrier, carrier.book, heard, threads=threads)
        await act(host)
        await host.close()

    asyncio.run(whole())
    return heard


async def until(so: Callable[[], bool]) -> None:
    for _ in range(1000):
        if so():
            return
        await asyncio.sleep(0.005)
    raise AssertionError


async def began(carrier: Carrier) -> None:
    assert await asyncio.to_thread(carrier.began.acquire, timeout=10)


def test_a_run_is_finished_when_it_is_over_and_not_when_it_waits() -> None:
    carrier, book = Carrier(a=[WAITING, OVER]), Book()

    async def act(host: hosting.Host) -> None:
        host.wake("a")
        waiter = asyncio.create_task(host.finished("a"))
        await until(lambda: host.held == 1)
        assert not waiter.done()
        host.wake("a")
        assert await waiter is OVER
        assert (host.held, host.busy) == (0, 0)

    heard = hosts(carrier, act, book)

    assert heard.stood_ == [("a", WAITING), ("a", OVER)]
    assert book.released == ["a"]


def test_a_run_that_is_woken_for_nothing_is_told_of_once() -> None:
    carrier = Carrier(a=[WAITING, None, OVER])

    async def act(host: hosting.Host) -> None:
        for turn in range(3):
            host.wake("a")
            await until(lambda turn=turn: len(carrier.turns) > turn and not host.busy)  # type: ignore[misc]

    assert hosts(carrier, act).stood_ == [("a", WAITING), ("a", OVER)]


def test_no_more_runs_are_carried_out_at_once_than_there_are_threads() -> None:
    names = [f"run-{number}" for number in range(20)]
    scripts: dict[str, Script] = {name: [OVER] for name in names}
    carrier = Carrier(**scripts)

    async def act(host: hosting.Host) -> None:
        for name in names:
            host.wake(name)
        await asyncio.gather(*(host.finished(name) for name in names))

    hosts(carrier, act, threads=3)

    assert sorted(carrier.turns) == sorted(names)
    assert carrier.most <= 3


def test_what_waits_holds_no_thread() -> None:
    carrier = Carrier(a=[WAITING], b=[WAITING], c=[OVER])

    async def act(host: hosting.Host) -> None:
        for name in "abc":
            host.wake(name)
        assert await host.finished("c") is OVER
        assert host.held == 2

    hosts(carrier, act, threads=1)


def test_an_answer_in_the_database_wakes_the_run_it_is_for_and_no_other() -> None:
    carrier, book = Carrier(a=[WAITING, OVER], b=[WAITING]), Book()

    async def act(host: hosting.Host) -> None:
        host.wake("a")
        host.wake("b")
        await until(lambda: host.held == 2)
        book.answers += [("a", 1), ("somebody else's", 2)]
        await host.tick(look=False)
        assert await host.finished("a") is OVER
        await host.tick(look=False)

    hosts(carrier, act, book)

    assert sorted(carrier.turns) == ["a", "a", "b"]
    assert book.queries == 2


def test_an_answer_that_comes_while_the_run_is_about_to_wait_is_not_lost() -> None:
    carrier, book = Carrier(a=[WAITING, OVER]), Book()
    carrier.open.clear()

    async def act(host: hosting.Host) -> None:
        host.wake("a")
        await began(carrier)
        book.answers.append(("a", 1))
        await host.tick(look=False)
        carrier.open.set()
        assert await host.finished("a") is OVER

    hosts(carrier, act, book)


def test_what_somebody_else_ended_is_over_here_too() -> None:
    carrier, book = Carrier(a=[WAITING]), Book()

    async def act(host: hosting.Host) -> None:
        host.wake("a")
        await until(lambda: host.held == 1)
        waiter = asyncio.create_task(host.finished("a"))
        await asyncio.sleep(0)
        book.ended["a"] = model.Outcome.STOPPED
        await host.tick(look=True)
        assert await waiter is model.Outcome.STOPPED
        assert host.held == 0
        assert await host.finished("a") is model.Outcome.STOPPED

    hosts(carrier, act, book)


def test_a_restart_goes_on_with_what_was_running_and_holds_what_waits() -> None:
    carrier = Carrier(cut=[OVER], answered=[OVER], waits=[])
    book = Book(
        hosted.Found("cut", model.Outcome.RUNNING, answered=False),
        hosted.Found("answered", WAITING, answered=True),
        hosted.Found("waits", WAITING, answered=False),
    )

    async def act(host: hosting.Host) -> None:
        assert await host.attach() == 3
        await host.finished("cut")
        await host.finished("answered")
        assert host.held == 1

    hosts(carrier, act, book)

    assert sorted(carrier.turns) == ["answered", "cut"]


def test_what_the_world_did_is_told_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosting, "FIRST_PAUSE", 0.01)
    carrier = Carrier(a=[errors.WorldError("The disk is full."), OVER])

    async def act(host: hosting.Host) -> None:
        host.wake("a")
        assert await host.finished("a") is OVER

    assert hosts(carrier, act).stuck_ == [("a", "The disk is full.")]


def test_a_run_that_somebody_carries_out_elsewhere_is_tried_again_without_a_word(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hosting, "FIRST_PAUSE", 0.01)
    carrier = Carrier(a=[local.OwnedError("Run a is being carried out."), OVER])

    async def act(host: hosting.Host) -> None:
        host.wake("a")
        assert await host.finished("a") is OVER

    assert hosts(carrier, act).stuck_ == []


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (errors.WaitingError("TOKEN is not known."), "TOKEN is not known."),
        (KeyError("x"), "This is a bug in Midwatch (KeyError: 'x')."),
    ],
)
def test_what_only_a_person_can_mend_is_told_and_the_others_go_on(
    error: BaseException, told: str
) -> None:
    carrier = Carrier(a=[error], b=[OVER])

    async def act(host: hosting.Host) -> None:
        host.wake("a")
        await until(lambda: host.held == 1)
        host.wake("b")
        assert await host.finished("b") is OVER
        assert host.held == 1

    assert hosts(carrier, act).stuck_ == [("a", told)]


def test_closing_asks_what_runs_to_be_left_and_begins_nothing_more() -> None:
    carrier = Carrier(a=[model.Outcome.INTERRUPTED])
    carrier.open.clear()

    async def act(host: hosting.Host) -> None:
        host.wake("a")
        await began(carrier)
        await host.close()
        host.wake("b")

    heard = hosts(carrier, act)

    assert carrier.left
    assert carrier.turns == ["a"]
    assert heard.stood_ == []
