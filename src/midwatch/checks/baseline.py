"""The findings a team has decided to live with, so that only new ones are told."""

from __future__ import annotations

import json
from collections.abc import Iterable

from midwatch.base import errors
from midwatch.checks import model

VERSION = 1


def dump(findings: Iterable[model.Finding]) -> str:
    """A baseline file that holds these findings; sorted, so that it merges well."""
    entries = sorted(
        ({"fingerprint": f.fingerprint, "rule": f.rule, "path": f.path} for f in findings),
        key=lambda entry: (entry["path"], entry["rule"], entry["fingerprint"]),
    )
    return json.dumps({"version": VERSION, "findings": entries}, indent=1) + "\n"


def load(text: str, name: str) -> frozenset[str]:
    """The fingerprints in a baseline file."""
    try:
        content = json.loads(text)
        return frozenset(str(entry["fingerprint"]) for entry in content["findings"])
    except (ValueError, KeyError, TypeError) as error:
        raise errors.UserError(
            f"{name} is not a baseline that `midwatch check --write-baseline` wrote.",
            f"Write it again: midwatch check --baseline {name} --write-baseline PATH…",
        ) from error


def new(findings: Iterable[model.Finding], known: frozenset[str]) -> list[model.Finding]:
    """The findings that the baseline does not hold."""
    return [finding for finding in findings if finding.fingerprint not in known]
