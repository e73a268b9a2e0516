"""Where Midwatch keeps what it must remember."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from midwatch.base import errors

VARIABLE = "MIDWATCH_STATE"


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
