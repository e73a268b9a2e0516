"""Secrets that a run came by itself: masked from then on, and kept for its own later steps alone.

The journal has a mark in their place. Where they lie is one file in the run's folder that only its
owner may read; it goes when the run has succeeded.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from midwatch.base import errors
from midwatch.plugs.steps import private, shell, shell_state, shell_values
from midwatch.runs import computed_secrets, secrets

if TYPE_CHECKING:
    from midwatch.engine import local

FILE = "computed-secrets"
MARK = re.compile(r"^: midwatch keeps ([0-9]+) (\S+)$", re.MULTILINE)
NAME = re.compile(r"declare -\S+ ([A-Za-z_]\w*)")


class Kept:
    """What one run keeps of the secrets it came by."""

    def __init__(
        self, folder: Path, masker: secrets.Masker, environment: Mapping[str, str]
    ) -> None:
        self._path = folder / FILE
        self._masker = masker
        self._environment = secrets.Masker(environment.values())
        self._lines, self._values = _read(self._path)
        masker.learn(self._values)
        self._changed = False

    def learn(self, values: Iterable[str]) -> None:
        """Mask these from now on, also when the run is taken up again.

        What holds a secret of the environment is never written down, here neither.
        """
        found = {*values}
        found |= {each for each in map(computed_secrets.decoded, found) if each is not None}
        self._masker.learn(found)
        lasting = {each for each in found if self._environment.text(each) == each}
        new = sorted(lasting.difference(self._values))
        self._values += new
        self._changed = self._changed or bool(new)

    def hide(self, line: str) -> str:
        """The line of a shell's state, or a mark where it holds a secret."""
        if not self._masker or not any(
            self._masker.text(each) != each for each in shell_values.texts(line)
        ):
            return line
        same = [number for number, each in self._lines.items() if each == line]
        number = same[0] if same else str(len(self._lines) + 1)
        self._lines[number] = line
        self._changed = self._changed or not same
        found = NAME.match(line)
        return f": midwatch keeps {number} {found[1] if found else 'state'}"

    def restored(self, run_id: str, text: str) -> str:
        """The state with what its marks stand for."""

        def line(found: re.Match[str]) -> str:
            if found[1] not in self._lines:
                raise errors.MissingError(
                    f"Run {run_id} goes on with {found[2]}, a secret it computed, and it is not in "
                    f"{self._path} any more.",
                    f"Go on from the step that computes it: midwatch resume {run_id} --from STEP.",
                )
            return self._lines[found[1]]

        return MARK.sub(line, text)

    def save(self) -> None:
        """On disk before anything that needs it is on record."""
        if not self._changed:
            return
        text = json.dumps({"lines": self._lines, "values": self._values}, ensure_ascii=True)
        _write(self._path, text.encode())
        self._changed = False

    def forget(self) -> None:
        """Nobody needs them any more."""
        forget(self._path.parent)


def _read(path: Path) -> tuple[dict[str, str], list[str]]:
    try:
        found = json.loads(path.read_bytes())
    except FileNotFoundError:
        return {}, []
    except (OSError, ValueError) as error:
        raise errors.WorldError(
            f"The secrets that the run computed cannot be read from {path}.",
            "Only the account that began the run may take it up.",
        ) from error
    return dict(found["lines"]), list(found["values"])


def _write(path: Path, data: bytes) -> None:
    beside = path.with_suffix(".new")
    with private.new(beside) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def state(run: local.Run, place: shell.Attempt) -> shell_state.State | None:
    """The shell's state after a step, as it may be written down; None where the step left it."""
    dump = shell.dump(place)
    return shell_state.of(dump, run.known, run.kept.hide) if dump else None


def as_far_as_kept(folder: Path, text: str) -> tuple[str, frozenset[str]]:
    """A state without the secrets that are not kept any more, and the variables that held them."""
    lines, _ = _read(folder / FILE)
    gone = {found[2] for found in MARK.finditer(text) if found[1] not in lines}

    def line(found: re.Match[str]) -> str:
        return found[0] if found[1] in lines else f"unset -v {found[2]}"

    return MARK.sub(line, text), frozenset(gone)


def forget(folder: Path) -> None:
    """Take away what a run kept there."""
    with contextlib.suppress(FileNotFoundError):
        (folder / FILE).unlink()


def copy(before: Path, after: Path) -> None:
    """Give a run what another one kept, as it begins with that one's state."""
    path = before / FILE
    if path.exists():
        after.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(after / FILE, path.read_bytes())
