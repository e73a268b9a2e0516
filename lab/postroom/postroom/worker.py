"""A worker: leases letters, hands them to the relay, and writes down what came of it."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import os
import smtplib
import sqlite3
import time
from collections.abc import Callable
from typing import TypeVar

from postroom import database, limits, process, roster, spool
from postroom.letters import Letter, Letters

T = TypeVar("T")
IDLE = 0.05
log = logging.getLogger("worker")


@dataclasses.dataclass(frozen=True, slots=True)
class Delivered:
    """The relay has it."""


@dataclasses.dataclass(frozen=True, slots=True)
class Later:
    """Refused for now, or the relay was not there."""

    reason: str
    delay: float


@dataclasses.dataclass(frozen=True, slots=True)
class Never:
    """Refused for good."""

    reason: str


Outcome = Delivered | Later | Never


def judge(code: int, text: str, attempts: int) -> Outcome:
    """What an SMTP refusal means after that many tries; code 0 is a connection that broke."""
    reason = f"{code} {text}" if code else text
    if code >= 500:  # noqa: PLR2004 - RFC 5321, 4.2.1: permanent
        return Never(reason)
    if attempts >= limits.ATTEMPTS:
        return Never(f"given up after {attempts} tries: {reason}")
    return Later(reason, min(0.5 * 2**attempts, 60.0))


class Worker:
    """One worker and its two connections: the store and the relay."""

    def __init__(self, life: process.Life, letters: Letters) -> None:
        self.life = life
        self.letters = letters
        self.holder = roster.holder(life.name, os.getpid())
        self.relay: smtplib.SMTP | None = None

    def run(self) -> None:
        """Deliver until told to end."""
        while self.life.goes_on():
            with roster.opened(self.life.home) as book:
                paused = book.is_on("paused")
            self.life.beat("paused" if paused else "waiting for letters")
            leased = None if paused else self.patiently(lambda: self.letters.lease(self.holder))
            if not leased:
                time.sleep(IDLE)
                continue
            for letter in leased:
                if self.life.goes_on():
                    self.deliver(letter)

    def deliver(self, letter: Letter) -> None:
        """One letter, all the way."""
        self.life.beat(f"delivering letter {letter.id}")
        if not self.patiently(lambda: self.letters.hand_over(letter, self.holder)):
            return
        match self.send(letter):
            case Delivered():
                if self.patiently(lambda: self.letters.delivered(letter, self.holder)):
                    spool.drop(self.life.home, letter.message_id)
                    log.info("letter %s is delivered", letter.id)
            case Later(reason, delay):
                log.warning("letter %s waits: %s", letter.id, reason)
                self.patiently(lambda: self.letters.retry(letter, self.holder, reason, delay))
            case Never(reason):
                log.error("letter %s is dead: %s", letter.id, reason)
                self.patiently(lambda: self.letters.bury(letter, self.holder, reason))

    def send(self, letter: Letter) -> Outcome:
        """Hand it to the relay."""
        try:
            text = spool.path(self.life.home, letter.message_id).read_bytes()
        except FileNotFoundError:
            return Never("its file is missing from the spool")
        try:
            if self.relay is None:
                port = self.life.home.ports.relay
                self.relay = smtplib.SMTP("127.0.0.1", port, "postroom", timeout=10)
            self.relay.sendmail("post@postroom.example", [letter.recipient], text)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = error.recipients[letter.recipient]
            return judge(code, said.decode("utf-8", "replace"), letter.attempts + 1)
        except smtplib.SMTPResponseException as error:
            return judge(error.smtp_code, str(error.smtp_error), letter.attempts + 1)
        except OSError as error:  # SMTPException is one too
            self.relay = None
            return judge(0, f"the relay cannot be reached: {error}", letter.attempts + 1)
        return Delivered()

    def patiently(self, work: Callable[[], T]) -> T | None:
        """Write to the store, however long its lock is held; None when told to end meanwhile."""
        while self.life.goes_on():
            try:
                return work()
            except sqlite3.OperationalError as error:
                if not database.is_busy(error):
                    raise
                log.warning("the store did not give its write lock; trying again")
                self.life.beat("waiting for the store")
        return None


def main() -> None:
    """Work until told to end."""
    life = process.begin()
    life.beat("starting")
    log.info("ready for letters")
    with contextlib.closing(database.connect(life.home.store)) as connection:
        Worker(life, Letters(connection)).run()


if __name__ == "__main__":
    main()
