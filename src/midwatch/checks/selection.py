"""Which rules a team wants, how severe, and where."""

from __future__ import annotations

import dataclasses
import fnmatch
from collections.abc import Iterable, Mapping

from midwatch.base import shape
from midwatch.checks import model


@shape.frozen
class PathException:
    """Rules that a team does not want for some paths."""

    paths: tuple[str, ...]
    ignore: tuple[str, ...]


@shape.frozen
class Selection:
    """A team's choice of rules; patterns are a rule id, an area, `area/*` or `all`."""

    select: tuple[str, ...] = ("all",)
    ignore: tuple[str, ...] = ()
    severity: Mapping[str, model.Severity] = dataclasses.field(default_factory=dict)
    exceptions: tuple[PathException, ...] = ()

    def wants(self, rule: str, path: str) -> bool:
        """Whether a rule speaks about the file at that path."""
        if not covers(self.select, rule) or covers(self.ignore, rule):
            return False
        return not any(
            covers(exception.ignore, rule)
            for exception in self.exceptions
            if any(fnmatch.fnmatch(path, pattern) for pattern in exception.paths)
        )

    def severity_of(self, rule: str, given: model.Severity) -> model.Severity:
        """The team's severity for a rule, or the one it came with; the exact id wins."""
        if rule in self.severity:
            return self.severity[rule]
        chosen = [level for pattern, level in self.severity.items() if matches(rule, pattern)]
        return chosen[0] if chosen else given


def matches(rule: str, pattern: str) -> bool:
    """Whether a pattern of the settings or of a comment covers a rule's id."""
    area = rule.partition("/")[0]
    return pattern in {"all", "*", rule, area, f"{area}/*"}


def covers(patterns: Iterable[str], rule: str) -> bool:
    """Whether any of the patterns covers a rule's id."""
    return any(matches(rule, pattern) for pattern in patterns)
