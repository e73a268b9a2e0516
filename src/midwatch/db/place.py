"""Where Midwatch keeps what it must remember."""

from __future__ import annotations

import contextlib
import os
import platform
import secrets
from pathlib import Path

import platformdirs

from midwatch.base import errors

VARIABLE = "MIDWATCH_STATE"
CARRIER = "carrier"


def state_folder() -> Path:
    """The folder of the journal and of what steps printed; made when it is not there."""
    chosen = os.environ.get(VARIABLE)
    folder = Path(chosen) if chosen else Path(platformdirs.user_state_dir("midwatch"))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise errors.WorldError(
            f"The state folder {folder} cannot be made: {(error.strerror or str(error)).lower()}.",
            f"Set {VARIABLE} to a folder that you may write to.",
        ) from error
    return folder.resolve()


def carrier(folder: Path) -> str:
    """The name of the journal in a state folder, for others: the machine, and a word of chance."""
    path = folder / CARRIER
    try:
        with contextlib.suppress(FileExistsError), path.open("x", encoding="utf-8") as file:
            file.write(f"{platform.node() or 'a machine'}/{secrets.token_hex(8)}\n")
        return path.read_text(encoding="utf-8").strip()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise errors.WorldError(f"{path} cannot be written: {reason}.") from error
