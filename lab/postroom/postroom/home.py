"""The state folder (`POSTROOM_HOME`): where everything of one Postroom lies."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path


class TroubleError(Exception):
    """Something a person should read: one sentence that names the thing and the next step."""


@dataclasses.dataclass(frozen=True, slots=True)
class Ports:
    """Where the API and the relay listen on loopback."""

    api: int
    relay: int


@dataclasses.dataclass(frozen=True, slots=True)
class Home:
    """The paths inside one state folder."""

    folder: Path

    @property
    def store(self) -> Path:
        """The queue."""
        return self.folder / "store.db"

    @property
    def roster(self) -> Path:
        """Which processes are wanted and which run."""
        return self.folder / "roster.db"

    @property
    def relay(self) -> Path:
        """What the relay has accepted, and whom it refuses."""
        return self.folder / "relay.db"

    @property
    def spool(self) -> Path:
        """Letters that are not delivered yet, one file each."""
        return self.folder / "spool"

    @property
    def archive(self) -> Path:
        """What was moved out of the spool to make room."""
        return self.folder / "archive"

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.folder / "logs"

    @property
    def lock(self) -> Path:
        """Held by the supervisor for as long as it lives; its text is the process id."""
        return self.folder / "supervisor.lock"

    @property
    def ports(self) -> Ports:
        """The ports the supervisor chose."""
        try:
            api, relay = (self.folder / "ports").read_text().split()
        except (FileNotFoundError, ValueError):  # not there, or not written whole yet
            message = f"No Postroom has been started in {self.folder}: run `postroomctl up`."
            raise TroubleError(message) from None
        return Ports(int(api), int(relay))

    def prepare(self) -> None:
        """Make the folders; only the owner may look inside."""
        for folder in (self.folder, self.spool, self.archive, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write_ports(self, ports: Ports) -> None:
        """Say where the API and the relay listen."""
        (self.folder / "ports").write_text(f"{ports.api} {ports.relay}\n")


def from_environment() -> Home:
    """The folder `POSTROOM_HOME` names, or `~/.local/state/postroom`."""
    named = os.environ.get("POSTROOM_HOME", "")
    return Home(Path(named or Path.home() / ".local" / "state" / "postroom").resolve())
