"""A manifest step: `kubectl diff` shows what would change, then `kubectl apply` changes it."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

from midwatch.plugs.steps import ended, hold, worker_files, worker_output

DIFFERS = 1
"""How `kubectl diff` says that there is a difference; more is an error."""
HOLD_SECONDS = 600.0
FILE = "manifest.yaml"
CONTEXT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@:/-]*")
OBJECT = re.compile(r"(?m)^apiVersion:.*\S")


def look(context: str, file: str) -> str:
    """The command that shows what would change."""
    return shlex.join(_kubectl(context, "diff", file))


def apply(context: str, file: str) -> str:
    """The command that changes it."""
    return shlex.join(_kubectl(context, "apply", file))


def _kubectl(context: str, verb: str, file: str) -> list[str]:
    return ["kubectl", "--context", context, verb, "-f", file]


def carry_out(request: worker_files.Request, folder: Path) -> ended.Exit:
    """Show the difference, ask where a person is there, and apply."""
    path = folder / FILE
    path.write_text("".join(request.pieces).rstrip("\n") + "\n", encoding="utf-8")
    found = _run(request.context, "diff", path)
    if found == 0:
        worker_output.say("The cluster is already as the manifest says.")
        return ended.Exit.DONE
    if found != DIFFERS:
        worker_files.mean(folder, f"kubectl diff failed (exit {found}); nothing was applied")
        return ended.Exit.FAILED
    what = f"This is what changes in {request.context}"
    if request.ask and not hold.said_yes(folder, what, "Apply it", HOLD_SECONDS):
        worker_output.say("Nothing was applied.")
        return ended.Exit.ROLLED_BACK
    found = _run(request.context, "apply", path)
    if found:
        worker_files.mean(folder, f"kubectl apply failed (exit {found}); a part may be applied")
        return ended.Exit.FAILED
    return ended.Exit.DONE


def _run(context: str, verb: str, path: Path) -> int:
    words = _kubectl(context, verb, str(path))
    worker_output.say("$ " + shlex.join(_kubectl(context, verb, path.name)))
    return subprocess.run(words, check=False).returncode


def by_hand(text: str, context: str) -> str:
    """Why a person applies it; nothing where Midwatch can."""
    way = "a person looks with `kubectl diff -f`, then applies it."
    if not OBJECT.search(text):
        return f"It is no Kubernetes object by itself: {way}"
    if not CONTEXT.fullmatch(context):
        return f"The target's context is no name of one: {way}"
    if shutil.which("kubectl") is None:
        return f"There is no kubectl here: {way}"
    return ""
