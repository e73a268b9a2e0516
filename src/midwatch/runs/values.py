"""Whether a value is what an input wants."""

from __future__ import annotations

import re

from midwatch.runbook import model as runbooks

NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
SHAPES = {
    "pod": (rf"(?:pods?/)?{NAME}", "the name of a pod, such as worker-7d9f-x2x4p"),
    "namespace": (NAME, "the name of a namespace"),
    "deployment": (rf"(?:[a-z]+/)?{NAME}", "the name of a deployment"),
    "node": (NAME, "the name of a node"),
    "service": (rf"(?:[a-z]+/)?{NAME}", "the name of a service"),
    "container": (NAME, "the name or id of a container"),
    "revision": (r"[A-Za-z0-9][A-Za-z0-9._-]*", "a revision, such as 7"),
    "commit": (r"[A-Za-z0-9][A-Za-z0-9._/~^@{}-]*", "a commit, tag or branch"),
    "count": (r"[0-9]+", "a whole number"),
    "port": (r"[0-9]{1,5}", "a port number"),
    "date": (r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:[ T_-]?[0-9:.]*(?:Z|[+-][0-9:]+)?)?", "a date"),
    "duration": (r"[0-9]+(?:\.[0-9]+)?(?:ms|s|m|h|d|w)?", "a duration, such as 15m"),
    "host": (r"[A-Za-z0-9.-]+(?::[0-9]+)?|\[?[0-9a-fA-F:]+\]?", "the name or address of a host"),
    "url": (r"[A-Za-z][A-Za-z0-9+.-]*://\S+", "a URL"),
    "email": (r"[^\s@]+@[^\s@]+", "an e-mail address"),
}


def problem(wanted: runbooks.Input, value: str) -> str:
    """Why the value is not what the input wants; nothing where it is."""
    if not value:
        return "it is empty"
    if "\0" in value:
        return "it holds a NUL"
    if wanted.choices and value not in wanted.choices:
        return "it is none of " + ", ".join(wanted.choices)
    if wanted.kind in SHAPES:
        shape, said = SHAPES[wanted.kind]
        if not re.fullmatch(shape, value):
            return f"it is not {said}"
    return ""
