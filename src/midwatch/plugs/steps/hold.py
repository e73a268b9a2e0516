"""Holding still, once it is known what changes, until a person says yes or no."""

from __future__ import annotations

from pathlib import Path

from midwatch.plugs.steps import worker_files, worker_output


def said_yes(folder: Path, what: str, verb: str, seconds: float) -> bool:
    """Ask and wait; no answer in time is a no, and the journal says which it was."""
    worker_files.ask(folder, f"{what}. {verb}?")
    worker_output.say(f"{what}; waiting up to {seconds:g} s for a yes …")
    said = worker_files.wait(folder, seconds)
    if said == worker_files.YES:
        return True
    reason = "a person said no" if said else f"nobody said yes within {seconds:g} s"
    worker_files.mean(folder, f"{reason}: nothing was changed")
    return False
