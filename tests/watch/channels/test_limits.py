"""A channel comes back in time, whatever it is connected to."""

from __future__ import annotations

import datetime
import threading

from tests.watch.channels import samples

from midwatch.incidents import delivery, messages
from midwatch.plugs.channels import channel

PAGE = samples.to("webhook", "https://a.example/in")


class Hanging:
    """A channel that never comes back."""

    def __init__(self) -> None:
        self.over = threading.Event()

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Hang."""
        del message
        self.over.wait(30)
        return delivery.Accepted()

    def check(self) -> channel.Checked:
        """Hang."""
        self.over.wait(30)
        return channel.Checked(fine=True, told="")


def test_a_channel_that_hangs_for_ever_is_not_called_for_ever() -> None:
    hanging = Hanging()
    limited = channel.Limited("it", hanging, samples.CLOCK, seconds=0.01)
    said = [limited.send(PAGE) for _ in range(channel.MOST_HANGING + 1)]
    hanging.over.set()
    assert said[0] == delivery.Later("it said nothing for 0.01 s")
    assert said[-1] == delivery.Later("it hangs: 8 calls never came back")


def test_a_check_that_hangs_says_so() -> None:
    hanging = Hanging()
    checked = channel.Limited("it", hanging, samples.CLOCK, seconds=0.01).check()
    hanging.over.set()
    assert checked == channel.Checked(fine=False, told="said nothing for 0.01 s")


class Slow:
    """A channel that fails after a while, on a clock that is moved by hand."""

    def __init__(self, seconds: float) -> None:
        self.time = 0.0
        self.seconds = seconds
        self.calls: list[str] = []

    def send(self, message: messages.Message) -> delivery.Attempt:
        """Fail, and take the time for it."""
        self.calls.append(message.address)
        self.time += self.seconds
        return delivery.Later("no answer")

    def check(self) -> channel.Checked:
        """Nobody asks."""
        raise NotImplementedError

    def monotonic(self) -> float:
        """Seconds since the test began."""
        return self.time

    def now(self) -> datetime.datetime:
        """The moment of all samples."""
        return samples.AT

    def sleep(self, seconds: float) -> None:
        """Nobody sleeps."""
        raise AssertionError(seconds)


def test_what_waits_behind_a_slow_failure_is_told_at_once() -> None:
    slow = Slow(8.0)
    limited = channel.Limited("webhook", slow, slow, place=lambda address: address)
    limited.send(PAGE)
    assert limited.send(PAGE) == delivery.Later("webhook was too slow a moment ago")
    assert slow.calls == [PAGE.address]


def test_another_server_is_not_blamed_for_it() -> None:
    slow = Slow(8.0)
    limited = channel.Limited("webhook", slow, slow, place=lambda address: address)
    limited.send(PAGE)
    limited.send(samples.to("webhook", "https://b.example/in"))
    assert slow.calls == ["https://a.example/in", "https://b.example/in"]


def test_after_a_while_it_is_tried_again() -> None:
    slow = Slow(8.0)
    limited = channel.Limited("webhook", slow, slow)
    limited.send(PAGE)
    slow.time += channel.AWAY
    limited.send(PAGE)
    assert len(slow.calls) == 2


def test_a_quick_failure_says_nothing_of_the_next_message() -> None:
    slow = Slow(0.1)
    limited = channel.Limited("webhook", slow, slow)
    limited.send(PAGE)
    limited.send(PAGE)
    assert len(slow.calls) == 2
