"""What every process of Postroom does: end when told, and show signs of life until then."""

from __future__ import annotations

import argparse
import dataclasses
import logging
import os
import signal
import socket
import threading
import time

from postroom import home, lifeline, limits, roster
from postroom.home import Home


@dataclasses.dataclass(slots=True)
class Life:
    """The process's own name, whether it has been told to end, and when it last said a word."""

    name: str
    home: Home
    parent: int
    listener: int = -1
    ending: bool = False
    last_beat: float = 0.0

    def beat(self, doing: str) -> None:
        """Say that we live, not more often than anybody needs to know."""
        if time.monotonic() - self.last_beat >= limits.BEAT:
            with roster.opened(self.home) as book:
                book.beat(self.name, os.getpid(), doing)
            self.last_beat = time.monotonic()

    def goes_on(self) -> bool:
        """Whether there is a reason to continue."""
        return not self.ending and lifeline.is_child_of(self.parent)

    def beat_in_background(self, doing: str) -> None:
        """For servers: say that we live, until we are told to end."""

        def keep_beating() -> None:
            while self.goes_on():
                self.beat(doing)
                time.sleep(limits.BEAT)

        threading.Thread(target=keep_beating, daemon=True).start()

    def listening_socket(self) -> socket.socket:
        """The socket the supervisor opened for us, so that the port outlives a restart."""
        return socket.socket(fileno=self.listener)

    def wait_for_the_end(self) -> None:
        """For servers: the main thread has nothing else to do."""
        while self.goes_on():
            time.sleep(0.05)


def begin() -> Life:
    """Read who we are, tie ourselves to the supervisor, and listen to its signals."""
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--name", required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--listener", type=int, default=-1)
    given = parser.parse_args()
    life = Life(given.name, home.from_environment(), given.parent, given.listener)

    def end(_signal: int, _frame: object) -> None:
        life.ending = True

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    lifeline.hold(given.parent)
    logging.basicConfig(
        format=f"%(asctime)s {life.name} %(levelname)s %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
        level=logging.INFO,
    )
    return life
